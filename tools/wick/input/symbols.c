/*
 * SPDX-License-Identifier: MIT
 * Gives instrumented functions their names: the log has MODULE+0xOFFSET, the module's path and its build id. See
 * symbols.h.
 * Invariant: a function that cannot be named keeps its address; one message per module tells why, and what to do.
 */
#include "input/symbols.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/elf_symbols.h"
#include "base/messages.h"
#include "base/text.h"

struct symbol_module {
    struct symbol_module *next;
    char *file;         /* as the log has it: PATH#BUILDID */
    struct wk_elf elf;  /* count 0: no names */
    uint32_t *numbers;  /* per symbol: the nth of its name in the module, from 1; NULL: not counted */
};

/* __cxa_demangle of the C++ library. */
typedef char *(*demangle_function)(const char *mangled, char *buffer, size_t *bytes, int *status);

struct symbols {
    pthread_mutex_t lock; /* parts of a log are read by several threads */
    struct symbol_module *modules;
    demangle_function demangle; /* NULL: not looked for, or not there */
    bool sought;                /* the C++ library */
    bool told_system;           /* that a library of the system has no names */
};

struct symbols *symbols_create(void)
{
    struct symbols *symbols = calloc(1, sizeof *symbols);
    if (symbols) {
        pthread_mutex_init(&symbols->lock, NULL);
    }
    return symbols;
}

void symbols_destroy(struct symbols *symbols)
{
    if (!symbols) {
        return;
    }
    for (struct symbol_module *module = symbols->modules, *next; module; module = next) {
        next = module->next;
        wk_elf_close(&module->elf);
        free(module->numbers);
        free(module->file);
        free(module);
    }
    pthread_mutex_destroy(&symbols->lock);
    free(symbols);
}

/* Try one file: 1: it is the one, and has names; 0: not there; -1: it is another build, -2: it has no build id. */
static int try_file(struct wk_elf *best, const char *path, const char *build_id)
{
    struct wk_elf elf;
    if (wk_elf_open(&elf, path)) {
        return 0;
    }
    if (strcmp(elf.build_id, build_id) != 0) {
        int result = elf.build_id[0] ? -1 : -2;
        wk_elf_close(&elf);
        return result;
    }
    /* What is stripped serves until something better is found. */
    if (!elf.count || (best->count && (elf.is_stripped || !best->is_stripped))) {
        wk_elf_close(&elf);
        return 1;
    }
    wk_elf_close(best);
    *best = elf;
    return 1;
}

/* A directory of WICK_SYMBOLS or the system's: by build id, by name, by name.debug. */
static int try_directory(struct wk_elf *best, const char *directory, size_t bytes, const char *path,
                         const char *build_id)
{
    char name[8400];
    const char *base = strrchr(path, '/');
    base = base ? base + 1 : path;
    int found = 0;
    if (strlen(build_id) > 2) {
        snprintf(name, sizeof name, "%.*s/.build-id/%.2s/%s.debug", (int)bytes, directory, build_id, build_id + 2);
        found = try_file(best, name, build_id) == 1;
    }
    snprintf(name, sizeof name, "%.*s/%s.debug", (int)bytes, directory, base);
    found |= try_file(best, name, build_id) == 1;
    snprintf(name, sizeof name, "%.*s/%s", (int)bytes, directory, base);
    found |= try_file(best, name, build_id) == 1;
    return found;
}

static bool has_all(const struct wk_elf *elf)
{
    return elf->count && !elf->is_stripped;
}

/* The module's file, and where its symbols may be when it is stripped, moved or replaced. */
static int search(struct wk_elf *best, const char *path, const char *build_id)
{
    const char *slash = strrchr(path, '/');
    const char *directories = getenv("WICK_SYMBOLS");
    int own = try_file(best, path, build_id);
    while (directories && *directories && !has_all(best)) {
        size_t bytes = strcspn(directories, ":");
        if (bytes) {
            try_directory(best, directories, bytes, path, build_id);
        }
        directories += bytes + (directories[bytes] == ':');
    }
    if (!has_all(best) && slash) {
        try_directory(best, path, (size_t)(slash - path), path, build_id);
    }
    if (!has_all(best)) {
        static const char system[] = "/usr/lib/debug";
        try_directory(best, system, sizeof system - 1, path, build_id);
    }
    return own;
}

static bool is_of_system(const char *path)
{
    static const char *const roots[] = {"/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/"};
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
        if (strncmp(path, roots[i], strlen(roots[i])) == 0) {
            return true;
        }
    }
    return false;
}

static void explain(struct symbols *symbols, const char *path, const char *build_id, int own, const struct wk_elf *elf)
{
    static const char what[] = "its functions keep their addresses";
    if (has_all(elf)) {
        return;
    }
    if (own == 1 && is_of_system(path)) { /* one line for all of them: nobody built them here */
        if (!symbols->told_system) {
            tool_note("%s, and perhaps other libraries of the system, is stripped: functions that they do not export keep their "
                      "addresses; install their debug packages, or set WICK_SYMBOLS", path);
        }
        symbols->told_system = true;
    } else if (!build_id[0] || strcmp(build_id, "-") == 0) {
        tool_note("%s has no build id, so nothing tells whether the file is the one that ran: %s; "
                  "link it with -Wl,--build-id", path, what);
    } else if (own == -1 || own == -2) {
        tool_note("%s is not the file that ran (build id %s): %s; set WICK_SYMBOLS to a directory with that build",
                  path, build_id, what);
    } else if (own == 0) {
        tool_note("%s (build id %s) cannot be read as an ELF file: %s; set WICK_SYMBOLS to a directory with it",
                  path, build_id, what);
    } else {
        tool_note("%s is stripped: functions that it does not export keep their addresses; set WICK_SYMBOLS "
                  "to a directory with the unstripped file of build id %s", path, build_id);
    }
}

static uint64_t hash(const char *name)
{
    uint64_t value = 14695981039346656037u;
    for (; *name; name++) {
        value = (value ^ (unsigned char)*name) * 1099511628211u;
    }
    return value ^ value >> 32;
}

/* Static functions of one name: the nth by address. Aliases of one address count once. */
static void count_names(struct symbol_module *module)
{
    uint32_t count = module->elf.count, slots = 16;
    while (slots < 2 * count) {
        slots *= 2;
    }
    uint32_t *last = calloc(slots, sizeof *last);
    module->numbers = calloc(count, sizeof *module->numbers);
    for (uint32_t i = 0; last && module->numbers && i < count; i++) {
        const struct wk_elf_symbol *symbol = &module->elf.symbols[i];
        uint32_t at = (uint32_t)hash(symbol->name) & (slots - 1);
        while (last[at] && strcmp(module->elf.symbols[last[at] - 1].name, symbol->name) != 0) {
            at = (at + 1) & (slots - 1);
        }
        uint32_t before = last[at];
        module->numbers[i] = !before ? 1
                                     : module->numbers[before - 1] +
                                           (module->elf.symbols[before - 1].address != symbol->address);
        last[at] = i + 1;
    }
    free(last);
}

static struct symbol_module *module_of(struct symbols *symbols, const char *file)
{
    struct symbol_module *module = symbols->modules;
    while (module && strcmp(module->file, file) != 0) {
        module = module->next;
    }
    if (module) {
        return module;
    }
    module = calloc(1, sizeof *module);
    char *path = module ? strdup(file) : NULL;
    if (!path || !(module->file = strdup(file))) {
        free(path);
        free(module);
        return NULL;
    }
    char *build_id = strrchr(path, '#');
    *build_id++ = 0;
    bool known = build_id[0] && strcmp(build_id, "-") != 0;
    int own = !known ? 1 : search(&module->elf, path, build_id);
    explain(symbols, path, build_id, own, &module->elf);
    if (module->elf.count) {
        count_names(module);
    }
    free(path);
    module->next = symbols->modules;
    symbols->modules = module;
    return module;
}

static void find_demangle_locked(struct symbols *symbols)
{
    static const char *const libraries[] = {"libstdc++.so.6", "libc++abi.so.1"};
    for (size_t i = 0; i < sizeof libraries / sizeof libraries[0] && !symbols->sought && !symbols->demangle; i++) {
        void *library = dlopen(libraries[i], RTLD_LAZY | RTLD_LOCAL); /* stays open */
        void *function = library ? dlsym(library, "__cxa_demangle") : NULL;
        memcpy(&symbols->demangle, &function, sizeof function);
    }
    if (!symbols->sought && !symbols->demangle) {
        tool_note("names of C++ functions stay as the linker has them: neither libstdc++.so.6 nor libc++abi.so.1 is here");
    }
    symbols->sought = true;
}

/* The name that a C++ function has in its source, cut in the middle if it is very long; another name stays. */
static const char *readable_name(struct symbols *symbols, const char *name)
{
    static _Thread_local char text[1024];
    char *readable = NULL;
    int status;
    if (strncmp(name, "_Z", 2) != 0) {
        return name;
    }
    pthread_mutex_lock(&symbols->lock);
    find_demangle_locked(symbols);
    pthread_mutex_unlock(&symbols->lock);
    readable = symbols->demangle ? symbols->demangle(name, NULL, NULL, &status) : NULL;
    if (!readable) {
        return name;
    }
    (void)wk_text_shorten(text, sizeof text, readable);
    free(readable);
    return text;
}

/* The name of the function at the offset; false when there is none. */
static bool find(struct symbols *symbols, struct wick_site_info *site, uint64_t offset)
{
    static _Thread_local char location[4096];
    pthread_mutex_lock(&symbols->lock);
    const struct symbol_module *module = module_of(symbols, site->file);
    const struct wk_elf_symbol *symbol = module ? wk_elf_find(&module->elf, offset) : NULL;
    pthread_mutex_unlock(&symbols->lock);
    if (!symbol) {
        return false;
    }
    uint32_t number = module->numbers ? module->numbers[symbol - module->elf.symbols] : 1;
    site->literal = readable_name(symbols, symbol->name);
    if (number > 1) {
        snprintf(location, sizeof location, "%s.%u", symbol->name, number);
    } else {
        snprintf(location, sizeof location, "%s", symbol->name);
    }
    site->location = location;
    return true;
}

void symbols_rename(void *user, struct wick_site_info *site)
{
    const char *hash_sign = strrchr(site->file, '#');
    const char *plus = strrchr(site->location, '+'); /* its literal may have a name, for the page of the running program */
    char *end;
    if (site->kind != WICK_SITE_SCOPE || site->line || !hash_sign || !plus || strncmp(plus, "+0x", 3) != 0) {
        return;
    }
    uint64_t offset = strtoull(plus + 1, &end, 16);
    if (!*end && find(user, site, offset)) {
        static _Thread_local char file[4400];
        snprintf(file, sizeof file, "%.*s", (int)(hash_sign - site->file), site->file);
        site->file = file;
    }
}
