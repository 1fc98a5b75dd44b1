/*
 * SPDX-License-Identifier: MIT
 * Each kind of event on its way: put into a ring, decoded to its record.
 */
#include "record_support.h"

#include "record/put.h"

static struct wick_site place = {"place", "f", "x.c", NULL, 1, 0, WICK_I_SITE_COUNTER, 0};
static struct reader *reader;

static void begin(void)
{
    recorder_on(UINT32_MAX);
    reader = reader_create();
}

TestSuite(events, .init = begin);

/* What has been put since, decoded; the record at `at`. */
static const struct wick_record *decoded(uint32_t at)
{
    struct wk_thread *thread = wk_thread_at(wk_recorder.root->fresh);
    const struct wk_read_ring *ring = wk_thread_read_ring(thread, thread->hot.tail);
    struct wk_span span = {.slots = wk_pool_at(ring->reference),
                           .texts = &reader_texts,
                           .mask = ring->mask,
                           .tail = thread->hot.tail,
                           .head = thread->hot.head};

    wk_decode(&reader->decoder, &span, &reader->line, reader->batch, &heap_allocator);
    thread->hot.tail = span.tail;
    cr_assert_eq(span.tail, span.head);
    cr_assert_eq(reader->decoder.damaged, 0);
    cr_assert_gt(reader->batch->count, at);
    return &reader->batch->records[at];
}

static void put(uint32_t kind, union wk_event_more more)
{
    wk_put_one(&place, &(struct wk_put){.kind = kind, .has_more = 1, .more = more});
}

static void put_text(struct wick_site *site, uint32_t kind, const char *text)
{
    wk_put_one(site, &(struct wk_put){.kind = kind, .text = wk_rendered_borrow(text)});
}

static void expect_integer(uint32_t at, uint8_t kind, int64_t integer)
{
    const struct wick_record *record = decoded(at);

    cr_assert_eq(record->kind, kind);
    cr_assert_eq(record->site, place.id);
    cr_assert_eq(record->u.integer, integer);
}

static void expect_text(const struct wick_record *record, uint8_t kind, const char *text)
{
    cr_assert_eq(record->kind, kind);
    cr_assert_eq(record->text_bytes, strlen(text));
    cr_assert(strlen(text) == 0 || memcmp(record->text, text, strlen(text)) == 0);
}

Test(events, integers_of_counters)
{
    put(WK_EVENT_GAUGE_INT, (union wk_event_more){.integer = {INT64_MIN, 0}});
    put(WK_EVENT_SUM_INT, (union wk_event_more){.integer = {INT64_MAX, 0}});
    expect_integer(0, WICK_RECORD_GAUGE_INT, INT64_MIN);
    expect_integer(1, WICK_RECORD_SUM_INT, INT64_MAX);
}

Test(events, integers_of_scopes)
{
    WICK_SCOPE("scope");
    put(WK_EVENT_VALUE_INT, (union wk_event_more){.integer = {INT64_MIN + 1, 0}});
    const struct wick_record *record = decoded(1);
    cr_assert_eq(record->kind, WICK_RECORD_VALUE_INT);
    cr_assert_neq(record->site, place.id, "that of the scope");
    cr_assert_eq(record->u.integer, INT64_MIN + 1);
}

/* Up to 2^53 as doubles. */
Test(events, integers_that_no_double_holds)
{
    static const int64_t numbers[] = {0, -1, 9007199254740992, 9007199254740993, -9007199254740993, INT64_MAX, INT64_MIN};
    for (uint32_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        wick_i_counter_set_whole(&place, numbers[i]);
    }
    for (uint32_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const struct wick_record *record = decoded(i);
        const bool whole = i >= 3;
        cr_assert_eq(record->kind, whole ? WICK_RECORD_GAUGE_INT : WICK_RECORD_GAUGE, "%u", i);
        cr_assert_eq(whole ? record->u.integer : (int64_t)record->u.number, numbers[i], "%u", i);
    }
}

Test(events, unit_of_a_counter)
{
    put_text(&place, WK_EVENT_UNIT, "bytes");
    expect_text(decoded(0), WICK_RECORD_UNIT, "bytes");
    cr_assert_eq(decoded(0)->site, place.id);
}

Test(events, amount_of_a_scope)
{
    WICK_SCOPE("scope");
    put(WK_EVENT_AMOUNT, (union wk_event_more){.number = {0.25, 0}});
    const struct wick_record *record = decoded(1);
    cr_assert_eq(record->kind, WICK_RECORD_AMOUNT);
    cr_assert_eq(record->site, place.id, "the name of the sum, not of the scope");
    cr_assert_eq(record->u.number, 0.25);
}

Test(events, a_lock_that_is_taken_shared)
{
    wk_put_one(&place, &(struct wk_put){.kind = WK_EVENT_SHARED});
    wk_put_one(&place, &(struct wk_put){.kind = WK_EVENT_LOCKA});
    cr_assert_eq(decoded(0)->kind, WICK_RECORD_SHARED);
    cr_assert_eq(decoded(0)->site, place.id);
    cr_assert_eq(decoded(1)->kind, WICK_RECORD_LOCKA);
}

Test(events, calls_that_are_counted)
{
    put(WK_EVENT_CALL, (union wk_event_more){.integer = {12345678901, 0}});
    expect_integer(0, WICK_RECORD_CALL, 12345678901);
}

Test(events, bind)
{
    wk_put_one(NULL, &(struct wk_put){.kind = WK_EVENT_BIND,
                                      .has_more = 1,
                                      .more.count = {3, 0},
                                      .text = wk_rendered_borrow("jobs/17")});
    expect_text(decoded(0), WICK_RECORD_BIND, "jobs/17");
    cr_assert_eq(decoded(0)->u.count, 3);
}

Test(events, stack_of_addresses)
{
    const uint64_t addresses[3] = {0x7f0123456789, 0x400000, 0}; /* with zeros at their ends */
    struct wk_put what = {.kind = WK_EVENT_STACK, .has_more = 1, .more.count = {sizeof addresses, 0}};

    what.text = (struct wk_rendered){.start = (const char *)addresses, .bytes = sizeof addresses};
    wk_put_one(NULL, &what);
    put_text(&place, WK_EVENT_MARK, "behind it");
    const struct wick_record *record = decoded(0);
    cr_assert_eq(record->kind, WICK_RECORD_STACK);
    cr_assert_eq(record->text_bytes, sizeof addresses);
    cr_assert_arr_eq(record->text, (const char *)addresses, sizeof addresses);
    expect_text(decoded(1), WICK_RECORD_MARK, "behind it");
}

static void say(const char *text)
{
    put_text(NULL, WK_EVENT_SAY, text);
}

Test(events, a_good_end_with_a_text)
{
    {
        WICK_SCOPE("plain");
        say("17 rows");
        say("too late");
    }
    {
        WICK_SCOPE("silent");
    }
    expect_text(decoded(1), WICK_RECORD_ENDOK, "17 rows");
    expect_text(decoded(3), WICK_RECORD_ENDOK, "");
}

Test(events, a_failure_wins_over_what_is_said)
{
    {
        WICK_SCOPE("first said");
        say("17 rows");
        WICK_FAIL("");
    }
    {
        WICK_SCOPE("first failed");
        WICK_FAIL("no");
        say("17 rows");
    }
    expect_text(decoded(1), WICK_RECORD_ENDER, "");
    expect_text(decoded(3), WICK_RECORD_ENDER, "no");
}

Test(events, who_is_left_says_nothing)
{
    WICK_SCOPE_AS(outer, "outer");
    struct wick_scope inner;

    WICK_BEGIN(&inner, "inner");
    say("done");
    wick_unwind_to(&outer);
    expect_text(decoded(2), WICK_RECORD_ENDER, "");
    cr_assert_eq(decoded(2)->unfinished, WICK_UNFINISHED_UNWOUND);
}
