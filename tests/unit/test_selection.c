/*
 * SPDX-License-Identifier: MIT
 * Statistics of a selection against the tree over the same records, and against a plain list of scopes.
 * Must not trust the index for what is expected. Invariant: every property is tried on every shape of trace.
 */
#include "index_support.h"

#include "model/tree/rows_state.h"
#include "model/view/export.h"

static void finish(struct wk_selection *s, uint32_t step)
{
    int rc;
    while ((rc = wk_selection_step(s, step)) == 0) {
    }
    cr_assert_eq(rc, 1);
}

/* ---- everything: the tree of the records ---- */

Test(selection, all_of_it_is_the_tree_of_the_log)
{
    for (uint32_t k = 0; k < PLAIN_SHAPES; k++) {
        struct plain *p = plain_make(k + 1, &plain_shapes[k]);
        struct wk_index *index = plain_index(p);
        struct wick_tree *tree = wick_tree_create(&heap_allocator);
        wick_tree_feed(tree, p->records, p->record_count);
        wick_tree_settle(tree, INT64_MIN);
        for (uint32_t step = 7; step < 100000; step *= 40) {
            struct wk_selection s;
            wk_selection_init(&s, index);

            finish(&s, step);

            struct wick_tree_stats want, got;
            wick_tree_stats_read(tree, &want);
            wick_tree_stats_read(s.tree, &got);
            cr_assert(want.scopes == got.scopes && want.failed == got.failed && want.open == got.open);
            uint32_t scopes = 0;
            for (uint32_t i = 0; i < got.nodes; i++) {
                struct wick_node_info x, y, up;
                wick_tree_node(s.tree, i, &y);
                if (y.kind != WICK_NODE_SCOPE) {
                    continue;
                }
                /* The node of the same path: from the root down. */
                uint32_t path[PLAIN_DEEP], deep = 0, node = wick_tree_first_root(tree);
                for (uint32_t at = i; at != WICK_NONE; at = up.parent) {
                    path[deep++] = at;
                    wick_tree_node(s.tree, at, &up);
                }
                while (deep--) {
                    wick_tree_node(s.tree, path[deep], &up);
                    for (;; node = x.next_sibling) {
                        cr_assert_neq(node, WICK_NONE);
                        wick_tree_node(tree, node, &x);
                        if (x.kind == up.kind && (x.kind == WICK_NODE_TRACK ? x.track == up.track : x.site == up.site)) {
                            break;
                        }
                    }
                    if (deep) {
                        node = x.first_child;
                    }
                }
                cr_assert(x.count == y.count && x.failed == y.failed && x.open == y.open && x.total_ns == y.total_ns &&
                          x.self_ns == y.self_ns && x.open_ns == y.open_ns && x.min_ns == y.min_ns && x.max_ns == y.max_ns);
                struct wick_row_info row, selected;
                wick_rows_node(tree, node, &row);
                wick_rows_node(s.tree, i, &selected);
                selected.node = row.node;
                cr_assert(memcmp(&row, &selected, sizeof row) == 0);
                scopes++;
            }
            cr_assert(scopes > 0);
            wk_selection_fini(&s);
        }
        wick_tree_destroy(tree);
        wk_index_destroy(index);
        plain_free(p);
    }
}

/* ---- a part of it: a plain list ---- */

/* A scope without length where the selection begins belongs to what its parent belongs to. */
static int is_at_edge(const struct plain *p, const struct wk_selection *s, uint32_t scope)
{
    while (scope != WICK_NONE && p->all[scope].start_ns == s->from_ns) {
        scope = p->all[scope].parent;
    }
    return scope == WICK_NONE || plain_now(p, &p->all[scope]) > s->from_ns;
}

/* Duration of a scope within the selection; < 0: it is not selected. */
static int64_t clipped(const struct plain *p, const struct wk_selection *s, uint32_t scope)
{
    const struct plain_scope *it = &p->all[scope];
    int64_t end_ns = plain_now(p, it), start_ns = it->start_ns;
    int inside = !s->sites.count;
    for (uint32_t up = scope; up != WICK_NONE && !inside; up = p->all[up].parent) {
        inside = ((const uint8_t *)s->sites.items)[p->all[up].site];
    }
    if (!inside || start_ns >= s->to_ns || (end_ns <= s->from_ns && start_ns < s->from_ns) ||
        (end_ns == s->from_ns && !is_at_edge(p, s, scope)) ||
        (s->tracks.count && !((const uint8_t *)s->tracks.items)[it->track])) {
        return -1;
    }
    return (end_ns < s->to_ns ? end_ns : s->to_ns) - (start_ns > s->from_ns ? start_ns : s->from_ns);
}

static int is_open(const struct plain *p, const struct wk_selection *s, uint32_t scope)
{
    return p->all[scope].end_ns == WK_OPEN && p->last_ns <= s->to_ns;
}

static int is_nested(const struct plain *p, const struct wk_selection *s, uint32_t scope)
{
    for (uint32_t up = p->all[scope].parent; up != WICK_NONE; up = p->all[up].parent) {
        if (p->all[up].site == p->all[scope].site && clipped(p, s, up) >= 0) {
            return 1;
        }
    }
    return 0;
}

static void select_some(struct wk_selection *s, const struct plain *p, uint64_t *state, uint32_t how)
{
    static const uint8_t tracks[] = {1, 0, 1, 1, 0, 1, 0, 1}, sites[] = {0, 1, 0, 0, 1, 0, 0};
    const struct plain_scope *x = &p->all[plain_random(state, p->count)], *y = &p->all[plain_random(state, p->count)];
    s->from_ns = x->start_ns < y->start_ns ? x->start_ns : y->start_ns;
    s->to_ns = 1 + (x->start_ns < y->start_ns ? y->start_ns : x->start_ns) + plain_random(state, 300);
    if (how & 1) {
        wk_array_reserve(&s->tracks, &heap_allocator, 8, 1);
        memcpy(s->tracks.items, tracks, s->tracks.count = 8);
    }
    if (how & 2) {
        wk_array_reserve(&s->sites, &heap_allocator, 7, 1);
        memcpy(s->sites.items, sites, s->sites.count = 7);
    }
}

struct expected {
    uint64_t count, open, failed;
    int64_t total_ns, sum_ns, self_ns, min_ns, max_ns;
};

static void expect(const struct plain *p, const struct wk_selection *s, struct expected *want)
{
    memset(want, 0, (PLAIN_SITES + 1) * sizeof *want);
    for (uint32_t i = 0; i < p->count; i++) {
        int64_t duration_ns = clipped(p, s, i);
        struct expected *w = &want[p->all[i].site];
        if (duration_ns < 0) {
            continue;
        }
        w->total_ns += is_nested(p, s, i) ? 0 : duration_ns;
        w->self_ns += duration_ns;
        w->max_ns = duration_ns > w->max_ns ? duration_ns : w->max_ns;
        if (p->all[i].parent != WICK_NONE && clipped(p, s, p->all[i].parent) >= 0) {
            want[p->all[p->all[i].parent].site].self_ns -= duration_ns;
        }
        if (is_open(p, s, i)) {
            w->open++;
            continue;
        }
        w->min_ns = !w->count || duration_ns < w->min_ns ? duration_ns : w->min_ns;
        w->sum_ns += duration_ns;
        w->count++;
        w->failed += p->all[i].failed;
    }
}

static int by_value(const void *x, const void *y)
{
    int64_t p = *(const int64_t *)x, q = *(const int64_t *)y;
    return (p > q) - (p < q);
}

static uint32_t site_of(const struct wk_selection *s, const struct wk_group *row)
{
    return s->tree->nodes[row->node].site;
}

static void compare_quantiles(const struct plain *p, const struct wk_selection *s, const struct wk_group *row)
{
    static int64_t durations[PLAIN_SCOPES];
    uint32_t count = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        int64_t duration_ns = p->all[i].site == site_of(s, row) && !is_open(p, s, i) ? clipped(p, s, i) : -1;
        if (duration_ns >= 0) {
            durations[count++] = duration_ns;
        }
    }
    qsort(durations, count, sizeof *durations, by_value);
    for (uint32_t q = 100; q <= 1000 && count; q += 100) {
        int64_t want = durations[(count * q + 999) / 1000 - 1], got = wk_group_quantile(row, q);
        int64_t off = got > want ? got - want : want - got;
        cr_assert(count <= 16 ? off == 0 : off * 100 <= want, "q%u: %lld, not %lld", q, (long long)got, (long long)want);
    }
}

Test(selection, a_part_of_it_is_what_a_list_says, .timeout = 120)
{
    for (uint32_t k = 0; k < PLAIN_SHAPES; k++) {
        struct plain *p = plain_make(k + 11, &plain_shapes[k]);
        struct wk_index *index = plain_index(p);
        uint64_t state = k;
        for (uint32_t how = 0; how < 8; how++) {
            struct wk_selection s;
            struct expected want[PLAIN_SITES + 1];
            uint32_t sites = 0;
            wk_selection_init(&s, index);
            select_some(&s, p, &state, how);
            expect(p, &s, want);

            finish(&s, 1000);
            const struct wick_rows *all = wk_selection_rows(&s, PLAIN_SITES + 1);

            for (uint32_t i = 0; i < PLAIN_SITES; i++) {
                sites += want[i].count || want[i].open;
            }
            cr_assert_eq(wick_rows_count(all), sites);
            const struct wk_group *rows = all->groups.items;
            for (uint32_t i = 0; i < sites; i++) {
                const struct expected *w = &want[site_of(&s, &rows[i])];
                struct wick_row_info info;
                wick_rows_read(all, i, &info);
                cr_assert(info.calls == w->count && info.open == w->open && info.failed == w->failed,
                          "shape %u, %u: %llu (%llu open) scopes, not %llu (%llu)", k, how,
                          (unsigned long long)info.calls, (unsigned long long)info.open,
                          (unsigned long long)w->count, (unsigned long long)w->open);
                cr_assert(info.total_ns == w->total_ns && info.self_ns == w->self_ns);
                cr_assert_eq(info.mean_ns, w->count ? (w->sum_ns * 2 + (int64_t)w->count) / 2 / (int64_t)w->count : -1);
                cr_assert_eq(info.min_ns, w->count ? w->min_ns : -1);
                cr_assert_eq(info.max_ns, w->max_ns);
                compare_quantiles(p, &s, &rows[i]);
            }
            wk_selection_fini(&s);
        }
        wk_index_destroy(index);
        plain_free(p);
    }
}

Test(selection, goes_on_while_the_index_grows)
{
    struct plain *p = plain_make(2, &plain_shapes[1]);
    struct wk_index *index = wk_index_create(&heap_allocator);
    struct wk_selection s;
    wk_index_feed(index, p->records, p->record_count / 2);
    wk_selection_init(&s, index);

    for (uint32_t i = p->record_count / 2; i < p->record_count; i += 500) {
        uint32_t more = p->record_count - i < 500 ? p->record_count - i : 500;
        cr_assert_geq(wk_selection_step(&s, 100), 0);
        cr_assert_eq(wk_index_feed(index, p->records + i, more), 0);
    }
    finish(&s, 1000);

    struct wick_tree_stats stats;
    wick_tree_stats_read(s.tree, &stats);
    cr_assert(stats.stray_ends == 0 && stats.scopes + stats.open >= p->count / 2 - 40 && stats.scopes <= p->count);
    wk_selection_fini(&s);
    wk_index_destroy(index);
    plain_free(p);
}

/* ---- merged graphs ---- */

/* Children within their parents, from left to right, the largest first. */
static void check_shape(const struct wk_array *array)
{
    const struct wk_flame_frame *f = array->items;
    for (uint32_t i = 0; i < array->count; i++) {
        cr_assert(f[i].parent == WICK_NONE || f[i].parent < i);
        if (f[i].parent != WICK_NONE) {
            const struct wk_flame_frame *up = &f[f[i].parent];
            cr_assert_eq(f[i].depth, up->depth + 1);
            cr_assert(f[i].offset >= up->offset && f[i].offset + f[i].total <= up->offset + up->total + 0.5);
        }
        if (i && f[i].parent == f[i - 1].parent) {
            cr_assert(f[i].total <= f[i - 1].total && f[i].offset == f[i - 1].offset + f[i - 1].total);
        }
    }
}

static double sum_of(const struct wk_array *array, uint32_t depth, uint32_t site, int self)
{
    const struct wk_flame_frame *f = array->items;
    double sum = 0;
    for (uint32_t i = 0; i < array->count; i++) {
        if ((depth == WICK_NONE || f[i].depth == depth) && (site == WICK_NONE || f[i].site == site)) {
            sum += self ? f[i].self : f[i].total;
        }
    }
    return sum;
}

Test(flame, every_form_has_the_time_of_the_table, .timeout = 60)
{
    for (uint32_t k = 0; k < PLAIN_SHAPES; k++) {
        struct plain *p = plain_make(k + 21, &plain_shapes[k]);
        struct wk_index *index = plain_index(p);
        struct wk_selection s;
        wk_selection_init(&s, index);
        finish(&s, 100000);
        const struct wick_rows *all = wk_selection_rows(&s, PLAIN_SITES + 1);
        const struct wk_group *rows = all->groups.items;
        double all_self = 0;
        for (uint32_t i = 0; i < wick_rows_count(all); i++) {
            all_self += (double)rows[i].self_ns;
        }
        for (uint32_t kind = WK_FLAME_MERGED; kind <= WK_FLAME_CALLEES; kind++) {
            const struct wk_flame_ask ask = {.kind = kind, .site = 2};
            struct wk_array frames = {0};

            cr_assert_eq(wk_flame_build(s.tree, &heap_allocator, &ask, &frames), 0);

            check_shape(&frames);
            if (kind <= WK_FLAME_INVERTED) {
                cr_assert_float_eq(sum_of(&frames, 0, WICK_NONE, 0), all_self, 1);
                cr_assert_float_eq(sum_of(&frames, WICK_NONE, WICK_NONE, 1), all_self, 1);
            }
            for (uint32_t i = 0; i < wick_rows_count(all); i++) {
                const uint32_t site = site_of(&s, &rows[i]);
                if (kind == WK_FLAME_INVERTED) {
                    cr_assert_float_eq(sum_of(&frames, 0, site, 0), (double)rows[i].self_ns, 1);
                } else if (kind <= WK_FLAME_THREADS) {
                    cr_assert_float_eq(sum_of(&frames, WICK_NONE, site, 1), (double)rows[i].self_ns, 1);
                } else if (site == 2) {
                    cr_assert_float_eq(sum_of(&frames, 0, 2, 0), (double)rows[i].total_ns, 1);
                }
            }
            wk_array_free(&frames, &heap_allocator, sizeof(struct wk_flame_frame));
        }
        wk_selection_fini(&s);
        wk_index_destroy(index);
        plain_free(p);
    }
}

Test(flame, weights_count_calls_and_leaves_out_what_is_narrow)
{
    struct plain *p = plain_make(8, &plain_shapes[1]);
    struct wk_index *index = plain_index(p);
    struct wk_selection s;
    struct wk_array frames = {0};
    wk_selection_init(&s, index);
    finish(&s, 100000);

    cr_assert_eq(wk_flame_build(s.tree, &heap_allocator, &(struct wk_flame_ask){.weight = WK_FLAME_COUNT}, &frames), 0);
    check_shape(&frames);
    cr_assert_float_eq(sum_of(&frames, 0, WICK_NONE, 0), p->count, 0.5);
    uint32_t all = frames.count;
    frames.count = 0;
    cr_assert_eq(wk_flame_build(s.tree, &heap_allocator, &(struct wk_flame_ask){.min = 1e6}, &frames), 0);

    check_shape(&frames);
    cr_assert(frames.count && frames.count < all);
    for (uint32_t i = 0; i < frames.count; i++) {
        cr_assert_geq(((const struct wk_flame_frame *)frames.items)[i].total, 1e6);
    }
    wk_array_free(&frames, &heap_allocator, sizeof(struct wk_flame_frame));
    wk_selection_fini(&s);
    wk_index_destroy(index);
    plain_free(p);
}

/* ---- instances ---- */

Test(instances, histogram_and_longest_are_those_of_the_list, .timeout = 60)
{
    for (uint32_t k = 0; k < PLAIN_SHAPES; k++) {
        struct plain *p = plain_make(k + 41, &plain_shapes[k]);
        struct wk_index *index = plain_index(p);
        uint64_t state = k;
        for (uint32_t how = 0; how < 8; how++) {
            struct wk_bar bars[WK_BARS] = {{0}};
            struct wk_instances found = {.bars = bars};
            struct wk_instances_ask ask = {.site = 1, .self = how >> 2, .low_ns = 300, .high_ns = 40000, .most = 50};
            struct wk_selection s;
            wk_selection_init(&s, index);
            select_some(&s, p, &state, how);
            int64_t *children = calloc(p->count, sizeof *children), *durations = calloc(p->count, sizeof *durations);
            uint32_t count = 0;
            for (uint32_t i = p->count; i-- > 0;) {
                int64_t ns = clipped(p, &s, i);
                if (ns >= 0 && p->all[i].parent != WICK_NONE) {
                    children[p->all[i].parent] += ns;
                }
            }
            for (uint32_t i = 0; i < p->count; i++) {
                int64_t ns = clipped(p, &s, i) - (ask.self ? children[i] : 0);
                if (clipped(p, &s, i) >= 0 && p->all[i].site == 1 && ns >= 300 && ns <= 40000) {
                    durations[count++] = ns;
                }
            }
            qsort(durations, count, sizeof *durations, by_value);

            cr_assert_eq(wk_instances_find(&s, NULL, &ask, &found), 0);

            cr_assert_eq(found.count, count);
            const struct wk_instance *longest = found.longest.items;
            cr_assert_eq(found.longest.count, count < 50 ? count : 50);
            for (uint32_t i = 0; i < found.longest.count; i++) {
                cr_assert_eq(longest[i].duration_ns, durations[count - 1 - i]);
            }
            double in_bars = 0;
            for (uint32_t i = 0; i < WK_BARS; i++) {
                in_bars += bars[i].count;
            }
            cr_assert_eq(in_bars, count);
            free(children);
            free(durations);
            wk_hist_free(found.hist, &heap_allocator);
            wk_array_free(&found.longest, &heap_allocator, sizeof *longest);
            wk_selection_fini(&s);
        }
        wk_index_destroy(index);
        plain_free(p);
    }
}

Test(instances, bars_cover_every_duration_once)
{
    int64_t expected = 0, low_ns, high_ns;
    for (uint32_t bar = 0; bar + 1 < 61 * WK_BARS_PER_OCTAVE; bar++) {
        wk_bar_bounds(bar, &low_ns, &high_ns);
        cr_assert_eq(low_ns, expected);
        cr_assert(wk_bar_of(low_ns) == bar && wk_bar_of(high_ns) == bar);
        expected = high_ns + 1;
    }
}

/* ---- search ---- */

static struct wick_names *some_names(void)
{
    struct wick_names *names = wick_names_create(&heap_allocator);
    static const char *const literals[] = {"Load", "parse header", "unload", "sort", "write", "Parse Body"};
    for (uint32_t i = 0; i < PLAIN_SITES; i++) {
        wick_names_set_site(names, i, &(struct wick_site_info){.literal = literals[i], .location = "f:1"});
    }
    return names;
}

Test(search, share_of_time_counts_nested_matches_once, .timeout = 60)
{
    struct wick_names *names = some_names();
    for (uint32_t k = 0; k < PLAIN_SHAPES; k++) {
        struct plain *p = plain_make(k + 51, &plain_shapes[k]);
        struct wk_index *index = plain_index(p);
        uint64_t state = k;
        for (uint32_t how = 0; how < 4; how++) {
            struct wk_selection s;
            struct wk_search search = {0};
            struct wk_search_sums sums, want = {0};
            wk_selection_init(&s, index);
            select_some(&s, p, &state, how);
            for (uint32_t i = 0; i < p->count; i++) {
                int64_t ns = clipped(p, &s, i);
                int nested = 0, hit = p->all[i].site == 1 || p->all[i].site == 5;
                for (uint32_t up = p->all[i].parent; up != WICK_NONE; up = p->all[up].parent) {
                    nested |= (p->all[up].site == 1 || p->all[up].site == 5) && clipped(p, &s, up) >= 0;
                }
                if (ns >= 0 && hit) {
                    want.scopes++;
                    want.total_ns += ns;
                    want.covered_ns += nested ? 0 : ns;
                }
            }

            cr_assert_eq(wk_search_text(&search, index, names, "PARSE", 5), 0);
            cr_assert_eq(wk_search_sum(&search, &s, &sums), 0);

            cr_assert_eq(search.names, 2);
            cr_assert(sums.scopes == want.scopes && sums.total_ns == want.total_ns && sums.covered_ns == want.covered_ns);
            wk_search_end(&search, index);
            wk_selection_fini(&s);
        }
        wk_index_destroy(index);
        plain_free(p);
    }
    wick_names_destroy(names);
}

Test(search, next_and_previous_visit_every_match_in_order)
{
    struct wick_names *names = some_names();
    struct plain *p = plain_make(61, &plain_shapes[4]);
    struct wk_index *index = plain_index(p);
    struct wk_selection s;
    struct wk_search search = {0};
    uint32_t want = 0;
    wk_selection_init(&s, index);
    select_some(&s, p, &(uint64_t){3}, 1);
    for (uint32_t i = 0; i < p->count; i++) {
        want += clipped(p, &s, i) >= 0 && p->all[i].site == 3;
    }
    cr_assert_eq(wk_search_text(&search, index, names, "sort", 4), 0);

    for (int direction = 1; direction >= -1; direction -= 2) {
        struct wk_instance place = {WICK_NONE, WICK_NONE, 0};
        int64_t at_ns = direction > 0 ? 0 : p->last_ns + 1, before_ns = at_ns;
        uint32_t visited = 0;
        while (wk_search_next(&search, &s, at_ns, &place, direction)) {
            struct wk_place at = wk_row_place(&wk_index_rows(index)[place.row], place.index);
            at_ns = at.chunk->start_ns[at.at];
            cr_assert(direction > 0 ? at_ns >= before_ns : at_ns <= before_ns);
            cr_assert_eq(at.chunk->site[at.at], 3);
            before_ns = at_ns;
            cr_assert_leq(++visited, want);
        }
        cr_assert_eq(visited, want);
    }
    wk_search_end(&search, index);
    wk_selection_fini(&s);
    wk_index_destroy(index);
    wick_names_destroy(names);
    plain_free(p);
}

Test(search, texts_of_instances_are_found)
{
    struct wick_names *names = some_names();
    struct wk_index *index = wk_index_create(&heap_allocator);
    struct wk_selection s;
    struct wk_search search = {0};
    struct wk_search_sums sums;
    for (uint32_t i = 0; i < 1000; i++) {
        char text[32];
        int bytes = snprintf(text, sizeof text, "fetch URL %u", i % 250);
        struct wick_record r[2] = {
            {.kind = WICK_RECORD_START, .time_ns = i * 10, .text = text, .text_bytes = (uint32_t)bytes, .site = 4},
            {.kind = WICK_RECORD_ENDOK, .time_ns = i * 10 + 7, .u.cpu_ns = -1}};
        wk_index_feed(index, r, 2);
    }
    wk_selection_init(&s, index);

    cr_assert_eq(wk_search_text(&search, index, names, "url 24", 6), 0);
    cr_assert_eq(wk_search_sum(&search, &s, &sums), 0);
    cr_assert_eq(sums.scopes, 44, "24 and 240 .. 249, four times each");
    cr_assert_eq(((const uint8_t *)search.sites.items)[4], 2);
    cr_assert_eq(wk_search_text(&search, index, names, "url 9999", 8), 0);
    cr_assert_eq(wk_search_sum(&search, &s, &sums), 0);
    cr_assert_eq(sums.scopes, 0);

    wk_search_end(&search, index);
    wk_selection_fini(&s);
    wk_index_destroy(index);
    wick_names_destroy(names);
}

/* ---- export ---- */

static struct wick_names *names_to_export(void)
{
    struct wick_names *names = some_names();
    wick_names_set_site(names, PLAIN_SITES + 1, &(struct wick_site_info){.literal = "a lock", .location = "l:1", .kind = WICK_SITE_LOCK});
    wick_names_set_site(names, PLAIN_SITES, &(struct wick_site_info){.literal = "a mark", .location = "m:1", .kind = WICK_SITE_MARK});
    for (uint32_t i = 0; i < PLAIN_SITES; i++) {
        char location[16];
        struct wick_site_info site = *wick_names_site(names, i);
        snprintf(location, sizeof location, "f:%u", i);
        site.location = location;
        wick_names_set_site(names, i, &site);
    }
    for (uint32_t i = 0; i < 4; i++) {
        char thread[16];
        snprintf(thread, sizeof thread, "t%u", i);
        char pid[2] = {(char)('7' + i / 2), 0};
        wick_names_set_process(names, i / 2, &(struct wick_process_info){.host = "h", .pid = pid, .pid_number = 7 + i / 2});
        wick_names_set_track(names, i, &(struct wick_track_info){.thread = thread, .label = "", .process = i / 2});
    }
    return names;
}

Test(export, a_log_that_reads_back_as_the_same_scopes)
{
    const struct plain_shape shape = {.tracks = 4, .deep = 6, .scopes = 5000, .step_ns = 300};
    struct plain *p = plain_make(71, &shape);
    struct wick_names *names = names_to_export();
    struct wk_index *index = wk_index_create(&heap_allocator);
    struct wk_export export;
    struct model again;
    uint64_t state = 3;
    int bytes;
    for (uint32_t i = 0; i < p->record_count; i++) {
        p->records[i].time_ns += 1700000000000000000;
    }
    wk_index_feed(index, p->records, p->record_count);
    const int64_t end_ns = 1700000000000000000 + p->last_ns;
    struct wick_record rest[] = {
        {.kind = WICK_RECORD_GAUGE, .site = PLAIN_SITES, .time_ns = end_ns, .u.number = 0.1},
        {.kind = WICK_RECORD_LOCKW, .track = 1, .site = PLAIN_SITES + 1, .time_ns = end_ns + 1},
        {.kind = WICK_RECORD_LOCKA, .track = 1, .site = PLAIN_SITES + 1, .time_ns = end_ns + 11},
        {.kind = WICK_RECORD_LOCKR, .track = 1, .site = PLAIN_SITES + 1, .time_ns = end_ns + 31}};
    wk_index_feed(index, rest, 4);
    for (uint32_t how = 0; how < 4; how++) {
        struct wk_selection s;
        wk_selection_init(&s, index);
        if (how) {
            select_some(&s, p, &state, how);
        }
        again = model_open_vector(WICK_VECTOR_NONE);

        cr_assert_eq(wk_export_begin(&export, &s, names), 0);
        while ((bytes = wk_export_next(&export)) > 0) {
            cr_assert_eq(wick_reader_feed(again.reader, export.out, (size_t)bytes), 0);
        }
        cr_assert_eq(bytes, 0);
        wick_reader_finish(again.reader);

        struct wick_reader_stats stats;
        struct wick_tree_stats got, want;
        wick_reader_stats_read(again.reader, &stats);
        for (uint32_t i = 0; i < WICK_PROBLEM_KINDS; i++) {
            cr_assert_eq(stats.problems[i], 0);
        }
        finish(&s, 100000);
        wick_tree_stats_read(s.tree, &want);
        wick_tree_settle(again.tree, INT64_MIN);
        wick_tree_stats_read(again.tree, &got);
        cr_assert(got.scopes == want.scopes && got.failed == want.failed && got.backwards == 0 && got.stray_ends == 0);
        cr_assert_eq(got.depth_max, want.depth_max);
        struct wick_counter_info counter;
        struct wick_lock_info lock;
        cr_assert(how || (wick_tree_counter(again.tree, 0, &counter) && counter.last.value == 0.1));
        cr_assert(how || (wick_tree_lock(again.tree, 0, &lock) && lock.wait_ns == 10 && lock.hold_ns == 20));
        wk_export_end(&export);
        wk_selection_fini(&s);
        model_close(&again);
    }
    wk_index_destroy(index);
    wick_names_destroy(names);
    plain_free(p);
}
