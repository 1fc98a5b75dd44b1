/*
 * SPDX-License-Identifier: MIT
 * The tree against a slow, obviously right reference on random streams, and its special cases by hand.
 * Must not read text: records go in directly. Invariant: the reference keeps every instance and sorts.
 */
#include "model_support.h"

#include "model/tree/rows_state.h"

static const struct wick_allocator *const a = &heap_allocator;

static struct wick_record rec(uint32_t track, uint8_t kind, uint32_t site, int64_t time_ns)
{
    return (struct wick_record){.time_ns = time_ns, .track = track, .site = site, .kind = kind, .u.cpu_ns = -1};
}

static void feed(struct wick_tree *tree, struct wick_record r)
{
    cr_assert_eq(wick_tree_feed(tree, &r, 1), 0);
}

/* ---- the reference ---- */

#define TRACKS 3
#define SITES 4
#define DEEP 64
#define INSTANCES 20000

struct instance {
    char path[2 * DEEP + 2]; /* track digit, then one letter per level */
    int64_t duration_ns, children_ns;
    uint8_t kind, unfinished, open;
};

struct reference {
    struct instance all[INSTANCES];
    uint32_t count;
    struct {
        uint32_t instance[DEEP];
        int64_t start_ns[DEEP];
        uint32_t depth;
    } track[TRACKS];
    uint64_t stray, backwards;
};

static void reference_start(struct reference *r, uint32_t track, uint32_t site, int64_t time_ns)
{
    struct instance *i = &r->all[r->count];
    uint32_t depth = r->track[track].depth++;
    if (depth) {
        memcpy(i->path, r->all[r->track[track].instance[depth - 1]].path, sizeof i->path);
    } else {
        i->path[0] = (char)('0' + track);
    }
    i->path[depth + 1] = (char)('a' + site);
    i->open = 1;
    r->track[track].instance[depth] = r->count++;
    r->track[track].start_ns[depth] = time_ns;
}

static void reference_end(struct reference *r, uint32_t track, const struct wick_record *e)
{
    if (!r->track[track].depth) {
        r->stray++;
        return;
    }
    uint32_t depth = --r->track[track].depth;
    struct instance *i = &r->all[r->track[track].instance[depth]];
    int64_t duration_ns = e->time_ns - r->track[track].start_ns[depth];
    r->backwards += duration_ns < 0;
    i->duration_ns = duration_ns < 0 ? 0 : duration_ns;
    i->kind = e->kind;
    i->unfinished = e->unfinished;
    i->open = 0;
    if (depth) {
        r->all[r->track[track].instance[depth - 1]].children_ns += i->duration_ns;
    }
}

static int by_value(const void *x, const void *y)
{
    int64_t p = *(const int64_t *)x, q = *(const int64_t *)y;
    return (p > q) - (p < q);
}

static void path_of(const struct wick_tree *tree, uint32_t node, char *path)
{
    char backwards[DEEP * 2];
    uint32_t n = 0;
    struct wick_node_info info;
    for (wick_tree_node(tree, node, &info); info.kind == WICK_NODE_SCOPE; wick_tree_node(tree, info.parent, &info)) {
        backwards[n++] = (char)('a' + info.site);
    }
    *path++ = (char)('0' + info.track);
    while (n) {
        *path++ = backwards[--n];
    }
    *path = 0;
}

static void compare_node(const struct reference *r, const struct wick_tree *tree, uint32_t node)
{
    static int64_t durations[INSTANCES];
    char path[DEEP * 2 + 2];
    struct wick_node_info info;
    wick_tree_node(tree, node, &info);
    path_of(tree, node, path);
    uint64_t count = 0, failed = 0, unfinished = 0, open = 0;
    int64_t total = 0, children = 0;
    for (uint32_t i = 0; i < r->count; i++) {
        const struct instance *it = &r->all[i];
        if (strcmp(it->path, path) != 0) {
            continue;
        }
        if (it->open) {
            open++;
            continue;
        }
        durations[count++] = it->duration_ns;
        total += it->duration_ns;
        children += it->children_ns;
        unfinished += it->unfinished != 0;
        failed += it->kind == WICK_RECORD_ENDER && !it->unfinished;
    }
    cr_assert_eq(info.count, count, "%s: %llu, not %llu", path, (unsigned long long)info.count, (unsigned long long)count);
    cr_assert(info.failed == failed && info.unfinished == unfinished && info.open == open && info.total_ns == total);
    if (!count) {
        return;
    }
    qsort(durations, count, sizeof *durations, by_value);
    cr_assert(info.min_ns == durations[0] && info.max_ns == durations[count - 1]);
    struct wk_group sum = wk_group_of(tree, node, INT64_MAX);
    for (uint32_t q = 0; q <= 1000; q += 125) {
        uint64_t rank = (count * q + 999) / 1000;
        int64_t want = durations[rank ? rank - 1 : 0], got = wk_group_quantile(&sum, q);
        int64_t off = got > want ? got - want : want - got;
        cr_assert(count <= 16 ? off == 0 : off * 100 <= want, "%s q%u: %lld, not %lld", path, q, (long long)got,
                  (long long)want);
    }
    if (!open && total >= children) {
        cr_assert_eq(info.self_ns, total - children, "%s: self", path);
    }
}

static uint64_t state;

static uint32_t random_below(uint32_t n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % n;
}

/* Losses drop whole events of any kind: ENDs without STARTs, scopes that never end. */
static void random_stream(struct reference *r, struct wick_tree *tree, uint32_t seed)
{
    int64_t now_ns = 1000000;
    state = seed;
    uint32_t losses = seed % 3 ? 0 : 20;
    for (uint32_t i = 0; i < 6000; i++) {
        uint32_t track = random_below(TRACKS);
        struct wick_record e = rec(track, WICK_RECORD_ENDOK, random_below(SITES), now_ns);
        now_ns += (int64_t)(1u << random_below(20)) - (seed % 5 == 4 ? 2000 : 0);
        if (losses && random_below(losses) == 0) {
            continue;
        }
        if (random_below(20) < 11 && r->track[track].depth < DEEP - 2) {
            e.kind = WICK_RECORD_START;
            reference_start(r, track, e.site, e.time_ns);
        } else {
            e.kind = random_below(5) ? WICK_RECORD_ENDOK : WICK_RECORD_ENDER;
            e.unfinished = e.kind == WICK_RECORD_ENDER ? (uint8_t)random_below(3) : 0;
            reference_end(r, track, &e);
        }
        feed(tree, e);
    }
}

Test(tree, agrees_with_a_slow_reference_on_random_streams)
{
    for (uint32_t seed = 1; seed <= 12; seed++) {
        struct reference *r = calloc(1, sizeof *r);
        struct wick_tree *tree = wick_tree_create(a);
        random_stream(r, tree, seed);
        cr_assert_eq(wick_tree_settle(tree, INT64_MIN), 0);

        struct wick_tree_stats stats;
        wick_tree_stats_read(tree, &stats);
        cr_assert(stats.stray_ends == r->stray && stats.backwards == r->backwards);
        for (uint32_t node = 0; node < stats.nodes; node += 1 + stats.nodes / 300) {
            struct wick_node_info info;
            wick_tree_node(tree, node, &info);
            if (info.kind == WICK_NODE_SCOPE) {
                compare_node(r, tree, node);
            }
        }
        wick_tree_destroy(tree);
        free(r);
    }
}

/* ---- by hand ---- */

Test(tree, clear_ends_every_open_scope_of_its_thread)
{
    struct wick_tree *tree = wick_tree_create(a);
    feed(tree, rec(0, WICK_RECORD_START, 0, 10));
    feed(tree, rec(0, WICK_RECORD_START, 1, 20));
    feed(tree, rec(1, WICK_RECORD_START, 0, 20));
    feed(tree, rec(0, WICK_RECORD_CLEAR, 0, 50));
    wick_tree_settle(tree, 60);

    struct wick_tree_stats stats;
    wick_tree_stats_read(tree, &stats);
    cr_assert(stats.scopes == 2 && stats.unfinished == 2 && stats.open == 1 && stats.failed == 0);
    wick_tree_destroy(tree);
}

Test(tree, hangs_a_thread_under_a_scope_that_starts_before_or_after_or_ends_before_it_says_so)
{
    for (int late = 0; late < 3; late++) {
        struct wick_tree *tree = wick_tree_create(a);
        struct wick_record under = rec(1, WICK_RECORD_UNDER, WICK_NONE, 30);
        under.parent_track = 0;
        under.first_ns = 20;
        if (late == 1) {
            feed(tree, under);
        }
        feed(tree, rec(0, WICK_RECORD_START, 0, 20));
        if (late == 2) {
            feed(tree, rec(0, WICK_RECORD_ENDOK, 0, 100));
        }
        if (late != 1) {
            feed(tree, under);
        }
        feed(tree, rec(1, WICK_RECORD_START, 5, 40));
        feed(tree, rec(1, WICK_RECORD_ENDOK, 5, 90));
        if (late != 2) {
            feed(tree, rec(0, WICK_RECORD_ENDOK, 0, 100));
        }
        wick_tree_settle(tree, INT64_MIN);

        struct wick_node_info root, outer, thread, inner;
        wick_tree_node(tree, wick_tree_first_root(tree), &root);
        cr_assert_eq(root.next_sibling, WICK_NONE, "the thread has no root of its own");
        wick_tree_node(tree, root.first_child, &outer);
        wick_tree_node(tree, outer.first_child, &thread);
        wick_tree_node(tree, thread.first_child, &inner);
        cr_assert_eq(thread.kind, WICK_NODE_TRACK);
        cr_assert_eq(thread.track, 1);
        cr_assert_eq(inner.total_ns, 50);
        cr_assert_eq(outer.self_ns, 80, "time of another thread is not taken off");
        wick_tree_destroy(tree);
    }
}

Test(tree, locks_have_wait_and_hold)
{
    struct wick_tree *tree = wick_tree_create(a);
    feed(tree, rec(0, WICK_RECORD_LOCKW, 9, 10));
    feed(tree, rec(0, WICK_RECORD_LOCKA, 9, 15));
    feed(tree, rec(1, WICK_RECORD_LOCKW, 9, 20));
    feed(tree, rec(0, WICK_RECORD_LOCKR, 9, 45));
    feed(tree, rec(1, WICK_RECORD_LOCKA, 9, 46));
    feed(tree, rec(1, WICK_RECORD_LOCKR, 9, 50));
    feed(tree, rec(1, WICK_RECORD_LOCKR, 9, 60)); /* not held: ignored */

    struct wick_lock_info lock;
    cr_assert(wick_tree_lock(tree, 0, &lock));
    cr_assert(lock.site == 9 && lock.waits == 2 && lock.holds == 2);
    cr_assert(lock.wait_ns == 31 && lock.wait_max_ns == 26 && lock.hold_ns == 34 && lock.hold_max_ns == 30);
    cr_assert(!wick_tree_lock(tree, 1, &lock));
    wick_tree_destroy(tree);
}

Test(tree, values_add_up_exactly_in_any_order)
{
    struct wick_tree *tree = wick_tree_create(a);
    feed(tree, rec(0, WICK_RECORD_START, 0, 1));
    for (int i = 0; i < 1000; i++) {
        struct wick_record value = rec(0, WICK_RECORD_VALUE, WICK_NONE, 2);
        value.u.number = i % 2 ? 1e15 : 0.1;
        feed(tree, value);
    }
    wick_tree_settle(tree, INT64_MIN);

    struct wick_node_info info;
    wick_tree_node(tree, 1, &info);
    cr_assert_eq(info.values, 1000);
    cr_assert_eq(info.value_sum.value, 5e17 + 50);
    wick_tree_destroy(tree);
}

Test(tree, integers_add_up_exactly_to_64_bits)
{
    static const int64_t numbers[] = {9007199254740993, -1, INT64_MAX, INT64_MIN, 9007199254740993};
    struct wick_tree *tree = wick_tree_create(a);
    feed(tree, rec(0, WICK_RECORD_START, 0, 1));
    for (uint32_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct wick_record value = rec(0, WICK_RECORD_VALUE_INT, WICK_NONE, 2), sum = rec(0, WICK_RECORD_SUM_INT, 5, 2);
        value.u.integer = sum.u.integer = numbers[i];
        feed(tree, value);
        feed(tree, sum);
    }
    struct wick_node_info info;
    struct wick_counter_info counter;
    wick_tree_node(tree, 1, &info);
    cr_assert(info.value_sum.is_whole && info.value_sum.whole == 18014398509481984);
    cr_assert(wick_tree_counter(tree, 0, &counter) && counter.sum.is_whole && counter.sum.whole == 18014398509481984);
    cr_assert(counter.least.whole == INT64_MIN && counter.most.whole == INT64_MAX && counter.most.is_whole);
    wick_tree_destroy(tree);
}

Test(tree, numbers_beyond_the_fixed_point_are_in_the_sum)
{
    struct wick_tree *tree = wick_tree_create(a);
    feed(tree, rec(0, WICK_RECORD_START, 0, 1));
    for (int i = 0; i < 40; i++) { /* together beyond 2^67 */
        struct wick_record value = rec(0, WICK_RECORD_VALUE_INT, WICK_NONE, 2), gauge = rec(0, WICK_RECORD_GAUGE, 5, 2);
        value.u.integer = INT64_MIN;
        gauge.u.number = i ? -1e300 : 1e22;
        feed(tree, value);
        feed(tree, gauge);
    }
    struct wick_node_info info;
    struct wick_counter_info counter;
    wick_tree_node(tree, 1, &info);
    cr_assert(!info.value_sum.is_whole && info.value_sum.value == -0x1p63 * 40);
    cr_assert(wick_tree_counter(tree, 0, &counter) && counter.last.value == -1e300 && counter.least.value == -1e300);
    cr_assert_eq(counter.most.value, 1e22);
    wick_tree_destroy(tree);
}

Test(tree, recursion_of_100000_levels_and_as_many_threads_are_ordinary)
{
    struct wick_tree *tree = wick_tree_create(a);
    for (uint32_t i = 0; i < 100000; i++) {
        feed(tree, rec(0, WICK_RECORD_START, 0, i));
    }
    for (uint32_t i = 0; i < 100000; i++) {
        feed(tree, rec(0, WICK_RECORD_ENDOK, 0, 100000 + i));
    }
    for (uint32_t i = 1; i <= 100000; i++) {
        feed(tree, rec(i, WICK_RECORD_START, 1, 300000));
        feed(tree, rec(i, WICK_RECORD_ENDOK, 1, 300001));
    }
    cr_assert_eq(wick_tree_settle(tree, INT64_MIN), 0);

    struct wick_tree_stats stats;
    wick_tree_stats_read(tree, &stats);
    cr_assert_eq(stats.depth_max, 100000);
    cr_assert_eq(stats.nodes, 1 + 100000 + 200000);
    cr_assert_eq(stats.tracks, 100001);
    wick_tree_destroy(tree);
}

Test(tree, runs_out_of_memory_at_every_allocation_without_a_crash)
{
    int rc = WICK_E_NOMEM;
    for (uint32_t n = 0; rc < 0; n++) {
        struct failing_heap f = {.left = n};
        struct wick_allocator allocator = {failing_heap_resize, &f};
        struct wick_tree *tree = wick_tree_create(&allocator);
        rc = tree ? 0 : WICK_E_NOMEM;
        for (uint32_t i = 0; tree && i < 400; i++) {
            struct wick_record e = rec(i % 3, i % 7 ? (i & 8 ? WICK_RECORD_ENDER : WICK_RECORD_START) : WICK_RECORD_MARK,
                                       i % 5, i * 100);
            e.text = "a text that is kept";
            e.text_bytes = 19;
            int fed = wick_tree_feed(tree, &e, 1);
            rc = fed < 0 ? fed : rc;
        }
        wick_tree_destroy(tree);
        cr_assert_lt(n, 10000);
    }
}

/* ---- changed nodes ---- */

/* Is the list exactly these nodes, in this order? Empties it. */
static int changed(struct wick_tree *tree, int asker, uint32_t count, const uint32_t *want)
{
    const uint32_t *nodes;
    int same = wick_tree_dirty(tree, asker, &nodes) == count && (!count || memcmp(nodes, want, count * sizeof *nodes) == 0);
    wick_tree_clean(tree, asker);
    return same;
}

#define CHANGED(asker, ...) changed(tree, asker, sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t), (uint32_t[]){__VA_ARGS__})

Test(tree, tells_each_asker_the_nodes_that_changed_since_it_asked_last)
{
    struct wick_tree *tree = wick_tree_create(a);
    int first = wick_tree_ask(tree);
    feed(tree, rec(0, WICK_RECORD_START, 0, 10)); /* nodes 0 (thread), 1 */
    feed(tree, rec(0, WICK_RECORD_START, 1, 20)); /* 2 */
    int second = wick_tree_ask(tree);
    cr_assert(first == 0 && second == 1);
    cr_assert(CHANGED(first, 0, 1, 2));
    feed(tree, rec(0, WICK_RECORD_ENDOK, 1, 30));
    feed(tree, rec(0, WICK_RECORD_START, 1, 40));
    feed(tree, rec(0, WICK_RECORD_ENDOK, 1, 50));
    cr_assert(CHANGED(first, 2, 1), "an end changes its parent, too, whose self time is less; each once");
    cr_assert(CHANGED(first) && CHANGED(second, 0, 1, 2), "one asker's list is not the other's");
    feed(tree, rec(0, WICK_RECORD_VALUE, 1, 55));
    cr_assert(CHANGED(first, 1), "a value changes the scope around it");
    feed(tree, rec(0, WICK_RECORD_MARK, 2, 56));
    feed(tree, rec(0, WICK_RECORD_ENDER, 0, 60));
    cr_assert(CHANGED(first, 3, 1, 0) && CHANGED(second, 1, 3, 0));
    wick_tree_destroy(tree);
}

Test(tree, changes_nothing_while_time_passes_in_open_scopes)
{
    struct wick_tree *tree = wick_tree_create(a);
    int asker = wick_tree_ask(tree);
    feed(tree, rec(0, WICK_RECORD_START, 0, 10));
    feed(tree, rec(0, WICK_RECORD_START, 1, 20));
    wick_tree_clean(tree, asker);

    wick_tree_settle(tree, 100);
    struct wick_node_info thread, outer, inner;
    wick_tree_node(tree, 0, &thread);
    wick_tree_node(tree, 1, &outer);
    wick_tree_node(tree, 2, &inner);
    cr_assert(CHANGED(asker));
    cr_assert(thread.total_ns == 90 && thread.open == 0);
    cr_assert(outer.open == 1 && outer.open_ns == 90 && outer.self_ns == 10 && outer.total_ns == 0);
    cr_assert(inner.open == 1 && inner.open_ns == 80 && inner.self_ns == 80);

    feed(tree, rec(0, WICK_RECORD_ENDOK, 1, 120)); /* before it is settled again */
    wick_tree_settle(tree, 130);
    wick_tree_node(tree, 1, &outer);
    wick_tree_node(tree, 2, &inner);
    cr_assert(CHANGED(asker, 2, 1));
    cr_assert(outer.open_ns == 120 && outer.self_ns == 20 && inner.open == 0 && inner.total_ns == 100);
    wick_tree_destroy(tree);
}

Test(tree, has_lists_for_a_few_askers)
{
    struct wick_tree *tree = wick_tree_create(a);
    for (int i = 0; i < WICK_TREE_ASKERS; i++) {
        cr_assert_eq(wick_tree_ask(tree), i);
    }
    cr_assert_eq(wick_tree_ask(tree), WICK_E_LIMIT);
    feed(tree, rec(0, WICK_RECORD_START, 0, 10));
    for (int i = 0; i < WICK_TREE_ASKERS; i++) {
        cr_assert(CHANGED(i, 0, 1));
    }
    wick_tree_destroy(tree);
}

Test(tree, shows_the_text_of_an_open_scope_until_one_has_ended)
{
    struct wick_tree *tree = wick_tree_create(a);
    struct wick_record start = rec(0, WICK_RECORD_START, 0, 10);
    struct wick_node_info info;
    start.text = "first";
    start.text_bytes = 5;
    feed(tree, start);
    wick_tree_node(tree, 1, &info);
    cr_assert(info.text_bytes == 5 && memcmp(info.text, "first", 5) == 0);

    feed(tree, rec(0, WICK_RECORD_START, 1, 20));
    wick_tree_node(tree, 2, &info);
    cr_assert(info.text == NULL);
    feed(tree, rec(0, WICK_RECORD_ENDOK, 1, 30));
    feed(tree, rec(0, WICK_RECORD_ENDOK, 0, 40));
    start.text = "second";
    start.text_bytes = 6;
    feed(tree, start);
    wick_tree_node(tree, 1, &info);
    cr_assert(info.text_bytes == 5 && memcmp(info.text, "first", 5) == 0, "of the longest ended one");
    wick_tree_destroy(tree);
}
