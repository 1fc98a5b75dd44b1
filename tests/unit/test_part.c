/*
 * SPDX-License-Identifier: MIT
 * Parts of a log, read apart and joined, against one pass over the whole log: everything must be equal.
 * Must not look at single features: the logs are random. Invariant: every kind of line occurs, in any order.
 */
#include "log_support.h"

static void compare_names(const struct model *x, const struct model *y)
{
    cr_assert_eq(wick_names_sites(x->names), wick_names_sites(y->names));
    for (uint32_t i = 0; i < wick_names_sites(x->names); i++) {
        const struct wick_site_info *a = wick_names_site(x->names, i), *b = wick_names_site(y->names, i);
        cr_assert(a->kind == b->kind && a->line == b->line && a->process == b->process);
        cr_assert_str_eq(a->literal, b->literal);
        cr_assert_str_eq(a->location, b->location);
    }
    cr_assert_eq(wick_names_tracks(x->names), wick_names_tracks(y->names));
    for (uint32_t i = 0; i < wick_names_tracks(x->names); i++) {
        const struct wick_track_info *a = wick_names_track(x->names, i), *b = wick_names_track(y->names, i);
        cr_assert_eq(a->process, b->process);
        cr_assert_str_eq(a->thread, b->thread);
        cr_assert_str_eq(a->label, b->label);
        cr_assert_eq(wick_tree_track_lost(x->tree, i), wick_tree_track_lost(y->tree, i));
    }
}

static void compare_nodes(const struct model *x, const struct model *y, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct wick_node_info a, b;
        memset(&a, 0, sizeof a);
        memset(&b, 0, sizeof b);
        wick_tree_node(x->tree, i, &a);
        wick_tree_node(y->tree, i, &b);
        cr_assert(a.text_bytes == b.text_bytes && memcmp(a.text ? a.text : "", b.text ? b.text : "", a.text_bytes) == 0,
                  "node %u: text %.*s, not %.*s", i, (int)b.text_bytes, b.text, (int)a.text_bytes, a.text);
        cr_assert(a.message_bytes == b.message_bytes &&
                  memcmp(a.message ? a.message : "", b.message ? b.message : "", a.message_bytes) == 0);
        a.text = b.text = a.message = b.message = NULL;
        cr_assert(memcmp(&a, &b, sizeof a) == 0, "node %u: count %llu %llu parent %u %u", i,
                  (unsigned long long)a.count, (unsigned long long)b.count, a.parent, b.parent);
        struct wick_row_info p, q;
        wick_rows_node(x->tree, i, &p);
        wick_rows_node(y->tree, i, &q);
        cr_assert(memcmp(&p, &q, sizeof p) == 0, "node %u: another row", i);
        struct wick_mark_info mx[WICK_MARKS_KEPT], my[WICK_MARKS_KEPT];
        uint32_t marks = wick_tree_marks(x->tree, i, mx, WICK_MARKS_KEPT);
        cr_assert_eq(marks, wick_tree_marks(y->tree, i, my, WICK_MARKS_KEPT));
        for (uint32_t m = 0; m < marks; m++) {
            cr_assert(mx[m].time_ns == my[m].time_ns && mx[m].relative_ns == my[m].relative_ns &&
                      mx[m].text_bytes == my[m].text_bytes && memcmp(mx[m].text, my[m].text, mx[m].text_bytes) == 0);
        }
    }
}

static void compare_lists(const struct model *x, const struct model *y)
{
    struct wick_lock_info la, lb;
    struct wick_counter_info ca, cb;
    struct wick_property ra, rb;
    struct wick_problem_info pa, pb;
    int more = 1;
    for (uint32_t i = 0; more; i++) {
        memset(&la, 0, sizeof la), memset(&lb, 0, sizeof lb), memset(&ca, 0, sizeof ca), memset(&cb, 0, sizeof cb);
        int l = wick_tree_lock(x->tree, i, &la), c = wick_tree_counter(x->tree, i, &ca);
        int r = wick_reader_property(x->reader, i, &ra), p = wick_reader_problem(x->reader, i, &pa);
        cr_assert(l == wick_tree_lock(y->tree, i, &lb) && memcmp(&la, &lb, sizeof la) == 0);
        cr_assert(c == wick_tree_counter(y->tree, i, &cb) && memcmp(&ca, &cb, sizeof ca) == 0);
        cr_assert(r == wick_reader_property(y->reader, i, &rb) && (!r || (ra.track == rb.track && !strcmp(ra.value, rb.value))));
        cr_assert(p == wick_reader_problem(y->reader, i, &pb) && (!p || (pa.line == pb.line && pa.kind == pb.kind)));
        more = l || c || r || p;
    }
}

static void compare(const struct model *x, const struct model *y)
{
    struct wick_tree_stats a, b;
    struct wick_reader_stats ra, rb;
    wick_tree_stats_read(x->tree, &a);
    wick_tree_stats_read(y->tree, &b);
    cr_assert(memcmp(&a, &b, sizeof a) == 0, "depth %u %u stray %llu %llu nodes %u %u", a.depth_max, b.depth_max,
              (unsigned long long)a.stray_ends, (unsigned long long)b.stray_ends, a.nodes, b.nodes);
    wick_reader_stats_read(x->reader, &ra);
    wick_reader_stats_read(y->reader, &rb);
    cr_assert(memcmp(&ra, &rb, sizeof ra) == 0);
    compare_names(x, y);
    compare_nodes(x, y, a.nodes);
    compare_lists(x, y);
}

/* Cut at line ends, about every `step` bytes; the first piece is the head. Returns how many parts joined. */
static uint32_t read_in_parts(struct model *m, const struct log *log, size_t step)
{
    size_t at = 0;
    uint32_t joined = 0;
    struct wick_seed *seed = NULL;
    while (at < log->count) {
        size_t end = at + step < log->count ? at + step : log->count;
        while (end < log->count && log->bytes[end - 1] != '\n') {
            end++;
        }
        int rc = 0;
        if (seed) {
            struct wick_part *part = wick_part_create(seed);
            cr_assert_eq(wick_part_feed(part, log->bytes + at, end - at), 0);
            if (end == log->count) {
                cr_assert_eq(wick_part_finish(part), 0);
            }
            rc = wick_part_join(part, m->reader, m->tree);
            cr_assert_geq(rc, 0);
            joined += rc == 1;
            wick_part_destroy(part);
        }
        if (rc == 0) {
            cr_assert_eq(wick_reader_feed(m->reader, log->bytes + at, end - at), 0);
        }
        if (!seed) {
            seed = wick_seed_create(m->reader);
        }
        at = end;
    }
    cr_assert_eq(wick_reader_finish(m->reader), 0);
    cr_assert_eq(wick_tree_settle(m->tree, INT64_MIN), 0);
    wick_seed_destroy(seed);
    return joined;
}

Test(part, joined_parts_are_what_one_pass_makes)
{
    uint32_t joined[4] = {0};
    for (uint32_t seed = 1; seed <= 60; seed++) {
        struct log log = random_log(seed, seed < 50 ? 400 : 6000);
        struct model whole = model_open_vector(WICK_VECTOR_AVX2);
        model_read(&whole, log.bytes, log.count, 0);
        for (size_t step = 300; step < log.count; step = step * 3 + 17) {
            struct model parts = model_open_vector(WICK_VECTOR_AVX2);
            joined[seed % 4] += read_in_parts(&parts, &log, step);
            compare(&whole, &parts);
            model_close(&parts);
        }
        model_close(&whole);
        free(log.bytes);
    }
    /* Otherwise nothing was tested: parts of ours and of foreign logs join, most of the time. */
    cr_assert_gt(joined[0], 100);
    cr_assert_gt(joined[1], 100);
    cr_assert_gt(joined[2], 10);
}

/* ---- no memory ---- */

/* The whole way, as far as memory lets it; negative when it ran out. */
static int read_with_little(const struct log *log, const struct wick_allocator *allocator)
{
    struct wick_names *names = wick_names_create(allocator);
    struct wick_tree *tree = wick_tree_create(allocator);
    struct wick_record_out out = {model_into_tree, tree};
    struct wick_reader *reader = names && tree ? wick_reader_create(allocator, names, &out, WICK_VECTOR_AVX2) : NULL;
    struct wick_seed *seed = NULL;
    struct wick_part *part = NULL;
    size_t half = log->count / 2;
    while (log->bytes[half - 1] != '\n') {
        half++;
    }
    int rc = reader ? wick_reader_feed(reader, log->bytes, half) : WICK_E_NOMEM;
    if (rc >= 0) {
        seed = wick_seed_create(reader);
        part = seed ? wick_part_create(seed) : NULL;
        rc = part ? wick_part_feed(part, log->bytes + half, log->count - half) : WICK_E_NOMEM;
    }
    rc = rc < 0 ? rc : wick_part_finish(part);
    rc = rc < 0 ? rc : wick_part_join(part, reader, tree);
    rc = rc == 0 ? wick_reader_feed(reader, log->bytes + half, log->count - half) : rc;
    rc = rc < 0 ? rc : wick_tree_settle(tree, INT64_MIN);
    if (rc >= 0) {
        struct model_text text = {calloc(1, 1), 0};
        struct wick_text_out to = {model_text_write, &text};
        rc = wick_tree_render(tree, names, NULL, &to);
        free(text.bytes);
    }
    wick_part_destroy(part);
    wick_seed_destroy(seed);
    wick_reader_destroy(reader);
    wick_tree_destroy(tree);
    wick_names_destroy(names);
    return rc;
}

Test(part, runs_out_of_memory_at_every_allocation_without_a_crash)
{
    for (uint32_t seed = 4; seed < 8; seed++) {
        struct log log = random_log(seed, 150);
        int rc = WICK_E_NOMEM;
        uint64_t n = 0;
        for (; rc < 0; n++) {
            struct failing_heap f = {.left = n};
            struct wick_allocator allocator = {failing_heap_resize, &f};
            rc = read_with_little(&log, &allocator);
            cr_assert((rc < 0) == f.failed, "result %d, but memory %s at allocation %d", rc,
                      f.failed ? "ran out" : "was there", (int)n);
        }
        cr_assert_gt(n, 50);
        free(log.bytes);
    }
}
