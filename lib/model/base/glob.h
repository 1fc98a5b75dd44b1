/*
 * SPDX-License-Identifier: MIT
 * The one language of patterns: WICK_FILTER, WICK_FUNCTIONS, --path, --thread and --where. See wick_glob_match in
 * wick/names.h for what a pattern says. Also compiled into lib/functions: no allocation, no locale, no state.
 */
#ifndef WICK_LIB_MODEL_BASE_GLOB_H
#define WICK_LIB_MODEL_BASE_GLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What patterns are matched with. */
struct wk_glob_path {
    const char *text;  /* names from the outermost on, joined by / */
    size_t bytes;
    size_t name_bytes; /* of the last name, which may hold a / itself */
};

bool wk_glob(const char *pattern, size_t pattern_bytes, const struct wk_glob_path *path);

/* A list "-GLOB,+GLOB": - leaves out, + keeps; the last entry that matches decides. */
struct wk_glob_list {
    const char *text;
    uint64_t matched; /* the entries that have matched anything so far, of the first 64 */
};

struct wk_glob_entry {
    const char *glob; /* behind its sign */
    size_t bytes;     /* 0: it matches nothing */
    bool keeps;
};

/* Has each entry a sign? Empty ones need none. */
bool wk_glob_list_signed(const char *list);
/* What a list says of a thing with one path or several; `otherwise` when no entry matches. */
bool wk_glob_list_keeps(struct wk_glob_list *list, const struct wk_glob_path *paths, size_t count, bool otherwise);
/* What it says where no entry says anything: the first entry tells whether it lists what stays or what goes. */
static inline bool wk_glob_list_default(const char *text)
{
    return text[0] == '-' || !text[0];
}
/* The entry at `list`; gives where the next one begins. */
const char *wk_glob_entry(const char *list, struct wk_glob_entry *entry);
/* The next entry from number *from on that has matched nothing; *from is then the one behind it. False: there is none. */
bool wk_glob_list_unmatched(const struct wk_glob_list *list, uint32_t *from, struct wk_glob_entry *entry);

#endif
