/*
 * SPDX-License-Identifier: MIT
 * The index and its pictures against a plain list of scopes, on random traces.
 * Must not trust the index for what is expected. Invariant: every property is tried on every shape of trace.
 */
#include "index_support.h"

#include "model/base/order.h"
#include "model/view/layout.h"

static uint32_t row_number(const struct wk_index *index, uint32_t track, uint32_t depth)
{
    return ((const uint32_t *)wk_index_tracks(index)[track].rows.items)[depth];
}

Test(index, holds_every_scope_with_its_parent)
{
    for (uint32_t k = 0; k < PLAIN_SHAPES; k++) {
        struct plain *p = plain_make(k + 1, &plain_shapes[k]);
        struct wk_index *index = plain_index(p);
        uint32_t *place = calloc(p->count, sizeof *place), *next = calloc(index->rows.count, sizeof *next);

        for (uint32_t i = 0; i < p->count; i++) {
            const struct plain_scope *s = &p->all[i];
            uint32_t number = row_number(index, s->track, s->depth);
            place[i] = next[number]++;
            struct wk_place at = wk_row_place(&wk_index_rows(index)[number], place[i]);
            cr_assert(at.chunk && at.chunk->start_ns[at.at] == s->start_ns && wk_chunk_recorded_end(at.chunk, at.at) == s->end_ns);
            cr_assert_eq(at.chunk->site[at.at], s->site);
            cr_assert_eq(at.chunk->parent[at.at], s->parent == WICK_NONE ? WICK_NONE : place[s->parent]);
            cr_assert_eq((wk_chunk_flags(at.chunk, at.at) & WK_SCOPE_FAILED) != 0, s->failed);
            if (i % 100 == 0 && s->end_ns != WK_OPEN) {
                cr_assert_eq(wk_row_self(index, number, place[i]), s->end_ns - s->start_ns - s->children_ns);
            }
        }
        cr_assert_eq(index->scopes, p->count);

        free(place);
        free(next);
        wk_index_destroy(index);
        plain_free(p);
    }
}

Test(index, does_not_depend_on_how_tracks_interleave)
{
    struct plain *p = plain_make(5, &plain_shapes[1]);
    struct wk_index *x = plain_index(p), *y = wk_index_create(&heap_allocator);

    for (uint32_t track = PLAIN_TRACKS; track-- > 0;) {
        for (uint32_t i = 0; i < p->record_count; i++) {
            struct wick_record r = p->records[i];
            if (i == 0 && track == PLAIN_TRACKS - 1) {
                wk_index_feed(y, &r, 1); /* sets the origin */
            } else if (i && r.track == track) {
                wk_index_feed(y, &r, 1);
            }
        }
    }

    for (uint32_t i = 0; i < x->rows.count; i++) {
        const struct wk_row *row = &wk_index_rows(x)[i];
        const struct wk_row *other = &wk_index_rows(y)[row_number(y, row->track, row->depth)];
        cr_assert(row->count == other->count && row->busy_ns == other->busy_ns && row->summed == other->summed);
        cr_assert_eq(memcmp(row->chunks[0].start_ns, other->chunks[0].start_ns, row->chunks[0].count * 8), 0);
    }
    wk_index_destroy(x);
    wk_index_destroy(y);
    plain_free(p);
}

Test(index, counts_strays_and_backwards_times)
{
    struct wk_index *index = wk_index_create(&heap_allocator);
    const struct wick_record r[] = {
        {.kind = WICK_RECORD_ENDOK, .time_ns = 100, .u.cpu_ns = -1}, {.kind = WICK_RECORD_START, .time_ns = 200},
        {.kind = WICK_RECORD_ENDOK, .time_ns = 150, .u.cpu_ns = -1}, {.kind = WICK_RECORD_START, .time_ns = 210},
        {.kind = WICK_RECORD_START, .time_ns = 220, .site = 1},      {.kind = WICK_RECORD_CLEAR, .time_ns = 230}};

    cr_assert_eq(wk_index_feed(index, r, 6), 0);

    cr_assert(index->stray_ends == 1 && index->backwards == 1 && index->unfinished == 2 && index->open == 0);
    const struct wk_chunk *chunk = wk_index_rows(index)[0].chunks;
    cr_assert(chunk->start_ns[0] == 100 && wk_chunk_recorded_end(chunk, 0) == 100 && wk_chunk_recorded_end(chunk, 1) == 130);
    wk_index_destroy(index);
}

Test(index, keeps_texts_messages_values_and_cpu)
{
    struct wk_index *index = wk_index_create(&heap_allocator);
    struct wick_record start = {.kind = WICK_RECORD_START, .text = "fetch a", .text_bytes = 7};
    struct wick_record value = {.kind = WICK_RECORD_VALUE, .u.number = 2.5};
    struct wick_record end = {.kind = WICK_RECORD_ENDER, .text = "timed out", .text_bytes = 9, .u.cpu_ns = 42};
    struct wick_record fine = {.kind = WICK_RECORD_ENDOK, .u.cpu_ns = -1};

    for (uint32_t i = 0; i < 100; i++) {
        wk_index_feed(index, &start, 1);
        wk_index_feed(index, &value, 1);
        wk_index_feed(index, &value, 1);
        wk_index_feed(index, i % 2 ? &fine : &end, 1);
    }

    const struct wk_chunk *chunk = wk_index_rows(index)[0].chunks;
    for (uint32_t i = 0; i < 100; i++) {
        struct wk_detail detail = wk_chunk_detail(chunk, i);
        uint32_t bytes;
        const char *text = wk_chunk_text(chunk, detail.text, &bytes);
        cr_assert(bytes == 7 && memcmp(text, "fetch a", 7) == 0 && wk_detail_value(&detail).value == 5 && detail.has_value);
        text = wk_chunk_text(chunk, detail.message, &bytes);
        cr_assert(i % 2 ? bytes == 0 && detail.cpu_ns == -1 : bytes == 9 && detail.cpu_ns == 42 && detail.failed);
    }
    cr_assert_lt(chunk->texts.count, 64, "equal texts of a chunk are kept once");
    wk_index_destroy(index);
}

Test(index, keeps_ends_that_have_no_room_in_a_column)
{
    struct wk_index *index = wk_index_create(&heap_allocator);
    const int64_t durations[] = {0, UINT32_MAX - 1u, UINT32_MAX, (int64_t)UINT32_MAX + 1, (int64_t)1 << 60};
    int64_t now = 0;

    for (uint32_t i = 0; i < 5; i++) {
        struct wick_record r[2] = {{.kind = WICK_RECORD_START, .time_ns = now},
                                   {.kind = WICK_RECORD_ENDOK, .time_ns = now + durations[i], .u.cpu_ns = -1}};
        cr_assert_eq(wk_index_feed(index, r, 2), 0);
        now += durations[i];
    }

    const struct wk_chunk *chunk = wk_index_rows(index)[0].chunks;
    for (uint32_t i = 0; i < 5; i++) {
        cr_assert_eq(wk_chunk_recorded_end(chunk, i) - chunk->start_ns[i], durations[i]);
        cr_assert_eq(wk_chunk_flags(chunk, i), 0);
    }
    wk_index_destroy(index);
}

/* ---- pictures ---- */

/* Coverage of each pixel by one row's scopes, and time per site, by brute force. */
struct brute {
    double coverage[700], site[700][PLAIN_SITES];
    uint8_t any[700];
};

static void brute_draw(const struct plain *p, uint32_t track, uint32_t depth, const struct wk_view *view, struct brute *b)
{
    memset(b, 0, sizeof *b);
    for (uint32_t i = 0; i < p->count; i++) {
        const struct plain_scope *s = &p->all[i];
        if (s->track != track || s->depth != depth) {
            continue;
        }
        double x0 = ((double)s->start_ns - view->from_ns) / view->ns_per_px;
        double x1 = ((double)plain_now(p, s) - view->from_ns) / view->ns_per_px;
        uint32_t from = x0 < 0 ? 0 : x0 < view->width ? (uint32_t)x0 : view->width;
        for (uint32_t x = from; x < view->width && (x < x1 || (x0 == x1 && x == from && x0 >= 0)); x++) {
            double low = x0 > x ? x0 : x, high = x1 < x + 1 ? x1 : x + 1;
            b->coverage[x] += high - low;
            b->site[x][s->site] += high - low;
            b->any[x] = 1;
        }
    }
}

static void compare_row(const struct plain *p, const struct wk_index *index, uint32_t number, const struct wk_view *view)
{
    static struct brute b;
    static struct wk_pixel pixels[700];
    const struct wk_row *row = &wk_index_rows(index)[number];
    int folded = row->pyramid && wk_pyramid_level(row->pyramid, view->ns_per_px) < WK_LEVELS;
    double off = folded ? 0.03 : 0.0005;
    wk_draw_clear(pixels, view->width);
    wk_draw_row(index, number, view, pixels);
    brute_draw(p, row->track, row->depth, view, &b);
    for (uint32_t x = 0; x < view->width; x++) {
        double difference = pixels[x].coverage - b.coverage[x];
        /* Time whose bucket straddles two pixels may be shown in either; nothing is lost or made up. */
        double around = folded && x && x + 1 < view->width ? 0.5 : 0;
        cr_assert(difference < off + around && difference > -off - around, "row %u x %u: %f, not %f (%s)", number, x,
                  (double)pixels[x].coverage, b.coverage[x], folded ? "folded" : "exact");
        if (!folded && b.any[x]) {
            cr_assert_gt(pixels[x].coverage, 0, "row %u x %u: what is there is seen", number, x);
        }
        for (uint32_t site = 0; site < PLAIN_SITES && !folded; site++) {
            cr_assert(b.site[x][site] <= 0.51 * b.coverage[x] + 0.001 || pixels[x].site == site,
                      "row %u x %u: a site with most of the pixel wins", number, x);
        }
    }
}

Test(draw, pixels_are_covered_exactly, .timeout = 120)
{
    for (uint32_t k = 0; k < PLAIN_SHAPES; k++) {
        struct plain *p = plain_make(k + 31, &plain_shapes[k]);
        struct wk_index *index = plain_index(p);
        uint64_t state = k;
        int64_t from_ns = plain_shapes[k].start_ns, all_ns = p->last_ns - from_ns;
        for (uint32_t i = 0; i < 40; i++) {
            uint32_t number = plain_random(&state, index->rows.count < 12 ? index->rows.count : 12);
            double span_ns = (double)all_ns / (double)(1u << plain_random(&state, 12)) + 1;
            double from = (double)from_ns + (double)plain_random(&state, 1000) / 1000 * ((double)all_ns - span_ns);
            struct wk_view view = {from, span_ns / 600, 600};
            if (i % 4 == 0) {
                view.from_ns = (double)wk_time_floor(view.from_ns);
                view.ns_per_px = (double)wk_time_floor(view.ns_per_px) + 1;
            }
            compare_row(p, index, number, &view);
        }
        wk_index_destroy(index);
        plain_free(p);
    }
}

Test(draw, sums_of_time_survive_any_zoom)
{
    struct plain *p = plain_make(77, &plain_shapes[1]);
    struct wk_index *index = plain_index(p);
    static struct wk_pixel pixels[700];

    for (uint32_t number = 0; number < index->rows.count; number++) {
        double busy_ns = (double)wk_index_rows(index)[number].busy_ns;
        for (uint32_t width = 3; width <= 700; width += 100) {
            struct wk_view view = {-10, (double)(p->last_ns + 20) / width, width};
            double sum = 0;
            wk_draw_clear(pixels, width);
            wk_draw_row(index, number, &view, pixels);
            for (uint32_t x = 0; x < width; x++) {
                sum += pixels[x].coverage * view.ns_per_px;
                cr_assert_leq(pixels[x].coverage, 1.01f);
            }
            double off = busy_ns * 0.01 + (double)p->last_ns / 255; /* a bucket has 8 bits */
            cr_assert(sum < busy_ns + off && sum > busy_ns - off, "row %u width %u: %f of %f", number,
                      width, sum, busy_ns);
        }
    }
    wk_index_destroy(index);
    plain_free(p);
}

static uint32_t white[PLAIN_SITES + 1];

static struct wk_image image_of(const struct wk_view *view, const struct wk_image_line *lines, uint32_t count)
{
    for (uint32_t i = 0; i <= PLAIN_SITES; i++) {
        white[i] = 0xffffffffu;
    }
    struct wk_image image = {.view = *view, .lines = lines, .line_count = count, .height = count,
                             .palette = {white, white, PLAIN_SITES + 1, 0xff0000ffu, 0xff000000u, 0xff00ff00u},
                             .dim = {.from_ns = -1e300, .to_ns = 1e300}};
    image.pixels = calloc((size_t)view->width * count, 4);
    image.scratch = calloc(view->width, sizeof *image.scratch);
    return image;
}

static void image_free(struct wk_image *image)
{
    free(image->pixels);
    free(image->scratch);
}

Test(draw, a_lone_short_scope_is_seen_from_far_away)
{
    for (int64_t duration_ns = 0; duration_ns <= 1; duration_ns++) {
        struct wk_index *index = wk_index_create(&heap_allocator);
        const struct wick_record r[] = {{.kind = WICK_RECORD_MARK, .time_ns = 0},
                                        {.kind = WICK_RECORD_START, .time_ns = 5000000000},
                                        {.kind = WICK_RECORD_ENDOK, .time_ns = 5000000000 + duration_ns, .u.cpu_ns = -1}};
        wk_index_feed(index, r, 3);
        const struct wk_view view = {0, 1e9, 10};
        const struct wk_image_line line = {0, 0};
        struct wk_image image = image_of(&view, &line, 1);

        cr_assert_eq(wk_image_draw(index, &image), 0);

        for (uint32_t x = 0; x < 10; x++) {
            uint32_t red = image.pixels[x] & 255;
            cr_assert(x == 5 ? red >= 88 && red <= 90 : red == 0, "x %u: %u", x, red);
        }
        image_free(&image);
        wk_index_destroy(index);
    }
}

Test(draw, wide_scopes_keep_a_gap_and_losses_are_hatched)
{
    struct wk_index *index = wk_index_create(&heap_allocator);
    struct wick_record r[] = {{.kind = WICK_RECORD_MARK},
                              {.kind = WICK_RECORD_START},
                              {.kind = WICK_RECORD_ENDOK, .time_ns = 500, .u.cpu_ns = -1},
                              {.kind = WICK_RECORD_START, .time_ns = 500},
                              {.kind = WICK_RECORD_ENDOK, .time_ns = 1000, .u.cpu_ns = -1},
                              {.kind = WICK_RECORD_LOST, .time_ns = 1900, .first_ns = 1200, .u.count = 3}};
    wk_index_feed(index, r, 6);
    const struct wk_view view = {0, 100, 20};
    const struct wk_image_line line = {0, 0};
    struct wk_image image = image_of(&view, &line, 1);

    cr_assert_eq(wk_image_draw(index, &image), 0);

    for (uint32_t x = 0; x < 10; x++) {
        uint32_t red = image.pixels[x] & 255;
        cr_assert(x == 4 || x == 9 ? red < 100 : red > 250, "x %u: %u", x, red);
    }
    cr_assert_eq(image.pixels[10], 0xff000000u);
    cr_assert_eq(image.pixels[12], 0xff00ff00u, "hatched");
    cr_assert_eq(image.pixels[13], 0xff000000u);
    cr_assert_eq(image.pixels[16], 0xff00ff00u);
    image_free(&image);
    wk_index_destroy(index);
}

Test(draw, dims_what_is_not_selected_or_matched)
{
    struct plain *p = plain_make(3, &plain_shapes[0]);
    struct wk_index *index = plain_index(p);
    const struct wk_view view = {0, (double)p->last_ns / 300, 300};
    const struct wk_image_line lines[] = {{0, 0}, {0, 1}};
    struct wk_image image = image_of(&view, lines, 2);
    uint32_t grey[PLAIN_SITES + 1] = {0};
    const uint8_t none[PLAIN_SITES + 1] = {0}, all[PLAIN_SITES + 1] = {1, 1, 1, 1, 1, 1, 1};
    const uint8_t *matched[] = {none, all, NULL};
    image.palette.dimmed = grey;

    for (uint32_t i = 0; i < 3; i++) {
        image.dim = (struct wk_dim){.matched = matched[i], .site_count = PLAIN_SITES + 1, .from_ns = -1e300, .to_ns = 1e300};
        if (i == 2) {
            image.dim.to_ns = view.ns_per_px * 150;
        }
        cr_assert_eq(wk_image_draw(index, &image), 0);
        cr_assert_eq(image.pixels[75] & 255, i == 0 ? 0 : image.pixels[75] & 255);
        cr_assert((i == 0) == ((image.pixels[75] & 255) == 0));
        cr_assert((i != 1) == ((image.pixels[225] & 255) == 0));
    }
    image_free(&image);
    wk_index_destroy(index);
    plain_free(p);
}

/* ---- finding ---- */

Test(draw, long_scopes_and_hits_are_those_of_the_list)
{
    for (uint32_t k = 0; k < PLAIN_SHAPES; k++) {
        struct plain *p = plain_make(k + 99, &plain_shapes[k]);
        struct wk_index *index = plain_index(p);
        uint64_t state = k;
        double times[PLAIN_SITES + 1] = {0};
        for (uint32_t i = 0; i < 60; i++) {
            uint32_t number = plain_random(&state, index->rows.count < 12 ? index->rows.count : 12);
            const struct wk_row *row = &wk_index_rows(index)[number];
            const struct plain_scope *pick = &p->all[plain_random(&state, p->count)];
            int64_t min_ns = (int64_t)plain_random(&state, 5000), from_ns = pick->start_ns;
            struct wk_view view = {(double)from_ns, 1.0 + plain_random(&state, 20000), 1};
            double to_ns = view.from_ns + view.ns_per_px;
            uint32_t longs = 0, in = 0, found = 0, first, past;
            int64_t longest_ns = -1;
            for (uint32_t n = 0; n < p->count; n++) {
                const struct plain_scope *s = &p->all[n];
                int64_t end_ns = plain_now(p, s);
                if (s->track != row->track || s->depth != row->depth || (double)s->start_ns >= to_ns ||
                    (end_ns <= from_ns && s->start_ns < from_ns)) {
                    continue;
                }
                in++;
                longs += end_ns - s->start_ns >= min_ns;
                longest_ns = end_ns - s->start_ns > longest_ns ? end_ns - s->start_ns : longest_ns;
            }
            struct wk_hit hit;
            wk_row_hit(index, number, &view, times, PLAIN_SITES + 1, &hit);
            cr_assert_eq(hit.count, in);
            cr_assert_eq(hit.longest_ns, longest_ns);
            cr_assert(times[0] == 0 && times[PLAIN_SITES - 1] == 0);

            wk_row_range(index, row, view.from_ns, to_ns, &first, &past);
            for (uint32_t at = first; (at = wk_row_next_long(index, row, at, past, min_ns)) < past; at++) {
                struct wk_place place = wk_row_place(row, at);
                int64_t end_ns = wk_chunk_end(index, place.chunk, place.at);
                found += (double)place.chunk->start_ns[place.at] < to_ns &&
                         (end_ns > from_ns || place.chunk->start_ns[place.at] >= from_ns);
            }
            cr_assert_eq(found, longs);
        }
        wk_index_destroy(index);
        plain_free(p);
    }
}

/* ---- dropping ---- */

Test(index, drops_the_oldest_and_keeps_the_picture)
{
    struct wk_index *index = wk_index_create(&heap_allocator);
    static struct wk_pixel before[200], after[200];
    struct wick_record r[2] = {{.kind = WICK_RECORD_START}, {.kind = WICK_RECORD_ENDOK, .u.cpu_ns = -1}};
    const uint32_t scopes = 4 * WK_CHUNK_SCOPES + 100;
    for (uint32_t i = 0; i < scopes; i++) {
        r[0].site = i / 10000 % PLAIN_SITES;
        r[0].time_ns = (int64_t)i * 1000;
        r[1].time_ns = r[0].time_ns + 250 + (i / 30000) * 60;
        wk_index_feed(index, r, 2);
    }
    const struct wk_view view = {0, scopes * 1000.0 / 200, 200};
    wk_draw_clear(before, 200);
    wk_draw_row(index, 0, &view, before);
    size_t full = index->bytes;

    cr_assert_eq(wk_index_trim(index, full / 2), 0);

    cr_assert_leq(index->bytes, full / 2);
    cr_assert_eq(index->dropped % WK_CHUNK_SCOPES, 0);
    cr_assert_eq(wk_index_rows(index)[0].base, index->dropped);
    cr_assert_eq(wk_row_place(&wk_index_rows(index)[0], 0).chunk, NULL);
    cr_assert_eq(index->retained_from_ns, ((int64_t)index->dropped - 1) * 1000 + 250 + (int64_t)((index->dropped - 1) / 30000) * 60);
    wk_draw_clear(after, 200);
    wk_draw_row(index, 0, &view, after);
    for (uint32_t x = 0; x < 200; x++) {
        cr_assert(after[x].coverage - before[x].coverage < 0.02f && before[x].coverage - after[x].coverage < 0.02f);
        cr_assert_eq(after[x].site, before[x].site);
    }
    struct wk_hit hit;
    double times[PLAIN_SITES + 1] = {0};
    const struct wk_view one = {5000000, 100000, 1};
    wk_row_hit(index, 0, &one, times, PLAIN_SITES + 1, &hit);
    cr_assert(hit.count == 0 && hit.discarded);
    wk_index_destroy(index);
}

Test(index, many_small_rows_can_be_dropped_too)
{
    struct wk_index *index = wk_index_create(&heap_allocator);
    for (uint32_t i = 0; i < 1800 * 40; i++) {
        struct wick_record r[2] = {{.kind = WICK_RECORD_START, .time_ns = i * 10, .track = i % 1800},
                                   {.kind = WICK_RECORD_ENDOK, .time_ns = i * 10 + 5, .track = i % 1800, .u.cpu_ns = -1}};
        cr_assert_eq(wk_index_feed(index, r, 2), 0);
    }
    cr_assert_eq(index->rows.count, 1800);

    cr_assert_eq(wk_index_trim(index, 0), 0);

    cr_assert_eq(index->dropped, 1800 * 40);
    struct wick_record again[2] = {{.kind = WICK_RECORD_START, .time_ns = 1000000, .track = 7},
                                   {.kind = WICK_RECORD_ENDOK, .time_ns = 1000005, .track = 7, .u.cpu_ns = -1}};
    cr_assert_eq(wk_index_feed(index, again, 2), 0);
    const struct wk_row *row = &wk_index_rows(index)[7];
    struct wk_place place = wk_row_place(row, row->count - 1);
    cr_assert(place.chunk && wk_chunk_recorded_end(place.chunk, place.at) == 1000005);
    wk_index_destroy(index);
}

/* ---- instants, order, layout ---- */

Test(index, instants_are_sorted_and_locks_are_paired)
{
    struct wk_index *index = wk_index_create(&heap_allocator);
    uint64_t state = 9;
    struct wick_record mark = {.kind = WICK_RECORD_MARK, .text = "here", .text_bytes = 4};
    struct wick_record lock = {.site = 3};
    for (uint32_t i = 0; i < 3000; i++) {
        mark.track = i % 5;
        mark.time_ns = i * 10 + plain_random(&state, 500);
        wk_index_feed(index, &mark, 1);
    }
    for (uint32_t i = 0; i < 300; i++) {
        lock.kind = (uint8_t)(WICK_RECORD_LOCKW + i % 3);
        lock.track = i / 3 % 2;
        lock.time_ns = 100000 + i * 10;
        wk_index_feed(index, &lock, 1);
    }
    uint32_t count;

    const struct wk_instant *items = wk_instants_sorted(index, WK_INSTANT_MARK, &count);

    cr_assert_eq(count, 3000);
    for (uint32_t i = 1; i < count; i++) {
        cr_assert_leq(items[i - 1].from_ns, items[i].from_ns);
    }
    items = wk_instants_sorted(index, WK_INSTANT_LOCK, &count);
    cr_assert_eq(count, 200);
    for (uint32_t i = 0; i < count; i++) {
        cr_assert_eq(items[i].to_ns - items[i].from_ns, 10);
    }
    wk_index_destroy(index);
}

Test(index, dropped_marks_take_their_texts_with_them)
{
    struct wk_index *index = wk_index_create(&heap_allocator);
    for (uint32_t i = 0; i < 1000; i++) {
        char text[24];
        int bytes = snprintf(text, sizeof text, "mark number %u", i);
        wk_index_feed(index, &(struct wick_record){.kind = WICK_RECORD_MARK, .time_ns = i, .text = text, .text_bytes = (uint32_t)bytes}, 1);
    }
    uint32_t before = index->texts.count, count, bytes;

    wk_instants_drop_before(index, 900);

    const struct wk_instant *items = wk_instants_sorted(index, WK_INSTANT_MARK, &count);
    cr_assert(count == 100 && index->texts.count < before / 8);
    const char *text = wk_kept_read(&index->texts, items[7].text, &bytes);
    cr_assert(bytes == 15 && memcmp(text, "mark number 907", 15) == 0);
    wk_index_destroy(index);
}

static int less_u32(const void *user, const void *x, const void *y)
{
    (void)user;
    return *(const uint32_t *)x >> 8 < *(const uint32_t *)y >> 8;
}

Test(index, sort_is_stable)
{
    const struct wk_order order = {less_u32, NULL};
    uint32_t items[3000];
    uint64_t state = 4;
    for (uint32_t count = 0; count < 3000; count += 1 + count / 7) {
        for (uint32_t i = 0; i < count; i++) {
            items[i] = plain_random(&state, 1 + count / 3) << 8 | (i & 255);
        }
        cr_assert_eq(wk_order_sort(&heap_allocator, items, count, sizeof *items, &order), 0);
        for (uint32_t i = 1; i < count && count <= 256; i++) {
            cr_assert(items[i - 1] >> 8 < items[i] >> 8 || (items[i - 1] >> 8 == items[i] >> 8 && items[i - 1] < items[i]));
        }
        for (uint32_t i = 1; i < count; i++) {
            cr_assert_leq(items[i - 1] >> 8, items[i] >> 8);
        }
    }
}

Test(layout, tracks_of_a_lane_never_overlap)
{
    struct wk_index *index = wk_index_create(&heap_allocator);
    struct wick_names *names = wick_names_create(&heap_allocator);
    uint64_t state = 6;
    for (uint32_t track = 0; track < 200; track++) {
        char name[32];
        snprintf(name, sizeof name, track ? track % 2 ? "worker-%u" : "io_%u" : "main", track);
        wick_names_set_track(names, track, &(struct wick_track_info){.thread = name, .label = "", .process = 1});
        int64_t from_ns = plain_random(&state, 10000), to_ns = from_ns + 1 + plain_random(&state, 900);
        struct wick_record r[2] = {{.kind = WICK_RECORD_START, .time_ns = from_ns, .track = track},
                                   {.kind = WICK_RECORD_ENDOK, .time_ns = to_ns, .track = track, .u.cpu_ns = -1}};
        wk_index_feed(index, r, 2);
    }
    struct wk_array array = {0};

    cr_assert_eq(wk_layout_tracks(index, names, WK_LAYOUT_PACK | WK_LAYOUT_BUSY | WK_LAYOUT_POOL, &array), 0);

    const struct wk_lane_item *items = array.items;
    cr_assert_eq(array.count, 200);
    cr_assert(items[0].track == 0 && items[0].lane == 0 && items[1].lane == 1, "main stands alone at the top");
    cr_assert_lt(items[199].lane, 60, "lanes are shared");
    for (uint32_t i = 0; i < 200; i++) {
        for (uint32_t k = i + 1; k < 200; k++) {
            cr_assert(items[i].lane != items[k].lane ||
                      (items[i].pool == items[k].pool &&
                       (items[i].last_ns < items[k].first_ns || items[k].last_ns < items[i].first_ns)));
        }
    }
    wk_array_free(&array, &heap_allocator, sizeof *items);
    wick_names_destroy(names);
    wk_index_destroy(index);
}

Test(index, moved_tracks_are_drawn_as_if_they_had_been_read_so)
{
    static struct wk_pixel moved[400], wanted[400];
    for (uint32_t k = 0; k < PLAIN_SHAPES; k++) {
        const int64_t shift_ns = 123456789;
        struct plain *p = plain_make(k + 1, &plain_shapes[k]);
        struct wk_index *index = plain_index(p);
        for (uint32_t i = 0; i < p->record_count; i++) {
            p->records[i].time_ns += p->records[i].track >= 1 ? shift_ns : 0;
        }
        struct wk_index *other = plain_index(p);

        cr_assert_eq(wk_index_shift(index, 1, shift_ns), 0);

        cr_assert(index->first_ns == other->first_ns && index->last_ns == other->last_ns);
        for (uint32_t row = 0; row < index->rows.count && row < 40; row++) {
            const double span_ns = (double)(p->last_ns + shift_ns);
            const struct wk_view views[] = {{0, span_ns / 400, 400}, {span_ns / 3, span_ns / 4e6, 400}};
            for (uint32_t v = 0; v < 2; v++) {
                wk_draw_clear(moved, 400);
                wk_draw_clear(wanted, 400);
                wk_draw_row(index, row, &views[v], moved);
                wk_draw_row(other, row, &views[v], wanted);
                cr_assert(memcmp(moved, wanted, sizeof moved) == 0, "shape %u row %u view %u", k, row, v);
            }
        }
        plain_free(p);
        wk_index_destroy(index);
        wk_index_destroy(other);
    }
}
