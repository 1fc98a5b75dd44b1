/*
 * SPDX-License-Identifier: MIT
 * Keys of sites and threads: what stays the same when lines move and numbers in names change.
 * Invariant: keys are sorted, and no two are equal.
 */
#include "model/base/number.h"
#include "model/base/order.h"
#include "summary_state.h"

/* A site or a track (WICK_SITE_KINDS) on the way to its key. */
struct candidate {
    struct wick_summary_key key;
    uint32_t index; /* of the site or track */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Bytes of an id at the start of a text: digits, or hexadecimal ones with a digit among them (0x, UUIDs); 0: none. */
static size_t id_bytes(const char *text)
{
    size_t plain = 0, hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 2 : 0, digits = 0;
    while (is_digit(text[plain])) {
        plain++;
    }
    for (; is_hex(text[hex]); hex++) {
        digits += is_digit(text[hex]);
    }
    return hex >= 8 && digits ? hex : plain;
}

/* Write # for every id of a text: a scope that is named after its request is the same in every run. */
static const char *without_ids(struct wick_summary *summary, const char *text)
{
    const size_t bytes = wk_mem_length(text);
    char *copy = wk_arena_text(&summary->texts, text, bytes), *to = copy;
    for (size_t i = 0; copy && i < bytes;) {
        const size_t id = id_bytes(text + i);
        *to++ = id ? '#' : text[i];
        i += id ? id : 1;
    }
    if (copy) {
        *to = 0;
    }
    return copy;
}

/* The function of a location `function:line` or, of the n-th dynamic name there, `function:line.n`, and its line; "" of an address,
 * which another build does not have. */
static const char *function_of(struct wick_summary *summary, const char *location, uint32_t *line)
{
    size_t bytes = wk_mem_length(location), colon = bytes;
    for (size_t i = 0; i + 2 < bytes; i++) {
        if (location[i] == '+' && location[i + 1] == '0' && location[i + 2] == 'x') {
            return "";
        }
    }
    while (colon && is_digit(location[colon - 1])) {
        colon--;
    }
    if (colon > 1 && colon < bytes && location[colon - 1] == '.' && is_digit(location[colon - 2])) {
        bytes = --colon;
        while (colon && is_digit(location[colon - 1])) {
            colon--;
        }
    }
    if (colon < bytes && colon > 1 && location[colon - 1] == ':') {
        uint64_t number = 0;
        if (!*line && wk_number_unsigned(location + colon, bytes - colon, UINT32_MAX, &number)) {
            *line = (uint32_t)number;
        }
        bytes = colon - 1;
    }
    return wk_arena_text(&summary->texts, location, bytes);
}

/* `read (bytes)`; "" without memory, which the copy of it finds out. */
static const char *with_unit(struct wick_summary *summary, const char *name, const char *unit)
{
    const size_t bytes = wk_mem_length(name), unit_bytes = wk_mem_length(unit);
    char *text = wk_arena_take(&summary->texts, bytes + unit_bytes + 4, 1);
    if (!text) {
        return "";
    }
    memcpy(text, name, bytes);
    text[bytes] = ' ';
    text[bytes + 1] = '(';
    memcpy(text + bytes + 2, unit, unit_bytes);
    text[bytes + 2 + unit_bytes] = ')';
    text[bytes + 3 + unit_bytes] = 0;
    return text;
}

static struct wick_summary_key key_of_site(struct wick_summary *summary, uint32_t site)
{
    const struct wick_site_info *info = wick_names_site(summary->names, site);
    const char *name = wick_names_site_name(summary->names, site);
    const bool strip = info->kind == WICK_SITE_FOREIGN && !summary->info.keep_ids;
    uint32_t line = info->line;
    const char *function = function_of(summary, info->location, &line);
    if (info->kind == WICK_SITE_COUNTER && *info->category) { /* a named sum: with its unit */
        name = with_unit(summary, name, info->category);
    }
    return (struct wick_summary_key){
        .name = strip ? without_ids(summary, name) : wk_arena_text(&summary->texts, name, wk_mem_length(name)),
        .function = function,
        .file = wk_arena_text(&summary->texts, info->file, wk_mem_length(info->file)),
        .line = line,
        .kind = info->kind};
}

/* The role of a thread: its newest name, or what the log calls it without `.N` and digits at the end. */
static struct wick_summary_key key_of_track(struct wick_summary *summary, uint32_t track)
{
    const struct wick_track_info *info = wick_names_track(summary->names, track);
    const char *name = info->label && info->label[0] ? info->label : info->thread;
    size_t bytes = wk_mem_length(name);
    if (name == info->thread) {
        while (bytes && is_digit(name[bytes - 1])) {
            bytes--;
        }
        bytes -= bytes && name[bytes - 1] == '.';
        while (bytes && is_digit(name[bytes - 1])) {
            bytes--;
        }
    }
    return (struct wick_summary_key){.name = wk_arena_text(&summary->texts, name, bytes), .function = "", .file = "", .kind = WICK_SITE_KINDS};
}

static int compare_texts(const char *x, const char *y)
{
    for (; *x && *x == *y; x++, y++) {
    }
    return (int)(unsigned char)*x - (int)(unsigned char)*y;
}

/* Without the ordinal. */
static int compare_places(const struct wick_summary_key *x, const struct wick_summary_key *y)
{
    int order = (int)y->kind - (int)x->kind; /* roles first */
    order = order ? order : compare_texts(x->name, y->name);
    return order ? order : compare_texts(x->function, y->function);
}

int wk_summary_compare_keys(const struct wick_summary_key *x, const struct wick_summary_key *y)
{
    const int order = compare_places(x, y);
    return order ? order : x->ordinal < y->ordinal ? -1 : x->ordinal > y->ordinal;
}

static int compare_lines(const struct candidate *x, const struct candidate *y)
{
    const int order = compare_texts(x->key.file, y->key.file);
    return order ? order : x->key.line < y->key.line ? -1 : x->key.line > y->key.line;
}

static int is_less(const void *user, const void *x, const void *y)
{
    const struct candidate *a = x, *b = y;
    const int order = compare_places(&a->key, &b->key);
    (void)user;
    return order ? order < 0 : compare_lines(a, b) < 0;
}

/* Number the sorted candidates of one name and function, and keep one key of those that are equal. */
static int keep_keys(struct wick_summary *summary, struct candidate *all, uint32_t count, uint32_t *of_site, uint32_t *of_track)
{
    for (uint32_t i = 0; i < count; i++) {
        const bool same_place = i && compare_places(&all[i - 1].key, &all[i].key) == 0;
        const bool same = same_place && compare_lines(&all[i - 1], &all[i]) == 0;
        all[i].key.ordinal = same_place ? all[i - 1].key.ordinal + !same : 0;
        if (!same) {
            if (wk_array_reserve(&summary->keys, summary->allocator, summary->keys.count + 1, sizeof(struct wick_summary_key)) < 0) {
                return WICK_E_NOMEM;
            }
            ((struct wick_summary_key *)summary->keys.items)[summary->keys.count++] = all[i].key;
        }
        (all[i].key.kind == WICK_SITE_KINDS ? of_track : of_site)[all[i].index] = summary->keys.count - 1;
    }
    return 0;
}

int wk_summary_make_keys(struct wick_summary *summary, uint32_t *of_site, uint32_t *of_track)
{
    const struct wick_allocator *a = summary->allocator;
    const struct wk_fold_place *places = summary->places.items;
    struct wk_array all = {0};
    const struct wk_order order = {is_less, NULL};
    int rc = 0;
    for (uint32_t i = 0; i < summary->places.count && rc == 0; i++) {
        uint32_t *const known = places[i].parent == WICK_NONE ? of_track : of_site;
        if (known[places[i].site] != WICK_NONE) {
            continue;
        }
        rc = wk_array_reserve(&all, a, all.count + 1, sizeof(struct candidate));
        if (rc == 0) {
            struct candidate *added = (struct candidate *)all.items + all.count++;
            added->key = known == of_track ? key_of_track(summary, places[i].site) : key_of_site(summary, places[i].site);
            added->index = places[i].site;
            known[places[i].site] = 0;
            rc = added->key.name && added->key.function && added->key.file ? 0 : WICK_E_NOMEM;
        }
    }
    rc = rc < 0 ? rc : wk_order_sort(a, all.items, all.count, sizeof(struct candidate), &order);
    rc = rc < 0 ? rc : keep_keys(summary, all.items, all.count, of_site, of_track);
    wk_array_free(&all, a, sizeof(struct candidate));
    return rc;
}
