/*
 * SPDX-License-Identifier: MIT
 * The board: merge rules, and numbers compared with a second, slow computation from the whole set of facts.
 */
#include <math.h>
#include <pthread.h>

#include "model/tree/board_json.h"
#include "model/tree/board_lines.h"
#include "model/tree/board_state.h"
#include "model_support.h"
#include "wick/log.h"

#define SECOND INT64_C(1000000000)
#define AT INT64_C(1700000000000000000)

static uint64_t clock_ns;

static struct wick_board *new_board(void)
{
    struct wick_board *board = wick_board_create(&heap_allocator, 0);
    cr_assert(board);
    return board;
}

static int put_at(struct wick_board *board, const char *key, const char *field, const char *value, uint64_t version, uint64_t writer)
{
    const struct wick_fact fact = {.key = key, .key_bytes = (uint32_t)strlen(key), .field = field,
                                   .field_bytes = field ? (uint32_t)strlen(field) : 0, .value = value,
                                   .value_bytes = value ? (uint32_t)strlen(value) : 0, .version = version, .writer = writer};
    return wick_board_put(board, &fact);
}

static int put(struct wick_board *board, const char *key, const char *field, const char *value)
{
    return put_at(board, key, field, value, ++clock_ns, 1);
}

static struct wick_tracker_info read_at(struct wick_board *board, const char *key, int64_t now_ns)
{
    struct wick_tracker_info info = {0};
    cr_assert_eq(wick_board_read(board, wick_board_find(board, key, (uint32_t)strlen(key)), now_ns, &info), 1, "%s", key);
    return info;
}

static struct wick_tracker_info read_key(struct wick_board *board, const char *key)
{
    return read_at(board, key, AT);
}

static double progress(struct wick_board *board, const char *key)
{
    return read_key(board, key).progress;
}

#define NEAR(x, y) cr_assert_float_eq(x, y, 5e-6, "%g, not %g", (double)(x), (double)(y))

Test(board, weights_as_posted)
{
    struct wick_board *b = new_board();

    put(b, "job.stage_input", "weight", "10");
    put(b, "job.big", "weight", "100");
    put(b, "job.small", "weight", "2");
    NEAR(progress(b, "job"), 0);
    put(b, "job.stage_input.abc", "progress", "0.2");
    NEAR(progress(b, "job.stage_input"), .2);
    NEAR(progress(b, "job"), .017857);
    put(b, "job.stage_input.def", "created", "\"1700000000000000000\"");
    put(b, "job.stage_input.def", "progress", "0");
    NEAR(progress(b, "job.stage_input"), .1);
    NEAR(progress(b, "job"), .0089286);
    put(b, "job.stage_input", "progress", "1");
    NEAR(progress(b, "job"), .0892857);
    put(b, "job.stage_input.def", "progress", "0.5");
    NEAR(progress(b, "job.stage_input"), .35);
    NEAR(progress(b, "job"), .03125);
    put(b, "job.big", "weight", "1");
    NEAR(progress(b, "job"), .26923);
    wick_board_destroy(b);
}

Test(board, weight_zero_leaves_the_parent_unset)
{
    struct wick_board *b = new_board();

    put(b, "job.part", "weight", "0");
    put(b, "job.part", "status", "[1,\"finished\"]");
    put(b, "job.part", "progress", "1");

    cr_assert(isnan(progress(b, "job")));
    wick_board_destroy(b);
}

Test(board, counts_of_the_reference_tree)
{
    static const char *const keys[] = {"root", "root.A", "root.A.A1", "root.A.A2", "root.B", "root.B.B1", "root.B.B2", "root.B.B2.B21"};
    static const char *const started[] = {"root", "root.B", "root.B.B2", "root.B.B2.B21"};
    struct wick_board *b = new_board();

    for (size_t i = 0; i < 8; i++) {
        put(b, keys[i], "name", "\"n\"");
    }
    for (size_t i = 0; i < 4; i++) {
        put(b, started[i], "status", "[1,\"running\"]");
    }
    struct wick_tracker_info root = read_key(b, "root"), part = read_key(b, "root.B");
    cr_assert_eq(root.all, 7);
    cr_assert_eq(root.in_progress, 3);
    cr_assert_eq(root.by_status[WICK_TRACKER_WAITING], 4);
    cr_assert_eq(part.all, 3);
    cr_assert_eq(part.in_progress, 2);
    put(b, "root.B.B2.B21", "status", "[1,\"finished\"]");
    root = read_key(b, "root");
    cr_assert_eq(root.done, 1);
    cr_assert_eq(read_key(b, "root.B.B2").done, 1);
    cr_assert_eq(read_key(b, "root.B.B2").all, 1);
    cr_assert_eq(read_key(b, "root.B.B2").status, WICK_TRACKER_RUNNING);
    cr_assert_eq(read_key(b, "root.B").in_progress, 1);
    wick_board_destroy(b);
}

Test(board, estimates)
{
    struct wick_board *b = new_board();

    put(b, "r.x", "estimate", "10");
    put(b, "r.y", "estimate", "10");
    put(b, "r.z", "estimate", "10");
    cr_assert_eq(read_key(b, "r").estimate_ns, 30 * SECOND);
    put(b, "r", "start", "\"1700000000000000000\"");
    put(b, "r", "status", "[1,\"running\"]");
    put(b, "r.x", "start", "\"1700000000000000000\"");
    put(b, "r.x", "status", "[1,\"running\"]");
    struct wick_tracker_info r = read_at(b, "r", AT + 2 * SECOND), x = read_at(b, "r.x", AT + 2 * SECOND);
    cr_assert_eq(r.elapsed_ns, 2 * SECOND);
    cr_assert_eq(r.remaining_ns, 28 * SECOND);
    cr_assert_eq(r.left_ns, 28 * SECOND);
    cr_assert_eq(x.remaining_ns, 8 * SECOND);
    cr_assert_eq(read_at(b, "r", AT + 20 * SECOND).left_ns, 20 * SECOND); /* none of it is negative */
    cr_assert_eq(read_at(b, "r.x", AT + 20 * SECOND).remaining_ns, -10 * SECOND);
    put(b, "a", "parallel", "true");
    put(b, "a.a1", "estimate", "10");
    put(b, "a.a2.x", "estimate", "20");
    put(b, "a.a2.y", "estimate", "30");
    cr_assert_eq(read_key(b, "a").estimate_ns, 50 * SECOND);
    put(b, "a.a2", "parallel", "true");
    cr_assert_eq(read_key(b, "a").estimate_ns, 30 * SECOND);
    put(b, "p", "estimate", "99");
    put(b, "p.c", "estimate", "5");
    cr_assert_eq(read_key(b, "p").estimate_ns, 5 * SECOND);
    wick_board_destroy(b);
}

Test(board, canceled_without_a_start_and_pauses)
{
    struct wick_board *b = new_board();

    put(b, "c", "status", "[1,\"canceled\"]");
    put(b, "c", "finish", "\"1700000000000000000\"");
    cr_assert_eq(read_key(b, "c").elapsed_ns, 0);
    put(b, "p", "start", "\"1700000000000000000\"");
    put_at(b, "p", "status", "[1,\"running\"]", (uint64_t)AT, 1);
    put_at(b, "p", "status", "[1,\"paused\"]", (uint64_t)(AT + 3 * SECOND), 1);
    cr_assert_eq(read_at(b, "p", AT + 9 * SECOND).elapsed_ns, 3 * SECOND);
    put_at(b, "p", "status", "[1,\"running\"]", (uint64_t)(AT + 9 * SECOND), 1);
    put(b, "p", "paused_s", "6");
    cr_assert_eq(read_at(b, "p", AT + 10 * SECOND).elapsed_ns, 4 * SECOND);
    wick_board_destroy(b);
}

Test(board, statuses_merge_by_attempt_and_first_end)
{
    struct wick_board *b = new_board();
    struct wick_fact fact;

    put_at(b, "t", "status", "[1,\"failed\"]", 20, 1);
    cr_assert_eq(put_at(b, "t", "status", "[1,\"finished\"]", 30, 1), 1); /* it would count if the first were removed */
    cr_assert_eq(read_key(b, "t").status, WICK_TRACKER_FAILED);
    put_at(b, "t", "status", "[1,\"canceled\"]", 10, 1);
    cr_assert_eq(read_key(b, "t").status, WICK_TRACKER_CANCELED);
    put_at(b, "t", "status", "[2,\"running\"]", 5, 1);
    cr_assert_eq(read_key(b, "t").attempt, 2);
    cr_assert_eq(read_key(b, "t").status, WICK_TRACKER_RUNNING);
    put_at(b, "t", "status", "[2,\"sorting\"]", 40, 1);
    cr_assert_eq(read_key(b, "t").status, WICK_TRACKER_OTHER);
    cr_assert_eq(wick_board_field(b, wick_board_find(b, "t", 1), "status", &fact), 1);
    cr_assert_eq(memcmp(fact.value, "[2,\"sorting\"]", fact.value_bytes), 0);
    put_at(b, "t", "status", "null", 50, 1);
    put_at(b, "t", "status", "[9,\"finished\"]", 45, 1);
    put_at(b, "t", "name", "\"t\"", 1, 1);
    cr_assert_eq(read_key(b, "t").status, WICK_TRACKER_WAITING);
    wick_board_destroy(b);
}

Test(board, the_newest_message_of_a_subtree)
{
    struct wick_board *b = new_board();

    put(b, "m.a.b", "msg", "\"first\"");
    put(b, "m.c", "name", "\"c\"");
    put(b, "m.c", "msg", "\"second\"");
    cr_assert_eq(read_key(b, "m").message, wick_board_find(b, "m.c", 3));
    put(b, "m.c", "msg", "null");
    cr_assert_eq(read_key(b, "m").message, wick_board_find(b, "m.a.b", 5));
    put(b, "m.a", NULL, NULL);
    cr_assert_eq(read_key(b, "m.c").message, WICK_NONE);
    wick_board_destroy(b);
}

Test(board, removed_trackers_do_not_come_back_late)
{
    struct wick_board *b = new_board();

    put_at(b, "r.x.y", "progress", "1", 10, 1);
    put_at(b, "r.z", "progress", "0", 10, 1);
    NEAR(progress(b, "r"), .5);
    cr_assert_eq(put_at(b, "r.x", NULL, NULL, 20, 1), 1);
    NEAR(progress(b, "r"), 0);
    cr_assert_eq(put_at(b, "r.x.y", "progress", "1", 15, 2), 0);
    cr_assert_eq(put_at(b, "r.x.new", "progress", "1", 19, 2), 0);
    cr_assert_eq(wick_board_find(b, "r.x", 3), WICK_NONE);
    cr_assert_eq(put_at(b, "r.x.y", "progress", "1", 21, 2), 1);
    NEAR(progress(b, "r"), .5);
    wick_board_destroy(b);
}

static int keep_json(void *user, const char *bytes, size_t count)
{
    strncat(user, bytes, count);
    return 0;
}

Test(board, when_it_was_updated_does_not_depend_on_the_order_of_removals)
{
    char texts[2][4096] = {"", ""};

    for (int late = 0; late < 2; late++) {
        struct wick_board *b = new_board();
        struct wick_json json = {.out = {keep_json, texts[late]}};
        for (int i = 0; i < 2; i++) {
            put_at(b, i == late ? "job.save.x" : "job", NULL, NULL, i == late ? 20 : 30, 1);
        }
        put_at(b, "job.save.y", "name", "\"y\"", 40, 1);
        wick_json_begin(&json, NULL, '{');
        cr_assert(wk_board_json(&json, b, wick_board_find(b, "job.save", 8), AT));
        wick_json_end(&json, '}');
        wick_board_destroy(b);
    }

    cr_assert_str_eq(texts[0], texts[1]);
}

Test(board, prefixes_end_aggregation)
{
    struct wick_board *b = new_board();
    uint32_t roots[4];

    put(b, "_portal.job.part", "progress", "1");
    put(b, "top._x.job", "progress", "1");

    cr_assert_eq(wick_board_find(b, "_portal", 7), WICK_NONE);
    cr_assert_eq(wick_board_find(b, "top", 3), WICK_NONE);
    cr_assert_eq(wick_board_children(b, WICK_NONE, roots, 4), 2);
    NEAR(progress(b, "_portal.job"), 1);
    wick_board_destroy(b);
}

Test(board, keys_and_values_that_are_refused)
{
    static const char *const bad[] = {"", ".", "a.", ".a", "a..b", "a b", "a/b", "a?", "a#", "a%41", "{a}", "a\n", "a\x7f", "\xff",
                                      "a.\xc0\xaf", "a\xc2\x85", "\xed\xa0\x80", "_a", "a._b"};
    struct wick_board *b = new_board();
    char wide[WICK_SEGMENT_BYTES + 2] = {0}, deep[2 * WICK_KEY_LEVELS + 2];

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_expect(wick_board_key_error(bad[i], (uint32_t)strlen(bad[i])), "'%s'", bad[i]);
        cr_expect_eq(put(b, bad[i], "name", "\"x\""), WICK_E_INVAL);
    }
    memset(wide, 'x', WICK_SEGMENT_BYTES + 1);
    cr_assert(wick_board_key_error(wide, WICK_SEGMENT_BYTES + 1));
    cr_assert(!wick_board_key_error(wide, WICK_SEGMENT_BYTES));
    for (size_t i = 0; i < sizeof deep; i++) {
        deep[i] = i & 1 ? '.' : 'x';
    }
    cr_assert(!wick_board_key_error(deep, 2 * WICK_KEY_LEVELS - 1));
    cr_assert(wick_board_key_error(deep, 2 * WICK_KEY_LEVELS + 1));
    cr_assert(!wick_board_key_error("größe.x", 9));
    cr_assert_eq(put(b, "a", "progress", ".5"), WICK_E_INVAL);
    cr_assert_eq(put(b, "a", "progress", ""), WICK_E_INVAL);
    cr_assert_eq(put(b, "a", "info", "{\"x\":1,\"x\":2}"), WICK_E_INVAL);
    cr_assert_eq(put(b, "a", "", "1"), WICK_E_INVAL);
    cr_assert_eq(wick_board_entries(b), 0);
    wick_board_destroy(b);
}

Test(board, limits)
{
    struct wick_board *b = wick_board_create(&heap_allocator, 3);
    char field[16];

    cr_assert_eq(put(b, "a.b.c", "name", "\"x\""), 1);
    cr_assert_eq(put(b, "d", "name", "\"x\""), WICK_E_LIMIT);
    for (uint32_t i = 0; i < WICK_FACT_FIELDS; i++) {
        snprintf(field, sizeof field, "f%u", i);
        cr_assert_eq(put(b, "a", field, "1"), 1);
    }
    cr_assert_eq(put(b, "a", "more", "1"), WICK_E_LIMIT);
    cr_assert_eq(put(b, "a", "f3", "2"), 1);
    wick_board_destroy(b);
}

Test(board, no_memory_changes_nothing_and_is_said)
{
    for (uint64_t left = 0; left < 60; left++) {
        struct failing_heap heap = {left, false};
        const struct wick_allocator allocator = {failing_heap_resize, &heap};
        struct wick_board *b = wick_board_create(&allocator, 0);
        if (!b) {
            continue;
        }
        for (int i = 0; i < 40; i++) {
            char key[32];
            snprintf(key, sizeof key, "a.b%d.c", i);
            int rc = put_at(b, key, "status", "[1,\"running\"]", 7, 1);
            cr_assert(rc == 1 || rc == WICK_E_NOMEM);
            cr_assert(rc == 1 || heap.failed);
        }
        wick_board_destroy(b);
    }
}

/* ---- the second computation -------------------------------------------------------------------- */

enum { KEYS = 15, FACTS = 60 };

static const char *const keys[KEYS] = {"r", "r.a", "r.b", "r.c", "r.a.a", "r.a.b", "r.b.a", "r.b.b", "r.b.c", "r.b.c.x", "r.b.c.y",
                                       "q", "q.a", "r._p.k", "r._p.k.l"};

struct drawn {
    const char *key, *field;
    char value[24];
    uint64_t version, writer;
};

static uint32_t draw(uint64_t *state, uint32_t below)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33) % below;
}

static void draw_facts(struct drawn facts[FACTS], uint64_t *state)
{
    static const char *const words[] = {"waiting", "running", "paused", "finished", "failed", "canceled", "timed-out", "sorting"};
    for (uint32_t i = 0; i < FACTS; i++) {
        struct drawn *f = &facts[i];
        *f = (struct drawn){.key = keys[draw(state, KEYS)], .version = 100 + draw(state, 400) * 64 + i, .writer = draw(state, 3)};
        switch (draw(state, 9)) {
        case 0:
        case 1:
            f->field = "progress";
            snprintf(f->value, sizeof f->value, "0.%u", draw(state, 1000));
            break;
        case 2:
            f->field = "weight";
            snprintf(f->value, sizeof f->value, "%u", draw(state, 4));
            break;
        case 3:
            f->field = "created";
            snprintf(f->value, sizeof f->value, "\"%u\"", 1000 + draw(state, 9));
            break;
        case 4:
            f->field = "msg";
            snprintf(f->value, sizeof f->value, "\"m%u\"", i);
            break;
        case 5:
            if (draw(state, 3) == 0) { /* the whole key */
                break;
            }
            f->field = "weight";
            snprintf(f->value, sizeof f->value, "null");
            break;
        default:
            f->field = "status";
            snprintf(f->value, sizeof f->value, "[%u,\"%s\"]", 1 + draw(state, 2), words[draw(state, 8)]);
            if (draw(state, 12) == 0) {
                snprintf(f->value, sizeof f->value, "null");
            }
        }
    }
}

static bool is_below(const char *key, const char *top)
{
    return strncmp(key, top, strlen(top)) == 0 && key[strlen(top)] == '.' && !strstr(key + strlen(top), "._");
}

static bool counts_fact(const struct drawn facts[FACTS], const struct drawn *f)
{
    for (uint32_t i = 0; i < FACTS; i++) {
        if (!facts[i].field && (facts[i].key == f->key || is_below(f->key, facts[i].key)) && facts[i].version >= f->version) {
            return false;
        }
    }
    return true;
}

static bool is_end(const struct drawn *status)
{
    return strstr(status->value, "fini") || strstr(status->value, "fail") || strstr(status->value, "canc") || strstr(status->value, "timed");
}

/* The fact of a field that counts; for `status` the rule of attempts; NULL: none, or null. */
static const struct drawn *winner(const struct drawn facts[FACTS], const char *key, const char *field)
{
    const struct drawn *best = NULL;
    uint64_t from = 0;
    bool status = strcmp(field, "status") == 0;
    for (uint32_t i = 0; i < FACTS; i++) {
        const struct drawn *f = &facts[i];
        if (f->field && f->key == key && strcmp(f->field, field) == 0 && strcmp(f->value, "null") == 0 && counts_fact(facts, f) &&
            f->version > from) {
            from = f->version;
        }
    }
    for (uint32_t i = 0; i < FACTS; i++) {
        const struct drawn *f = &facts[i];
        if (!f->field || f->key != key || strcmp(f->field, field) != 0 || !counts_fact(facts, f) || f->version <= from) {
            continue;
        }
        bool better = !best || f->version > best->version;
        if (status && best) {
            bool end = is_end(f), best_end = is_end(best);
            better = f->value[1] != best->value[1] ? f->value[1] > best->value[1]
                     : end != best_end             ? end
                     : end                         ? f->version < best->version : f->version > best->version;
        }
        best = better ? f : best;
    }
    return best;
}

static bool slow_alive(const struct drawn facts[FACTS], const char *key)
{
    static const char *const fields[] = {"progress", "weight", "created", "msg", "status"};
    for (size_t i = 0; i < 5; i++) {
        if (winner(facts, key, fields[i])) {
            return true;
        }
    }
    for (uint32_t i = 0; i < KEYS; i++) {
        if (is_below(keys[i], key) && slow_alive(facts, keys[i])) {
            return true;
        }
    }
    return false;
}

static uint64_t newest_change_below(const struct drawn facts[FACTS], const char *key)
{
    uint64_t newest = 0;
    for (uint32_t i = 0; i < FACTS; i++) {
        const struct drawn *f = &facts[i];
        bool change = !f->field || strcmp(f->field, "progress") == 0 || strcmp(f->field, "weight") == 0 || strcmp(f->field, "created") == 0;
        if (change && is_below(f->key, key) && f->version > newest) {
            newest = f->version;
        }
    }
    return newest;
}

static double slow_progress(const struct drawn facts[FACTS], const char *key)
{
    const struct drawn *own = winner(facts, key, "progress");
    double posted = own ? strtod(own->value, NULL) : NAN, weights = 0, sum = 0;
    for (uint32_t i = 0; i < KEYS; i++) {
        if (!is_below(keys[i], key) || strchr(keys[i] + strlen(key) + 1, '.') || !slow_alive(facts, keys[i])) {
            continue;
        }
        const struct drawn *w = winner(facts, keys[i], "weight");
        double weight = w ? strtod(w->value, NULL) : 1, p = slow_progress(facts, keys[i]);
        weights += weight;
        sum += isnan(p) ? 0 : weight * p;
    }
    return weights == 0 || (own && own->version > newest_change_below(facts, key)) ? posted : sum / weights;
}

static void compare_with_slow(struct wick_board *b, const struct drawn facts[FACTS])
{
    for (uint32_t i = 0; i < KEYS; i++) {
        uint32_t tracker = wick_board_find(b, keys[i], (uint32_t)strlen(keys[i]));
        cr_assert_eq(tracker != WICK_NONE, slow_alive(facts, keys[i]), "%s", keys[i]);
        if (tracker == WICK_NONE) {
            continue;
        }
        struct wick_tracker_info info = read_key(b, keys[i]);
        double wanted = slow_progress(facts, keys[i]);
        cr_assert(isnan(wanted) ? isnan(info.progress) : fabs(wanted - info.progress) < 1e-9, "%s: %g, not %g", keys[i], info.progress, wanted);
        uint32_t all = 0, done = 0;
        uint64_t newest = 0;
        for (uint32_t k = 0; k < KEYS; k++) {
            const struct drawn *msg = k == i || is_below(keys[k], keys[i]) ? winner(facts, keys[k], "msg") : NULL;
            newest = msg && msg->version > newest ? msg->version : newest;
            if (is_below(keys[k], keys[i]) && slow_alive(facts, keys[k])) {
                const struct drawn *status = winner(facts, keys[k], "status");
                all++;
                done += status && is_end(status);
            }
        }
        cr_assert_eq(info.all, all, "%s", keys[i]);
        cr_assert_eq(info.done, done, "%s: %u, not %u", keys[i], info.done, done);
        struct wick_fact fact = {0};
        cr_assert_eq(info.message != WICK_NONE, newest != 0);
        cr_assert(newest == 0 || (wick_board_field(b, info.message, "msg", &fact) && fact.version == newest));
    }
}

Test(board, numbers_are_those_of_the_set_of_facts_in_any_order, .timeout = 240)
{
    struct drawn facts[FACTS];
    uint64_t state = 42;
    for (uint32_t round = 0; round < 300; round++) {
        draw_facts(facts, &state);
        for (uint32_t again = 0; again < 3; again++) {
            struct wick_board *b = new_board();
            for (uint32_t i = 0; i < FACTS; i++) { /* another order, some of them twice */
                uint32_t other = draw(&state, FACTS);
                struct drawn swap = facts[i];
                facts[i] = facts[other];
                facts[other] = swap;
            }
            for (uint32_t i = 0; i < FACTS + FACTS / 2; i++) {
                const struct drawn *f = &facts[i < FACTS ? i : draw(&state, FACTS)];
                cr_assert_geq(put_at(b, f->key, f->field, f->field ? f->value : NULL, f->version, f->writer), 0);
            }
            compare_with_slow(b, facts);
            wick_board_destroy(b);
        }
    }
}

/* ---- through logs ------------------------------------------------------------------------------ */

struct text {
    char bytes[FACTS * 600];
    size_t count;
    int64_t time_ns;
};

static int put_log_line(void *user, const char *line, size_t bytes)
{
    struct text *log = user;
    cr_assert_eq(strlen(line) + 1, bytes);
    log->count += (size_t)snprintf(log->bytes + log->count, sizeof log->bytes - log->count, "%lld.%09lld h 1 main tracker - %s\n",
                                   (long long)(log->time_ns / SECOND), (long long)(log->time_ns % SECOND), line);
    cr_assert_lt(log->count, sizeof log->bytes);
    return 0;
}

/* The line that one fact alone is; every other version is not that of its line's time. */
static void add_fact(struct text *log, const struct drawn *f)
{
    struct wick_board *b = new_board();
    put_at(b, f->key, f->field, f->field ? f->value : NULL, f->version, f->writer);
    log->time_ns = !f->field || f->version % 2 ? (int64_t)f->version : (int64_t)f->version / 3 + 1;
    const struct wk_board_line line = {wk_board_entry(b, f->key, (uint32_t)strlen(f->key)), f->version, log->time_ns, 0};
    const struct wick_text_out out = {put_log_line, log};
    cr_assert_eq(wk_board_lines(b, &line, &out), 0);
    wick_board_destroy(b);
}

struct fed {
    struct wick_board *board;
    struct wick_names *names;
};

static int feed(void *user, const struct wick_record *records, size_t count)
{
    struct fed *fed = user;
    for (size_t i = 0; i < count; i++) {
        cr_assert_eq(records[i].kind, WICK_RECORD_TRACKER);
        cr_assert_geq(wick_board_feed(fed->board, fed->names, &records[i]), 0);
    }
    return 0;
}

static void read_into(struct wick_board *board, const char *bytes, size_t count)
{
    struct fed fed = {board, wick_names_create(&heap_allocator)};
    const struct wick_record_out out = {feed, &fed};
    struct wick_reader *reader = wick_reader_create(&heap_allocator, fed.names, &out, WICK_VECTOR_NONE);
    cr_assert_eq(wick_reader_feed(reader, bytes, count), 0);
    cr_assert_eq(wick_reader_finish(reader), 0);
    wick_reader_destroy(reader);
    wick_names_destroy(fed.names);
}

static int append_wire(void *user, const char *bytes, size_t count)
{
    struct text *wire = user;
    cr_assert_leq(wire->count + count, sizeof wire->bytes);
    memcpy(wire->bytes + wire->count, bytes, count);
    wire->count += count;
    return 0;
}

static void to_wire(const struct text *log, struct text *wire)
{
    const struct wick_converter_options options = {.to = WICK_FORM_WIRE, .out = {append_wire, wire}};
    struct wick_converter *converter = wick_converter_create(&heap_allocator, &options);
    cr_assert_eq(wick_converter_feed(converter, log->bytes, log->count), 0);
    cr_assert_eq(wick_converter_finish(converter), 0);
    wick_converter_destroy(converter);
}

/* Each writer has a log; one of them is read as lines, the others as wire; one of them twice. */
Test(board, numbers_survive_logs_of_three_writers_shuffled_and_doubled, .timeout = 240)
{
    static struct text logs[3], wires[3];
    struct drawn facts[FACTS];
    uint64_t state = 7;
    for (uint32_t round = 0; round < 60; round++) {
        struct wick_board *b = new_board();
        draw_facts(facts, &state);
        for (uint32_t i = 0; i < 3; i++) {
            logs[i].count = wires[i].count = 0;
        }
        for (uint32_t i = 0; i < FACTS; i++) {
            uint32_t other = draw(&state, FACTS);
            struct drawn swap = facts[i];
            facts[i] = facts[other];
            facts[other] = swap;
        }
        for (uint32_t i = 0; i < FACTS; i++) {
            add_fact(&logs[facts[i].writer], &facts[i]);
        }
        for (uint32_t i = 0; i < 4; i++) {
            uint32_t from = (round + i) % 3;
            to_wire(&logs[from], &wires[from]);
            if (i % 2) {
                read_into(b, logs[from].bytes, logs[from].count);
            } else {
                read_into(b, wires[from].bytes, wires[from].count);
            }
            wires[from].count = 0;
        }
        compare_with_slow(b, facts);
        wick_board_destroy(b);
    }
}

/* ---- in parallel parts --------------------------------------------------------------------------- */

/* A part of a log that a thread reads; the board has a lock, as the program's has. */
struct log_part {
    struct wick_board *board;
    const char *bytes;
    size_t count;
    pthread_t thread;
};

static pthread_mutex_t board_lock = PTHREAD_MUTEX_INITIALIZER;

static int feed_locked(void *user, const struct wick_record *records, size_t count)
{
    pthread_mutex_lock(&board_lock);
    int rc = feed(user, records, count);
    pthread_mutex_unlock(&board_lock);
    return rc;
}

static void *read_part(void *argument)
{
    const struct log_part *part = argument;
    struct fed fed = {part->board, wick_names_create(&heap_allocator)};
    const struct wick_record_out out = {feed_locked, &fed};
    struct wick_reader *reader = wick_reader_create(&heap_allocator, fed.names, &out, WICK_VECTOR_NONE);
    cr_assert_eq(wick_reader_feed(reader, part->bytes, part->count), 0);
    cr_assert_eq(wick_reader_finish(reader), 0);
    wick_reader_destroy(reader);
    wick_names_destroy(fed.names);
    return NULL;
}

/* From `*at` to an end of line behind about so many bytes. */
static size_t part_bytes(const struct text *log, size_t at, size_t about)
{
    size_t end = at + about < log->count ? at + about : log->count;
    while (end < log->count && log->bytes[end - 1] != '\n') {
        end++;
    }
    return end - at;
}

Test(board, numbers_survive_parts_that_threads_read, .timeout = 240)
{
    enum { PARTS = 5 };
    static struct text logs[3];
    struct drawn facts[FACTS];
    uint64_t state = 11;
    for (uint32_t round = 0; round < 30; round++) {
        struct log_part parts[3 * PARTS];
        struct wick_board *b = new_board();
        uint32_t count = 0;
        draw_facts(facts, &state);
        logs[0].count = logs[1].count = logs[2].count = 0;
        for (uint32_t i = 0; i < FACTS; i++) {
            add_fact(&logs[facts[i].writer], &facts[i]);
        }
        for (uint32_t i = 0; i < 3; i++) {
            for (size_t at = 0; at < logs[i].count && count < 3 * PARTS; at += parts[count++].count) {
                size_t about = logs[i].count / PARTS + 1;
                parts[count] = (struct log_part){.board = b, .bytes = logs[i].bytes + at, .count = part_bytes(&logs[i], at, about)};
            }
        }
        for (uint32_t i = 0; i < count; i++) {
            cr_assert_eq(pthread_create(&parts[i].thread, NULL, read_part, &parts[i]), 0);
        }
        for (uint32_t i = 0; i < count; i++) {
            pthread_join(parts[i].thread, NULL);
        }
        compare_with_slow(b, facts);
        wick_board_destroy(b);
    }
}
