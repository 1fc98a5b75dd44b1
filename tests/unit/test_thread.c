/*
 * SPDX-License-Identifier: MIT
 * The life of a recording thread: attach, name, exit, and what becomes of its memory.
 */
#include <pthread.h>

#include "record_support.h"

static void *records_once(void *argument)
{
    WICK_SCOPE("once");
    return argument;
}

static struct wk_thread *run_thread(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, records_once, NULL);
    pthread_join(thread, NULL);
    return wk_thread_take_fresh(NULL);
}

Test(thread, attaches_at_its_first_event_and_ends_with_an_exit)
{
    struct reader *reader = reader_create();
    struct wk_thread *thread;

    recorder_on(4096);
    thread = run_thread();
    cr_assert_not_null(thread);
    reader_drain(reader, thread, UINT32_MAX);
    cr_assert_eq(reader->starts, 1);
    cr_assert(reader->ended);
    cr_assert_null(wk_thread_take_fresh(NULL));
    reader_destroy(reader);
}

Test(thread, memory_is_used_again)
{
    struct wk_thread *first = NULL;
    uint64_t ring = 0;

    recorder_on(4096);
    for (int i = 0; i < 500; i++) {
        struct reader *reader = reader_create();
        struct wk_thread *thread = run_thread();

        if (first) {
            cr_assert_eq(thread, first, "thread %d has new memory", i);
        }
        cr_assert(!ring || thread->ring == ring, "the ring of thread %d is new memory", i);
        first = thread;
        ring = thread->ring;
        reader_drain(reader, thread, UINT32_MAX);
        cr_assert(reader->ended && reader->starts == 1 && reader->ends == 1);
        wk_thread_recycle(thread);
        reader_destroy(reader);
    }
}

Test(thread, the_main_one_is_named_so)
{
    recorder_on(4096);
    cr_assert_str_eq(wk_thread_of(wk_thread_attach())->name, "main");
}

#define TEN "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"

Test(thread, names_are_cut_in_the_middle_between_characters)
{
    struct wick_fiber fiber;
    struct wk_thread *thread;

    recorder_on(4096);
    wick_thread_name("123456789012345678901234567890\xc3\xa4"); /* a byte too long */
    thread = wk_thread_of(wick_i_tls_v1);
    cr_assert_str_eq(thread->name, "123456789012345..901234567890\xc3\xa4");
    wick_thread_name("123456789012345678901234567890x");
    cr_assert_str_eq(thread->name, "123456789012345678901234567890x");
    wick_thread_name(TEN TEN "x"); /* both cuts would be inside a character */
    cr_assert_str_eq(thread->name, "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4.."
                                   "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4x");
    wick_fiber_init(&fiber, "connection handler of the server, 17");
    cr_assert_str_eq(fiber.name, "connection hand..the server, 17");
    wick_thread_name(NULL);
    cr_assert_str_eq(thread->name, "main");
}

Test(thread, nothing_attaches_while_recording_is_off)
{
    recorder_on(4096);
    wick_i_on_v1 = WK_ON_OFF;
    records_once(NULL);
    cr_assert_null(wick_i_tls_v1);
    cr_assert_null(wk_thread_take_fresh(NULL));
}

Test(thread, records_nothing_around_fork_and_counts_it)
{
    struct wk_owner *owner;

    recorder_on(4096);
    owner = wk_thread_owner(wk_thread_attach());
    wk_thread_fork_enter();
    records_once(NULL);
    cr_assert_eq(owner->dropped_signal, 1);
    wk_thread_fork_leave();
    records_once(NULL);
    cr_assert_eq(owner->dropped_signal, 1);
}
