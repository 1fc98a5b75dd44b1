/*
 * SPDX-License-Identifier: MIT
 * Modules, build ids and patterns. See function_names.h. Must not call malloc.
 * A location in the log is MODULE+0xOFFSET; the tool resolves names offline.
 */
#include "function_names.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/elf_symbols.h"
#include "base/mapped_object.h"
#include "base/program.h"
#include "model/base/glob.h"

enum { MODULES = 64 };

/* A symbol table for matching patterns, kept until the process ends. Modules beyond MODULES have no names. */
struct named_module {
    uintptr_t base;
    struct wk_elf elf;
    char path[4096];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct named_module *modules[MODULES];

/* The loader names the program itself "", and a library as it was asked for. */
static void path_of(const struct link_map *map, char *path, size_t bytes)
{
    if (!map->l_name || !map->l_name[0]) {
        wk_program_path(path, bytes);
    } else if (map->l_name[0] != '/' && getcwd(path, bytes)) {
        size_t used = strlen(path);

        snprintf(path + used, bytes - used, "/%s", map->l_name);
    } else {
        snprintf(path, bytes, "%s", map->l_name);
    }
}

struct note_search {
    uintptr_t function;
    char *hex;
};

static bool covers(const struct dl_phdr_info *info, uintptr_t address)
{
    for (uint32_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];

        if (p->p_type == PT_LOAD && address - info->dlpi_addr - p->p_vaddr < p->p_memsz) {
            return true;
        }
    }
    return false;
}

static int read_notes(struct dl_phdr_info *info, size_t bytes, void *user)
{
    struct note_search *search = user;

    (void)bytes;
    if (!covers(info, search->function)) {
        return 0;
    }
    for (uint32_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];

        if (p->p_type == PT_NOTE &&
            wk_elf_build_id((const unsigned char *)(info->dlpi_addr + p->p_vaddr), p->p_memsz, search->hex)) {
            break;
        }
    }
    return 1;
}

/* Read from memory, since the file may have been replaced. dl_iterate_phdr takes the loader's lock, which is
 * recursive: safe in constructors. */
static void build_id_of(uintptr_t function, char hex[WK_ELF_BUILD_ID_BYTES])
{
    struct note_search search = {function, hex};

    hex[0] = 0;
    dl_iterate_phdr(read_notes, &search);
    if (!hex[0]) {
        snprintf(hex, WK_ELF_BUILD_ID_BYTES, "-");
    }
}

static struct named_module *module_locked(uintptr_t base, const char *path, const char *build_id)
{
    int i = 0;

    for (; i < MODULES && modules[i]; i++) {
        if (modules[i]->base == base && strcmp(modules[i]->path, path) == 0) {
            return modules[i];
        }
    }
    if (i == MODULES) {
        return NULL;
    }
    modules[i] = mmap(NULL, sizeof *modules[i], PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (modules[i] == MAP_FAILED) {
        return modules[i] = NULL;
    }
    modules[i]->base = base;
    snprintf(modules[i]->path, sizeof modules[i]->path, "%s", path);
    if (!wk_elf_open(&modules[i]->elf, path) && strcmp(modules[i]->elf.build_id, build_id) != 0) {
        modules[i]->elf.count = 0; /* the file was replaced after loading: its symbols do not fit */
    }
    return modules[i];
}

static const char *name_of(uintptr_t base, const char *path, const char *build_id, uintptr_t offset)
{
    const struct wk_elf_symbol *symbol = NULL;

    pthread_mutex_lock(&lock);
    struct named_module *module = module_locked(base, path, build_id);
    if (module && module->elf.count) {
        symbol = wk_elf_find(&module->elf, offset);
    }
    pthread_mutex_unlock(&lock);
    return symbol ? symbol->name : NULL;
}

/* A function without a name is known by its location alone. */
static bool is_wanted(const char *patterns, const char *location, const char *name)
{
    struct wk_glob_list list = {patterns, 0};
    const size_t bytes[2] = {strlen(location), name ? strlen(name) : 0};
    const struct wk_glob_path paths[2] = {{location, bytes[0], bytes[0]}, {name, bytes[1], bytes[1]}};

    return wk_glob_list_keeps(&list, paths, name ? 2 : 1, wk_glob_list_default(patterns));
}

/* NULL: none, or refused by libwick, which says so. */
static const char *patterns_given(const char *setting)
{
    const char *patterns = secure_getenv(setting);

    return patterns && *patterns && wk_glob_list_signed(patterns) ? patterns : NULL;
}

/* WICK_FILTER knows functions by their offsets alone, in the drain: here its entries for names are applied, those without a path. */
static bool is_filtered(const char *filter, const char *name)
{
    struct wk_glob_list list = {filter, 0};
    const struct wk_glob_path path = {name, strlen(name), strlen(name)};

    return !wk_glob_list_keeps(&list, &path, 1, true);
}

bool wk_function_describe(uintptr_t function, struct wk_function_names *names)
{
    const struct link_map *map = wk_mapped_object((const void *)function);
    const char *patterns = patterns_given("WICK_FUNCTIONS"), *filter = patterns_given("WICK_FILTER");
    char build_id[WK_ELF_BUILD_ID_BYTES];
    const char *name = NULL, *base;

    if (!map) { /* generated at run time: no file holds this code */
        snprintf(names->location, sizeof names->location, "code+0x%lx", (unsigned long)function);
        snprintf(names->file, sizeof names->file, "-");
    } else {
        path_of(map, names->file, 4096);
        build_id_of(function, build_id);
        if (patterns || filter) {
            name = name_of(map->l_addr, names->file, build_id, function - map->l_addr);
        }
        base = strrchr(names->file, '/');
        snprintf(names->location, sizeof names->location, "%.255s+0x%lx", base ? base + 1 : names->file,
                 (unsigned long)(function - map->l_addr));
        snprintf(names->file + strlen(names->file), WK_ELF_BUILD_ID_BYTES + 1, "#%s", build_id);
    }
    return (!patterns || is_wanted(patterns, names->location, name)) && (!filter || !name || !is_filtered(filter, name));
}
