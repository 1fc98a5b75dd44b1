/*
 * SPDX-License-Identifier: MIT
 * Unit tests of lib/model/live/filter.c: what comes out is balanced whatever goes in.
 */
#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "heap_memory.h"
#include "model/live/filter.h"

/* ---- a stream of random records --------------------------------------------------------------- */


/* Sites 1 to 4 are a to d. */
static const struct wick_names *letters(void)
{
    static const char *const literals[] = {"", "a", "b", "c", "d"};
    static struct wick_names *names;

    if (!names) {
        names = wick_names_create(&heap_allocator);
        for (uint32_t i = 0; i < sizeof literals / sizeof literals[0]; i++) {
            wick_names_set_site(names, i, &(struct wick_site_info){.literal = literals[i]});
        }
    }
    return names;
}

enum { TRACKS = 3, DEPTH_MAX = 40 };

struct outcome {
    uint32_t stack[TRACKS][DEPTH_MAX + 1];
    int depth[TRACKS];
    int64_t last_ns[TRACKS];
    uint64_t starts;
    uint64_t marks;
};

static void check(void *user, const struct wick_record *records, size_t count)
{
    struct outcome *outcome = user;

    for (size_t i = 0; i < count; i++) {
        const struct wick_record *r = &records[i];

        cr_assert(r->time_ns >= outcome->last_ns[r->track], "order per track");
        outcome->last_ns[r->track] = r->time_ns;
        if (r->kind == WICK_RECORD_START) {
            outcome->stack[r->track][outcome->depth[r->track]++] = r->site;
            outcome->starts++;
            cr_assert(r->text_bytes == 0 || memcmp(r->text, "text", 4) == 0);
        } else if (r->kind == WICK_RECORD_MARK) {
            outcome->marks++;
        } else {
            cr_assert(outcome->depth[r->track] > 0, "an end without a start");
            cr_assert_eq(outcome->stack[r->track][--outcome->depth[r->track]], r->site);
        }
    }
}

static void random_stream(const char *patterns, int64_t min_ns)
{
    struct outcome outcome = {0};
    const struct wk_filter_options options = {.patterns = patterns, .names = letters(), .min_ns = min_ns};
    const struct wk_filter_out out = {check, &outcome};
    struct wk_filter *filter = wk_filter_create(&options, &out, &heap_allocator);
    uint32_t stack[TRACKS][DEPTH_MAX];
    int depth[TRACKS] = {0};
    int64_t now_ns = 1000;
    uint64_t starts = 0;
    unsigned seed = 1;

    cr_assert_not_null(filter);
    for (int i = 0; i < 200000; i++) {
        uint32_t track = (uint32_t)rand_r(&seed) % TRACKS;
        int what = rand_r(&seed) % 20;
        struct wick_record record = {.track = track, .time_ns = now_ns += rand_r(&seed) % 50};

        if (what < 9 && depth[track] < DEPTH_MAX) {
            record.kind = WICK_RECORD_START;
            record.site = stack[track][depth[track]++] = 1 + (uint32_t)rand_r(&seed) % 4;
            record.text = what < 3 ? "text" : NULL;
            record.text_bytes = what < 3 ? 4 : 0;
            starts++;
        } else if (what < 18 && depth[track] > 0) {
            record.kind = what == 17 ? WICK_RECORD_ENDER : WICK_RECORD_ENDOK;
            record.site = stack[track][--depth[track]];
        } else {
            record.kind = WICK_RECORD_MARK;
        }
        wk_filter_feed(filter, &record, 1);
        if (what == 19) {
            wk_filter_tick(filter, now_ns);
        }
    }
    for (uint32_t track = 0; track < TRACKS; track++) {
        while (depth[track] > 0) {
            struct wick_record record = {.track = track, .time_ns = ++now_ns, .kind = WICK_RECORD_ENDOK,
                                         .site = stack[track][--depth[track]]};

            wk_filter_feed(filter, &record, 1);
        }
        cr_assert_eq(outcome.depth[track], 0);
    }
    cr_assert_eq(outcome.starts + wk_filter_left_out(filter), starts, "what is left out is counted");
    wk_filter_destroy(filter);
}

Test(filter, stays_balanced_by_path)
{
    random_stream("-**/b,+**/b/c", 0);
    random_stream("+a,+a/**", 0);
}

Test(filter, stays_balanced_by_length)
{
    random_stream(NULL, 100);
    random_stream(NULL, 100000000);
}

Test(filter, stays_balanced_by_both)
{
    random_stream("-**/d", 300);
}

static const char *off_names(const char *patterns)
{
    static char names[256];
    size_t bytes = wk_filter_off_names(patterns, names);

    for (size_t i = 0; i < bytes; i++) {
        names[i] = names[i] ? names[i] : ';';
    }
    names[bytes] = 0;
    return names;
}

Test(filter, names_alone_switch_sites_off)
{
    cr_assert_str_eq(off_names("-a"), "a;");
    cr_assert_str_eq(off_names("-a,-b c,-**/d,-e/f,-g*,-h?"), "a;b c;");
    cr_assert_str_eq(off_names(""), "");
    cr_assert_str_eq(off_names("-,-a,"), "a;");
    cr_assert_str_eq(off_names("+x,-a"), "", "nothing else is kept: the paths decide");
}

Test(filter, a_later_plus_undoes_what_it_may_match)
{
    cr_assert_str_eq(off_names("-a,+a"), "");
    cr_assert_str_eq(off_names("-a,+x/y/a"), "");
    cr_assert_str_eq(off_names("-a,+x/**"), "");
    cr_assert_str_eq(off_names("-abc,-x,+a**c"), "x;");
    cr_assert_str_eq(off_names("-abc,-x,+**/a?c"), "x;");
    cr_assert_str_eq(off_names("-a,+a/b"), "a;", "what is in it is kept anyway");
    cr_assert_str_eq(off_names("-b,+a,-a"), "b;a;", "a + before it undoes nothing");
}

static bool second_is_off(void *user, uint32_t site)
{
    (void)user;
    return site == 2;
}

static void collect(void *user, const struct wick_record *records, size_t count)
{
    char *told = user;

    for (size_t i = 0; i < count; i++) {
        told += strlen(told);
        snprintf(told, 16, "%u:%u ", records[i].kind, records[i].site);
    }
}

/* Sites that were hit before another run's filter switched them off. */
Test(filter, sites_that_are_off_leave_out_themselves_alone)
{
    char told[256] = "";
    const struct wk_filter_options options = {.patterns = "-b,-a/c", .is_off = second_is_off, .names = letters()};
    const struct wk_filter_out out = {collect, told};
    struct wk_filter *filter = wk_filter_create(&options, &out, &heap_allocator);
    const struct wick_record records[] = {
        {.kind = WICK_RECORD_START, .site = 1}, {.kind = WICK_RECORD_START, .site = 2},
        {.kind = WICK_RECORD_MARK, .site = 9},  {.kind = WICK_RECORD_START, .site = 4},
        {.kind = WICK_RECORD_ENDOK, .site = 4}, {.kind = WICK_RECORD_START, .site = 3},
        {.kind = WICK_RECORD_ENDOK, .site = 3}, {.kind = WICK_RECORD_ENDER, .site = 2},
        {.kind = WICK_RECORD_ENDOK, .site = 1},
    };

    wk_filter_feed(filter, records, sizeof records / sizeof records[0]);
    cr_assert_str_eq(told, "0:1 3:9 0:4 1:4 1:1 ", "a/b/c is a/c: %s", told);
    cr_assert_eq(wk_filter_left_out(filter), 2);
    wk_filter_destroy(filter);
}
