/*
 * SPDX-License-Identifier: MIT
 * The table of sites. See site.h.
 * Two levels of pages, so that entries never move; one hash over place and text finds equal sites, so
 * that a template or an inline function in many files is one site.
 */
#include "site.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/cxx_name.h"
#include "base/pages.h"
#include "base/text.h"

enum {
    BUCKETS_FIRST = 1024,
    TEXTS_CHUNK_BYTES = 16 * 1024,
};

static struct {
    pthread_mutex_t lock;
    struct wk_pool_pieces texts;
    struct wk_site_table *table; /* NULL: nothing is recorded */
    uint32_t *buckets; /* bucket_count chains of entries, then as many of places */
    uint32_t *places;
    uint32_t bucket_count;
    uint32_t count;         /* ids 1 .. count are given out */
    uint32_t names;
    uint32_t names_max;
    uint64_t overflow;
    uint64_t cut;           /* names of places that were too long */
    char *off_names;        /* of sites that are switched off */
    size_t off_bytes;
    char function[512];     /* qualified name of the C++ function that is being looked up; not on a thread's stack, which may be small */
    uint32_t filter;        /* number of these names: each change is another one */
} sites = {.lock = PTHREAD_MUTEX_INITIALIZER, .names_max = 65536};

static uint32_t hash_bytes(uint32_t hash, const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) { /* FNV-1a */
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    }
    return hash;
}

static struct wk_site *entry(uint32_t id)
{
    struct wk_site *chunk = wk_pool_at(sites.table->chunks[(id - 1) / WK_SITE_CHUNK]);

    return &chunk[(id - 1) % WK_SITE_CHUNK];
}

const struct wk_site *wk_site_get(uint32_t id)
{
    /* Relaxed: whoever has an id has it from a site's word or an event, behind this count and the entry. */
    uint32_t count = __atomic_load_n(&sites.count, __ATOMIC_RELAXED);

    return id >= 1 && id <= count ? entry(id) : NULL;
}

uint64_t wk_site_begin(void)
{
    static uint64_t table;

    pthread_mutex_lock(&sites.lock);
    if (!table) {
        table = wk_pool_alloc(sizeof *sites.table, 64);
        sites.table = wk_pool_at(table);
    }
    pthread_mutex_unlock(&sites.lock);
    return table;
}

uint32_t wk_site_count(void)
{
    return __atomic_load_n(&sites.count, __ATOMIC_ACQUIRE); /* pairs with the release in add_locked */
}

uint64_t wk_site_overflow(void)
{
    return __atomic_load_n(&sites.overflow, __ATOMIC_RELAXED); /* a count, no order */
}

uint64_t wk_site_cut(void)
{
    return __atomic_load_n(&sites.cut, __ATOMIC_RELAXED); /* a count, no order */
}

void wk_site_set_names_max(uint32_t names_max)
{
    pthread_mutex_lock(&sites.lock);
    sites.names_max = names_max;
    pthread_mutex_unlock(&sites.lock);
}

void wk_site_lock(void)
{
    pthread_mutex_lock(&sites.lock);
}

void wk_site_unlock(void)
{
    pthread_mutex_unlock(&sites.lock);
}

/* ---- switched off ---------------------------------------------------------------------------- */

/* Do the names say so? Only what a macro with a literal begins can be known before it is recorded. */
static bool is_named_off_locked(const struct wk_site *site)
{
    const char *literal = wk_site_texts(site).literal;
    bool is_off = false;

    if (site->kind != WICK_I_SITE_SCOPE && site->kind != WICK_I_SITE_FORMAT && site->kind != WICK_I_SITE_WRAP) {
        return false;
    }
    for (size_t at = 0; at < sites.off_bytes && !is_off; at += strlen(sites.off_names + at) + 1) {
        is_off = strcmp(sites.off_names + at, literal) == 0;
    }
    return is_off;
}

static void set_off_locked(uint32_t id)
{
    /* Its id must fit below the number of the filter. */
    bool is_off = id < 1u << WICK_I_SITE_ID_BITS && is_named_off_locked(entry(id));

    __atomic_store_n(&entry(id)->is_off, is_off, __ATOMIC_RELAXED); /* a thread that sees it late records a scope too many */
}

bool wk_site_is_off(uint32_t id)
{
    return __atomic_load_n(&entry(id)->is_off, __ATOMIC_RELAXED); /* see set_off_locked */
}

bool wk_site_any_off(const char *name, size_t bytes)
{
    bool found = false;

    for (uint32_t id = 1, count = wk_site_count(); id <= count && !found; id++) {
        found = wk_site_is_off(id) && entry(id)->literal_bytes == bytes &&
                memcmp(wk_site_texts(entry(id)).literal, name, bytes) == 0;
    }
    return found;
}

static bool replace_names_locked(const char *names, size_t bytes)
{
    char *copy = bytes ? wk_pages_alloc(bytes) : NULL;

    if (bytes && !copy) {
        return false;
    }
    if (sites.off_names) {
        wk_pages_free(sites.off_names, sites.off_bytes);
    }
    if (bytes) {
        memcpy(copy, names, bytes);
    }
    sites.off_names = copy;
    sites.off_bytes = bytes;
    return true;
}

bool wk_site_set_off(const char *names, size_t bytes)
{
    bool good = true;

    pthread_mutex_lock(&sites.lock);
    if (bytes != sites.off_bytes || (bytes && memcmp(names, sites.off_names, bytes) != 0)) {
        good = replace_names_locked(names, bytes);
        sites.filter = (sites.filter + 1) & ((1u << (31 - WICK_I_SITE_ID_BITS)) - 1);
        for (uint32_t id = 1; id <= sites.count; id++) {
            set_off_locked(id);
        }
        /* Relaxed: see wick_i_site_is_off. */
        __atomic_store_n(&wick_i_sites_off_v1, 1u << 31 | sites.filter << WICK_I_SITE_ID_BITS, __ATOMIC_RELAXED);
    }
    pthread_mutex_unlock(&sites.lock);
    return good;
}

/* Say in the place itself what its id is, or that it is off. */
static uint32_t tell(struct wick_site *site, uint32_t id)
{
    uint32_t off = __atomic_load_n(&wick_i_sites_off_v1, __ATOMIC_RELAXED); /* see wick_i_site_is_off */
    uint32_t word = wk_site_is_off(id) ? off | id : id;

    /* Pairs with the acquire in wick_i_begin: the entry is there before its id is seen. */
    __atomic_store_n(&site->id, word, __ATOMIC_RELEASE);
    return word;
}

uint32_t wk_site_look_again(struct wick_site *site)
{
    return tell(site, __atomic_load_n(&site->id, __ATOMIC_RELAXED) & ~WICK_I_SITE_FILTER_MASK); /* the caller has acquired it */
}

/* What a site is before it is in the table. */
struct site_draft {
    const struct wick_site *place;
    const char *function;
    const char *literal;
    size_t literal_bytes;
    size_t function_bytes;
    uint32_t kind;
    uint32_t hash;       /* of place and literal */
    uint32_t place_hash;
};

/* Every entry is in the chain of its hash; the first of each place also in the chain of its place. */
static void link_locked(uint32_t id, bool first_of_place)
{
    struct wk_site *site = entry(id);
    uint32_t mask = sites.bucket_count - 1;

    site->next = sites.buckets[site->hash & mask];
    sites.buckets[site->hash & mask] = id;
    if (first_of_place) {
        site->place_next = sites.places[site->place_hash & mask];
        sites.places[site->place_hash & mask] = id;
    }
}

static bool grow_buckets_locked(void)
{
    uint32_t count = sites.bucket_count ? sites.bucket_count * 4 : BUCKETS_FIRST;
    uint32_t *old = sites.buckets;
    size_t old_bytes = sites.bucket_count * 2 * sizeof *old;
    uint32_t *buckets = wk_pages_alloc(count * 2 * sizeof *buckets);

    if (!buckets) {
        return sites.bucket_count != 0; /* chains grow longer, that is all */
    }
    sites.buckets = buckets;
    sites.places = buckets + count;
    sites.bucket_count = count;
    for (uint32_t id = 1; id <= sites.count; id++) {
        link_locked(id, entry(id)->number == 1);
    }
    if (old) {
        wk_pages_free(old, old_bytes);
    }
    return true;
}

static bool same_place(const struct wk_site *site, const struct site_draft *draft)
{
    return site->place_hash == draft->place_hash && site->line == draft->place->line &&
           site->function_bytes == draft->function_bytes &&
           memcmp(wk_site_texts(site).location, draft->function, draft->function_bytes) == 0;
}

static uint32_t find_locked(const struct site_draft *draft)
{
    uint32_t id = sites.bucket_count ? sites.buckets[draft->hash & (sites.bucket_count - 1)] : 0;

    for (; id; id = entry(id)->next) {
        const struct wk_site *site = entry(id);

        if (site->hash == draft->hash && same_place(site, draft) && site->kind == draft->kind &&
            site->literal_bytes == draft->literal_bytes &&
            memcmp(wk_site_texts(site).literal, draft->literal, draft->literal_bytes) == 0 &&
            strcmp(wk_site_texts(site).file, draft->place->file) == 0 &&
            strcmp(wk_site_texts(site).category, draft->place->category ? draft->place->category : "") == 0) {
            return id;
        }
    }
    return 0;
}

/* The number of this site at its place: 1 for the first. */
static uint32_t number_locked(const struct site_draft *draft)
{
    uint32_t id = sites.places[draft->place_hash & (sites.bucket_count - 1)];

    while (id && !same_place(entry(id), draft)) {
        id = entry(id)->place_next;
    }
    return id ? ++entry(id)->place_count : 1;
}

/* function:line, with .2 for a second site there; a place without a line is its name alone. Gives the bytes behind the function. */
static uint32_t render_line(char *line, size_t room, uint32_t number_of_line, uint32_t number)
{
    int bytes = number_of_line ? snprintf(line, room, ":%u", number_of_line) : 0;

    return (uint32_t)(number > 1 ? bytes + snprintf(line + bytes, room - (size_t)bytes, ".%u", number) : bytes);
}

/* Behind the text before, a copy that ends with a 0. */
static char *append(char *at, const char *text, size_t bytes)
{
    memcpy(at, text, bytes);
    at[bytes] = 0;
    return at + bytes + 1;
}

static bool fill_locked(struct wk_site *site, const struct site_draft *draft, uint32_t number)
{
    const struct wick_site *place = draft->place;
    const char *category = place->category ? place->category : "";
    char line[32];
    bool cut = draft->kind != WICK_I_SITE_DYNAMIC && draft->literal_bytes > WK_SITE_NAME_MAX - 4 && draft->literal[draft->literal_bytes];
    uint32_t line_bytes = render_line(line, sizeof line, place->line, number);

    *site = (struct wk_site){.location_bytes = (uint32_t)draft->function_bytes + line_bytes,
                             .literal_bytes = (uint32_t)draft->literal_bytes,
                             .category_bytes = (uint32_t)strlen(category),
                             .file_bytes = (uint32_t)strlen(place->file),
                             .line = place->line,
                             .colour = place->colour,
                             .kind = draft->kind,
                             .function_bytes = (uint32_t)draft->function_bytes,
                             .number = number,
                             .place_count = number,
                             .hash = draft->hash,
                             .place_hash = draft->place_hash};
    uint64_t texts = wk_pool_piece_locked(&sites.texts, wk_site_texts_bytes(site), TEXTS_CHUNK_BYTES);
    char *at = wk_pool_at(texts);
    if (!at) {
        return false;
    }
    memcpy(at, draft->function, draft->function_bytes);
    at = append(at + draft->function_bytes, line, line_bytes);
    at = append(at, draft->literal, draft->literal_bytes);
    at = append(at, category, site->category_bytes);
    append(at, place->file, site->file_bytes);
    wk_pool_publish(&site->texts, texts);
    __atomic_store_n(&sites.cut, sites.cut + cut, __ATOMIC_RELAXED); /* a count, no order */
    return true;
}

static uint32_t add_locked(const struct site_draft *draft)
{
    uint32_t id = sites.count + 1;
    uint32_t chunk = (id - 1) / WK_SITE_CHUNK;

    if (!sites.table || chunk >= WK_SITE_CHUNKS || (id > sites.bucket_count && !grow_buckets_locked())) {
        return 0;
    }
    if (!sites.table->chunks[chunk]) {
        sites.table->chunks[chunk] = wk_pool_alloc(WK_SITE_CHUNK * sizeof(struct wk_site), 64);
    }
    if (!sites.table->chunks[chunk] || !fill_locked(entry(id), draft, number_locked(draft))) {
        return 0;
    }
    link_locked(id, entry(id)->number == 1);
    set_off_locked(id);
    /* Pairs with the acquire in wk_site_count: entries up to the count are whole. */
    __atomic_store_n(&sites.count, id, __ATOMIC_RELEASE);
    return id;
}

static void complete(struct site_draft *draft)
{
    draft->function_bytes = strlen(draft->function);
    draft->literal_bytes = wk_text_cut(draft->literal, strlen(draft->literal), WK_SITE_NAME_MAX);
    if (draft->kind == WICK_I_SITE_WRAP) { /* the name of a call ends at its bracket */
        draft->literal_bytes = strcspn(draft->literal, "( \t\n");
    }
    draft->place_hash = hash_bytes(2166136261u ^ draft->place->line, draft->function, draft->function_bytes);
    draft->hash = hash_bytes(draft->place_hash, draft->literal, draft->literal_bytes);
}

static struct site_draft draft_of(const struct wick_site *place, const char *literal, uint32_t kind)
{
    struct site_draft draft = {.place = place, .function = place->function, .literal = literal, .kind = kind};

    complete(&draft);
    return draft;
}

/* In C++ the compiler's name of the function becomes its qualified one. A place without a line has no name that a compiler gave. */
static void qualify_locked(struct site_draft *draft)
{
    if (!draft->place->line || !memchr(draft->function, '(', draft->function_bytes)) {
        return;
    }
    wk_cxx_name(sites.function, sizeof sites.function, draft->function);
    draft->literal = draft->literal == draft->function ? sites.function : draft->literal;
    draft->function = sites.function;
    complete(draft);
}

uint32_t wk_site_register(struct wick_site *site)
{
    struct site_draft draft = draft_of(site, site->literal ? site->literal : site->function, site->kind);

    pthread_mutex_lock(&sites.lock);
    qualify_locked(&draft);
    uint32_t id = find_locked(&draft);
    if (!id) {
        id = add_locked(&draft);
    }
    pthread_mutex_unlock(&sites.lock);
    return id ? tell(site, id) : 0;
}

uint32_t wk_site_intern(const struct wick_site *place, const char *text, uint32_t kind)
{
    struct site_draft draft = draft_of(place, text, kind);

    pthread_mutex_lock(&sites.lock);
    qualify_locked(&draft);
    uint32_t id = find_locked(&draft);
    if (!id && sites.names >= sites.names_max) {
        __atomic_store_n(&sites.overflow, sites.overflow + 1, __ATOMIC_RELAXED); /* a count, no order */
        draft = draft_of(place, "(too many names)", kind);
        qualify_locked(&draft);
        id = find_locked(&draft);
    }
    if (!id) {
        id = add_locked(&draft);
        sites.names += id != 0;
    }
    pthread_mutex_unlock(&sites.lock);
    return id;
}

uint32_t wk_site_lock_at(const struct wick_site *place)
{
    struct site_draft draft = draft_of(place, "", WICK_I_SITE_LOCK);

    pthread_mutex_lock(&sites.lock);
    qualify_locked(&draft);
    uint32_t id = sites.bucket_count ? sites.places[draft.place_hash & (sites.bucket_count - 1)] : 0;
    while (id && !(same_place(entry(id), &draft) && entry(id)->kind == WICK_I_SITE_LOCK)) {
        id = entry(id)->place_next;
    }
    pthread_mutex_unlock(&sites.lock);
    return id;
}

uint32_t wk_site_add_lock(const char *name)
{
    struct wick_site place = {.function = name, .file = "-", .kind = WICK_I_SITE_LOCK};
    struct site_draft draft = draft_of(&place, name, WICK_I_SITE_LOCK);

    pthread_mutex_lock(&sites.lock);
    uint32_t id = add_locked(&draft);
    pthread_mutex_unlock(&sites.lock);
    return id;
}
