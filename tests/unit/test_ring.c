/*
 * SPDX-License-Identifier: MIT
 * The ring and its credit rule: whatever is lost, what is recorded is balanced, and the counts add up.
 * The drain is slow, absent, or quick; the indices begin anywhere.
 */
#include "record_support.h"

struct model {
    uint64_t starts, others; /* attempted */
    uint64_t tokens[4096];
    uint32_t depth;          /* of the program, recorded or not */
};

static uint64_t state;

static uint32_t random_below(uint32_t limit)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % limit;
}

static void set_indices(struct wick_i_thread *hot, uint32_t start)
{
    hot->limit = start + (hot->limit - hot->head);
    hot->head = hot->tail = start;
    wk_thread_owner(hot)->base = start;
}

static void random_operation(struct model *model, uint32_t deepest)
{
    static const char text[] = "a text that takes a number of slots, up to what a ring can hold at once";
    static struct wick_site scopes[4] = {
        {"a", "f", "x.c", NULL, 1, 0, WICK_I_SITE_SCOPE, 0}, {"b", "f", "x.c", NULL, 2, 0, WICK_I_SITE_SCOPE, 0},
        {"c", "f", "x.c", NULL, 3, 0, WICK_I_SITE_SCOPE, 0}, {"d", "f", "x.c", NULL, 4, 0, WICK_I_SITE_SCOPE, 0}};

    switch (random_below(10)) {
    case 0: case 1: case 2: case 3:
        if (model->depth < deepest) {
            model->tokens[model->depth++] = wick_i_begin(&scopes[random_below(4)]).token;
            model->starts++;
        }
        break;
    case 4: case 5: case 6:
        if (model->depth > 0) {
            (void)wick_i_end(model->tokens[--model->depth]);
        }
        break;
    case 7:
        WICK_MARKF("%.*s", (int)random_below(sizeof text), text);
        model->others++;
        break;
    case 8:
        WICK_FAILF("%.*s", (int)random_below(sizeof text), text);
        model->others++;
        break;
    default:
        WICK_COUNTER("counter", 1);
        model->others++;
    }
}

/* Random operations; the drain comes once in `pause` operations and takes `most` slots (0: it is absent). */
static void run(uint32_t slots_max, uint32_t start, uint32_t pause, uint32_t most, uint32_t deepest)
{
    struct model model = {0};
    struct reader *reader = reader_create();
    struct wk_thread *thread;
    struct wk_owner *owner;

    recorder_on(slots_max);
    state = slots_max + start + pause;
    thread = wk_thread_of(wk_thread_attach());
    owner = wk_thread_owner(&thread->hot);
    set_indices(&thread->hot, start);
    for (int i = 0; i < 300000; i++) {
        random_operation(&model, deepest);
        if (most && random_below(pause) == 0) {
            reader_drain(reader, thread, most);
        }
    }
    while (model.depth > 0) {
        (void)wick_i_end(model.tokens[--model.depth]);
    }
    reader_drain(reader, thread, UINT32_MAX);

    cr_assert_eq(reader->depth, 0, "%u scopes are open", reader->depth);
    cr_assert_eq(reader->starts, reader->ends);
    cr_assert_eq(reader->unfinished, 0);
    cr_assert_eq(reader->decoder.recorded + owner->lost, model.starts + model.others,
                 "recorded %lu + lost %lu != attempted %lu", (unsigned long)reader->decoder.recorded,
                 (unsigned long)owner->lost, (unsigned long)(model.starts + model.others));
    if (!most) {
        cr_assert_gt(owner->lost, 1000, "nothing was lost: this test tests nothing");
    }
    /* Room again: the losses are told before anything else. */
    WICK_MARK("room");
    reader_drain(reader, thread, UINT32_MAX);
    cr_assert_eq(reader->lost, owner->lost);
    cr_assert_eq(owner->lost_pending, 0);
    reader_destroy(reader);
}

Test(ring, loses_balanced_without_a_drain) { run(256, 0, 1, 0, 100); }
Test(ring, loses_balanced_with_a_slow_drain) { run(256, 0, 300, 64, 40); }
Test(ring, loses_balanced_where_indices_wrap) { run(256, UINT32_MAX - 3, 200, 100, 40); }
Test(ring, grows_where_indices_wrap) { run(65536, UINT32_MAX - 3, 5000, 20000, 60); }
Test(ring, grows_for_deep_stacks) { run(4096, UINT32_MAX - 3, 100, UINT32_MAX, 4000); }
Test(ring, stays_balanced_with_cpu_time)
{
    wk_recorder.cpu_time = true;
    run(256, UINT32_MAX - 3, 300, 64, 30);
}
Test(ring, stays_balanced_on_the_counter)
{
    wk_recorder.tsc = true;
    run(256, UINT32_MAX - 3, 300, 64, 40); /* the inline path */
}

Test(ring, stays_balanced_on_the_counter_where_nothing_is_nested)
{
    wk_recorder.tsc = true;
    run(256, UINT32_MAX - 3, 300, 64, 1);
}

Test(ring, keeps_room_for_the_end_of_every_admitted_scope)
{
    static struct wick_site site = {"s", "f", "x.c", NULL, 1, 0, WICK_I_SITE_SCOPE, 0};
    struct reader *reader = reader_create();
    uint64_t tokens[1000];
    uint32_t admitted = 0;
    struct wk_thread *thread;

    recorder_on(256);
    thread = wk_thread_of(wk_thread_attach());
    /* The ring is full of marks: a deep stack may still take a larger one, marks may not. */
    while (wk_thread_owner(&thread->hot)->lost == 0) {
        WICK_MARK("full");
    }
    for (int i = 0; i < 1000; i++) {
        tokens[i] = wick_i_begin(&site).token;
        admitted += tokens[i] != 0;
    }
    for (int i = 1000; i-- > 0;) {
        WICK_FAIL("a text for each of them, as long as there is room");
        (void)wick_i_end(tokens[i]);
    }
    wk_thread_exit(thread);
    wk_thread_exit(thread);
    wk_thread_exit(thread);

    reader_drain(reader, thread, UINT32_MAX);
    cr_assert_eq(reader->starts, admitted);
    cr_assert_eq(reader->ends, admitted);
    cr_assert(reader->ended, "the EXIT has no room");
    reader_destroy(reader);
}
