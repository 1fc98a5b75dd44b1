/*
 * SPDX-License-Identifier: MIT
 * Slots to records: nesting, unwinding, failures, unfinished scopes, batches, the timeline. Slots are written
 * by hand here; what recording threads write is test_ring's.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "heap_memory.h"
#include "model/live/decode.h"

enum { SLOTS = 4096 };

static struct wick_event slots[SLOTS];
static uint32_t head;
static struct wk_decoder decoder;
static struct wk_timeline line;
static struct wk_batch *batch;


static void begin(void)
{
    batch = calloc(1, sizeof *batch);
    wk_timeline_add(&line, 0, 0, 1);
}

static void finish(void)
{
    wk_batch_begin(batch, &heap_allocator);
    wk_decode_fini(&decoder, &heap_allocator);
    free(batch);
}

TestSuite(decode, .init = begin, .fini = finish);

static void slot(uint64_t ticks, uint32_t site, uint32_t info)
{
    slots[head++ & (SLOTS - 1)] = (struct wick_event){ticks, site, info};
}

static void start(uint64_t ticks, uint32_t site, uint32_t depth)
{
    slot(ticks, site, wk_event_info(WK_EVENT_START, 0, depth));
}

static void end(uint64_t ticks, uint32_t depth)
{
    slot(ticks, 0, wk_event_info(WK_EVENT_END, 0, depth));
}

static void texted(uint32_t kind, uint64_t ticks, uint32_t depth, const char *text)
{
    uint32_t bytes = (uint32_t)strlen(text);
    uint32_t count = (bytes + 15) / 16;

    slot(ticks, 9, wk_event_info(kind, count, depth));
    for (uint32_t done = 0; done < bytes; done += 16) {
        union wk_event_more more = {.text = ""};

        memcpy(more.text, text + done, bytes - done < 16 ? bytes - done : 16);
        slots[head++ & (SLOTS - 1)] = more.event;
    }
}

/* Long texts: reference 7 is one of 5,000 bytes. */
static char long_text[5000];
static uint32_t released;

static const char *text_at(void *user, uint64_t reference, uint64_t bytes)
{
    (void)user;
    return reference == 7 && bytes <= sizeof long_text ? long_text : NULL;
}

static void release_text(void *user, uint64_t reference, uint64_t bytes)
{
    (void)user;
    cr_assert(reference == 7 && bytes == sizeof long_text);
    released++;
}

static const struct wk_long_texts texts = {.at = text_at, .release = release_text};

static void long_texted(uint32_t kind, uint64_t ticks, uint32_t depth, uint64_t reference)
{
    slot(ticks, 9, wk_event_info(kind | WK_EVENT_JUMBO, 1, depth));
    slots[head++ & (SLOTS - 1)] = (union wk_event_more){.jumbo = {reference, sizeof long_text}}.event;
}

static enum wk_decode_stop decode(uint32_t *tail)
{
    struct wk_span span = {.slots = slots, .texts = &texts, .mask = SLOTS - 1, .tail = *tail, .head = head};
    enum wk_decode_stop stop = wk_decode(&decoder, &span, &line, batch, &heap_allocator);

    *tail = span.tail;
    return stop;
}

static void expect(uint32_t at, uint8_t kind, uint32_t site, uint8_t unfinished)
{
    cr_assert_lt(at, batch->count);
    cr_assert_eq(batch->records[at].kind, kind, "record %u is of kind %u", at, batch->records[at].kind);
    cr_assert_eq(batch->records[at].site, site, "record %u is of site %u", at, batch->records[at].site);
    cr_assert_eq(batch->records[at].unfinished, unfinished);
}

Test(decode, nested_scopes)
{
    uint32_t tail = 0;

    start(10, 1, 1);
    start(20, 2, 2);
    end(30, 2);
    end(40, 1);
    cr_assert_eq(decode(&tail), WK_DECODE_EMPTY);
    cr_assert_eq(batch->count, 4);
    expect(0, WICK_RECORD_START, 1, 0);
    expect(1, WICK_RECORD_START, 2, 0);
    expect(2, WICK_RECORD_ENDOK, 2, 0);
    expect(3, WICK_RECORD_ENDOK, 1, 0);
    cr_assert_eq(batch->records[2].time_ns, 30);
    cr_assert_eq(batch->records[2].depth, 2);
    cr_assert_eq(decoder.recorded, 2);
}

/* The second scope and its end take the short way, if anything about them allows it. */
Test(decode, an_end_by_an_exception_is_a_failure)
{
    uint32_t tail = 0;

    start(1, 1, 1);
    start(2, 2, 2);
    slot(3, 1, wk_event_info(WK_EVENT_END, 0, 2)); /* a site in an END: left by an exception */
    end(4, 1);
    cr_assert_eq(decode(&tail), WK_DECODE_EMPTY);
    expect(2, WICK_RECORD_ENDER, 2, 0);
    expect(3, WICK_RECORD_ENDOK, 1, 0);
}

Test(decode, an_end_unwinds_what_was_left_above_it)
{
    uint32_t tail = 0;

    start(1, 1, 1);
    start(2, 2, 2);
    start(3, 3, 3);
    end(4, 1);
    decode(&tail);
    expect(3, WICK_RECORD_ENDER, 3, WICK_UNFINISHED_UNWOUND);
    expect(4, WICK_RECORD_ENDER, 2, WICK_UNFINISHED_UNWOUND);
    expect(5, WICK_RECORD_ENDOK, 1, 0);
    cr_assert_eq(decoder.unwound, 2);
}

Test(decode, a_start_unwinds_what_was_left_at_its_depth)
{
    uint32_t tail = 0;

    start(1, 1, 1);
    start(2, 2, 2);
    start(3, 3, 2);
    decode(&tail);
    expect(2, WICK_RECORD_ENDER, 2, WICK_UNFINISHED_UNWOUND);
    expect(3, WICK_RECORD_START, 3, 0);
}

Test(decode, ends_of_scopes_from_before_are_ignored)
{
    uint32_t tail = 0;

    end(1, 3);
    start(2, 7, 3); /* two that were open before are below */
    end(3, 3);
    end(4, 2);
    end(5, 1);
    decode(&tail);
    cr_assert_eq(batch->count, 2);
    expect(0, WICK_RECORD_START, 7, 0);
    expect(1, WICK_RECORD_ENDOK, 7, 0);
}

Test(decode, the_first_failure_wins)
{
    uint32_t tail = 0;

    start(1, 1, 1);
    texted(WK_EVENT_FAIL, 2, 1, "the first one, longer than a slot");
    texted(WK_EVENT_FAIL, 3, 1, "second");
    end(4, 1);
    decode(&tail);
    cr_assert_eq(batch->count, 2);
    expect(1, WICK_RECORD_ENDER, 9, 0); /* the failure's location, which is given */
    cr_assert_eq(batch->records[1].text_bytes, 33);
    cr_assert_arr_eq(batch->records[1].text, "the first one, longer than a slot", 33);
}

Test(decode, a_failure_outside_a_scope_is_nobodys)
{
    uint32_t tail = 0;

    texted(WK_EVENT_FAIL, 1, 0, "lost");
    start(2, 1, 1);
    end(3, 1);
    decode(&tail);
    expect(1, WICK_RECORD_ENDOK, 1, 0);
}

Test(decode, clear_ends_everything_first)
{
    uint32_t tail = 0;

    start(1, 1, 1);
    start(2, 2, 2);
    slot(3, 0, wk_event_info(WK_EVENT_CLEAR, 0, 2));
    decode(&tail);
    expect(2, WICK_RECORD_ENDER, 2, WICK_UNFINISHED_CLEAR);
    expect(3, WICK_RECORD_ENDER, 1, WICK_UNFINISHED_CLEAR);
    expect(4, WICK_RECORD_CLEAR, 0, 0);
}

Test(decode, exit_ends_everything_and_stops)
{
    uint32_t tail = 0;

    start(1, 1, 1);
    slot(2, 0, wk_event_info(WK_EVENT_EXIT, 0, 0));
    start(3, 2, 1); /* of the next owner of this memory */
    cr_assert_eq(decode(&tail), WK_DECODE_EXIT);
    cr_assert_eq(tail, 2);
    expect(1, WICK_RECORD_ENDER, 1, WICK_UNFINISHED_THREAD);
    cr_assert_eq(batch->count, 2);
}

Test(decode, close_goes_on_over_full_batches)
{
    uint32_t tail = 0;
    uint32_t ends = 0;
    bool done;

    for (uint32_t i = 0; i < 3000; i++) {
        start(i, i + 1, i + 1);
    }
    while (decode(&tail) == WK_DECODE_BATCH) {
        wk_batch_begin(batch, &heap_allocator);
    }
    wk_batch_begin(batch, &heap_allocator);
    do {
        done = wk_decode_close(&decoder, 5000, WICK_UNFINISHED_EXIT, batch, &heap_allocator);
        for (uint32_t i = 0; i < batch->count; i++) {
            expect(i, WICK_RECORD_ENDER, 3000 - ends - i, WICK_UNFINISHED_EXIT);
        }
        ends += batch->count;
        wk_batch_begin(batch, &heap_allocator);
    } while (!done);
    cr_assert_eq(ends, 3000);
}

Test(decode, an_unwinding_wider_than_a_batch_loses_nothing)
{
    uint32_t tail = 0;
    uint32_t ends = 0;
    enum wk_decode_stop stop;

    for (uint32_t i = 0; i < 3000; i++) {
        start(i, i + 1, i + 1);
    }
    end(4000, 1);
    do {
        stop = decode(&tail);
        for (uint32_t i = 0; i < batch->count; i++) {
            ends += batch->records[i].kind != WICK_RECORD_START;
        }
        wk_batch_begin(batch, &heap_allocator);
    } while (stop == WK_DECODE_BATCH);
    cr_assert_eq(ends, 3000);
    cr_assert_eq(decoder.depth, 0);
}

Test(decode, long_texts_are_borrowed_until_the_batch_begins_anew)
{
    uint32_t tail = 0;

    long_texted(WK_EVENT_START, 1, 1, 7);
    long_texted(WK_EVENT_FAIL, 2, 1, 7);
    end(3, 1);
    decode(&tail);
    cr_assert_eq(batch->records[0].text, long_text);
    cr_assert_eq(batch->records[0].text_bytes, sizeof long_text);
    cr_assert_eq(batch->records[1].kind, WICK_RECORD_ENDER);
    cr_assert_neq(batch->records[1].text, long_text, "a failure's text outlives the batch in which it was told");
    cr_assert_eq(batch->records[1].text_bytes, sizeof long_text);
    cr_assert_eq(released, 0);
    wk_batch_begin(batch, &heap_allocator);
    cr_assert_eq(released, 2);
}

Test(decode, long_texts_of_scopes_without_memory_are_released)
{
    struct failing_heap none = {0};
    struct wick_allocator nothing = {failing_heap_resize, &none};
    struct wk_span span = {.slots = slots, .texts = &texts, .mask = SLOTS - 1, .head = 2};

    long_texted(WK_EVENT_START, 1, 1, 7);
    cr_assert_eq(wk_decode(&decoder, &span, &line, batch, &nothing), WK_DECODE_EMPTY);
    cr_assert_eq(decoder.refused, 1);
    wk_batch_begin(batch, &heap_allocator);
    cr_assert_eq(released, 1);
}

Test(decode, references_to_nothing_are_no_texts)
{
    uint32_t tail = 0;

    long_texted(WK_EVENT_MARK, 1, 0, UINT64_MAX);
    decode(&tail);
    expect(0, WICK_RECORD_MARK, 9, 0);
    cr_assert_eq(batch->records[0].text_bytes, 0);
    wk_batch_begin(batch, &heap_allocator);
    cr_assert_eq(released, 0);
}

/* What no recorder writes: decoding stops there, and says so. */
Test(decode, damaged_slots_end_a_span)
{
    const uint32_t damaged[] = {
        0,                                                   /* no kind, */
        WK_EVENT_KIND_MASK,                                  /* or an unknown one */
        wk_event_info(WK_EVENT_START, 0, 0),                 /* no depth */
        wk_event_info(WK_EVENT_END, 0, 0),
        wk_event_info(WK_EVENT_START | WK_EVENT_CPU, 0, 1),  /* without the slots that it must have */
        wk_event_info(WK_EVENT_MARK | WK_EVENT_JUMBO, 0, 0),
        wk_event_info(WK_EVENT_GAUGE | WK_EVENT_CPU, 1, 0),
        wk_event_info(WK_EVENT_SWITCH, 0, 0),
        wk_event_info(WK_EVENT_MARK, 100, 0),                /* beyond what was published */
    };
    uint32_t tail = 0;

    for (uint32_t i = 0; i < sizeof damaged / sizeof damaged[0]; i++) {
        head = tail;
        slot(1, 1, wk_event_info(WK_EVENT_MARK, 0, 0));
        slot(2, 1, damaged[i]);
        slot(3, 1, wk_event_info(WK_EVENT_MARK, 0, 0));
        cr_assert_eq(decode(&tail), WK_DECODE_EMPTY, "%u", i);
        cr_assert_eq(tail, head);
        cr_assert_eq(batch->count, 1, "%u", i);
        cr_assert_eq(decoder.damaged, i + 1);
        wk_batch_begin(batch, &heap_allocator);
    }
}

/* Nothing is read or written where it must not be, which the sanitizers watch. */
static void decode_from(uint32_t tail)
{
    enum wk_decode_stop stop = WK_DECODE_BATCH;

    while (stop != WK_DECODE_EMPTY && tail != head) {
        stop = decode(&tail);
        batch->long_count = 0; /* they are none */
        wk_batch_begin(batch, &heap_allocator);
        tail += stop == WK_DECODE_UNDER;
    }
}

Test(decode, any_slots_at_all)
{
    uint64_t state = 1;

    for (int round = 0; round < 100; round++) {
        for (uint32_t i = 0; i < SLOTS; i++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            uint32_t random = (uint32_t)(state >> 32);
            /* Few depths, nearly always few slots: most of it is whole. */
            slots[i] = (struct wick_event){state >> 40, random >> 24 & 3,
                                           (random & ((3u << WICK_I_DEPTH_SHIFT) | 0x1ff)) | (state >> 60 ? 0 : random)};
        }
        head = SLOTS;
        for (uint32_t tail = 0; tail < SLOTS; tail += 3) {
            decode_from(tail);
        }
    }
    cr_assert_gt(decoder.recorded, 40000, "%lu", (unsigned long)decoder.recorded);
    cr_assert_gt(decoder.damaged, 50000, "%lu", (unsigned long)decoder.damaged);
}

Test(decode, texts_cross_the_end_of_the_ring)
{
    uint32_t tail = head = SLOTS - 2;

    texted(WK_EVENT_MARK, 1, 0, "a text that begins at the end of the ring and ends at its start");
    decode(&tail);
    cr_assert_eq(batch->records[0].text_bytes, 63);
    cr_assert_arr_eq(batch->records[0].text, "a text that begins at the end of the ring and ends at its start", 63);
}

Test(decode, an_end_is_never_earlier_than_its_start)
{
    uint32_t tail = 0;

    start(100, 1, 1);
    end(90, 1); /* the counter of another processor */
    decode(&tail);
    cr_assert_eq(batch->records[1].time_ns, 100);
}

Test(decode, the_timeline_is_monotone_over_its_pieces)
{
    int64_t last_ns = INT64_MIN;
    struct wk_timeline pieces = {0};

    for (uint64_t i = 0; i < 200; i++) {
        wk_timeline_add(&pieces, i * 1000, (int64_t)i * 400, 0.4);
    }
    for (uint64_t ticks = 120000; ticks < 220000; ticks += 7) {
        int64_t ns = wk_timeline_ns(&pieces, ticks);

        cr_assert_geq(ns, last_ns);
        cr_assert_lt(llabs(ns - (int64_t)((double)ticks * 0.4)), 2);
        last_ns = ns;
    }
}
