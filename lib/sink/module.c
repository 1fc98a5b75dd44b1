/*
 * SPDX-License-Identifier: MIT
 * Finds and loads a module: in WICK_MODULE_DIR, the caller's directory, beside the library, where it was installed.
 * See module.h.
 */
#include "module.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wick/version.h>

#ifndef WICK_MODULE_INSTALL_DIR
#define WICK_MODULE_INSTALL_DIR ""
#endif

enum { PLENTY_BYTES = 4 << 20 };

/* The module to find, and why it was not found so far. */
struct search {
    const char *name;
    size_t bytes; /* of the table, at least */
    char *why;
    size_t why_bytes;
};

static const struct wk_module *load(const struct search *search, const char *directory)
{
    static const struct wk_module_host host = {sizeof host, WICK_VERSION};
    char path[PATH_MAX];
    wk_module_function function;
    void *module;

    void *probe;

    if (!directory || !directory[0]) {
        return NULL;
    }
    /* When memory ends inside dlopen, glibc never releases the loader's lock, and the host would hang at its exit. */
    probe = malloc(PLENTY_BYTES);
    free(probe);
    if (!probe) {
        snprintf(search->why, search->why_bytes, "no memory");
        return NULL;
    }
    snprintf(path, sizeof path, "%s/wick-%s.so", directory, search->name);
    module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!module) {
        const char *error = dlerror();

        snprintf(search->why, search->why_bytes, "%s", error ? error : path);
        return NULL;
    }
    *(void **)&function = dlsym(module, WK_MODULE_SYMBOL);
    const struct wk_module *table = function ? function(&host) : NULL;
    if (!table || table->size < search->bytes) {
        snprintf(search->why, search->why_bytes, "%s is not a module of this version", path);
        dlclose(module);
        return NULL;
    }
    return table; /* kept loaded for the life of the process */
}

static void own_directory(char out[PATH_MAX])
{
    Dl_info info;
    char *slash;

    out[0] = 0;
    if (dladdr((const void *)&own_directory, &info) && info.dli_fname) {
        snprintf(out, PATH_MAX, "%s", info.dli_fname);
        slash = strrchr(out, '/');
        if (slash) {
            *slash = 0;
        } else {
            snprintf(out, PATH_MAX, ".");
        }
    }
}

const struct wk_module *wk_module_load(const char *name, size_t bytes, const char *directory, char *why, size_t why_bytes)
{
    const struct search search = {name, bytes, why, why_bytes};
    char beside[PATH_MAX];
    char below[PATH_MAX + 8];

    snprintf(why, why_bytes, "no wick-%s.so found", name);
    own_directory(beside);
    snprintf(below, sizeof below, "%s/wick", beside);
    const struct wk_module *module = load(&search, secure_getenv("WICK_MODULE_DIR"));
    if (!module) {
        module = load(&search, directory);
    }
    if (!module) {
        module = load(&search, beside);
    }
    if (!module) {
        module = load(&search, below);
    }
    if (!module) {
        module = load(&search, WICK_MODULE_INSTALL_DIR);
    }
    return module;
}
