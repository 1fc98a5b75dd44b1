/*
 * SPDX-License-Identifier: MIT
 * Finds and loads a module: in WICK_MODULE_DIR, the caller's directory, beside the library, beside the program, where
 * it was installed. See module.h.
 * Invariants: a directory is absolute, and its name comes from the kernel or the build, never from argv[0] or the
 * current directory. A set-user-ID program loads installed modules only: its caller chooses everything else.
 */
#include "module.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <wick/version.h>

#include "base/program.h"

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
    void *module, *probe;

    if (!directory || !directory[0]) {
        return NULL;
    }
    if (directory[0] != '/') {
        snprintf(search->why, search->why_bytes, "%s is not an absolute path", directory);
        return NULL;
    }
    snprintf(path, sizeof path, "%s/wick-%s.so", directory, search->name);
    if (access(path, F_OK) != 0) {
        return NULL;
    }
    /* When memory ends inside dlopen, glibc never releases the loader's lock, and the host would hang at its exit. */
    probe = malloc(PLENTY_BYTES);
    free(probe);
    if (!probe) {
        snprintf(search->why, search->why_bytes, "no memory");
        return NULL;
    }
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

/* Cut a path at its last slash. */
/* The directory of the file that this code is mapped from, as the kernel names it: dladdr names a program as argv[0]
 * does, and a library as LD_LIBRARY_PATH does. "": unknown. */
static void mapped_directory(char out[PATH_MAX])
{
    FILE *maps = fopen("/proc/self/maps", "re");
    const uintptr_t own = (uintptr_t)&mapped_directory;
    char *line = NULL;
    size_t size = 0;

    out[0] = 0;
    while (maps && !out[0] && getline(&line, &size, maps) > 0) {
        unsigned long from, to;
        const char *path = strchr(line, '/');

        if (path && sscanf(line, "%lx-%lx", &from, &to) == 2 && own >= from && own < to) {
            snprintf(out, PATH_MAX, "%s", path);
        }
    }
    if (maps) {
        fclose(maps);
    }
    free(line);
    char *slash = strrchr(out, '/');
    *(slash ? slash : out) = 0;
}

const struct wk_module *wk_module_load(const char *name, size_t bytes, const char *directory, char *why, size_t why_bytes)
{
    const struct search search = {name, bytes, why, why_bytes};
    const struct wk_module *module = NULL;
    char mapped[PATH_MAX], below[PATH_MAX + 8], program[PATH_MAX];

    snprintf(why, why_bytes, "no wick-%s.so found", name);
    if (!getauxval(AT_SECURE)) {
        mapped_directory(mapped);
        snprintf(below, sizeof below, "%s/wick", mapped); /* an installation that was moved */
        wk_program_directory(program, sizeof program);
        const char *const directories[] = {getenv("WICK_MODULE_DIR"), directory, mapped, below, program};
        for (size_t i = 0; i < sizeof directories / sizeof directories[0] && !module; i++) {
            module = load(&search, directories[i]);
        }
    }
    return module ? module : load(&search, WICK_MODULE_INSTALL_DIR);
}
