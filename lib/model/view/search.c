/*
 * SPDX-License-Identifier: MIT
 * Search in names and in texts of instances, and the share of time of the matches. A name is compared once per site,
 * never per scope. Nested matches count once in the covered time.
 */
#include "selection.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Does a text contain `part`, which is in lower case? */
static int contains(const char *text, size_t bytes, const char *part, size_t part_bytes)
{
    for (size_t i = 0; i + part_bytes <= bytes; i++) {
        size_t at = 0;
        while (at < part_bytes && lower(text[i + at]) == part[at]) {
            at++;
        }
        if (at == part_bytes) {
            return 1;
        }
    }
    return 0;
}

/* Mark the matching ones of kept texts; returns 1 when one matches. An empty part clears the marks. */
static int mark_texts(const struct wk_array *kept, const char *part, uint32_t part_bytes)
{
    char *texts = kept->items;
    int any = 0;
    for (uint32_t at = 0; at < kept->count;) {
        struct wk_kept_text text;
        memcpy(&text, texts + at, sizeof text);
        text.matched = part_bytes && contains(texts + at + sizeof text, text.bytes, part, part_bytes);
        memcpy(texts + at, &text, sizeof text);
        any |= (int)text.matched;
        at = (at + (uint32_t)sizeof text + text.bytes + 3) & ~3u;
    }
    return any;
}

static void note_sites(struct wk_search *search, const struct wk_chunk *chunk)
{
    uint8_t *sites = search->sites.items;
    for (uint32_t at = 0; chunk->extras && at < chunk->count; at++) {
        if (chunk->site[at] < search->sites.count &&
            (wk_chunk_flags(chunk, at) & WK_SCOPE_MATCHED)) {
            sites[chunk->site[at]] |= 2;
        }
    }
}

static void search_texts(struct wk_search *search, struct wk_index *index, const char *part, uint32_t bytes)
{
    index->texts_matched = (uint8_t)mark_texts(&index->texts, part, bytes);
    for (uint32_t i = 0; i < index->rows.count; i++) {
        const struct wk_row *row = &wk_index_rows(index)[i];
        for (uint32_t k = 0; k < row->chunk_count; k++) {
            if (mark_texts(&row->chunks[k].texts, part, bytes)) {
                index->texts_matched = 1;
                note_sites(search, &row->chunks[k]);
            }
        }
    }
}

void wk_search_end(struct wk_search *search, struct wk_index *index)
{
    wk_array_free(&search->sites, index->outer, 1);
    search->names = 0;
    if (index->texts_matched) {
        search_texts(search, index, "", 0);
    }
}

static void count_names(struct wk_search *search)
{
    search->names = 0;
    for (uint32_t i = 0; i < search->sites.count; i++) {
        search->names += ((const uint8_t *)search->sites.items)[i] != 0;
    }
}

int wk_search_text(struct wk_search *search, struct wk_index *index, const struct wick_names *names,
                   const char *text, uint32_t bytes)
{
    char part[1024];
    uint32_t count = wick_names_sites(names);
    wk_search_end(search, index);
    if (!bytes || bytes > sizeof part) {
        return bytes ? WICK_E_LIMIT : 0;
    }
    for (uint32_t i = 0; i < bytes; i++) {
        part[i] = lower(text[i]);
    }
    if (wk_array_reserve(&search->sites, index->outer, count ? count : 1, 1) < 0) {
        return WICK_E_NOMEM;
    }
    search->sites.count = count;
    for (uint32_t i = 0; i < count; i++) {
        const struct wick_site_info *site = wick_names_site(names, i);
        ((uint8_t *)search->sites.items)[i] =
            contains(site->literal, wk_mem_length(site->literal), part, bytes) ||
            contains(site->location, wk_mem_length(site->location), part, bytes) ||
            contains(site->file, wk_mem_length(site->file), part, bytes);
    }
    search_texts(search, index, part, bytes);
    count_names(search);
    return 0;
}

int wk_search_flags(struct wk_search *search, struct wk_index *index, const uint8_t *flags, uint32_t count)
{
    wk_search_end(search, index);
    if (wk_array_reserve(&search->sites, index->outer, count ? count : 1, 1) < 0) {
        return WICK_E_NOMEM;
    }
    for (uint32_t i = 0; i < count; i++) {
        ((uint8_t *)search->sites.items)[i] = flags[i] != 0;
    }
    search->sites.count = count;
    count_names(search);
    return 0;
}

int wk_search_has(const struct wk_search *search, const struct wk_chunk *chunk, uint32_t at)
{
    uint32_t site = chunk->site[at];
    uint8_t flags = site < search->sites.count ? ((const uint8_t *)search->sites.items)[site] : 0;
    return (flags & 1) || (flags && (wk_chunk_flags(chunk, at) & WK_SCOPE_MATCHED));
}

/* One byte per scope of a row, from `first` on: 1: it matches or is inside a match. */
struct covered {
    struct wk_array flags;
    uint32_t first;
};

/* What of a scope matches: its name, its text, the text of its end, or several. */
static void count_kinds(const struct wk_search *search, const struct wk_chunk *chunk, uint32_t at, struct wk_search_sums *sums)
{
    sums->by_name += ((const uint8_t *)search->sites.items)[chunk->site[at]] & 1u;
    if (chunk->extras && (wk_chunk_flags(chunk, at) & WK_SCOPE_MATCHED)) {
        struct wk_detail detail = wk_chunk_detail(chunk, at);
        sums->texts += (uint64_t)wk_kept_matched(&chunk->texts, detail.text);
        sums->end_texts += (uint64_t)wk_kept_matched(&chunk->texts, detail.message);
    }
}

static int sum_row(const struct wk_search *search, const struct wk_selection *s, uint32_t number,
                   const struct covered *above, struct covered *here, struct wk_search_sums *sums)
{
    const struct wk_row *row = &wk_index_rows(s->index)[number];
    const uint8_t *up = above->flags.items;
    uint32_t past;
    wk_selection_range(s, row, &here->first, &past);
    if (wk_array_reserve(&here->flags, s->index->outer, past - here->first + 1, 1) < 0) {
        return WICK_E_NOMEM;
    }
    uint8_t *flags = here->flags.items;
    here->flags.count = past - here->first;
    for (uint32_t i = here->first; i < past; i++) {
        struct wk_place place = wk_row_place(row, i);
        uint32_t parent = place.chunk->parent[place.at] - above->first;
        uint8_t inside = row->depth && parent < above->flags.count ? up[parent] : 0;
        int64_t start_ns = place.chunk->start_ns[place.at], end_ns = wk_chunk_end(s->index, place.chunk, place.at);
        int selected = wk_selection_clip(s, number, i, &start_ns, &end_ns);
        flags[i - here->first] = inside;
        if (selected && !row->depth) {
            sums->selected_ns += end_ns - start_ns;
        }
        if (selected && wk_search_has(search, place.chunk, place.at) && wk_selection_is_inside(s, number, i)) {
            flags[i - here->first] = 1;
            sums->scopes++;
            count_kinds(search, place.chunk, place.at, sums);
            sums->total_ns += end_ns - start_ns;
            sums->covered_ns += inside ? 0 : end_ns - start_ns;
        }
    }
    return 0;
}

static void sum_marks(const struct wk_search *search, const struct wk_selection *s, struct wk_search_sums *sums)
{
    const struct wk_instant *marks = s->index->instants[WK_INSTANT_MARK].items.items;
    for (uint32_t i = 0; i < s->index->instants[WK_INSTANT_MARK].items.count; i++) {
        uint32_t site = marks[i].site;
        sums->marks += marks[i].from_ns >= s->from_ns && marks[i].from_ns <= s->to_ns &&
                       wk_selection_has_track(s, marks[i].track) && site < search->sites.count &&
                       ((((const uint8_t *)search->sites.items)[site] & 1) || wk_kept_matched(&s->index->texts, marks[i].text));
    }
}

int wk_search_sum(const struct wk_search *search, const struct wk_selection *s, struct wk_search_sums *sums)
{
    struct covered rows[2] = {0};
    int rc = 0;
    *sums = (struct wk_search_sums){0};
    for (uint32_t track = 0; track < s->index->tracks.count && rc >= 0; track++) {
        const struct wk_array *numbers = &wk_index_tracks(s->index)[track].rows;
        for (uint32_t d = 0; d < numbers->count && rc >= 0 && wk_selection_has_track(s, track); d++) {
            uint32_t number = ((const uint32_t *)numbers->items)[d];
            rc = sum_row(search, s, number, &rows[(d + 1) % 2], &rows[d % 2], sums);
        }
    }
    wk_array_free(&rows[0].flags, s->index->outer, 1);
    wk_array_free(&rows[1].flags, s->index->outer, 1);
    sum_marks(search, s, sums);
    return rc;
}

void wk_search_strip(const struct wk_search *search, const struct wk_selection *s, const struct wk_view *view,
                    uint8_t *out)
{
    memset(out, 0, view->width);
    for (uint32_t number = 0; number < s->index->rows.count && search->names; number++) {
        const struct wk_row *row = &wk_index_rows(s->index)[number];
        uint32_t i, past;
        wk_row_range(s->index, row, view->from_ns, view->from_ns + view->ns_per_px * view->width, &i, &past);
        for (; i < past && wk_selection_has_track(s, row->track); i++) {
            struct wk_place place = wk_row_place(row, i);
            if (!wk_search_has(search, place.chunk, place.at)) {
                continue;
            }
            double x0 = ((double)place.chunk->start_ns[place.at] - view->from_ns) / view->ns_per_px;
            double x1 = ((double)wk_chunk_end(s->index, place.chunk, place.at) - view->from_ns) / view->ns_per_px;
            uint32_t last = x1 < 0 ? 0 : x1 < view->width ? (uint32_t)x1 : view->width - 1;
            for (uint32_t x = x0 > 0 ? (uint32_t)x0 : 0; x <= last && x1 >= 0; x++) {
                out[x] = 255;
            }
        }
    }
}

/* The first match of a row from `i` on, or the last one before it. */
static uint32_t next_in_row(const struct wk_search *search, const struct wk_selection *s, uint32_t number,
                            uint32_t i, int direction)
{
    const struct wk_row *row = &wk_index_rows(s->index)[number];
    uint32_t first, past;
    wk_selection_range(s, row, &first, &past);
    i = direction < 0 ? (i < past ? i : past) : (i > first ? i : first);
    while (direction < 0 ? i > first : i < past) {
        i -= direction < 0;
        struct wk_place place = wk_row_place(row, i);
        if (wk_search_has(search, place.chunk, place.at) &&
            wk_selection_is_inside(s, number, i)) {
            return i;
        }
        i += direction >= 0;
    }
    return WICK_NONE;
}

/* The first scope of a row after (time, row, index); for direction < 0, one past the last before it. */
static uint32_t start_in_row(const struct wk_index *index, uint32_t number, int64_t time_ns,
                             const struct wk_instance *place, int direction)
{
    const struct wk_row *row = &wk_index_rows(index)[number];
    if (number == place->row) {
        return direction < 0 ? place->index : place->index + 1;
    }
    /* At equal times, rows are in order. */
    int64_t from_ns = time_ns + (place->row != WICK_NONE && number < place->row);
    return wk_row_first_starting(row, direction < 0 && place->row == WICK_NONE ? time_ns + 1 : from_ns);
}

int wk_search_next(const struct wk_search *search, const struct wk_selection *s, int64_t time_ns,
                   struct wk_instance *place, int direction)
{
    struct wk_instance best = {WICK_NONE, WICK_NONE, 0};
    int64_t best_ns = 0;
    for (uint32_t number = 0; number < s->index->rows.count && search->names; number++) {
        const struct wk_row *row = &wk_index_rows(s->index)[number];
        if (!wk_selection_has_track(s, row->track)) {
            continue;
        }
        uint32_t i = next_in_row(search, s, number, start_in_row(s->index, number, time_ns, place, direction), direction);
        if (i == WICK_NONE) {
            continue;
        }
        struct wk_place at = wk_row_place(row, i);
        int64_t start_ns = at.chunk->start_ns[at.at];
        if (best.row == WICK_NONE || (direction < 0 ? start_ns >= best_ns : start_ns < best_ns)) {
            best = (struct wk_instance){number, i, 0};
            best_ns = start_ns;
        }
    }
    if (best.row != WICK_NONE) {
        *place = best;
    }
    return best.row != WICK_NONE;
}
