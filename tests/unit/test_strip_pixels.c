/*
 * SPDX-License-Identifier: MIT
 * Counters and locks per pixel against a plain walk over all of their records.
 */
#include <criterion/criterion.h>
#include <math.h>

#include "index_support.h"
#include "model/view/lock_rows.h"
#include "model/view/strip_pixels.h"

#define SAMPLES 30000u
#define WIDTH 200u

static const uint32_t of_site[] = {0, 1, 1, WICK_NONE, 2};
static const struct wk_strips strips = {.of_site = of_site, .sites = 5, .count = 3};

static uint32_t strip_of_site(uint32_t site)
{
    return wk_strip_of(&strips, &(struct wk_instant){.site = site});
}

static struct wick_record sample(uint32_t i, uint64_t *state)
{
    struct wick_record r = {.kind = plain_random(state, 3) ? WICK_RECORD_SUM : WICK_RECORD_GAUGE,
                            .track = plain_random(state, 3), .site = plain_random(state, 4), .time_ns = (int64_t)i * 10};
    r.u.number = (double)plain_random(state, 100) - 40;
    return r;
}

/* Three threads, each fed by itself, so that the index has to sort; samples of one time do not occur. */
static struct wk_index *sampled(struct wick_record *all)
{
    struct wk_index *index = wk_index_create(&heap_allocator);
    uint64_t state = 3;
    for (uint32_t i = 0; i < SAMPLES; i++) {
        all[i] = sample(i, &state);
    }
    for (uint32_t track = 0; track < 3; track++) {
        for (uint32_t i = 0; i < SAMPLES; i++) {
            if (all[i].track == track || i == 0) {
                struct wick_record r = all[i];
                r.kind = i == 0 && track ? (uint8_t)WICK_RECORD_THREAD_NAME : r.kind; /* the first one: time 0 of all */
                wk_index_feed(index, &r, 1);
            }
        }
    }
    return index;
}

static void check_counter(const struct wick_record *all, uint32_t count, const struct wk_view *view, uint32_t strip,
                          const struct wk_counter_pixel *got)
{
    double value = NAN;
    uint32_t i = 0;
    for (uint32_t x = 0; x <= view->width; x++) {
        struct wk_counter_pixel want = {INFINITY, -INFINITY, value};
        double past = x ? view->from_ns + x * view->ns_per_px : view->from_ns;
        for (; i < count && (double)all[i].time_ns < past; i++) {
            if (strip_of_site(all[i].site) == strip) {
                value = (all[i].kind == WICK_RECORD_SUM && !isnan(value) ? value : 0) + all[i].u.number;
                want = (struct wk_counter_pixel){value < want.min ? value : want.min, value > want.max ? value : want.max, value};
            }
        }
        if (!x) {
            continue;
        }
        want.last = value;
        if (isinf(want.min)) {
            want.min = want.max = value;
        }
        const struct wk_counter_pixel *g = &got[x - 1];
        cr_assert((isnan(g->last) && isnan(want.last)) || (g->min == want.min && g->max == want.max && g->last == want.last),
                  "strip %u pixel %u: %g %g %g, not %g %g %g", strip, x - 1, g->min, g->max, g->last, want.min, want.max, want.last);
    }
}

Test(strip_pixels, counters_have_every_sample_and_what_came_before)
{
    static struct wick_record all[SAMPLES];
    static struct wk_counter_pixel pixels[3 * WIDTH];
    struct wk_index *index = sampled(all);
    const struct wk_view views[] = {{0, SAMPLES * 10.0 / WIDTH, WIDTH}, {-5000, 100, WIDTH}, {123456, 3, WIDTH},
                                    {SAMPLES * 10.0 - 77, 1, WIDTH}, {200000.5, 17.3, WIDTH}, {0, SAMPLES * 10.0, 1}};

    for (size_t v = 0; v < sizeof views / sizeof *views; v++) {
        cr_assert_eq(wk_counter_pixels(index, &views[v], &strips, pixels), 0);
        for (uint32_t strip = 0; strip < 3; strip++) {
            check_counter(all, SAMPLES, &views[v], strip, pixels + strip * views[v].width);
        }
    }
    wk_index_destroy(index);
}

Test(strip_pixels, counters_stay_right_while_samples_come_late)
{
    struct wk_index *index = wk_index_create(&heap_allocator);
    struct wk_counter_pixel pixels[3];
    const struct wk_view view = {0, 1e9, 1};
    for (uint32_t i = 0; i < 20000; i++) {
        /* The second thread is 1,000 samples behind: its samples belong between those that have been drawn. */
        struct wick_record r[2] = {
            {.kind = WICK_RECORD_SUM, .track = 0, .time_ns = (int64_t)i * 100, .u.number = 1},
            {.kind = WICK_RECORD_SUM, .track = 1, .site = 1, .time_ns = ((int64_t)i - 1000) * 100 + 50, .u.number = 1}};
        wk_index_feed(index, r, i < 1000 ? 1 : 2);
        if (i % 500 == 499) {
            wk_counter_pixels(index, &view, &strips, pixels);
            cr_assert(pixels[0].last == i + 1 && (i < 1000 || pixels[1].last == i - 999), "at %u: %g %g", i, pixels[0].last, pixels[1].last);
        }
    }
    const struct wk_view late = {1500000, 1, 1};
    wk_counter_pixels(index, &late, &strips, pixels);
    cr_assert_eq(pixels[0].last, 15001);
    wk_index_destroy(index);
}

Test(strip_pixels, dropped_samples_leave_their_value)
{
    struct wk_index *index = wk_index_create(&heap_allocator);
    struct wk_counter_pixel pixels[3];
    const struct wk_view view = {500000, 1, 1};
    for (uint32_t i = 0; i < 10000; i++) {
        struct wick_record r[3] = {{.kind = WICK_RECORD_SUM, .time_ns = (int64_t)i * 100, .u.number = 2},
                                   {.kind = WICK_RECORD_GAUGE, .site = 4, .time_ns = (int64_t)i * 100, .u.number = i},
                                   {.kind = WICK_RECORD_GAUGE, .site = 4, .time_ns = (int64_t)i * 100, .u.number = NAN}};
        wk_index_feed(index, r, 3);
    }

    wk_instants_drop_before(index, 300000);
    wk_instants_drop_before(index, 400000);
    wk_counter_pixels(index, &view, &strips, pixels);

    cr_assert(pixels[0].last == 10002 && pixels[2].last == 5000, "%g %g", pixels[0].last, pixels[2].last);
    cr_assert_lt(index->instants[WK_INSTANT_COUNTER].items.count, 18010);
    wk_index_destroy(index);
}

static void lock_feed(struct wk_index *index, uint8_t kind, uint32_t track, int64_t time_ns)
{
    wk_index_feed(index, &(struct wick_record){.kind = kind, .track = track, .site = 4, .time_ns = time_ns, .u.cpu_ns = -1}, 1);
}

Test(strip_pixels, locks_have_shares_counts_and_longest)
{
    struct wk_index *index = wk_index_create(&heap_allocator);
    lock_feed(index, WICK_RECORD_LOCKA, 0, 0);
    lock_feed(index, WICK_RECORD_LOCKR, 0, 300);
    for (uint32_t i = 0; i < 10; i++) { /* ten short holds in [1000, 2000) */
        lock_feed(index, WICK_RECORD_LOCKA, 0, 1000 + i * 100);
        lock_feed(index, WICK_RECORD_LOCKR, 0, 1000 + i * 100 + (i == 4 ? 5 : 1));
    }
    for (uint32_t track = 1; track < 4; track++) { /* three wait at the same time: half of [2000, 3000) */
        lock_feed(index, WICK_RECORD_LOCKW, track, 2000 + track);
        lock_feed(index, WICK_RECORD_LOCKA, track, 2501);
        lock_feed(index, WICK_RECORD_LOCKR, track, 2501);
    }
    lock_feed(index, WICK_RECORD_LOCKA, 5, 3500); /* held to the end, and for longer than any view */
    lock_feed(index, WICK_RECORD_LOCKA, 6, 9000);
    lock_feed(index, WICK_RECORD_LOCKR, 6, 9001);
    struct wk_lock_pixel pixels[3 * 6];
    const struct wk_lock_pixel *p = pixels + 2 * 6;

    cr_assert_eq(wk_lock_pixels(index, &(struct wk_view){0, 1000, 6}, &strips, pixels), 0);

    cr_assert(fabs(p[0].held - 0.3) < 1e-9 && p[0].holds == 1 && p[0].longest_hold_ns == 300 && p[0].holder == 0);
    cr_assert(fabs(p[1].held - 0.014) < 1e-9 && p[1].holds == 10 && p[1].longest_hold_ns == 5);
    cr_assert(fabs(p[2].waited - 0.5) < 1e-9 && p[2].waits == 3 && p[2].longest_wait_ns == 500 && p[2].holds == 3);
    cr_assert(p[3].held == 0.5 && p[3].holds == 1 && p[3].longest_hold_ns == 5501 && p[4].held == 1 && p[4].holds == 0 && p[4].holder == 5);
    cr_assert(pixels[0].held == 0 && pixels[0].holder == -1, "nothing on the other strips");
    cr_assert_eq(wk_lock_pixels(index, &(struct wk_view){7000, 1, 6}, &strips, pixels), 0);
    cr_assert(p[0].held == 1 && p[5].held == 1 && p[5].holds == 0 && p[5].holder == 5, "carried in");
    cr_assert_eq(wk_lock_pixels(index, &(struct wk_view){100.5, 10, 6}, &strips, pixels), 0);
    cr_assert(p[0].held == 1 && p[0].holds == 0 && p[0].longest_hold_ns == 300, "a hold that began before the view");
    wk_index_destroy(index);
}

Test(strip_pixels, shares_add_up_at_any_width)
{
    struct wk_index *index = wk_index_create(&heap_allocator);
    uint64_t state = 8;
    int64_t now_ns = 0, held_ns = 0;
    for (uint32_t i = 0; i < 4000; i++) {
        int64_t length_ns = plain_random(&state, 50);
        now_ns += plain_random(&state, 3000);
        lock_feed(index, WICK_RECORD_LOCKA, i % 3, now_ns);
        lock_feed(index, WICK_RECORD_LOCKR, i % 3, now_ns += length_ns);
        held_ns += length_ns;
    }
    int64_t origin_ns = index->origin_ns;
    static struct wk_lock_pixel pixels[3 * 1000];
    for (uint32_t width = 1; width <= 1000; width += 111) {
        const struct wk_view view = {0, (double)(now_ns - origin_ns + 1) / width, width};
        wk_lock_pixels(index, &view, &strips, pixels);
        double sum_ns = 0, holds = 0;
        for (uint32_t x = 0; x < width; x++) {
            sum_ns += pixels[2 * width + x].held * view.ns_per_px;
            holds += pixels[2 * width + x].holds;
        }
        cr_assert(fabs(sum_ns - (double)held_ns) < 1 && holds == 4000, "%u px: %g of %g ns, %g holds", width, sum_ns, (double)held_ns, holds);
    }
    wk_index_destroy(index);
}

/* The pixel of the strip of locks in [from, to). */
static struct wk_lock_pixel lock_pixel(struct wk_index *index, double from_ns, double to_ns)
{
    struct wk_lock_pixel pixels[3];
    cr_assert_eq(wk_lock_pixels(index, &(struct wk_view){from_ns, to_ns - from_ns, 1}, &strips, pixels), 0);
    return pixels[2];
}

Test(strip_pixels, a_hold_is_seen_however_many_records_lie_between_its_beginning_and_the_view)
{
    struct wk_index *index = wk_index_create(&heap_allocator);
    lock_feed(index, WICK_RECORD_LOCKA, 7, 0);
    for (uint32_t i = 0; i < 3000; i++) {
        lock_feed(index, WICK_RECORD_LOCKA, i % 2, 100 + i * 100);
        lock_feed(index, WICK_RECORD_LOCKR, i % 2, 110 + i * 100);
        if (i % 500 == 499) { /* while it is open */
            struct wk_lock_pixel p = lock_pixel(index, 50 + i * 100, 110 + i * 100);
            cr_assert(p.held == 1 && p.holder == 7 && p.holds == 1, "at %u: %g", i, p.held);
        }
    }
    lock_feed(index, WICK_RECORD_LOCKR, 7, 250005); /* its block was summed long before */
    lock_feed(index, WICK_RECORD_LOCKA, 3, 40);     /* comes late: the blocks behind it move */
    lock_feed(index, WICK_RECORD_LOCKR, 3, 260000);

    struct wk_lock_pixel in = lock_pixel(index, 249950, 250000), out = lock_pixel(index, 260020, 260080);

    cr_assert(in.held == 1 && in.holder == 3 && in.longest_hold_ns == 259960, "%g by %g", in.held, in.holder);
    cr_assert(out.held == 0 && out.holds == 0 && out.holder == -1, "%g", out.held);
    cr_assert(fabs(lock_pixel(index, 259900, 260100).held - 0.55) < 1e-9);
    wk_index_destroy(index);
}

/* ---- rows of locks ---- */

Test(strip_pixels, lock_rows_are_those_of_the_selection)
{
    struct wk_index *index = wk_index_create(&heap_allocator);
    struct wk_lock_row rows[3];
    struct wk_lock_rows found = {.rows = rows};
    struct wk_selection selection;
    lock_feed(index, WICK_RECORD_LOCKA, 0, 0);
    lock_feed(index, WICK_RECORD_LOCKW, 1, 100);
    lock_feed(index, WICK_RECORD_LOCKW, 2, 200);
    lock_feed(index, WICK_RECORD_LOCKR, 0, 1000);
    lock_feed(index, WICK_RECORD_LOCKA, 1, 1000);
    lock_feed(index, WICK_RECORD_LOCKR, 1, 1500);
    lock_feed(index, WICK_RECORD_LOCKA, 2, 1500);
    lock_feed(index, WICK_RECORD_LOCKR, 2, 1600);
    wk_selection_init(&selection, index);

    cr_assert_eq(wk_lock_rows(&selection, &strips, &found), 0);

    const struct wk_lock_block *b = found.blocks.items;
    cr_assert(rows[2].holds == 3 && rows[2].hold_ns == 1600 && rows[2].held_ns == 1600 && rows[2].longest_hold_ns == 1000);
    cr_assert(rows[2].waits == 2 && rows[2].wait_ns == 2200 && rows[2].longest_wait_ns == 1300 && rows[2].p99_wait_ns == 1300);
    cr_assert(rows[0].holds == 0 && rows[0].p99_wait_ns == -1);
    cr_assert_eq(found.blocks.count, 3);
    cr_assert(b[0].holder == 0 && b[0].waiter == 1 && b[0].ns == 900 && b[1].waiter == 2 && b[1].ns == 800);
    cr_assert(b[2].holder == 1 && b[2].waiter == 2 && b[2].ns == 500 && b[2].times == 1);
    wk_array_free(&found.blocks, &heap_allocator, sizeof *b);

    /* A part of the time, and one thread: what it waits for is held by others. */
    selection.from_ns = 900;
    selection.to_ns = 1200;
    cr_assert_eq(wk_array_reserve(&selection.tracks, &heap_allocator, 3, 1), 0);
    memcpy(selection.tracks.items, (uint8_t[]){0, 0, 1}, 3);
    selection.tracks.count = 3;
    cr_assert_eq(wk_lock_rows(&selection, &strips, &found), 0);
    b = found.blocks.items;
    cr_assert(rows[2].holds == 0 && rows[2].waits == 1 && rows[2].wait_ns == 300);
    cr_assert(found.blocks.count == 2 && b[0].holder == 0 && b[0].ns == 100 && b[1].holder == 1 && b[1].ns == 200);
    wk_array_free(&found.blocks, &heap_allocator, sizeof *b);
    wk_selection_fini(&selection);
    wk_index_destroy(index);
}

/* ---- failures ---- */

/* 64,000 calls of which one in 400 fails, then 640 of which all fail. */
static struct wk_index *failing(void)
{
    struct wk_index *index = wk_index_create(&heap_allocator);
    for (uint32_t i = 0; i < 64640; i++) {
        struct wick_record r[2] = {
            {.kind = WICK_RECORD_START, .time_ns = (int64_t)i * 100, .site = 1},
            {.kind = i % 400 == 0 || i >= 64000 ? WICK_RECORD_ENDER : WICK_RECORD_ENDOK, .time_ns = (int64_t)i * 100 + 80, .u.cpu_ns = -1}};
        wk_index_feed(index, r, 2);
    }
    return index;
}

Test(strip_pixels, failures_are_marked_by_their_share)
{
    struct wk_index *index = failing();
    static struct wk_pixel scratch[101];
    static uint32_t pixels[101], colours[2];
    struct wk_image_line line = {0, 0};
    const double widths_ns[] = {64640, 6464, 400000}; /* from the pyramid, from columns and blocks, from afar */
    for (int i = 0; i < 3; i++) {
        struct wk_array runs = {0};
        const struct wk_image image = {.view = {0, widths_ns[i], 101}, .lines = &line, .line_count = 1, .height = 1,
                                       .palette = {.bright = colours, .dimmed = colours, .count = 2}, .dim = {.from_ns = -1e18, .to_ns = 1e18},
                                       .pixels = pixels, .runs = &runs, .scratch = scratch};
        cr_assert_eq(wk_image_draw(index, &image), 0);
        const struct wk_streak *run = runs.items;
        uint32_t strong = 0, weak = 0;
        for (uint32_t k = 0; k < runs.count; k++) {
            strong += run[k].share == 4 ? run[k].x1 - run[k].x0 : 0;
            weak += run[k].share == 1 || run[k].share == 2 ? run[k].x1 - run[k].x0 : 0;
        }
        cr_assert(strong <= 1 && (i == 1 || weak > 10), "view %d: %u strong, %u weak pixels", i, strong, weak);
        wk_array_free(&runs, &index->allocator, sizeof *run);
    }
    double times[2] = {0};
    struct wk_hit hit;
    wk_row_hit(index, 0, &(struct wk_view){0, 42000, 1}, times, 2, &hit);
    cr_assert(hit.count == 420 && hit.failed == 2, "%u of %u failed", hit.failed, hit.count);
    wk_index_destroy(index);
}

Test(strip_pixels, the_failures_of_a_selection_are_found)
{
    struct wk_index *index = failing();
    struct wk_selection selection = {.index = index, .from_ns = 1000000, .to_ns = 2000000};
    struct wk_instances found = {0};

    cr_assert_eq(wk_instances_find(&selection, NULL, &(struct wk_instances_ask){.site = WK_ALL_FAILED, .high_ns = INT64_MAX, .most = 10}, &found), 0);

    cr_assert_eq(found.count, 25);
    cr_assert_eq(found.longest.count, 10);
    wk_array_free(&found.longest, &heap_allocator, sizeof(struct wk_instance));
    wk_index_destroy(index);
}
