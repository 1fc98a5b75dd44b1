/*
 * SPDX-License-Identifier: MIT
 * The .ctxt reader: what good, foreign, torn and hostile lines become.
 * Must not test the tree's arithmetic: test_tree.c does. Invariant: every vector form is tested alike.
 */
#include "model_support.h"

static struct wick_reader_stats stats_of(const struct model *m)
{
    struct wick_reader_stats stats;
    wick_reader_stats_read(m->reader, &stats);
    return stats;
}

#define HEAD "1700000000.000000001 host 7 main BMARK - wick 0.1.0 start\n"
#define SITE "1700000000.000000001 host 7 main site f:1 scope 1 - - f.c job\n"
#define FORMAT "1700000000.000000001 host 7 main site g:2 format 2 00ff00 io my%20file.c get %s\n"

Test(reader, makes_one_node_of_a_formatted_scope)
{
    struct model m = model_of(HEAD SITE FORMAT
                              "1700000000.000000002 host 7 main START f:1 job\n"
                              "1700000000.000000010 host 7 main START g:2 get a\n"
                              "1700000000.000000020 host 7 main ENDOK g:2 \n"
                              "1700000000.000000030 host 7 main START g:2 get b\n"
                              "1700000000.000000060 host 7 main ENDOK g:2 \n"
                              "1700000000.000000090 host 7 main ENDOK f:1 \n");

    struct wick_node_info get = model_node(&m, "main/job/get %s");
    cr_assert_eq(get.count, 2);
    cr_assert_eq(get.total_ns, 40);
    cr_assert_eq(get.max_ns, 30);
    cr_assert_eq(get.text_bytes, 5);
    cr_assert(memcmp(get.text, "get b", 5) == 0);
    const struct wick_site_info *site = wick_names_site(m.names, get.site);
    cr_assert_str_eq(site->file, "my file.c");
    cr_assert_str_eq(site->category, "io");
    cr_assert_eq(site->colour, 0x00ff00);
    cr_assert_eq(model_node(&m, "main/job").self_ns, 88 - 40);
    model_close(&m);
}

Test(reader, makes_nodes_of_location_and_text_in_a_foreign_log)
{
    struct model m = model_of("1.5 h 1 t START f one\n1.75 h 1 t ENDOK f \n"
                              "2 h 1 t START f two\n2.0000000019 h 1 t ENDER f broke\n");

    cr_assert_eq(model_node(&m, "t/one").total_ns, 250000000);
    struct wick_node_info two = model_node(&m, "t/two");
    cr_assert_eq(two.total_ns, 1);
    cr_assert_eq(two.failed, 1);
    cr_assert(two.message_bytes == 5 && memcmp(two.message, "broke", 5) == 0);
    cr_assert_eq(stats_of(&m).foreign, 1);
    model_close(&m);
}

Test(reader, counts_bad_lines_with_their_numbers)
{
    struct model m = model_of("1 h 1 t START f x\n"        /* 1 */
                              "\n"                         /* 2 torn */
                              "nan h 1 t ENDOK f \n"       /* 3 time */
                              "2 h one t ENDOK f \n"       /* 4 pid */
                              "2 h 1 t ENDOK f\n"          /* 5 torn: the sixth space is missing */
                              "2 h 1 t frobnicate f x\n"   /* 6 word */
                              "2 h 1 t cpu f many\n"       /* 7 number */
                              "9223372036.9 h 1 t ENDOK f \n" /* 8 time */
                              "\x01\x02\xff\n"             /* 9 torn */
                              "3 h 1 t ENDOK f \n"
                              "4 h 1 t gauge f 12");       /* torn end */

    struct wick_reader_stats stats = stats_of(&m);
    static const uint32_t expected[WICK_PROBLEM_KINDS] = {
        [WICK_PROBLEM_TORN] = 3, [WICK_PROBLEM_TIME] = 2, [WICK_PROBLEM_PID] = 1,
        [WICK_PROBLEM_NUMBER] = 1, [WICK_PROBLEM_WORD] = 1, [WICK_PROBLEM_END] = 1};
    for (int i = 0; i < WICK_PROBLEM_KINDS; i++) {
        cr_assert_eq(stats.problems[i], expected[i], "problem %d: %d", i, (int)stats.problems[i]);
    }
    static const uint32_t lines[] = {2, 3, 4, 5, 6, 7, 8, 9, 11};
    struct wick_problem_info problem;
    for (uint32_t i = 0; i < 9; i++) {
        cr_assert(wick_reader_problem(m.reader, i, &problem));
        cr_assert_eq(problem.line, lines[i]);
    }
    cr_assert_eq(stats.lines, 11);
    cr_assert_eq(model_node(&m, "t/x").total_ns, 2000000000);
    model_close(&m);
}

Test(reader, merges_cpu_and_unfinished_into_the_end)
{
    struct model m = model_of(HEAD SITE "1700000000.1 host 7 main START f:1 job\n"
                              "1700000000.2 host 7 main cpu f:1 12345\n"
                              "1700000000.2 host 7 other BMARK - between\n"
                              "1700000000.2 host 7 main unfinished f:1 exit\n"
                              "1700000000.2 host 7 main ENDER f:1 exit\n");

    struct wick_node_info job = model_node(&m, "main/job");
    cr_assert_eq(job.cpu_ns, 12345);
    cr_assert_eq(job.unfinished, 1);
    cr_assert_eq(job.failed, 0);
    model_close(&m);
}

Test(reader, reads_numbers_whatever_their_form)
{
    struct model m = model_of("1 h 1 t gauge c -1.5e3\n2 h 1 t gauge c 0.1\n3 h 1 t sum d 1e308\n"
                              "4 h 1 t sum d nan0\n7 h 1 t gauge e nan\n7 h 1 t gauge e -inf\n5 h 1 t sum d 1.\n6 h 1 t lost - 12 5.5\n");

    struct wick_counter_info c, d, e;
    cr_assert(wick_tree_counter(m.tree, 0, &c) && wick_tree_counter(m.tree, 1, &d) && wick_tree_counter(m.tree, 2, &e));
    cr_assert_eq(e.count, 2);
    cr_assert_eq(e.not_finite, 2); /* what a program may record */
    cr_assert(e.least.value != e.least.value && e.last.value != e.last.value && e.sum.value == 0);
    cr_assert_eq(c.least.whole, -1500);
    cr_assert_eq(c.most.value, 0.1);
    cr_assert_eq(d.sum.value, 1e308);
    cr_assert_eq(d.count, 2);
    cr_assert_eq(stats_of(&m).problems[WICK_PROBLEM_NUMBER], 1);
    cr_assert_eq(wick_tree_track_lost(m.tree, 0), 12);
    model_close(&m);
}

static uint64_t state = 1;

static uint32_t random_below(uint32_t n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % n;
}

/* Lines of every kind, good and bad, long and short, many tracks. */
static char *random_log(size_t *bytes)
{
    static const char *const words[] = {"START", "START", "START", "ENDOK", "ENDOK", "ENDER", "BMARK",
                                        "LOCKW", "LOCKA", "LOCKR", "cpu",   "value", "site",  "mystery"};
    enum { LOG_BYTES = 1 << 20 };
    char *log = malloc(LOG_BYTES);
    size_t used = 0;
    for (int i = 0; i < 4000; i++) {
        const char *word = words[random_below(14)];
        uint32_t number = random_below(30);
        const char *text = !strcmp(word, "site") ? "scope 1 - - f.c named" : "12";
        used += (size_t)snprintf(log + used, LOG_BYTES - used, "170000000%d.%0*d host %d t%u%s %s f%u:1 %s%.*s\n", (int)random_below(10),
                                random_below(20) ? 9 : 3, i * 37, 7 + (int)random_below(2), random_below(4),
                                random_below(50) ? "" : "-with-a-rather-long-name-that-fits-nowhere-in-the-cache-at-all",
                                word, number, text, (int)random_below(60),
                                "                  long tail of a text ............................");
        if (!random_below(40)) {
            used += (size_t)snprintf(log + used, LOG_BYTES - used, "%.*s\n", (int)random_below(20), "1700000000.1 x 1 torn");
        }
    }
    *bytes = used;
    return log;
}

Test(reader, reads_the_same_however_the_bytes_are_cut_and_compared)
{
    size_t bytes;
    char *log = random_log(&bytes);
    struct model plain = model_open_vector(WICK_VECTOR_NONE);
    model_read(&plain, log, bytes, 0);
    struct wick_text_options options = {.width = 120};
    char *expected = model_render(&plain, &options);
    struct wick_reader_stats want = stats_of(&plain);
    static const size_t steps[] = {0, 1, 7, 64, 4096};

    for (uint32_t vector = WICK_VECTOR_NONE; vector <= WICK_VECTOR_AVX2; vector++) {
        for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++) {
            struct model m = model_open_vector(vector);
            model_read(&m, log, bytes, steps[s]);
            char *text = model_render(&m, &options);
            struct wick_reader_stats got = stats_of(&m);
            cr_assert_str_eq(text, expected);
            cr_assert(memcmp(&got, &want, sizeof got) == 0);
            free(text);
            model_close(&m);
        }
    }
    cr_assert_gt(want.records, 2000);
    free(expected);
    free(log);
    model_close(&plain);
}

Test(reader, survives_a_line_of_100_megabytes)
{
    struct model m = model_open_vector(WICK_VECTOR_AVX2);
    char block[65536];
    memset(block, 'x', sizeof block);
    for (int i = 0; i < 1600; i++) {
        cr_assert_eq(wick_reader_feed(m.reader, block, sizeof block), 0);
    }
    static const char rest[] = "\n1 h 1 t START f x\n2 h 1 t ENDOK f \n";
    model_read(&m, rest, sizeof rest - 1, 0);

    cr_assert_eq(stats_of(&m).problems[WICK_PROBLEM_LONG], 1);
    cr_assert_eq(model_node(&m, "t/x").count, 1);
    model_close(&m);
}

/* ---- processes -------------------------------------------------------------------------------- */

#define RUN(pid, program, start) "1700000000.1 h " pid " main run - wick 0.1\n1700000000.1 h " pid " main run - program " program \
    "\n1700000000.1 h " pid " main run - start " start "\n"
#define SCOPE(pid) "1700000000.2 h " pid " main START f:1 f\n1700000000.3 h " pid " main ENDOK f:1 \n"

static struct model read_log(const char *log)
{
    struct model m = model_open_vector(WICK_VECTOR_NONE);
    model_read(&m, log, strlen(log), 0);
    return m;
}

Test(reader, processes_of_equal_host_and_pid_are_two_when_their_starts_differ)
{
    struct model m = read_log(RUN("7", "a", "5.5") SCOPE("7") RUN("7", "b", "9.5") SCOPE("7") "1700000000.4 h 7 w BMARK m m\n");

    cr_assert_eq(wick_names_processes(m.names), 2);
    cr_assert_eq(wick_names_tracks(m.names), 3);
    cr_assert_str_eq(wick_names_track_process(m.names, 0)->program, "a");
    cr_assert_eq(wick_names_track_process(m.names, 0)->start_ns, 5500000000);
    cr_assert_str_eq(wick_names_track_process(m.names, 1)->program, "b");
    cr_assert_eq(wick_names_track_process(m.names, 1)->start_ns, 9500000000);
    cr_assert_eq(wick_names_track(m.names, 2)->process, 1);
    struct wick_property property;
    cr_assert_eq(wick_reader_property(m.reader, 4, &property), 1); /* the second `program`: a line before its `start` */
    cr_assert_str_eq(property.value, "b");
    cr_assert_eq(property.track, 1);
    model_close(&m);
}

Test(reader, a_start_that_is_told_again_begins_no_process)
{
    struct model m = read_log(RUN("7", "a", "5.5") SCOPE("7") RUN("7", "a", "5.5") SCOPE("7") SCOPE("8"));

    cr_assert_eq(wick_names_processes(m.names), 2);
    cr_assert_eq(wick_names_tracks(m.names), 2);
    cr_assert_str_eq(wick_names_track_process(m.names, 1)->pid, "8");
    cr_assert_eq(wick_names_track_process(m.names, 1)->start_ns, 0);
    model_close(&m);
}
