/*
 * SPDX-License-Identifier: MIT
 * Every macro and function of the public headers once, in its plainest use. Compiled as C and as C++,
 * enabled and disabled; never run. A macro that is missing here is not covered by the matrix.
 */
#include <wick/wick.h>

#include <stdio.h>
#include <string.h>

static int important(int a)
{
    return a + 1;
}

static void nothing(void)
{
}

int every_scope(const char *url);
int every_control(const char *path);
int every_tracker(const char *text);

static void every_statement(void)
{
    struct wick_scope other = {0, 0, 0, -1, -1, 0, 0};

    WICK_MARK("point");
    WICK_MARKF("point %d of %s", 3, "three");
    WICK_MARKF("point without arguments");
    WICK_MARK_STYLED("point", "category", 0x00ff00);
    WICK_COUNTER("gauge", 3);
    WICK_COUNTER("gauge", 2.5f);
    WICK_COUNTER_ADD("sum", 1.5);
    WICK_VALUE(17);
    WICK_VALUE(sizeof other);
    WICK_FAIL("timed out");
    WICK_FAILF("timed out after %u ms", 30u);
    WICK_FAILF("timed out");
    WICK_BEGIN(&other, "not lexical");
    wick_end(&other);
    WICK_BEGINF(&other, "not lexical %d", 3);
    wick_end(&other);
    WICK_CLEAR();
}

/* Each type, each side effect once. */
static void every_number(int n)
{
    struct {
        unsigned long wide : 5 * sizeof(long);
        int narrow : 3;
    } bits = {1, 1};
    enum { FIRST = 1 };
    unsigned char byte = 1;
    float half = 0.5f;
    long double third = 0.25l;

    WICK_COUNTER("side effect", n++);
    WICK_COUNTER_ADD("side effect", n += 2);
    WICK_COUNTER_UNIT("a unit", 18446744073709551615ull, "bytes");
    WICK_COUNTER_UNIT("another", third, "percent");
    WICK_COUNTER("small", byte);
    WICK_COUNTER("half", half);
    WICK_COUNTER("truth", n > 1);
    WICK_VALUE(FIRST);
    WICK_VALUE('a');
    WICK_VALUE(bits.wide);
    WICK_VALUE(bits.narrow);
    WICK_VALUE(-9007199254740993ll);
    WICK_VALUE(18446744073709551615ull);
    WICK_SUM("hits", n, "");
    WICK_SUM("wait", 0.5f, "seconds");
    WICK_READ(sizeof third, 1);
    WICK_WROTE(4096ull, n);
    WICK_VALUE(1e300);
    WICK_VALUE(WICK_CALL("inside", n + 1));
}

static void every_named(const char *url)
{
    WICK_SCOPE_AS(downloads, "downloads");
    WICK_TIMED(timed, "timed");
    WICK_SCOPEF_AS(again, "again %d %s", 4, url);

    WICK_THREAD_UNDER(&downloads);
    fprintf(stderr, "%.3f\n", 1e-9 * WICK_I_CAST(double, wick_elapsed_ns(&downloads)));
    fprintf(stderr, "%.3f\n", 1e-9 * WICK_I_CAST(double, wick_cpu_ns(&downloads)));
    wick_unwind_to(&again);
    WICK_END(again);
    WICK_END(again);
    WICK_END(downloads);
}

int every_scope(const char *url)
{
    WICK_FUNCTION();
    WICK_SCOPE("most of the work");
    WICK_SCOPE("");
    WICK_SCOPE("two on"); WICK_SCOPE("one line");
    WICK_SCOPE_STYLED("styled", "io", 0xff0000);
    WICK_SCOPEF("fetch %s", url);
    WICK_SCOPEF("no arguments");
    WICK_SCOPE_DYN(url);
    WICK_SCOPE_BOOKMARK("with a mark");
    WICK_SCOPE_CLEAR("after a clear");
    int value = WICK_CALL("a call", important(3));

    every_statement();
    every_number(1);
    every_named(url);
    WICK_CALL("a void call", nothing());
    WICK_WRAP(nothing());
    return WICK_WRAP(important(value));
}

static void every_context_call(const char *path)
{
    wick_log_start("scope", 1, 0);
    wick_log_bmark("mark");
    wick_log_endok();
    wick_log_start("scope", 0, 1);
    wick_log_ender("message");
    wick_log_clear();
    (void)wick_log_msg("here", "text", "BMARK");
    (void)wick_set_log(path, 1);
    (void)wick_set_profile(0);
    wick_profile_begin();
    wick_profile_end();
}

int every_tracker(const char *text)
{
    struct wick_tracker_options options;
    struct wick_tracker_info info;

    memset(&options, 0, sizeof options);
    options.size = WICK_I_CAST(uint32_t, sizeof options);
    struct wick_tracker *job = wick_tracker_create(WICK_I_NULL, text, WICK_I_NULL);
    struct wick_tracker *part = wick_tracker_create(job, text, &options);

    (void)wick_tracker_start(part, WICK_TRACKER_PARENTS, text);
    (void)wick_tracker_pause(part);
    (void)wick_tracker_resume(part);
    (void)wick_tracker_set(part, "progress", text);
    (void)wick_tracker_add(part, "bytes", 1);
    (void)wick_tracker_end(part, WICK_TRACKER_TIMED_OUT, WICK_I_NULL);
    (void)wick_tracker_retry(part);
    (void)wick_tracker_succeed(part, WICK_I_NULL);
    (void)wick_tracker_fail(job, text);
    (void)wick_tracker_cancel(job, text);
    (void)wick_tracker_remove(part);
    wick_tracker_start(part, 0, text); /* results may be ignored */
    WICK_SCOPE_TRACKER(part, "part");
    wick_progress("job.part", 0.5, 1, text, WICK_I_NULL);
    info.size = WICK_I_CAST(uint32_t, sizeof info);
    return wick_tracker_read(job, &info) == 0 && wick_tracker_find(job, text) ? 1 : 0;
}

#if !defined(__cplusplus)
/* Structs as literals, whose commas a macro would take for its own. */
int every_literal(struct wick_tracker *job)
{
    struct wick_tracker *part = wick_tracker_create(
        job, "part", &(struct wick_tracker_options){.size = sizeof(struct wick_tracker_options), .parallel = 1, .weight = 2});

    (void)wick_tracker_read(part, &(struct wick_tracker_info){.size = sizeof(struct wick_tracker_info), .parent = 0});
    (void)wick_stats_read(&(struct wick_stats){.size = sizeof(struct wick_stats), .recorded = 0});
    (void)wick_current(0, &(struct wick_current_scope){.size = sizeof(struct wick_current_scope), .depth = 0});
    return wick_init(&(struct wick_config){.size = sizeof(struct wick_config), .log_path = WICK_I_NULL});
}
#endif

static void one_setting(void *user, const struct wick_setting *setting)
{
    (void)user;
    (void)setting;
}

int every_control(const char *path)
{
    struct wick_config config;
    struct wick_fiber fiber;
    struct wick_stats stats;
    struct wick_current_scope current;

    (void)wick_config_describe(one_setting, WICK_I_NULL);
    wick_config_init(&config);
    config.log_path = path;
    if (wick_init(&config) < 0 || wick_init(WICK_I_NULL) < 0) {
        fprintf(stderr, "%s: %s\n", wick_error_text(WICK_E_CONFIG), wick_error_detail());
        return 1;
    }
    wick_thread_name("main");
    wick_fiber_init(&fiber, "fiber");
    (void)wick_fiber_enter(&fiber);
    wick_fiber_leave();
    (void)wick_fiber_fini(&fiber);
    wick_pause();
    wick_resume();
    every_context_call(path);
    stats.size = WICK_I_CAST(uint32_t, sizeof stats);
    (void)wick_stats_read(&stats);
    current.size = WICK_I_CAST(uint32_t, sizeof current);
    (void)wick_current(0, &current);
    (void)wick_flush(100);
    (void)wick_shutdown();
    return wick_version() == WICK_VERSION ? 0 : 1;
}
