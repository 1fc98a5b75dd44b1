/*
 * SPDX-License-Identifier: MIT
 * Other tools' files: the trees they give, in any order and cut anywhere; random traces there and back.
 * Must not crash on a prefix of a file. Invariant: the same scopes give the same tree as our own log.
 */
#include <stdarg.h>

#include "index_support.h"
#include "model/base/json.h"

struct file {
    char *bytes;
    size_t count, capacity;
};

__attribute__((format(printf, 2, 3))) static void put(struct file *file, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (file->capacity - file->count < 512) {
        file->capacity = file->capacity * 2 + 4096;
        file->bytes = realloc(file->bytes, file->capacity);
    }
    file->count += (size_t)vsnprintf(file->bytes + file->count, 512, format, arguments);
    va_end(arguments);
}

static const char chrome[] =
    "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n"
    "{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":1,\"tid\":7,\"args\":{\"name\":\"Main \\u00e9\"}},\n"
    "{\"name\":\"inner\",\"ph\":\"E\",\"ts\":1020.25,\"pid\":1,\"tid\":8},"
    "{\"name\":\"outer\",\"cat\":\"c\",\"ph\":\"X\",\"ts\":1000.5,\"dur\":100,\"pid\":1,\"tid\":7,\"args\":{}},\n"
    "{\"name\":\"late\",\"ph\":\"X\",\"ts\":1050,\"dur\":100,\"pid\":1,\"tid\":7},\n"
    "{\"name\":\"in \\\"ner\",\"ph\":\"B\",\"ts\":1010,\"pid\":1,\"tid\":7},{\"ph\":\"E\",\"ts\":1020.25,\"pid\":1,\"tid\":7},\n"
    "{\"name\":\"a point\",\"ph\":\"i\",\"ts\":1015,\"pid\":1,\"tid\":7,\"s\":\"t\"},"
    "{\"name\":\"numbers\",\"ph\":\"C\",\"ts\":1016,\"pid\":1,\"tid\":7,\"args\":{\"a\":1.5,\"b\":2}},\n"
    "{\"name\":\"req\",\"cat\":\"net\",\"ph\":\"b\",\"id\":\"0x1\",\"ts\":1005,\"pid\":1,\"tid\":7},"
    "{\"name\":\"req\",\"cat\":\"net\",\"ph\":\"e\",\"id\":\"0x1\",\"ts\":1055,\"pid\":1,\"tid\":9}\n"
    "],\"otherData\":{\"version\":\"]}\",\"a\":[1,2]}}\n";

Test(foreign, chrome_events_nest_whatever_their_order)
{
    struct model m = model_open_vector(WICK_VECTOR_NONE);
    model_read(&m, chrome, sizeof chrome - 1, 13);

    struct wick_node_info outer = model_node(&m, "7/outer");
    cr_assert(outer.count == 1 && outer.total_ns == 100000);
    cr_assert_eq(model_find(&m, "7/outer/late"), WICK_NONE, "it overlaps");
    cr_assert_eq(model_node(&m, "7 (2)/late").total_ns, 100000, "and is whole, beside it");
    cr_assert_eq(model_node(&m, "7/outer/in \"ner").total_ns, 10250);
    cr_assert_eq(model_node(&m, "7/outer/in \"ner/a point").count, 1);
    cr_assert_eq(model_node(&m, "net-0x1/req").total_ns, 50000);
    cr_assert_str_eq(wick_names_track(m.names, outer.track)->label, "Main \u00e9");
    struct wick_counter_info counter;
    cr_assert(wick_tree_counter(m.tree, 1, &counter) && counter.last.value == 2);
    cr_assert_str_eq(wick_reader_remark(m.reader), "not shown: 1 event that end what never began (event 2)");
    model_close(&m);
}

/* Small traces, each made for one rule of the format: what is in them, and what is not shown. */
static const struct {
    const char *trace;
    struct {
        const char *path;
        uint64_t count;
        int64_t total_ns;
    } nodes[4];
    const char *remark;
} rules[] = {
#define ON ",\"pid\":1,\"tid\":1}"
    {"[{\"name\":\"deploy\",\"ph\":\"i\",\"ts\":15,\"s\":\"t\"" ON ",{\"name\":\"cfg\",\"ph\":\"I\",\"ts\":16,\"args\":{\"k\":1}" ON "]",
     {{"1/deploy", 1, 0}, {"1/cfg", 1, 0}}, ""},
    {"[{\"name\":\"a\",\"ph\":\"X\",\"ts\":0,\"dur\":10" ON ",", {{"1/a", 1, 10000}}, ""},
    {"[{\"name\":\"late\",\"ph\":\"B\",\"ts\":100" ON ",{\"name\":\"late\",\"ph\":\"E\",\"ts\":130" ON
     ",{\"name\":\"early\",\"ph\":\"B\",\"ts\":0" ON ",{\"name\":\"early\",\"ph\":\"E\",\"ts\":50" ON "]",
     {{"1/early", 1, 50000}, {"1/late", 1, 30000}}, ""},
    {"[{\"name\":\"a\",\"ph\":\"X\",\"ts\":0,\"dur\":100" ON ",{\"name\":\"b\",\"ph\":\"X\",\"ts\":50,\"dur\":100" ON
     ",{\"name\":\"c\",\"ph\":\"X\",\"ts\":60,\"dur\":100" ON ",{\"name\":\"d\",\"ph\":\"X\",\"ts\":155,\"dur\":5" ON "]",
     {{"1/a", 1, 100000}, {"1 (2)/b", 1, 100000}, {"1 (3)/c", 1, 100000}, {"1/d", 1, 5000}}, ""},
    {"[{\"name\":\"a\",\"ph\":\"X\",\"ts\":0,\"dur\":-5" ON ",{\"name\":\"b\",\"ph\":\"X\",\"ts\":10,\"dur\":\"abc\"" ON
     ",{\"name\":\"c\",\"ph\":\"X\",\"ts\":20" ON ",{\"name\":\"d\",\"ph\":\"X\",\"ts\":30,\"dur\":NaN" ON
     ",{\"name\":\"e\",\"ph\":\"X\",\"ts\":40,\"dur\":null" ON ",{\"name\":\"f\",\"ph\":\"B\"" ON ",{\"name\":\"g\",\"ph\":\"i\",\"ts\":-1" ON "]",
     {{"1/a", 0, 0}}, "not shown: 5 events without a duration (events 1, 2, 3, 4, 5), 2 events without a time (events 6, 7)"},
    {"[{\"ph\":\"P\",\"ts\":1" ON ",{\"ph\":\"N\",\"id\":1,\"ts\":1" ON ",{\"ph\":\"s\",\"id\":1,\"ts\":1" ON ",{\"ph\":\"f\",\"id\":1,\"ts\":4" ON
     ",{\"ph\":\"T\",\"id\":1,\"ts\":2" ON ",{\"ts\":2" ON ",{\"ph\":\"=\",\"ts\":2" ON ",{\"ph\":\"C\",\"ts\":1,\"args\":{\"n\":\"x\"}" ON "]",
     {{"1/a", 0, 0}}, "not shown: 1 P (samples), 2 s/t/f (flows), 1 N/O/D (objects), 1 =, 1 T, 1 event without a number (event 8), "
                      "1 event without phase (event 6)"},
    {"[{\"name\":\"frame\",\"ph\":\"X\",\"ts\":0,\"dur\":100" ON ",{\"name\":\"lost end\",\"ph\":\"B\",\"ts\":10" ON
     ",{\"name\":\"frame\",\"ph\":\"X\",\"ts\":1000,\"dur\":100" ON "]",
     {{"1/frame", 2, 200000}, {"1/frame/lost end", 1, 90000}}, ""},
    {"[{\"name\":\"a\",\"ph\":\"B\",\"ts\":0" ON ",{\"name\":\"b\",\"ph\":\"B\",\"ts\":5" ON ",{\"name\":\"a\",\"ph\":\"E\",\"ts\":8" ON
     ",{\"name\":\"b\",\"ph\":\"E\",\"ts\":10" ON "]", {{"1/a", 1, 8000}, {"1 (2)/b", 1, 5000}}, ""},
    {"[{\"name\":\"req\",\"ph\":\"B\",\"ts\":0" ON ",{\"name\":\"parse\",\"ph\":\"B\",\"ts\":5" ON ",{\"name\":\"req\",\"ph\":\"E\",\"ts\":20" ON
     ",{\"name\":\"req\",\"ph\":\"B\",\"ts\":100" ON ",{\"name\":\"req\",\"ph\":\"E\",\"ts\":120" ON "]",
     {{"1/req", 2, 40000}, {"1/req/parse", 1, 15000}}, ""},
    /* Recursion; an end that nobody opened; ends without a name. */
    {"[{\"name\":\"f\",\"ph\":\"B\",\"ts\":0" ON ",{\"name\":\"f\",\"ph\":\"B\",\"ts\":2" ON ",{\"name\":\"f\",\"ph\":\"E\",\"ts\":3" ON
     ",{\"name\":\"g\",\"ph\":\"E\",\"ts\":4" ON ",{\"name\":\"h\",\"ph\":\"B\",\"ts\":5" ON ",{\"ph\":\"E\",\"ts\":6" ON ",{\"ph\":\"E\",\"ts\":9" ON "]",
     {{"1/f", 1, 9000}, {"1/f/f", 1, 1000}, {"1/f/h", 1, 1000}}, "not shown: 1 event that end what never began (event 4)"},
    /* One time: what began earlier ends, then what takes no time, then what begins. */
    {"[{\"name\":\"next\",\"ph\":\"B\",\"ts\":5" ON ",{\"name\":\"last\",\"ph\":\"E\",\"ts\":5" ON ",{\"name\":\"none\",\"ph\":\"X\",\"ts\":5,\"dur\":0" ON
     ",{\"name\":\"last\",\"ph\":\"B\",\"ts\":0" ON ",{\"name\":\"next\",\"ph\":\"E\",\"ts\":9" ON ",{\"name\":\"outer\",\"ph\":\"X\",\"ts\":5,\"dur\":6" ON "]",
     {{"1/last", 1, 5000}, {"1/none", 1, 0}, {"1/outer", 1, 6000}, {"1/outer/next", 1, 4000}}, ""},
    {"[{\"name\":\"io\",\"cat\":\"c\",\"ph\":\"e\",\"id\":\"0x1\",\"ts\":50,\"pid\":2,\"tid\":7},"
     "{\"name\":\"io\",\"cat\":\"c\",\"ph\":\"b\",\"id\":\"0x1\",\"ts\":0" ON ",{\"name\":\"step\",\"cat\":\"c\",\"ph\":\"n\",\"id\":\"0x1\",\"ts\":7" ON "]",
     {{"c-0x1/io", 1, 50000}, {"c-0x1/io/step", 1, 0}}, ""},
    {"[{\"name\":\"a\",\"cat\":\"c\",\"ph\":\"b\",\"id2\":{\"local\":\"1\"},\"ts\":0" ON
     ",{\"name\":\"a\",\"cat\":\"c\",\"ph\":\"e\",\"id2\":{\"local\":\"1\"},\"ts\":3,\"pid\":2}]",
     {{"c-1/a", 0, 0}}, "not shown: 1 event that end what never began (event 2)"},
    {"[{\"name\":\"S\",\"cat\":\"c\",\"ph\":\"S\",\"id\":4,\"ts\":0" ON ",{\"name\":\"S\",\"cat\":\"c\",\"ph\":\"T\",\"id\":4,\"ts\":1" ON
     ",{\"name\":\"S\",\"cat\":\"c\",\"ph\":\"F\",\"id\":4,\"ts\":4" ON "]", {{"c-4/S", 1, 4000}, {"c-4/S/S", 1, 0}}, ""},
    /* 7, "7" and 7.0 are one thread; 64 bits are exact. */
    {"[{\"name\":\"x\",\"ph\":\"B\",\"ts\":0,\"pid\":-1,\"tid\":7},{\"name\":\"x\",\"ph\":\"E\",\"ts\":1,\"pid\":\"-1\",\"tid\":\"7\"},"
     "{\"name\":\"x\",\"ph\":\"X\",\"ts\":\"2\",\"dur\":\"1\",\"pid\":-1,\"tid\":7.0},"
     "{\"name\":\"x\",\"ph\":\"X\",\"ts\":5,\"dur\":2,\"pid\":-1,\"tid\":9007199254740993},{\"name\":\"x\",\"ph\":\"X\",\"ts\":6,\"dur\":2,\"pid\":-1,\"tid\":9007199254740992}]",
     {{"7/x", 2, 2000}, {"9007199254740993/x", 1, 2000}, {"9007199254740992/x", 1, 2000}}, ""},
};

Test(foreign, chrome_rules)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        for (size_t step = 0; step < 50; step += 1 + step) {
            struct model m = model_open_vector(WICK_VECTOR_NONE);
            model_read(&m, rules[i].trace, strlen(rules[i].trace), step);
            for (size_t k = 0; k < 4 && rules[i].nodes[k].path; k++) {
                struct wick_node_info node = {0};
                uint32_t found = model_find(&m, rules[i].nodes[k].path);
                if (found != WICK_NONE) {
                    wick_tree_node(m.tree, found, &node);
                }
                cr_expect(node.count == rules[i].nodes[k].count && node.total_ns == rules[i].nodes[k].total_ns, "rule %zu: %s: %llu in %lld ns", i,
                          rules[i].nodes[k].path, (unsigned long long)node.count, (long long)node.total_ns);
            }
            cr_expect_str_eq(wick_reader_remark(m.reader), rules[i].remark, "rule %zu: %s", i, wick_reader_remark(m.reader));
            model_close(&m);
        }
    }
}

Test(foreign, chrome_counters_and_metadata)
{
    static const char trace[] =
        "[{\"name\":\"q\",\"ph\":\"C\",\"id\":\"a\",\"ts\":0,\"args\":{\"n\":5}" ON ",{\"name\":\"q\",\"ph\":\"C\",\"id\":\"b\",\"ts\":1,\"args\":{\"n\":900}" ON
        ",{\"name\":\"mem\",\"ph\":\"C\",\"ts\":0,\"args\":{\"used\":1}" ON ",{\"name\":\"mem\",\"ph\":\"C\",\"ts\":1,\"args\":{\"free\":2}" ON
        ",{\"name\":\"q\",\"ph\":\"C\",\"id\":\"a\",\"ts\":0,\"pid\":2,\"args\":{\"n\":7}}"
        ",{\"name\":\"process_name\",\"ph\":\"M\",\"args\":{\"name\":\"renderer\"}" ON ",{\"name\":\"process_labels\",\"ph\":\"M\",\"args\":{\"labels\":\"tab 3\"}" ON
        ",{\"name\":\"process_sort_index\",\"ph\":\"M\",\"pid\":2,\"args\":{\"sort_index\":-1}}]";
    static const struct {
        const char *name;
        double last;
    } want[] = {{"q a", 7}, {"q a", 5}, {"mem used", 1}, {"q b", 900}, {"mem free", 2}};
    struct model m = model_open_vector(WICK_VECTOR_NONE);
    model_read(&m, trace, sizeof trace - 1, 0);

    struct wick_counter_info counter;
    for (uint32_t i = 0; i < 5; i++) {
        cr_assert(wick_tree_counter(m.tree, i, &counter));
        cr_expect_str_eq(wick_names_site_name(m.names, counter.site), want[i].name);
        cr_expect_float_eq(counter.last.value, want[i].last, 0, "%u: %g", i, counter.last.value);
    }
    cr_expect_not(wick_tree_counter(m.tree, 5, &counter), "no empty series");
    cr_assert_eq(wick_names_processes(m.names), 2);
    cr_expect_str_eq(wick_names_process(m.names, 0)->pid, "2", "the order is the file's");
    cr_expect_str_eq(wick_names_process(m.names, 1)->host, "renderer (tab 3)");
    model_close(&m);
}

Test(foreign, speedscope_evented_and_sampled)
{
    static const char file[] =
        "{\"version\":\"0.0.1\",\"profiles\":[{\"type\":\"evented\",\"name\":\"one\",\"unit\":\"microseconds\","
        "\"startValue\":0,\"endValue\":14,\"events\":[{\"type\":\"O\",\"frame\":0,\"at\":0},"
        "{\"type\":\"O\",\"frame\":1,\"at\":2},{\"type\":\"C\",\"frame\":1,\"at\":4},{\"type\":\"C\",\"frame\":0,\"at\":14}]},"
        "{\"type\":\"sampled\",\"name\":\"two\",\"unit\":\"seconds\",\"startValue\":0,\"endValue\":4,"
        "\"samples\":[[0,1],[0,1,2],[0]],\"weights\":[1,1,2]}],"
        "\"shared\":{\"frames\":[{\"name\":\"a\"},{\"name\":\"b\",\"file\":\"f.c\",\"line\":3},{\"name\":\"c\"}]}}\n";
    for (size_t step = 0; step < 100; step += 1 + step) {
        struct model m = model_open_vector(WICK_VECTOR_NONE);
        model_read(&m, file, sizeof file - 1, step);

        cr_assert_eq(model_node(&m, "one/a").self_ns, 12000);
        cr_assert_eq(model_node(&m, "one/a/b").total_ns, 2000);
        cr_assert(model_node(&m, "two/a").total_ns == 4000000000 && model_node(&m, "two/a").count == 1);
        cr_assert_eq(model_node(&m, "two/a/b/c").total_ns, 1000000000);
        const struct wick_site_info *site = wick_names_site(m.names, model_node(&m, "two/a/b").site);
        cr_assert(site->line == 3 && strcmp(site->file, "f.c") == 0);
        model_close(&m);
    }
}

Test(foreign, speedscope_says_what_it_is_of)
{
    static const char file[] =
        "{\"exporter\":\"speedscope@1.25.0\",\"name\":\"my program\",\"activeProfileIndex\":1,\"shared\":{\"frames\":[{\"name\":\"a\"}]},\"profiles\":["
        "{\"type\":\"evented\",\"name\":\"first thread\",\"unit\":\"nanoseconds\",\"events\":[{\"type\":\"O\",\"frame\":0,\"at\":0},{\"type\":\"C\",\"frame\":0,\"at\":5}]},"
        "{\"type\":\"evented\",\"name\":\"active\",\"unit\":\"nanoseconds\",\"events\":[{\"type\":\"O\",\"frame\":0,\"at\":0},{\"type\":\"C\",\"frame\":0,\"at\":7}]}]}";
    struct model m = model_of(file);

    cr_assert_eq(wick_names_tracks(m.names), 2);
    cr_assert_str_eq(wick_names_track_name(m.names, 0), "active", "the active profile is the first track");
    cr_assert_str_eq(wick_names_track_name(m.names, 1), "first thread");
    cr_assert_str_eq(wick_names_track_process(m.names, 0)->host, "my program");
    cr_assert(model_node(&m, "active/a").total_ns == 7 && model_node(&m, "first thread/a").total_ns == 5);
    struct wick_property property;
    cr_assert(wick_reader_property(m.reader, 0, &property) && strcmp(property.key, "exporter") == 0 && strcmp(property.value, "speedscope@1.25.0") == 0);
    model_close(&m);
}

Test(foreign, folded_stacks_share_what_neighbours_have_in_common)
{
    struct model m = model_open_vector(WICK_VECTOR_NONE);
    static const char folded[] = "# a comment\nmain;load file;parse 12\nmain;load file 3\nmain 5\nnonsense\n\nidle\t7";
    model_read(&m, folded, sizeof folded - 1, 0);

    cr_assert_eq(model_node(&m, "stacks/main").total_ns, 20000);
    cr_assert_eq(model_node(&m, "stacks/main").count, 1);
    cr_assert_eq(model_node(&m, "stacks/main/load file").self_ns, 3000);
    cr_assert_eq(model_node(&m, "stacks/main/load file/parse").total_ns, 12000);
    cr_assert_eq(model_node(&m, "stacks/idle").total_ns, 7000);
    struct wick_reader_stats stats;
    wick_reader_stats_read(m.reader, &stats);
    cr_assert_eq(stats.problems[WICK_PROBLEM_NUMBER], 1);
    model_close(&m);
}

/* ---- random traces ---- */

static uint32_t shuffled(uint32_t i, uint32_t count)
{
    return (uint32_t)((uint64_t)i * 7919 % count);
}

static void write_chrome(struct file *file, const struct plain *p)
{
    put(file, "[");
    for (uint32_t i = 0; i < p->count; i++) {
        const struct plain_scope *s = &p->all[shuffled(i, p->count)];
        put(file, "%s{\"args\":{\"n\":[%u]},\"name\":\"site %u\",\"ph\":\"X\",\"ts\":%lld.%03lld,\"dur\":%lld.%03lld,\"pid\":3,\"tid\":%u}",
            i ? ",\n" : "", i % 3, s->site, (long long)s->start_ns / 1000, (long long)s->start_ns % 1000,
            (long long)(s->end_ns - s->start_ns) / 1000, (long long)(s->end_ns - s->start_ns) % 1000, s->track);
    }
    put(file, "]\n");
}

static void write_speedscope(struct file *file, const struct plain *p, uint32_t tracks)
{
    put(file, "{\"shared\":{\"frames\":[");
    for (uint32_t i = 0; i < PLAIN_SITES; i++) {
        put(file, "%s{\"name\":\"site %u\"}", i ? "," : "", i);
    }
    put(file, "]},\"profiles\":[");
    for (uint32_t track = 0; track < tracks; track++) {
        put(file, "%s{\"type\":\"evented\",\"unit\":\"nanoseconds\",\"name\":\"%u\",\"events\":[", track ? "," : "", track);
        uint32_t stack[PLAIN_DEEP], depth = 0, events = 0;
        for (uint32_t i = 1; i < p->record_count; i++) {
            const struct wick_record *r = &p->records[i];
            if (r->track == track) {
                int open = r->kind == WICK_RECORD_START;
                uint32_t site = open ? r->site : stack[--depth];
                put(file, "%s{\"type\":\"%c\",\"frame\":%u,\"at\":%lld}", events++ ? "," : "", open ? 'O' : 'C', site, (long long)r->time_ns);
                if (open) {
                    stack[depth++] = site;
                }
            }
        }
        put(file, "]}");
    }
    put(file, "]}");
}

static void compare_with(const struct file *file, const struct plain *p, size_t step)
{
    struct model m = model_open_vector(WICK_VECTOR_AVX2);
    struct wick_tree_stats stats;
    model_read(&m, file->bytes, file->count, step);
    wick_tree_stats_read(m.tree, &stats);
    cr_assert_eq(stats.scopes, p->count);
    cr_assert_eq(stats.stray_ends + stats.backwards + stats.open, 0);
    for (uint32_t site = 0; site < PLAIN_SITES; site++) {
        int64_t want_ns = 0, got_ns = 0, want_self = 0, got_self = 0;
        char name[16];
        snprintf(name, sizeof name, "site %u", site);
        for (uint32_t i = 0; i < p->count; i++) {
            want_ns += p->all[i].site == site ? p->all[i].end_ns - p->all[i].start_ns : 0;
            want_self += p->all[i].site == site ? p->all[i].end_ns - p->all[i].start_ns - p->all[i].children_ns : 0;
        }
        for (uint32_t i = 0; i < stats.nodes; i++) {
            struct wick_node_info node;
            wick_tree_node(m.tree, i, &node);
            if (node.kind == WICK_NODE_SCOPE && strcmp(wick_names_site(m.names, node.site)->literal, name) == 0) {
                got_ns += node.total_ns;
                got_self += node.self_ns;
            }
        }
        cr_assert(want_ns == got_ns && want_self == got_self, "%s: %lld ns, not %lld", name, (long long)got_ns, (long long)want_ns);
    }
    model_close(&m);
}

Test(foreign, random_traces_come_through)
{
    const struct plain_shape shape = {.tracks = 3, .deep = 7, .scopes = 4001, .step_ns = 400};
    for (uint32_t seed = 1; seed < 4; seed++) {
        struct plain *p = plain_make(seed, &shape);
        struct file files[2] = {{0}};
        write_chrome(&files[0], p);
        write_speedscope(&files[1], p, 3);
        for (uint32_t i = 0; i < 2; i++) {
            compare_with(&files[i], p, 0);
            compare_with(&files[i], p, 97);
            free(files[i].bytes);
        }
        plain_free(p);
    }
}

Test(foreign, any_prefix_is_read_as_far_as_it_goes)
{
    for (size_t count = 1; count < sizeof chrome; count++) {
        struct model m = model_open_vector(WICK_VECTOR_NONE);
        char *exact = malloc(count); /* so that a sanitizer sees what is read behind it */
        memcpy(exact, chrome, count);
        model_read(&m, exact, count, 0);
        model_close(&m);
        free(exact);
    }
}

Test(foreign, what_cannot_be_a_time_or_an_event_is_counted)
{
    static const char trace[] = "[{\"name\":\"far\",\"ph\":\"X\",\"ts\":9223372036854775,\"dur\":1},"
                                "{\"name\":\"good\",\"ph\":\"X\",\"ts\":1,\"dur\":2},"
                                "{\"name\":\"cut\" \"ph\":\"X\",\"ts\":1,\"dur\":2},"
                                "{\"name\":\"no colon\",\"ph\" \"X\"}]";
    struct model m = model_open_vector(WICK_VECTOR_NONE);
    struct wick_tree_stats tree;
    model_read(&m, trace, sizeof trace - 1, 7);

    wick_tree_stats_read(m.tree, &tree);
    cr_expect_eq(tree.scopes, 1);
    cr_expect_str_eq(wick_reader_remark(m.reader), "not shown: 1 event without a duration (event 1), 2 events that are not JSON (events 3, 4)");
    model_close(&m);
}

Test(foreign, numbers_are_exact_to_the_nanosecond)
{
    static const struct {
        const char *text;
        int64_t ns;
    } cases[] = {{"1700000000000000.123", 1700000000000000123}, {"0", 0}, {"-2.5", -2500}, {"1.0004", 1000}, {"\"7\"", 7000}, {"2.5e3", 2500000}, {"1.700000000000000123e15", 1700000000000000123}, {"9223372036854775.807", INT64_MAX}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t ns = -1;
        cr_assert(wk_json_scaled((struct wk_json){cases[i].text, cases[i].text + strlen(cases[i].text)}, 3, &ns));
        cr_assert_eq(ns, cases[i].ns, "%s: %lld", cases[i].text, (long long)ns);
    }
    static const char *const bad[] = {"x1", "", "9223372036854775.808", "1e30", "null", "\"\"", "NaN"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t ns;
        cr_expect_not(wk_json_scaled((struct wk_json){bad[i], bad[i] + strlen(bad[i])}, 3, &ns), "%s", bad[i]);
    }
}
