/*
 * SPDX-License-Identifier: MIT
 * The table of sites: places in the source, registered once, named by dense ids from 1.
 * Entries are never changed or freed after their id is given out, so readers need no lock.
 */
#ifndef WICK_LIB_RECORD_SITE_H
#define WICK_LIB_RECORD_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wick/hot.h>

#include "base/pool.h"

/* One entry, in the pool. */
struct wk_site {
    uint64_t texts;       /* reference of its texts, which live as long as the process: see wk_site_texts_from; 0: no site yet */
    uint32_t location_bytes;
    uint32_t literal_bytes;
    uint32_t category_bytes;
    uint32_t file_bytes;
    uint32_t line;
    uint32_t colour;
    uint32_t kind;
    uint32_t function_bytes; /* of location, without line and number */
    uint32_t number;      /* of this site at its place, from 1 */
    uint32_t place_count; /* of the first at a place: sites there */
    uint32_t hash;
    uint32_t place_hash;
    uint32_t next;        /* in the chain of its hash */
    uint32_t place_next;  /* of the first at a place: in the chain of its place */
    uint32_t is_off;      /* its scopes are not recorded: 1; written by a run's beginning, relaxed */
    uint32_t reserved;
};

enum {
    WK_SITE_CHUNK = 1024,
    WK_SITE_CHUNKS = 4096,
    WK_SITE_NAME_MAX = 4000, /* of a name; a longer one is cut */
};

/* From here another process finds the entry of an id: entry (id - 1) % WK_SITE_CHUNK of chunk (id - 1) / WK_SITE_CHUNK. */
struct wk_site_table {
    uint64_t chunks[WK_SITE_CHUNKS]; /* references; 0: no such chunk yet */
};

struct wk_site_texts {
    const char *location; /* function:line, `.2` and so on when a line has several; or the lock's id */
    const char *literal;  /* name or format */
    const char *category; /* "" when none */
    const char *file;
};

/* Bytes of its texts, each of which ends with a 0. */
static inline uint64_t wk_site_texts_bytes(const struct wk_site *site)
{
    return (uint64_t)site->location_bytes + site->literal_bytes + site->category_bytes + site->file_bytes + 4;
}

/* Its texts, of which the first lies at `start`, one behind the other. */
static inline struct wk_site_texts wk_site_texts_from(const struct wk_site *site, const char *start)
{
    const char *literal = start + site->location_bytes + 1;
    const char *category = literal + site->literal_bytes + 1;

    return (struct wk_site_texts){start, literal, category, category + site->category_bytes + 1};
}

/* In this process. */
static inline struct wk_site_texts wk_site_texts(const struct wk_site *site)
{
    return wk_site_texts_from(site, wk_pool_at(site->texts));
}

/* Before the first site, and again at any time: the reference of the table; 0: no memory. */
uint64_t wk_site_begin(void);
/* Register a macro's site at its first hit. Gives what site->id says from then on: its id, or a word with the highest bit when
 * the site is off (wick/hot.h); 0: no memory. Takes the table's lock. */
uint32_t wk_site_register(struct wick_site *site);
/* The same for a site that a filter has switched off, perhaps one of an earlier run. No lock. */
uint32_t wk_site_look_again(struct wick_site *site);
/* Id of the site of `text` at the place `site`: for text as identity, locks, Context's API. The same
 * text gives the same id. Beyond names_max all texts of a place share one site. 0: no memory. */
uint32_t wk_site_intern(const struct wick_site *place, const char *text, uint32_t kind);

/* The lock whose site is the first at this place, whatever its name; 0: there is none. */
uint32_t wk_site_lock_at(const struct wick_site *place);

/* A new site for one lock: its location is the name, `.2` and so on for further locks of that name. */
uint32_t wk_site_add_lock(const char *name);

/* The entry of an id that an event carried; NULL for an unknown id. No lock. */
const struct wk_site *wk_site_get(uint32_t id);
/* Does the run's filter switch this site off? Of a known id. No lock. */
bool wk_site_is_off(uint32_t id);
/* Has a site of this name been switched off? */
bool wk_site_any_off(const char *name, size_t bytes);
/* Ids 1 .. count have an entry. No lock. */
uint32_t wk_site_count(void);
uint64_t wk_site_overflow(void);
/* Names of macros that were cut; a dynamic one that is too long is the text of each instance as well. */
uint64_t wk_site_cut(void);
void wk_site_set_names_max(uint32_t names_max);
/* From now on scopes of these names are not recorded, other ones are: for the beginning of a run. Each name ends with a 0, which
 * `bytes` includes. Dynamic names stay. Copies. False: no memory, and the names before stay. */
bool wk_site_set_off(const char *names, size_t bytes);
/* Around fork: the child must find the table's lock free. */
void wk_site_lock(void);
void wk_site_unlock(void);

#endif
