/*
 * SPDX-License-Identifier: MIT
 * What the tests of lib/record share: a recorder without a runtime, and a reader that takes a ring's slots
 * as the drain does. Invariant: it counts what it takes, and fails on any imbalance.
 */
#ifndef WICK_TESTS_UNIT_RECORD_SUPPORT_H
#define WICK_TESTS_UNIT_RECORD_SUPPORT_H

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include <wick/wick.h>

#include "heap_memory.h"
#include "model/live/decode.h"
#include "record/recorder.h"
#include "record/site.h"
#include "record/thread.h"

struct reader {
    struct wk_decoder decoder;
    struct wk_timeline line;
    struct wk_batch *batch;
    uint32_t open[1 << 16]; /* sites of the open scopes, as the records tell */
    uint32_t depth;
    uint64_t starts, ends, failed, unfinished, marks, lost;
    bool ended;
};

/* The first event asks: recording is on in these tests, without environment and drain. */
static bool first_event(void)
{
    return wick_i_on_v1 == WK_ON_RECORDING;
}

bool (*const wk_record_first_event)(void) = first_event;


static const char *text_at(void *user, uint64_t reference, uint64_t bytes)
{
    (void)user;
    (void)bytes;
    return wk_pool_at(reference);
}

static void release_text(void *user, uint64_t reference, uint64_t bytes)
{
    (void)user;
    wk_thread_free_text(reference, bytes);
}

static const struct wk_long_texts reader_texts = {.at = text_at, .release = release_text};

static inline void recorder_on(uint32_t slots_max)
{
    const struct wk_anchor start = {.ticks = 0};

    cr_assert(wk_recorder_begin(&start));
    wk_recorder.ring_slots_max = slots_max;
    wk_recorder.key_good = pthread_key_create(&wk_recorder.key, wk_thread_exit) == 0;
    wick_i_on_v1 = WK_ON_RECORDING;
}

static inline struct reader *reader_create(void)
{
    struct reader *reader = calloc(1, sizeof *reader);

    reader->batch = calloc(1, sizeof *reader->batch);
    wk_timeline_add(&reader->line, 0, 0, 1);
    return reader;
}

static inline void reader_take(struct reader *reader)
{
    for (uint32_t i = 0; i < reader->batch->count; i++) {
        const struct wick_record *record = &reader->batch->records[i];

        switch (record->kind) {
        case WICK_RECORD_START:
            cr_assert_eq(record->depth, reader->depth + 1);
            reader->open[reader->depth++ & 0xffff] = record->site;
            reader->starts++;
            break;
        case WICK_RECORD_ENDOK:
        case WICK_RECORD_ENDER:
            cr_assert_gt(reader->depth, 0, "an end without a start");
            reader->depth--;
            cr_assert_eq(reader->open[reader->depth & 0xffff], record->site, "an end of another scope");
            reader->ends++;
            reader->failed += record->kind == WICK_RECORD_ENDER;
            reader->unfinished += record->unfinished != 0;
            break;
        case WICK_RECORD_LOST:
            cr_assert_gt(record->u.count, reader->lost, "a LOST event tells all losses so far");
            reader->lost = record->u.count;
            break;
        default:
            reader->marks++;
        }
    }
    wk_batch_begin(reader->batch, &heap_allocator);
}

/* Take what is in the ring, at most `most` slots. */
static inline void reader_drain(struct reader *reader, struct wk_thread *thread, uint32_t most)
{
    const struct wk_read_ring *ring = wk_thread_read_ring(thread, thread->hot.tail);
    struct wk_span span = {.slots = wk_pool_at(ring->reference),
                           .texts = &reader_texts,
                           .mask = ring->mask,
                           .tail = thread->hot.tail,
                           .head = __atomic_load_n(&thread->hot.head, __ATOMIC_ACQUIRE)};

    while (span.tail != span.head && !reader->ended && span.tail - thread->hot.tail < most) {
        enum wk_decode_stop stop =
            wk_decode(&reader->decoder, &span, &reader->line, reader->batch, &heap_allocator);

        reader_take(reader);
        if (stop == WK_DECODE_SWITCH) {
            wk_thread_read_on(thread, span.tail, span.next_ring, span.next_mask);
            span.slots = wk_pool_at(span.next_ring);
            span.mask = span.next_mask;
        }
        reader->ended = stop == WK_DECODE_EXIT;
    }
    __atomic_store_n(&thread->hot.tail, span.tail, __ATOMIC_RELEASE);
}

static inline void reader_destroy(struct reader *reader)
{
    wk_decode_fini(&reader->decoder, &heap_allocator);
    free(reader->batch);
    free(reader);
}

#endif
