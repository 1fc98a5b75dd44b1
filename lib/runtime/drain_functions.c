/*
 * SPDX-License-Identifier: MIT
 * Symbol tables of the modules whose functions are recorded. See drain_functions.h.
 * Invariant: a file whose build id is not that of the module in memory names nothing.
 */
#include "drain_functions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/elf_symbols.h"

enum { MODULES = 64 };

/* Kept until the process ends: names borrow from it. Modules beyond MODULES have no names. */
struct module {
    char *file; /* PATH#BUILDID, as the companion library writes it */
    struct wk_elf elf;
};

static struct module modules[MODULES];
static uint32_t module_count;

bool wk_functions_wanted(const struct wick_config *config)
{
    return config->serve || config->tree_path || config->redis || config->openmetrics;
}

/* Names in memory of our own, and the file unmapped: it may be overwritten while the program runs. */
static void keep_names(struct wk_elf *elf)
{
    size_t bytes = 0;

    for (uint32_t i = 0; i < elf->count; i++) {
        bytes += strlen(elf->symbols[i].name) + 1;
    }
    char *at = malloc(bytes + 1);
    if (!at) {
        wk_elf_close(elf);
        return;
    }
    for (uint32_t i = 0; i < elf->count; i++) {
        size_t length = strlen(elf->symbols[i].name) + 1;

        memcpy(at, elf->symbols[i].name, length);
        elf->symbols[i].name = at;
        at += length;
    }
    munmap((void *)(uintptr_t)elf->map, elf->map_bytes);
    elf->map = NULL;
    elf->map_bytes = 0;
}

static void open_module(struct module *module, const char *file)
{
    char path[4096];
    const char *build_id = strrchr(file, '#') + 1;

    snprintf(path, sizeof path, "%.*s", (int)(build_id - 1 - file), file);
    if (wk_elf_open(&module->elf, path)) {
        return;
    }
    if (module->elf.count && strcmp(module->elf.build_id, build_id) == 0) {
        keep_names(&module->elf);
    } else {
        wk_elf_close(&module->elf);
    }
}

static const struct module *module_of(const char *file)
{
    for (uint32_t i = 0; i < module_count; i++) {
        if (strcmp(modules[i].file, file) == 0) {
            return &modules[i];
        }
    }
    char *copy = module_count < MODULES ? strdup(file) : NULL;
    if (!copy) {
        return NULL;
    }
    modules[module_count].file = copy;
    open_module(&modules[module_count], file);
    return &modules[module_count++];
}

void wk_functions_name(struct wick_site_info *site)
{
    const char *plus = strrchr(site->location, '+');
    char *end;

    if (site->kind != WICK_SITE_SCOPE || site->line || !plus || strncmp(plus, "+0x", 3) != 0 || !strrchr(site->file, '#')) {
        return;
    }
    unsigned long long offset = strtoull(plus + 1, &end, 16);
    const struct module *module = *end ? NULL : module_of(site->file);
    const struct wk_elf_symbol *symbol = module && module->elf.count ? wk_elf_find(&module->elf, offset) : NULL;
    site->literal = symbol ? symbol->name : site->literal;
}
