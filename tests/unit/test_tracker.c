/*
 * SPDX-License-Identifier: MIT
 * The program's trackers through the public API: the numbers and rules of the systems whose behaviour they have, what is refused,
 * and that the log has all of it. Each test is a process of its own, so each has one board.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <wick/board.h>
#include <wick/log.h>
#include <wick/wick.h>

#include "base/heap.h"

#define NEAR(x, y) cr_assert_float_eq(x, y, 5e-6, "%g, not %g", (double)(x), (double)(y))

static struct wick_tracker_info read_info(struct wick_tracker *t)
{
    struct wick_tracker_info info = {.size = sizeof info};
    cr_assert_eq(wick_tracker_read(t, &info), 0, "%s", wick_error_detail());
    return info;
}

static struct wick_tracker *child(struct wick_tracker *parent, const char *name)
{
    struct wick_tracker *t = wick_tracker_create(parent, name, NULL);
    cr_assert(t, "%s", wick_error_detail());
    return t;
}

static struct wick_tracker *with_estimate(struct wick_tracker *parent, const char *name, double estimate_s, uint32_t parallel)
{
    const struct wick_tracker_options options = {.size = sizeof options, .estimate_s = estimate_s, .parallel = parallel};
    struct wick_tracker *t = wick_tracker_create(parent, name, &options);
    cr_assert(t, "%s", wick_error_detail());
    return t;
}

static void expect_error(int rc, int wanted, const char *sentence)
{
    cr_expect_eq(rc, wanted, "%d, not %d", rc, wanted);
    cr_expect(strstr(wick_error_detail(), sentence), "'%s'", wick_error_detail());
}

/* ---- counts, estimates ------------------------------------------------------------------------ */

struct reference {
    struct wick_tracker *root, *a, *b, *b2, *b21;
};

static struct reference make_reference(void)
{
    struct reference r = {.root = child(NULL, "root")};
    r.a = child(r.root, "A");
    child(r.a, "A1");
    child(r.a, "A2");
    r.b = child(r.root, "B");
    child(r.b, "B1");
    r.b2 = child(r.b, "B2");
    r.b21 = child(r.b2, "B21");
    return r;
}

Test(tracker, counts_of_the_reference_tree)
{
    struct reference r = make_reference();

    cr_assert_eq(read_info(r.root).all, 7);
    cr_assert_eq(wick_tracker_start(r.b21, WICK_TRACKER_PARENTS, "go"), 0);
    cr_assert_eq(read_info(r.root).in_progress, 3);
    NEAR(read_info(r.root).in_progress_pct, .43);
    cr_assert_eq(read_info(r.root).status, WICK_TRACKER_RUNNING);
    cr_assert_eq(read_info(r.b).all, 3);
    cr_assert_eq(read_info(r.b).in_progress, 2);
    NEAR(read_info(r.b).in_progress_pct, .67);
    cr_assert_eq(wick_tracker_succeed(r.b21, NULL), 0);
    cr_assert_eq(read_info(r.root).done, 1);
    NEAR(read_info(r.root).done_pct, .14);
    cr_assert_eq(read_info(r.b2).done, 1);
    NEAR(read_info(r.b2).done_pct, 1.0);
    cr_assert_eq(read_info(r.b2).status, WICK_TRACKER_RUNNING);
    cr_assert_eq(read_info(r.b).in_progress, 1);
    NEAR(read_info(r.b).in_progress_pct, .33);
    cr_assert_eq(read_info(r.b21).progress, 1);
    cr_assert_eq(read_info(r.b21).attempt, 1);
}

Test(tracker, estimates)
{
    struct wick_tracker *root = child(NULL, "root"), *three[3];
    for (int i = 0; i < 3; i++) {
        three[i] = with_estimate(root, "leaf", 10, 0);
    }
    cr_assert_eq(read_info(root).estimate_ns, 30000000000);
    /* As if two seconds had passed. */
    int64_t start_ns = read_info(root).created_ns - 2000000000;
    struct wick_tracker_options late = {.size = sizeof late, .key = "late", .start_ns = start_ns, .estimate_s = 10};
    struct wick_tracker *t = wick_tracker_create(NULL, NULL, &late);
    cr_assert_eq(wick_tracker_start(t, 0, NULL), 0);
    cr_assert_float_eq(1e-9 * (double)read_info(t).remaining_ns, 8, 1);
    cr_assert_float_eq(1e-9 * (double)read_info(t).elapsed_ns, 2, 1);
    cr_assert_eq(wick_tracker_start(three[1], WICK_TRACKER_PARENTS, NULL), 0);
    cr_assert(read_info(three[1]).remaining_ns < 10000000000);

    struct wick_tracker *a = with_estimate(NULL, "a", 0, 1), *a2;
    with_estimate(a, "a1", 10, 0);
    a2 = child(a, "a2");
    with_estimate(a2, "x", 20, 0);
    with_estimate(a2, "y", 30, 0);
    cr_assert_eq(read_info(a).estimate_ns, 50000000000);
    cr_assert_eq(wick_tracker_set(a2, "parallel", "true"), 0);
    cr_assert_eq(read_info(a).estimate_ns, 30000000000);
    struct wick_tracker *p = with_estimate(NULL, "p", 99, 0);
    with_estimate(p, "c", 5, 0);
    cr_assert_eq(read_info(p).estimate_ns, 5000000000);
}

/* ---- rules ------------------------------------------------------------------------------------ */

Test(tracker, cannot_start_below_what_is_not_in_progress)
{
    struct wick_tracker *root = child(NULL, "root"), *mid = child(root, "mid"), *leaf = child(mid, "leaf");

    expect_error(wick_tracker_start(leaf, 0, "early"), WICK_E_STATE, "You can't start a tracker if the parent isn't started");
    cr_assert_eq(read_info(leaf).status, WICK_TRACKER_WAITING);
    cr_assert_eq(wick_tracker_start(root, 0, NULL), 0);
    cr_assert_eq(wick_tracker_succeed(root, NULL), 0);
    expect_error(wick_tracker_start(leaf, WICK_TRACKER_PARENTS, NULL), WICK_E_STATE, "You can't start a tracker if the parent isn't started");
    cr_assert_eq(read_info(mid).status, WICK_TRACKER_WAITING, "nothing has changed");
}

Test(tracker, first_end_stays)
{
    struct wick_tracker *t = child(NULL, "t"), *late = child(t, "late");

    cr_assert_eq(wick_tracker_start(t, 0, NULL), 0);
    expect_error(wick_tracker_start(t, 0, NULL), WICK_W_STARTED, "started already");
    expect_error(wick_tracker_resume(t), WICK_W_NOT_PAUSED, "not paused");
    expect_error(wick_tracker_retry(t), WICK_W_NOT_DONE, "not done");
    cr_assert_eq(wick_tracker_fail(t, "it broke"), 0);
    int64_t finish_ns = read_info(t).finish_ns;
    expect_error(wick_tracker_succeed(t, "late message"), WICK_W_DONE, "done already");
    expect_error(wick_tracker_set(t, "msg", "\"late message\""), WICK_W_DONE, "done already");
    expect_error(wick_tracker_start(t, 0, NULL), WICK_W_DONE, "done already");
    expect_error(wick_tracker_pause(t), WICK_W_DONE, "done already");
    cr_assert_eq(read_info(t).status, WICK_TRACKER_FAILED);
    cr_assert_eq(read_info(t).finish_ns, finish_ns);
    cr_assert(isnan(read_info(late).progress));
    cr_assert_eq(wick_tracker_cancel(late, NULL), 0);
    cr_assert_eq(read_info(late).elapsed_ns, 0);
    expect_error(wick_tracker_end(late, WICK_TRACKER_RUNNING, NULL), WICK_E_INVAL, "a tracker ends as");
}

Test(tracker, pauses_do_not_count)
{
    struct wick_tracker *t = child(NULL, "t");

    expect_error(wick_tracker_pause(t), WICK_W_NOT_RUNNING, "not in progress");
    cr_assert_eq(wick_tracker_start(t, 0, NULL), 0);
    cr_assert_eq(wick_tracker_pause(t), 0);
    int64_t elapsed_ns = read_info(t).elapsed_ns;
    usleep(20000);
    cr_assert_eq(read_info(t).elapsed_ns, elapsed_ns);
    cr_assert_eq(wick_tracker_resume(t), 0);
    cr_assert_eq(wick_tracker_pause(t), 0);
    usleep(20000);
    cr_assert_eq(wick_tracker_succeed(t, NULL), 0);
    cr_assert(read_info(t).finish_ns - read_info(t).start_ns >= 40000000);
    cr_assert(read_info(t).elapsed_ns < read_info(t).finish_ns - read_info(t).start_ns - 39000000);
}

Test(tracker, retries_are_attempts)
{
    struct wick_tracker *t = child(NULL, "t");

    wick_tracker_start(t, 0, NULL);
    wick_tracker_fail(t, "once");
    cr_assert_eq(wick_tracker_retry(t), 0);
    cr_assert_eq(read_info(t).status, WICK_TRACKER_WAITING);
    cr_assert_eq(read_info(t).attempt, 2);
    cr_assert_eq(read_info(t).elapsed_ns, 0);
    cr_assert_eq(wick_tracker_start(t, 0, NULL), 0);
    cr_assert_eq(wick_tracker_succeed(t, NULL), 0);
    cr_assert_eq(read_info(t).attempt, 2);
    cr_assert_eq(read_info(t).status, WICK_TRACKER_FINISHED);
}

/* ---- keys and handles ------------------------------------------------------------------------- */

static void expect_key(struct wick_tracker *t, const char *key)
{
    struct wick_tracker_info info = read_info(t);
    cr_expect(info.key_bytes == strlen(key) && memcmp(info.key, key, info.key_bytes) == 0, "%.*s, not %s", (int)info.key_bytes,
              info.key, key);
}

Test(tracker, keys_from_names)
{
    struct wick_tracker *root = child(NULL, "Load all /users/.csv");
    char name[400], key[400];

    expect_key(root, "Load-all-users-csv");
    expect_key(child(root, "a"), "Load-all-users-csv.a");
    expect_key(child(root, "a"), "Load-all-users-csv.a~2");
    expect_key(child(root, "a"), "Load-all-users-csv.a~3");
    expect_key(child(NULL, "__hidden_"), "hidden_");
    expect_key(child(NULL, "größe"), "größe");
    expect_key(child(NULL, "bad\xff\x01"), "bad-");
    expect_key(child(NULL, ""), "node");
    expect_key(child(NULL, "_"), "node~2");
    for (int i = 0; i < 199; i += 2) {
        memcpy(name + i, "ü", 2);
    }
    name[200] = 0;
    snprintf(key, sizeof key, "%.126s", name);
    expect_key(child(NULL, name), key);
    snprintf(key, sizeof key, "%.114s~2", name);
    expect_key(child(NULL, name), key);
    const struct wick_tracker_options below = {.size = sizeof below, .key = "other.x"};
    cr_assert_null(wick_tracker_create(root, "x", &below));
    expect_error(0, 0, "below that of its parent");
    const struct wick_tracker_options joined = {.size = sizeof joined, .key = "hidden_"};
    cr_assert_eq(wick_tracker_create(NULL, NULL, &joined), wick_tracker_find(NULL, "hidden_"));
}

Test(tracker, found_by_key_id_and_friendly_name)
{
    const struct wick_tracker_options options = {.size = sizeof options, .friendly = "my \"job\"", .source = "cron"};
    struct wick_tracker *root = child(NULL, "root"), *other = child(NULL, "other"), *t = wick_tracker_create(root, "t", &options);

    cr_assert_eq(wick_tracker_find(NULL, "root.t"), t);
    cr_assert_eq(wick_tracker_find(NULL, "4711/root.t"), t);
    cr_assert_eq(wick_tracker_find(NULL, "my \"job\""), t);
    cr_assert_eq(wick_tracker_find(root, "my \"job\""), t);
    cr_assert_null(wick_tracker_find(other, "my \"job\""));
    cr_assert_null(wick_tracker_find(other, "root.t"));
    cr_assert_null(wick_tracker_find(NULL, "nobody"));
    expect_error(0, 0, "not found");
    cr_assert_null(wick_tracker_find(NULL, NULL));
}

Test(tracker, stale_handles)
{
    struct wick_tracker_info info = {.size = sizeof info};
    struct wick_tracker *root = child(NULL, "root"), *t = child(root, "t"), *leaf = child(t, "leaf");

    cr_assert_eq(wick_tracker_remove(t), 0);
    expect_error(wick_tracker_start(t, 0, NULL), WICK_E_STATE, "has been removed");
    expect_error(wick_tracker_read(leaf, &info), WICK_E_STATE, "has been removed");
    expect_error(wick_tracker_remove(leaf), WICK_E_STATE, "has been removed");
    expect_error(wick_tracker_set(NULL, "x", "1"), WICK_E_STATE, "NULL");
    cr_assert_null(wick_tracker_create(t, "below", NULL));
    cr_assert_null(wick_tracker_find(t, "root"));
    cr_assert_eq(read_info(root).all, 0);
    struct wick_tracker *again = child(root, "t");
    expect_key(again, "root.t");
    cr_assert_neq(again, t);
    expect_error(wick_tracker_start(t, 0, NULL), WICK_E_STATE, "has been removed");
    info.size = 4;
    expect_error(wick_tracker_read(root, &info), WICK_E_INVAL, "size is 4");
}

/* ---- fields ----------------------------------------------------------------------------------- */

Test(tracker, fields_that_are_refused)
{
    struct wick_tracker *t = child(NULL, "t");
    char *wide = malloc(WICK_FACT_BYTES + 8);
    static const struct {
        const char *field, *json;
    } bad[] = {{"progress", "1.5"}, {"progress", "-0.1"}, {"progress", "\"0.5\""}, {"progress", "NaN"}, {"progress", "true"},
               {"weight", "-1"},    {"weight", "[]"},     {"estimate", "-3"},      {"msg", "3"},        {"parallel", "\"x\""},
               {"status", "\"x\""}, {"start", "3"},       {"created", "null"},     {"finish", "3"},     {"x", ""},
               {"x", "{"},          {"x", "1 2"},         {"", "1"},               {"@v", "1"},         {"x", "{\"a\":1,\"a\":2}"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_expect_eq(wick_tracker_set(t, bad[i].field, bad[i].json), WICK_E_INVAL, "%s=%s", bad[i].field, bad[i].json);
    }
    cr_expect_eq(wick_tracker_set(t, NULL, "1"), WICK_E_INVAL);
    cr_expect_eq(wick_tracker_set(t, "x", NULL), WICK_E_INVAL);
    memset(wide, ' ', WICK_FACT_BYTES + 4);
    memcpy(wide, "\"\"", 3);
    cr_expect_eq(wick_tracker_set(t, "x", wide), 0, "white space");
    memset(wide, 'x', WICK_FACT_BYTES + 4);
    wide[0] = wide[WICK_FACT_BYTES + 3] = '"';
    wide[WICK_FACT_BYTES + 4] = 0;
    cr_expect_eq(wick_tracker_set(t, "x", wide), WICK_E_INVAL);
    cr_expect_eq(wick_tracker_start(t, 0, wide), WICK_E_INVAL);
    cr_expect_eq(read_info(t).status, WICK_TRACKER_WAITING);
    cr_expect_null(wick_tracker_create(NULL, wide, NULL));
    for (uint32_t i = 0; i < WICK_FACT_FIELDS; i++) {
        char field[16];
        snprintf(field, sizeof field, "f%u", i);
        int rc = wick_tracker_set(t, field, "1");
        cr_expect(rc == 0 || i == WICK_FACT_FIELDS - 1);
    }
    expect_error(wick_tracker_set(t, "one-more", "1"), WICK_E_LIMIT, "64 fields");
    free(wide);
    const struct wick_tracker_options bad_options[] = {{.size = 4}, {.size = sizeof *bad_options, .weight = -1},
                                                       {.size = sizeof *bad_options, .estimate_s = NAN},
                                                       {.size = sizeof *bad_options, .key = "a b"}};
    for (size_t i = 0; i < sizeof bad_options / sizeof *bad_options; i++) {
        cr_expect_null(wick_tracker_create(NULL, "x", &bad_options[i]));
        cr_expect(*wick_error_detail());
    }
}

Test(tracker, sums)
{
    struct wick_tracker *t = child(NULL, "t");

    cr_assert_eq(wick_tracker_add(t, "progress", .25), 0);
    cr_assert_eq(wick_tracker_add(t, "progress", .25), 0);
    NEAR(read_info(t).progress, .5);
    expect_error(wick_tracker_add(t, "progress", .75), WICK_E_INVAL, "0 to 1");
    expect_error(wick_tracker_add(t, "bytes", NAN), WICK_E_INVAL, "not a number");
    expect_error(wick_tracker_add(t, "start", 1), WICK_E_INVAL, "functions");
    cr_assert_eq(wick_tracker_set(t, "bytes", " \"many\" "), 0);
    expect_error(wick_tracker_add(t, "bytes", 1), WICK_E_INVAL, "bytes is not a number");
    cr_assert_eq(wick_tracker_set(t, "bytes", "null"), 0);
    cr_assert_eq(wick_tracker_add(t, "bytes", 7), 0);
    NEAR(read_info(t).progress, .5);
}

/* ---- forks ------------------------------------------------------------------------------------ */

static void in_child(void (*check)(struct wick_tracker *), struct wick_tracker *t)
{
    int status = 1;
    pid_t pid = fork();
    if (pid == 0) {
        check(t);
        _exit(0);
    }
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void board_is_empty(struct wick_tracker *t)
{
    struct wick_tracker_info info = {.size = sizeof info};
    if (wick_tracker_read(t, &info) != WICK_E_STATE || wick_tracker_find(NULL, "t")) {
        _exit(1);
    }
    struct wick_tracker *own = wick_tracker_create(NULL, "t", NULL);
    if (!own || own == t || wick_tracker_start(own, 0, NULL) != 0) {
        _exit(2);
    }
}

Test(tracker, a_childs_board_is_empty)
{
    struct wick_tracker *t = child(NULL, "t");

    in_child(board_is_empty, t);
    cr_assert_eq(wick_tracker_start(t, 0, NULL), 0);
}

/* ---- progress by key, and the log ------------------------------------------------------------- */

static char log_path[96];

static void record(void)
{
    struct wick_config config;
    snprintf(log_path, sizeof log_path, "/tmp/wick_test_tracker_%d.ctxt", (int)getpid());
    wick_config_init(&config);
    config.log_path = log_path;
    cr_assert_eq(wick_init(&config), 0);
}

static struct wick_tracker *of_handler;
static int in_handler_rc;

static void on_signal(int number)
{
    (void)number;
    in_handler_rc = wick_tracker_start(of_handler, 0, NULL);
}

Test(tracker, signal_handlers_are_refused_and_counted)
{
    struct wick_stats before = {.size = sizeof before}, after = before;
    record();
    of_handler = child(NULL, "t");
    cr_assert_eq(wick_stats_read(&before), 0);
    signal(SIGUSR1, on_signal);
    raise(SIGUSR1);
    cr_assert_eq(in_handler_rc, WICK_E_STATE);
    cr_assert_eq(read_info(of_handler).status, WICK_TRACKER_WAITING);
    cr_assert_eq(wick_stats_read(&after), 0);
    cr_assert_eq(after.dropped_signal, before.dropped_signal + 1);
    cr_assert_eq(wick_tracker_start(of_handler, 0, NULL), 0);
    cr_assert_eq(wick_shutdown(), 0);
    unlink(log_path);
}

struct reading {
    struct wick_board *board;
    struct wick_names *names;
    uint32_t lines;
};

static int feed(void *user, const struct wick_record *records, size_t count)
{
    struct reading *r = user;
    for (size_t i = 0; i < count; i++) {
        if (records[i].kind == WICK_RECORD_TRACKER) {
            cr_expect_geq(wick_board_feed(r->board, r->names, &records[i]), 0);
            r->lines++;
        }
    }
    return 0;
}

static void read_into(struct reading *r, const char *path)
{
    const struct wick_record_out out = {feed, r};
    r->names = wick_names_create(&wk_heap_allocator);
    struct wick_reader *reader = wick_reader_create(&wk_heap_allocator, r->names, &out, WICK_VECTOR_NONE);
    char bytes[4096];
    FILE *file = fopen(path, "r");
    cr_assert(file, "%s", path);
    for (size_t count; (count = fread(bytes, 1, sizeof bytes, file)) > 0;) {
        cr_assert_eq(wick_reader_feed(reader, bytes, count), 0);
    }
    cr_assert_eq(wick_reader_finish(reader), 0);
    fclose(file);
    wick_reader_destroy(reader);
    wick_names_destroy(r->names);
}

/* The board of some logs. */
static struct wick_board *read_logs(const char *const *paths, int count, uint32_t *lines)
{
    struct reading r = {wick_board_create(&wk_heap_allocator, 0), NULL, 0};
    for (int i = 0; i < count; i++) {
        read_into(&r, paths[i]);
    }
    if (lines) {
        *lines = r.lines;
    }
    return r.board;
}

/* The board of the log. */
static struct wick_board *read_log(uint32_t *lines)
{
    const char *const path = log_path;
    return read_logs(&path, 1, lines);
}

static double progress(const char *key)
{
    struct wick_tracker *t = wick_tracker_find(NULL, key);
    cr_assert(t, "%s", key);
    return read_info(t).progress;
}

/* In a child that follows: its parent's handles, its own log; the scope around the fork is the parent's. */
static void follow(struct wick_tracker *job)
{
    struct wick_tracker *worker = child(job, "worker");
    if (!worker || wick_tracker_start(worker, 0, NULL) != 0 || wick_tracker_succeed(worker, "by the child") != 0 || read_info(job).all != 2) {
        _exit(1);
    }
}

Test(tracker, a_child_that_follows_writes_about_the_same_trackers)
{
    struct wick_config config;
    char own_path[64], child_path[96];
    struct wick_board *board;
    snprintf(own_path, sizeof own_path, "/tmp/wick_test_tracker_%d.ctxt", (int)getpid());
    wick_config_init(&config);
    config.log_path = own_path;
    config.fork_follow = 1;
    cr_assert_eq(wick_init(&config), 0);
    struct wick_tracker *job = child(NULL, "job"), *part = child(job, "part");
    cr_assert_eq(wick_tracker_start(job, 0, NULL), 0);
    pid_t pid;
    int status = 1;
    {
        WICK_SCOPE_TRACKER(part, "forks");
        cr_assert_eq(wick_flush(0), 0); /* AddressSanitizer's locks stay in a child as they were (wick(7)) */
        pid = fork();
        if (pid == 0) {
            WICK_MARK("child");
            follow(job);
        }
    }
    if (pid == 0) {
        cr_assert_eq(read_info(part).status, WICK_TRACKER_RUNNING);
        _exit(wick_shutdown());
    }
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    cr_assert_eq(status, 0);
    cr_assert_eq(read_info(job).all, 1, "it has a board of its own");
    cr_assert_eq(wick_tracker_succeed(job, NULL), 0);
    cr_assert_eq(wick_shutdown(), 0);
    snprintf(child_path, sizeof child_path, "/tmp/wick_test_tracker_%d.%d.ctxt", (int)getpid(), (int)pid);
    snprintf(log_path, sizeof log_path, "%s", child_path);
    board = read_log(NULL);
    cr_expect_eq(wick_board_find(board, "job.part", 8), WICK_NONE, "facts of the parent's are in its log alone");
    wick_board_destroy(board);
    board = read_logs((const char *const[]){own_path, child_path}, 2, NULL);
    struct wick_tracker_info info = {.size = sizeof info};
    cr_assert(wick_board_read(board, wick_board_find(board, "job", 3), 0, &info));
    cr_expect_eq(info.status, WICK_TRACKER_FINISHED);
    cr_expect_eq(info.all, 2);
    cr_expect_eq(info.done, 2);
    wick_board_destroy(board);
    unlink(own_path);
    unlink(child_path);
}

Test(tracker, weights_as_posted)
{
    record();
    cr_assert_eq(wick_progress("job.stage_input", NAN, 10, NULL, NULL), 0);
    cr_assert_eq(wick_progress("job.big", NAN, 100, NULL, NULL), 0);
    cr_assert_eq(wick_progress("job.small", NAN, 2, NULL, NULL), 0);
    NEAR(progress("job"), 0);
    wick_progress("job.stage_input.abc", .2, NAN, NULL, NULL);
    NEAR(progress("job.stage_input"), .2);
    NEAR(progress("job"), .017857);
    wick_progress("job.stage_input.def", 0, NAN, NULL, NULL);
    NEAR(progress("job.stage_input"), .1);
    NEAR(progress("job"), .0089286);
    wick_progress("job.stage_input", 1, NAN, NULL, NULL);
    NEAR(progress("job"), .0892857);
    wick_progress("job.stage_input.def", .5, NAN, NULL, NULL);
    NEAR(progress("job.stage_input"), .35);
    NEAR(progress("job"), .03125);
    wick_progress("job.big", NAN, 1, NULL, NULL);
    NEAR(progress("job"), .26923);
    wick_progress("zero.part", 1, 0, NULL, "finished");
    cr_assert(isnan(progress("zero")));
    cr_assert_eq(wick_shutdown(), 0);
    unlink(log_path);
}

Test(tracker, posts_in_any_order)
{
    record();
    wick_progress("_shop.job.part", NAN, NAN, "done", "finished");
    struct wick_tracker *t = wick_tracker_find(NULL, "_shop.job.part");
    cr_assert(t);
    cr_assert_null(wick_tracker_find(NULL, "_shop"));
    cr_assert_eq(read_info(wick_tracker_find(NULL, "_shop.job")).done, 1);
    cr_assert(isnan(read_info(t).progress), "a post sets no progress");
    wick_progress("_shop.job.part", NAN, NAN, NULL, "failed");
    cr_assert_eq(read_info(t).status, WICK_TRACKER_FINISHED, "the first end stays");
    wick_progress("_shop.job.part", .5, NAN, NULL, "running");
    cr_assert_eq(read_info(t).attempt, 2);
    cr_assert_eq(read_info(t).status, WICK_TRACKER_RUNNING);
    wick_progress("_shop.job.part", NAN, NAN, NULL, "failed");
    wick_progress("_shop.job.part", .25, NAN, NULL, "running");
    cr_assert_eq(read_info(t).progress, .25, "of the third attempt, not of the second");
    cr_assert(read_info(t).start_ns && !read_info(t).finish_ns, "it has begun again");
    wick_progress("_shop.job.part", NAN, NAN, NULL, "sorting");
    cr_assert_eq(read_info(t).status, WICK_TRACKER_OTHER);
    cr_assert_eq(read_info(t).attempt, 3);
    cr_assert_eq(wick_shutdown(), 0);
    unlink(log_path);
}

Test(tracker, posts_that_are_refused)
{
    record();
    cr_expect_eq(wick_progress(NULL, .5, NAN, NULL, NULL), WICK_E_INVAL);
    cr_expect_eq(wick_progress("a b", .5, NAN, NULL, NULL), WICK_E_INVAL);
    cr_expect_eq(wick_progress("_a", .5, NAN, NULL, NULL), WICK_E_INVAL);
    cr_expect_eq(wick_progress("a", 1.01, NAN, NULL, NULL), WICK_E_INVAL);
    cr_expect_eq(wick_progress("a", INFINITY, NAN, NULL, NULL), WICK_E_INVAL);
    cr_expect_eq(wick_progress("a", NAN, -1, NULL, NULL), WICK_E_INVAL);
    cr_expect_eq(wick_progress("a", NAN, INFINITY, NULL, NULL), WICK_E_INVAL);
    cr_expect_null(wick_tracker_find(NULL, "a"));
    cr_assert_eq(wick_shutdown(), 0);
    cr_expect_eq(wick_progress("a", .5, NAN, NULL, NULL), 0);
    cr_expect_null(wick_tracker_find(NULL, "a"), "nothing is recorded any more");
    unlink(log_path);
}

static void expect_same(struct wick_board *board, const char *key)
{
    struct wick_tracker_info own = read_info(wick_tracker_find(NULL, key)), other;
    uint32_t at = wick_board_find(board, key, (uint32_t)strlen(key));
    cr_assert_neq(at, WICK_NONE, "%s is not in the log", key);
    cr_assert_eq(wick_board_read(board, at, own.finish_ns ? own.finish_ns : own.start_ns, &other), 1);
    cr_expect(own.progress == other.progress || (isnan(own.progress) && isnan(other.progress)), "%s", key);
    cr_expect_eq(own.weight, other.weight);
    cr_expect_eq(own.status, other.status, "%s: %u, not %u", key, other.status, own.status);
    cr_expect_eq(own.attempt, other.attempt);
    cr_expect_eq(own.start_ns, other.start_ns);
    cr_expect_eq(own.finish_ns, other.finish_ns);
    cr_expect_eq(own.created_ns, other.created_ns);
    cr_expect_eq(memcmp(own.by_status, other.by_status, sizeof own.by_status), 0, "%s", key);
    cr_expect_eq(own.estimate_ns, other.estimate_ns);
}

Test(tracker, the_log_has_all)
{
    static const char *const keys[] = {"root", "root.A", "root.A.A1", "root.B", "root.B.B2", "root.B.B2.B21"};
    uint32_t lines, again;
    char *wide = malloc(30001);

    struct reference r = make_reference(); /* before the run: its log has it nevertheless */
    struct wick_tracker *gone = child(r.root, "gone"), *kept = child(r.root, "kept");
    wick_tracker_remove(child(r.root, "gone before"));
    record();
    wick_tracker_start(r.b21, WICK_TRACKER_PARENTS, "go \"on\"\n\x7f\xc2\x85.");
    cr_assert_eq(wick_tracker_set(r.b21, "note", "\"go \\\"on\\\"\\n\x7f\xc2\x85.\""), 0);
    cr_assert_eq(wick_flush(5000), 0);
    memset(wide, 'x', 30000);
    wide[0] = wide[29999] = '"';
    wide[30000] = 0;
    for (int i = 0; i < 4; i++) {
        char field[] = {'w', (char)('0' + i), 0};
        cr_assert_eq(wick_tracker_set(r.a, field, wide), 0);
    }
    cr_assert_eq(wick_tracker_set(r.a, "odd \"name\"", "{\"x\": [1,  2.50]}"), 0);
    wick_tracker_remove(gone);
    wick_tracker_fail(r.b21, "no");
    wick_tracker_retry(r.b21);
    wick_tracker_start(r.b21, 0, NULL);
    wick_tracker_succeed(r.b21, NULL);
    wick_tracker_pause(r.b);
    cr_assert_eq(wick_shutdown(), 0);

    struct wick_board *board = read_log(&lines);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        expect_same(board, keys[i]);
    }
    struct wick_fact fact;
    cr_assert_eq(wick_board_field(board, wick_board_find(board, "root.A", 6), "odd \"name\"", &fact), 1);
    cr_assert_eq(fact.value_bytes, strlen("{\"x\":[1,2.50]}"));
    cr_assert_eq(wick_board_field(board, wick_board_find(board, "root.A", 6), "w3", &fact), 1);
    cr_assert_eq(fact.value_bytes, 30000);
    char message[32];
    wick_board_text(board, wick_board_find(board, "root.B.B2.B21", 13), "note", message, sizeof message);
    cr_assert_str_eq(message, "go \"on\"\n\x7f\xc2\x85.");
    cr_assert_eq(wick_board_find(board, "root.gone", 9), WICK_NONE);
    cr_assert_eq(wick_board_find(board, "root.gone-before", 16), WICK_NONE);
    expect_same(board, "root.kept");
    wick_board_destroy(board);

    record(); /* another log of the same board */
    (void)kept;
    cr_assert_eq(wick_shutdown(), 0);
    board = read_log(&again);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        expect_same(board, keys[i]);
    }
    wick_board_destroy(board);
    free(wide);
    unlink(log_path);
}

Test(tracker, changes_between_ticks_are_one_line_each_tick)
{
    uint32_t lines;

    record();
    struct wick_tracker *t = child(NULL, "t");
    for (int i = 0; i <= 100000; i++) {
        char json[16];
        snprintf(json, sizeof json, "%.5f", i / 1e5);
        cr_assert_eq(wick_tracker_set(t, "progress", json), 0);
    }
    cr_assert_eq(wick_shutdown(), 0);
    struct wick_board *board = read_log(&lines);
    expect_same(board, "t");
    cr_assert_lt(lines, 20000, "%u", lines);
    wick_board_destroy(board);
    unlink(log_path);
}
