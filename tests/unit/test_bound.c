/*
 * SPDX-License-Identifier: MIT
 * Scopes that run a tracker, and two questions about scopes: which is the innermost, and how long did it take while nothing was
 * recorded. Each test is a process of its own, so each has one board.
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <wick/wick.h>

static char log_path[64];
static struct wick_tracker *job;

static void record_with(const char *filter)
{
    struct wick_config config;
    snprintf(log_path, sizeof log_path, "/tmp/wick_test_bound_%d.ctxt", (int)getpid());
    wick_config_init(&config);
    config.log_path = log_path;
    config.filter = filter;
    cr_assert_eq(wick_init(&config), 0);
}

static void record(void)
{
    record_with(NULL);
    job = wick_tracker_create(NULL, "job", NULL);
}

static void expect_state(struct wick_tracker *t, enum wick_tracker_status status, uint32_t attempt)
{
    struct wick_tracker_info info = {.size = sizeof info};
    cr_expect_eq(wick_tracker_read(t, &info), 0);
    cr_expect_eq(info.status, status, "%s, not %d", "status", info.status);
    cr_expect_eq(info.attempt, attempt, "attempt %u", info.attempt);
}

/* The lines of the log that contain a text. */
static int lines_with(const char *text)
{
    char line[4096];
    int count = 0;
    FILE *file = fopen(log_path, "r");
    cr_assert(file);
    while (fgets(line, sizeof line, file)) {
        count += strstr(line, text) != NULL;
    }
    fclose(file);
    return count;
}

static void end_of_log(void)
{
    cr_assert_eq(wick_shutdown(), 0);
}

Test(bound, entering_starts_and_leaving_ends)
{
    record();
    for (uint32_t turn = 1; turn <= 2; turn++) {
        WICK_SCOPE_TRACKER(job, "the work");
        expect_state(job, WICK_TRACKER_RUNNING, turn);
    }
    expect_state(job, WICK_TRACKER_FINISHED, 2);
    end_of_log();
    cr_expect_eq(lines_with("bind - job 1\n"), 1);
    cr_expect_eq(lines_with("bind - job 2\n"), 1);
    cr_expect_eq(lines_with("\"scope\":\"the work\""), 1);
    unlink(log_path);
}

Test(bound, the_first_failure_of_its_own_fails_it)
{
    record();
    {
        WICK_SCOPE_TRACKER(job, "the work");
        WICK_FAIL("no such file");
        WICK_FAIL("later");
    }
    expect_state(job, WICK_TRACKER_FAILED, 1);
    cr_assert_eq(wick_flush(0), 0); /* a fact that is replaced before the log has it is not in it */
    {
        WICK_SCOPE_TRACKER(job, "the work");
        WICK_SCOPE("inside");
        WICK_FAIL("of the scope inside");
    }
    expect_state(job, WICK_TRACKER_FINISHED, 2);
    {
        WICK_SCOPE_TRACKER(job, "the work");
        cr_assert_eq(wick_tracker_cancel(job, "by hand"), 0);
    }
    expect_state(job, WICK_TRACKER_CANCELED, 3);
    end_of_log();
    cr_expect_eq(lines_with("\"msg\":\"no such file\""), 1);
    cr_expect_eq(lines_with("\"msg\":\"of the scope"), 0);
    unlink(log_path);
}

Test(bound, what_cannot_be_started_is_a_plain_scope)
{
    record();
    struct wick_tracker *part = wick_tracker_create(job, "part", NULL);
    {
        WICK_SCOPE_TRACKER(part, "too early");
        cr_expect(strstr(wick_error_detail(), "parent isn't started"), "%s", wick_error_detail());
        expect_state(part, WICK_TRACKER_WAITING, 0);
    }
    {
        WICK_SCOPE_TRACKER(NULL, "none");
    }
    {
        WICK_SCOPE_TRACKER(job, "removed inside");
        cr_assert_eq(wick_tracker_remove(job), 0);
    }
    {
        WICK_SCOPE_TRACKER(job, "removed before");
    }
    end_of_log();
    cr_expect_eq(lines_with(" START "), 4);
    cr_expect_eq(lines_with(" ENDOK "), 4);
    cr_expect_eq(lines_with("bind - "), 1);
    unlink(log_path);
}

/* ---- unfinished -------------------------------------------------------------------------------- */

static jmp_buf back;

static void jumps(void)
{
    WICK_SCOPE_TRACKER(job, "left by a jump");
    longjmp(back, 1);
}

Test(bound, a_jump_cancels_it)
{
    record();
    {
        WICK_SCOPE("around");
        if (!setjmp(back)) {
            jumps();
        }
    }
    expect_state(job, WICK_TRACKER_CANCELED, 1);
    cr_assert_eq(wick_flush(0), 0); /* a fact that is replaced before the log has it is not in it */
    if (!setjmp(back)) {
        WICK_SCOPE_AS(around, "around");
        if (!setjmp(back)) {
            jumps();
        }
        wick_unwind_to(&around);
        expect_state(job, WICK_TRACKER_CANCELED, 2);
    }
    end_of_log();
    cr_expect_eq(lines_with("\"msg\":\"unfinished: unwound\""), 2);
    unlink(log_path);
}

Test(bound, clearing_cancels_it)
{
    record();
    {
        WICK_SCOPE_TRACKER(job, "cleared");
        WICK_CLEAR();
        expect_state(job, WICK_TRACKER_CANCELED, 1);
    }
    expect_state(job, WICK_TRACKER_CANCELED, 1);
    end_of_log();
    cr_expect_eq(lines_with("\"msg\":\"unfinished: clear\""), 1);
    unlink(log_path);
}

static void *ends_inside(void *argument)
{
    WICK_SCOPE_TRACKER(job, "left by the thread");
    WICK_SCOPE("inside");
    (void)argument;
    pthread_exit(NULL); /* this file is compiled without -fexceptions: no scope ends */
}

Test(bound, the_end_of_its_thread_cancels_it)
{
    pthread_t thread;
    record();
    pthread_create(&thread, NULL, ends_inside, NULL);
    pthread_join(thread, NULL);
    expect_state(job, WICK_TRACKER_CANCELED, 1);
    end_of_log();
    cr_expect_eq(lines_with("\"msg\":\"unfinished: thread\""), 1);
    unlink(log_path);
}

Test(bound, the_end_of_a_fiber_cancels_it)
{
    struct wick_fiber fiber;
    record();
    wick_fiber_init(&fiber, "fiber");
    cr_assert_eq(wick_fiber_enter(&fiber), 0);
    {
        WICK_SCOPE_TRACKER(job, "in the fiber");
        cr_assert_eq(wick_fiber_fini(&fiber), 0);
        expect_state(job, WICK_TRACKER_CANCELED, 1);
    }
    end_of_log();
    unlink(log_path);
}

Test(bound, the_end_of_recording_cancels_it)
{
    record();
    {
        WICK_SCOPE_TRACKER(job, "open at the end");
        end_of_log();
        expect_state(job, WICK_TRACKER_CANCELED, 1);
    }
    expect_state(job, WICK_TRACKER_CANCELED, 1);
    cr_expect_eq(lines_with("\"msg\":\"unfinished: exit\""), 1);
    unlink(log_path);
}

Test(bound, a_child_has_nothing_of_it)
{
    int status = 1;
    record();
    {
        WICK_SCOPE_TRACKER(job, "parent's");
        pid_t pid = fork();
        if (pid == 0) {
            struct wick_tracker *own = wick_tracker_create(NULL, "own", NULL);
            wick_tracker_start(own, 0, NULL);
        }
        if (pid) {
            cr_assert_eq(waitpid(pid, &status, 0), pid);
            expect_state(job, WICK_TRACKER_RUNNING, 1);
        } else {
            _exit(0);
        }
    }
    cr_expect_eq(status, 0);
    expect_state(job, WICK_TRACKER_FINISHED, 1);
    end_of_log();
    unlink(log_path);
}

Test(bound, works_while_nothing_is_recorded)
{
    setenv("WICK", "off", 1);
    job = wick_tracker_create(NULL, "job", NULL);
    {
        WICK_SCOPE_TRACKER(job, "off");
        expect_state(job, WICK_TRACKER_RUNNING, 1);
    }
    expect_state(job, WICK_TRACKER_FINISHED, 1);
    {
        WICK_SCOPE_TRACKER(job, "off");
        wick_tracker_fail(job, "by hand");
    }
    expect_state(job, WICK_TRACKER_FAILED, 2);
}

/* ---- the innermost scope ----------------------------------------------------------------------- */

struct meeting {
    pthread_barrier_t there, done;
    uint32_t tid;
};

static void *waits_inside(void *argument)
{
    struct meeting *meeting = argument;
    wick_thread_name("worker");
    meeting->tid = (uint32_t)syscall(SYS_gettid);
    WICK_SCOPE("outer");
    WICK_SCOPEF("inner %d", 1);
    pthread_barrier_wait(&meeting->there);
    pthread_barrier_wait(&meeting->done);
    return NULL;
}

Test(bound, the_innermost_open_scope)
{
    struct wick_current_scope current = {.size = sizeof current};
    struct meeting meeting;
    pthread_t thread;

    cr_expect_eq(wick_current(0, &current), WICK_E_STATE, "nothing is recorded yet");
    record();
    pthread_barrier_init(&meeting.there, NULL, 2);
    pthread_barrier_init(&meeting.done, NULL, 2);
    pthread_create(&thread, NULL, waits_inside, &meeting);
    pthread_barrier_wait(&meeting.there);
    {
        WICK_SCOPE_TRACKER(job, "mine");
        usleep(20000);
        cr_assert_eq(wick_current(0, &current), 0);
        cr_expect_str_eq(current.name, "mine");
        cr_expect_str_eq(current.thread, "main");
        cr_expect_eq(current.depth, 1);
        cr_expect(current.elapsed_ns >= 20000000 && current.elapsed_ns < 2000000000);
    }
    cr_assert_eq(wick_current(0, &current), 0);
    cr_expect_eq(current.depth, 0);
    cr_expect_str_eq(current.name, "");
    cr_expect_eq(current.elapsed_ns, 0);
    cr_assert_eq(wick_current(meeting.tid, &current), 0);
    cr_expect_str_eq(current.name, "inner %d");
    cr_expect_str_eq(current.thread, "worker");
    cr_expect_eq(current.depth, 2);
    pthread_barrier_wait(&meeting.done);
    pthread_join(thread, NULL);
    cr_expect_eq(wick_current(meeting.tid, &current), WICK_E_STATE);
    cr_expect_eq(wick_current(1, &current), WICK_E_STATE);
    current.size = 4;
    cr_expect_eq(wick_current(0, &current), WICK_E_INVAL);
    end_of_log();
    current.size = sizeof current;
    cr_expect_eq(wick_current(0, &current), WICK_E_STATE);
    unlink(log_path);
}

/* ---- scopes that are always timed --------------------------------------------------------------- */

static uint64_t time_of_a_sleep(void)
{
    WICK_TIMED(nap, "nap");
    usleep(20000);
    WICK_END(nap);
    uint64_t elapsed_ns = wick_elapsed_ns(&nap);
    usleep(2000);
    cr_expect_eq(wick_elapsed_ns(&nap), elapsed_ns, "it has ended");
    return elapsed_ns;
}

static void expect_a_sleep(uint64_t elapsed_ns)
{
    cr_expect(elapsed_ns >= 20000000 && elapsed_ns < 2000000000, "%llu ns", (unsigned long long)elapsed_ns);
}

Test(bound, timed_scopes_measure_while_recording_is_off)
{
    WICK_TIMED(all, "all"); /* before recording begins, whose clock may be another */
    expect_a_sleep(time_of_a_sleep());
    record();
    expect_a_sleep(time_of_a_sleep());
    wick_pause();
    expect_a_sleep(time_of_a_sleep());
    wick_resume();
    end_of_log();
    expect_a_sleep(time_of_a_sleep());
    cr_expect_eq(lines_with(" START "), 1);
    cr_expect(wick_elapsed_ns(&all) >= 80000000);
    unlink(log_path);
    record_with("-nap");
    expect_a_sleep(time_of_a_sleep());
    end_of_log();
    cr_expect_eq(lines_with(" START "), 0);
    unlink(log_path);
}
