/*
 * SPDX-License-Identifier: MIT
 * Modules: shared objects, one for each third-party library, loaded when the configuration asks for them.
 * A module links neither libwick nor the model: it exports one function, which takes the host's table and
 * returns its own. A table that is smaller than this version expects is refused.
 */
#ifndef WICK_LIB_SINK_MODULE_H
#define WICK_LIB_SINK_MODULE_H

#include <stddef.h>
#include <stdint.h>

/* The table that the host gives to every module; new fields go at the end. */
struct wk_module_host {
    uint32_t size;
    uint32_t version; /* of the library, as WICK_VERSION */
};

/* The beginning of every module's table. */
struct wk_module {
    uint32_t size;    /* of the whole table, as the module was built */
    const char *name;
};

typedef const struct wk_module *(*wk_module_function)(const struct wk_module_host *host);
#define WK_MODULE_SYMBOL "wick_module_v1"
__attribute__((visibility("default"))) const struct wk_module *wick_module_v1(const struct wk_module_host *host);

/* Load module `wick-<name>.so`; its table has at least `bytes` bytes. NULL with the reason in `why`. `directory`
 * (NULL: none) is searched after WICK_MODULE_DIR; a set-user-ID program searches the installation alone. A module
 * stays loaded for the life of the process. */
const struct wk_module *wk_module_load(const char *name, size_t bytes, const char *directory, char *why, size_t why_bytes);

#endif
