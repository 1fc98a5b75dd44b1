/*
 * SPDX-License-Identifier: MIT
 * Rows: groups, nesting, open scopes, quantiles of several nodes together.
 * Must not read a form of a log for its own sake. Invariant: each expected number can be seen from the log above it.
 */
#include "model_support.h"

static struct wick_rows *rows_of(const struct model *m, uint32_t by, const uint8_t *left_out)
{
    struct wick_rows *rows;
    cr_assert_eq(wick_rows_create(m->tree, m->names, &(struct wick_rows_options){by, left_out}, &rows), 0);
    return rows;
}

/* The only row. */
static struct wick_row_info only(const struct model *m, uint32_t by)
{
    struct wick_rows *rows = rows_of(m, by, NULL);
    struct wick_row_info row;
    cr_assert_eq(wick_rows_count(rows), 1);
    wick_rows_read(rows, 0, &row);
    wick_rows_destroy(rows);
    return row;
}

/* The row whose first node has this name. */
static struct wick_row_info named(const struct model *m, uint32_t by, const char *name)
{
    struct wick_rows *rows = rows_of(m, by, NULL);
    struct wick_row_info row;
    struct wick_node_info node = {0};
    uint32_t i = 0;
    for (; i < wick_rows_count(rows); i++) {
        wick_rows_read(rows, i, &row);
        wick_tree_node(m->tree, row.node, &node);
        if (strcmp(wick_names_site_name(m->names, node.site), name) == 0) {
            break;
        }
    }
    cr_assert_lt(i, wick_rows_count(rows), "no row %s", name);
    wick_rows_destroy(rows);
    return row;
}

static const char recursion[] = "10.000 h 1 t START f f\n"
                                "10.002 h 1 t START f f\n"
                                "10.008 h 1 t ENDOK f \n"
                                "10.010 h 1 t ENDOK f \n";

Test(rows, recursion_is_in_the_total_once_and_in_the_mean_twice)
{
    struct model m = model_of(recursion);

    struct wick_row_info row = only(&m, WICK_ROWS_NAME);

    cr_assert(row.calls == 2 && row.nodes == 2);
    cr_assert(row.total_ns == 10000000 && row.self_ns == 10000000 && row.mean_ns == 8000000);
    cr_assert(row.min_ns == 6000000 && row.p50_ns == 6000000 && row.p90_ns == 10000000 && row.max_ns == 10000000);
    cr_assert_eq(row.share, 1);
    model_close(&m);
}

/* Two paths a/leaf and b/leaf: 40 calls in all. */
static char *two_paths(void)
{
    static char log[16384];
    size_t used = 0;
    for (int i = 0; i < 2; i++) {
        used += (size_t)snprintf(log + used, sizeof log - used, "%d.000 h 1 t START %c %c\n", 10 + i, 'a' + i, 'a' + i);
        for (int k = 0; k < 20; k++) {
            used += (size_t)snprintf(log + used, sizeof log - used,
                                     "%d.%03d h 1 t START leaf leaf\n%d.%03d h 1 t ENDOK leaf \n", 10 + i, k, 10 + i, k + 1);
        }
        used += (size_t)snprintf(log + used, sizeof log - used, "%d.020 h 1 t ENDOK %c \n", 10 + i, 'a' + i);
    }
    return log;
}

Test(rows, quantiles_of_several_nodes_stay_between_the_extremes)
{
    struct model m = model_of(two_paths());

    struct wick_row_info row = named(&m, WICK_ROWS_NAME, "leaf");

    cr_assert(row.calls == 40 && row.nodes == 2);
    cr_assert(row.min_ns == 1000000 && row.mean_ns == 1000000 && row.max_ns == 1000000);
    cr_assert(row.p50_ns == 1000000 && row.p90_ns == 1000000 && row.p99_ns == 1000000, "p50 %lld", (long long)row.p50_ns);
    model_close(&m);
}

Test(rows, bars_end_at_the_extremes)
{
    struct model m = model_of(two_paths());
    struct wick_rows *rows = rows_of(&m, WICK_ROWS_ALL, NULL);
    struct wick_bucket_info bar;
    uint32_t cursor = 0;

    cr_assert(wick_rows_bucket(rows, 0, &cursor, &bar));
    cr_assert(bar.low_ns == 1000000 && bar.count == 40);
    cr_assert(wick_rows_bucket(rows, 0, &cursor, &bar));
    cr_assert(bar.high_ns == 20000000 && bar.count == 2);
    cr_assert(!wick_rows_bucket(rows, 0, &cursor, &bar));
    wick_rows_destroy(rows);
    model_close(&m);
}

Test(rows, open_scopes_count_apart)
{
    struct model m = model_of("10.0 h 1 t START a a\n10.001 h 1 t ENDOK a \n10.002 h 1 t START a a\n"
                              "10.003 h 1 t START b b\n10.010 h 1 t BMARK - now\n");

    struct wick_row_info a = named(&m, WICK_ROWS_NAME, "a"), b = named(&m, WICK_ROWS_NAME, "b");

    cr_assert(a.calls == 1 && a.open == 1 && a.unfinished == 0);
    cr_assert(a.total_ns == 9000000 && a.open_ns == 8000000 && a.self_ns == 2000000 && a.max_ns == 8000000);
    cr_assert(a.mean_ns == 1000000 && a.min_ns == 1000000 && a.p99_ns == 1000000);
    cr_assert(b.calls == 0 && b.open == 1 && b.total_ns == 7000000 && b.max_ns == 7000000);
    cr_assert(b.mean_ns == -1 && b.min_ns == -1 && b.p50_ns == -1 && b.p90_ns == -1 && b.p99_ns == -1 && b.cpu_ns == -1);
    model_close(&m);
}

static const char threads[] = "10.0 h 1 t1 START x:1 load\n10.1 h 1 t1 START y:1 parse\n10.3 h 1 t1 ENDER y:1 bad\n"
                              "10.4 h 1 t1 ENDOK x:1 \n"
                              "10.0 h 1 t2 START x:1 load\n10.1 h 1 t2 START z:1 parse\n10.2 h 1 t2 ENDOK z:1 \n"
                              "10.3 h 1 t2 START z:1 parse\n10.7 h 1 t2 ENDOK z:1 \n10.8 h 1 t2 ENDOK x:1 \n";

Test(rows, each_way_of_grouping_has_its_rows)
{
    struct model m = model_of(threads);
    static const uint32_t want[] = {[WICK_ROWS_PATH] = 2, [WICK_ROWS_NAME] = 2, [WICK_ROWS_THREAD] = 2,
                                    [WICK_ROWS_LOCATION] = 3, [WICK_ROWS_ALL] = 1};
    for (uint32_t by = 0; by <= WICK_ROWS_ALL; by++) {
        struct wick_rows *rows = rows_of(&m, by, NULL);
        cr_assert_eq(wick_rows_count(rows), want[by], "by %u: %u rows", by, wick_rows_count(rows));
        wick_rows_destroy(rows);
    }
    struct wick_row_info parse = named(&m, WICK_ROWS_PATH, "parse"), load = named(&m, WICK_ROWS_THREAD, "load");
    cr_assert(parse.calls == 3 && parse.failed == 1 && parse.total_ns == 700000000 && parse.mean_ns == 233333333);
    cr_assert(load.calls == 2 && load.total_ns == 400000000 && load.self_ns == 400000000);
    cr_assert_float_eq(load.share, 1 / 3.0, 1e-9);
    model_close(&m);
}

Test(rows, left_out_nodes_are_in_no_row_and_around_none)
{
    struct model m = model_of(recursion);
    uint8_t left_out[8] = {0};
    left_out[model_find(&m, "t/f")] = 1;
    struct wick_rows *rows = rows_of(&m, WICK_ROWS_NAME, left_out);
    struct wick_row_info row, node;

    wick_rows_read(rows, 0, &row);
    wick_rows_node(m.tree, model_find(&m, "t/f/f"), &node);

    cr_assert(wick_rows_count(rows) == 1 && row.calls == 1 && row.total_ns == 6000000 && row.mean_ns == 6000000);
    row.share = 0;
    cr_assert(memcmp(&row, &node, sizeof row) == 0);
    wick_rows_destroy(rows);
    model_close(&m);
}

Test(rows, marks_and_threads_have_no_durations)
{
    struct model m = model_of("10.0 h 1 t START a a\n10.1 h 1 t BMARK m now\n10.2 h 1 t ENDOK a \n");
    struct wick_row_info mark, thread;

    wick_rows_node(m.tree, model_node(&m, "t/a").first_child, &mark);
    wick_rows_node(m.tree, model_find(&m, "t"), &thread);

    cr_assert(mark.calls == 1 && mark.total_ns == 0 && mark.mean_ns == -1 && mark.max_ns == -1);
    cr_assert(thread.calls == 0 && thread.total_ns == 200000000 && thread.max_ns == -1);
    model_close(&m);
}

static size_t allowed;

static void *scarce(void *user, void *block, size_t old_bytes, size_t new_bytes)
{
    if (new_bytes && !allowed) {
        return NULL;
    }
    allowed -= new_bytes ? 1 : 0;
    return heap_allocator.resize(user, block, old_bytes, new_bytes);
}

Test(rows, no_memory_is_an_error_and_nothing_leaks)
{
    const struct wick_allocator scarce_allocator = {scarce, heap_allocator.user};
    allowed = SIZE_MAX;
    struct wick_names *names = wick_names_create(&heap_allocator);
    struct wick_tree *tree = wick_tree_create(&scarce_allocator);
    struct wick_record_out out = {model_into_tree, tree};
    struct wick_reader *reader = wick_reader_create(&heap_allocator, names, &out, WICK_VECTOR_AVX2);
    wick_reader_feed(reader, two_paths(), strlen(two_paths()));
    wick_tree_settle(tree, INT64_MIN);
    int rc = WICK_E_NOMEM;

    for (size_t limit = 0; rc == WICK_E_NOMEM; limit++) {
        struct wick_rows *rows;
        allowed = limit;
        rc = wick_rows_create(tree, names, &(struct wick_rows_options){.by = WICK_ROWS_NAME}, &rows);
        cr_assert(rc == 0 ? rows != NULL : rc == WICK_E_NOMEM && !rows);
        wick_rows_destroy(rows);
        cr_assert_lt(limit, 1000);
    }
    wick_reader_destroy(reader);
    wick_tree_destroy(tree);
    wick_names_destroy(names);
}
