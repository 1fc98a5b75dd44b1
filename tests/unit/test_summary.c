/*
 * SPDX-License-Identifier: MIT
 * Summaries: self times per call, recursion, keys that survive edits, order statistics, and what is written is read.
 * Must not read a form of a log for its own sake. Invariant: each expected number can be seen from the log above it.
 */
#include "model_support.h"

static int feed(void *user, const struct wick_record *records, size_t count)
{
    return wick_summary_feed(user, records, count);
}

static struct wick_summary *settle(struct wick_summary *summary)
{
    const struct wick_summary_info info = {.log = "run.ctxt"};
    cr_assert_eq(wick_summary_settle(summary, &info), 0);
    return summary;
}

/* probe_ns: as the log says it; NULL: it does not. */
static struct wick_summary *summary_with(const char *probe_ns, const char *log)
{
    struct wick_names *names = wick_names_create(&heap_allocator);
    struct wick_summary *summary = wick_summary_create(&heap_allocator, names);
    cr_assert(!probe_ns || wick_summary_property(summary, "probe_ns", probe_ns) == 0);
    struct wick_reader *reader = wick_reader_create(&heap_allocator, names, &(struct wick_record_out){feed, summary}, WICK_VECTOR_NONE);
    cr_assert_eq(wick_reader_feed(reader, log, strlen(log)), 0);
    cr_assert_eq(wick_reader_finish(reader), 0);
    settle(summary);
    wick_reader_destroy(reader);
    wick_names_destroy(names); /* a settled summary needs none */
    return summary;
}

static struct wick_summary *summary_of(const char *log)
{
    return summary_with(NULL, log);
}

/* The node at a path of names. */
static const struct wick_summary_node *at(const struct wick_summary *summary, const char *path)
{
    const struct wick_summary_node *node;
    for (uint32_t i = 0; (node = wick_summary_node_at(summary, i)) != NULL; i++) {
        char names[500] = "";
        for (const struct wick_summary_node *up = node; up; up = up->parent == WICK_NONE ? NULL : wick_summary_node_at(summary, up->parent)) {
            char below[500];
            snprintf(below, sizeof below, "%s%s%s", wick_summary_key_at(summary, up->key)->name, *names ? "/" : "", names);
            snprintf(names, sizeof names, "%s", below);
        }
        if (strcmp(names, path) == 0) {
            return node;
        }
    }
    cr_assert_fail("no node %s", path);
    return NULL;
}

#define LINE(time, thread, word, place, text) "1." time " h 7 " thread " " word " " place " " text "\n"

Test(summary, a_call_has_its_self_time_once)
{
    struct wick_summary *s = summary_of(LINE("000000000", "main", "START", "f:1", "f")
                                        LINE("000000010", "main", "START", "g:2", "g")
                                        LINE("000000030", "main", "ENDER", "g:2", "no")
                                        LINE("000000030", "main", "START", "g:2", "g")
                                        LINE("000000035", "main", "ENDOK", "g:2", "")
                                        LINE("000000100", "main", "ENDOK", "f:1", "")
                                        LINE("000000200", "main", "START", "g:2", "g"));
    const struct wick_summary_node *f = at(s, "main/f"), *g = at(s, "main/f/g"), *open = at(s, "main/g"), *main = at(s, "main");
    cr_assert(f->calls == 1 && f->self_ns == 75 && f->total_ns == 100 && f->p50_ns == 75);
    cr_assert(g->calls == 2 && g->failed == 1 && g->self_ns == 25 && g->min_ns == 5 && g->max_ns == 20);
    cr_assert(open->calls == 0 && open->open == 1 && open->self_ns == 0);
    cr_assert(main->calls == 1 && main->parent == WICK_NONE);
    wick_summary_destroy(s);
}

/* f 100 ns { g 20 ns, g 5 ns }: recording the two cost f 7.5 ns each; where it would be more than there is, nothing is left. */
Test(summary, what_recording_costs_is_not_the_callers)
{
    static const struct {
        const char *probe_ns;
        int64_t self_ns;
    } cases[] = {{NULL, 75}, {"7.500", 60}, {"0.000", 75}, {"50.125", 0}, {"nonsense", 75}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct wick_summary *s = summary_with(cases[i].probe_ns, LINE("000000000", "main", "START", "f:1", "f")
                                              LINE("000000010", "main", "START", "g:2", "g")
                                              LINE("000000030", "main", "ENDOK", "g:2", "")
                                              LINE("000000030", "main", "START", "g:2", "g")
                                              LINE("000000035", "main", "ENDOK", "g:2", "")
                                              LINE("000000100", "main", "ENDOK", "f:1", ""));
        const struct wick_summary_node *f = at(s, "main/f"), *g = at(s, "main/f/g");
        cr_assert(f->self_ns == cases[i].self_ns && f->p50_ns == cases[i].self_ns && f->total_ns == 100 && g->self_ns == 25, "case %zu: %d", i, (int)f->self_ns);
        wick_summary_destroy(s);
    }
}

/* f 100 ns { g 60 ns { f 40 ns { f 10 ns } } }: one call of f. */
Test(summary, recursion_belongs_to_the_outermost_call)
{
    struct wick_summary *s = summary_of(LINE("000000000", "main", "START", "f:1", "f")
                                        LINE("000000010", "main", "START", "g:2", "g")
                                        LINE("000000020", "main", "START", "f:1", "f")
                                        LINE("000000030", "main", "START", "f:1", "f")
                                        LINE("000000040", "main", "ENDOK", "f:1", "")
                                        LINE("000000060", "main", "ENDOK", "f:1", "")
                                        LINE("000000070", "main", "ENDOK", "g:2", "")
                                        LINE("000000100", "main", "ENDOK", "f:1", ""));
    const struct wick_summary_node *f = at(s, "main/f"), *g = at(s, "main/f/g");
    cr_assert(f->calls == 1 && f->nested == 2 && f->total_ns == 100 && f->self_ns == 80 && f->p50_ns == 80);
    cr_assert(g->calls == 1 && g->self_ns == 20);
    struct wick_summary_info info;
    wick_summary_info_read(s, &info);
    cr_assert_eq(info.nodes, 3);
    wick_summary_destroy(s);
}

/* Two threads of one role are one; ids in names are not part of them; lines move, ordinals stay. */
Test(summary, keys_are_those_of_another_build)
{
    static const char *const logs[] = {
        LINE("000000000", "work.1", "START", "f:10", "get 17") LINE("000000010", "work.1", "ENDOK", "f:10", "")
        LINE("000000000", "work.2", "START", "f:10", "get 18") LINE("000000030", "work.2", "ENDOK", "f:10", "")
        LINE("000000040", "work.2", "START", "f:12.2", "get 18") LINE("000000050", "work.2", "ENDOK", "f:12.2", ""),
        LINE("000000000", "work.4", "START", "f:22", "get 5") LINE("000000010", "work.4", "ENDOK", "f:22", "")
        LINE("000000020", "work.4", "START", "f:21", "get 5") LINE("000000040", "work.4", "ENDOK", "f:21", "")};
    for (int i = 0; i < 2; i++) {
        struct wick_summary *s = summary_of(logs[i]);
        struct wick_summary_info info;
        wick_summary_info_read(s, &info);
        cr_assert(info.keys == 3 && info.nodes == 3, "%u keys, %u nodes", info.keys, info.nodes);
        const struct wick_summary_key *first = wick_summary_key_at(s, 1), *second = wick_summary_key_at(s, 2);
        cr_assert_str_eq(wick_summary_key_at(s, 0)->name, "work");
        cr_assert(strcmp(first->name, "get #") == 0 && strcmp(first->function, "f") == 0 && first->ordinal == 0);
        cr_assert(strcmp(second->name, "get #") == 0 && second->ordinal == 1);
        cr_assert_eq(wick_summary_node_at(s, 1)->self_ns, i ? 20 : 40); /* of the earlier line */
        wick_summary_destroy(s);
    }
}

static int ascending(const void *x, const void *y)
{
    const int64_t *a = x, *b = y;
    return *a < *b ? -1 : *a > *b;
}

static void feed_scope(struct wick_summary *s, int64_t start_ns, int64_t duration_ns)
{
    const struct wick_record records[] = {{.kind = WICK_RECORD_START, .time_ns = start_ns, .depth = 1},
                                          {.kind = WICK_RECORD_ENDOK, .time_ns = start_ns + duration_ns, .depth = 1}};
    cr_assert_eq(wick_summary_feed(s, records, 2), 0);
}

/* Against sorting: every count to 300, few different values and many, in order and not. */
Test(summary, order_statistics_are_those_of_the_sorted_times)
{
    static int64_t times[300];
    uint64_t random = 7;
    for (uint32_t count = 1; count <= 300; count++) {
        struct wick_names *names = wick_names_create(&heap_allocator);
        wick_names_set_site(names, 0, &(struct wick_site_info){.location = "f:1", .literal = "f"});
        wick_names_set_track(names, 0, &(struct wick_track_info){.thread = "main"});
        struct wick_summary *s = wick_summary_create(&heap_allocator, names);
        const uint64_t values = count % 3 == 0 ? 2 : count % 3 == 1 ? 1000000000 : 5000;
        for (uint32_t i = 0; i < count; i++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            times[i] = count % 7 == 0 ? (int64_t)i : (int64_t)((random >> 20) % values);
            feed_scope(s, (int64_t)i * 2000000000, times[i]);
        }
        settle(s);
        qsort(times, count, sizeof *times, ascending);
        const struct wick_summary_node *f = at(s, "main/f");
        uint32_t low = (count * 10 + 99) / 100 - 1, middle = (count * 50 + 99) / 100 - 1;
        double sum = 0;
        uint64_t slow = 0;
        for (uint32_t i = 0; i < count; i++) {
            sum += i >= low && i <= middle ? (double)times[i] : 0;
            slow += times[i] > times[middle] + times[middle] / 2;
        }
        cr_assert(f->calls == count && f->min_ns == times[0] && f->max_ns == times[count - 1], "%u times", count);
        cr_assert(f->p10_ns == times[low] && f->p50_ns == times[middle], "%u times", count);
        cr_assert(f->p90_ns == times[(count * 90 + 99) / 100 - 1] && f->p99_ns == times[(count * 99 + 99) / 100 - 1], "%u times", count);
        cr_assert_float_eq(f->lomean_ns, sum / (middle - low + 1), 1e-6);
        cr_assert_eq(f->slow, slow);
        wick_summary_destroy(s);
        wick_names_destroy(names);
    }
}

static struct model_text written(const struct wick_summary *s)
{
    struct model_text bytes = {0};
    struct wick_json json = {.out = {model_text_write, &bytes}};
    wick_summary_write(s, &json);
    cr_assert_eq(json.error, 0);
    return bytes;
}

static const char small[] = LINE("000000000", "main", "START", "f:1", "a \"quoted\" name")
    LINE("000000010", "main", "value", "-", "2.5") LINE("000000030", "main", "ENDOK", "f:1", "");

Test(summary, what_is_written_is_read)
{
    struct wick_summary *s = summary_of(small);
    struct model_text one = written(s), both = {0};
    model_text_write(&both, one.bytes, one.count);
    model_text_write(&both, one.bytes, one.count);
    const char *from = both.bytes;
    struct wick_summary_error error = {0};
    for (int i = 0; i < 2; i++) {
        struct wick_summary *read = wick_summary_create(&heap_allocator, NULL);
        cr_assert_eq(wick_summary_read(read, &from, both.bytes + both.count, &error), 1, "%s", error.what);
        struct model_text again = written(read);
        cr_assert(again.count == one.count && memcmp(again.bytes, one.bytes, one.count) == 0);
        cr_assert_float_eq(at(read, "main/a \"quoted\" name")->value_sum.value, 2.5, 0);
        free(again.bytes);
        wick_summary_destroy(read);
    }
    struct wick_summary *none = wick_summary_create(&heap_allocator, NULL);
    cr_assert_eq(wick_summary_read(none, &from, both.bytes + both.count, &error), 0);
    wick_summary_destroy(none);
    wick_summary_destroy(s);
    free(one.bytes);
    free(both.bytes);
}

/* Cut anywhere, or with any byte changed: read or refused, and nothing else. */
Test(summary, what_is_damaged_is_refused)
{
    struct wick_summary *s = summary_of(small);
    struct model_text one = written(s);
    char *copy = malloc(one.count);
    for (size_t i = 0; i < one.count; i++) {
        struct wick_summary_error error = {0};
        const char *from = one.bytes;
        struct wick_summary *read = wick_summary_create(&heap_allocator, NULL);
        cr_assert_eq(wick_summary_read(read, &from, one.bytes + i, &error), i == 0 ? 0 : i == one.count - 1 ? 1 : WICK_E_PROTO, "%zu bytes", i);
        wick_summary_destroy(read);
        memcpy(copy, one.bytes, one.count);
        copy[i] = copy[i] == '9' ? '"' : '9';
        from = copy;
        read = wick_summary_create(&heap_allocator, NULL);
        const int rc = wick_summary_read(read, &from, copy + one.count, &error);
        cr_assert(rc == 1 || (rc == WICK_E_PROTO && error.what), "byte %zu: %d", i, rc);
        const struct wick_summary_node *node;
        for (uint32_t k = 0; (node = wick_summary_node_at(read, k)) != NULL; k++) {
            cr_assert(wick_summary_key_at(read, node->key) && (node->parent == WICK_NONE || node->parent < k), "byte %zu", i);
        }
        wick_summary_destroy(read);
    }
    free(copy);
    free(one.bytes);
    wick_summary_destroy(s);
}
