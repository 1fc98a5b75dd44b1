/*
 * SPDX-License-Identifier: MIT
 * The converter: any log comes back from the wire byte for byte, and the wire means what the log means.
 * Must not look at the wire's bytes. Invariant: random logs of every flavour, cut anywhere.
 */
#include "log_support.h"

static struct model_text convert(const char *log, size_t count, uint32_t to, size_t step)
{
    struct model_text out = {calloc(1, 1), 0};
    struct wick_converter_options options = {to, WICK_VECTOR_AVX2, {model_text_write, &out}, NULL};
    struct wick_converter *converter = wick_converter_create(&heap_allocator, &options);
    cr_assert(converter != NULL);
    for (size_t at = 0; at < count;) {
        size_t part = step && step < count - at ? step : count - at;
        cr_assert_eq(wick_converter_feed(converter, log + at, part), 0);
        at += part;
    }
    cr_assert_eq(wick_converter_finish(converter), 0);
    wick_converter_destroy(converter);
    return out;
}

static void expect_same(const char *got, size_t got_bytes, const char *expected, size_t bytes)
{
    size_t at = 0;
    while (at < bytes && at < got_bytes && got[at] == expected[at]) {
        at++;
    }
    size_t from = at > 200 ? at - 200 : 0;
    cr_assert(at == bytes && at == got_bytes, "differs at %zu:\n%.*s\n---\n%.*s", at, (int)(got_bytes - from < 400 ? got_bytes - from : 400),
              got + from, (int)(bytes - from < 400 ? bytes - from : 400), expected + from);
}

static char *tree_of(const char *log, size_t count, uint32_t step)
{
    struct model m = model_open_vector(WICK_VECTOR_AVX2);
    struct wick_text_options options = {.width = 140};
    struct wick_reader_stats stats;
    char counts[400];
    model_read(&m, log, count, step);
    wick_reader_stats_read(m.reader, &stats);
    char *text = model_render(&m, &options);
    snprintf(counts, sizeof counts, "%d %d %d %d %d %d %d %d\n", (int)stats.problems[0], (int)stats.problems[1], (int)stats.problems[2],
             (int)stats.problems[3], (int)stats.problems[4], (int)stats.problems[5], (int)stats.problems[6], (int)stats.records);
    size_t length = strlen(text);
    text = realloc(text, length + sizeof counts);
    snprintf(text + length, sizeof counts, "%s", counts);
    model_close(&m);
    return text;
}

static void there_and_back(const char *log, size_t count, size_t step)
{
    struct model_text wire = convert(log, count, WICK_FORM_WIRE, step);
    struct model_text back = convert(wire.bytes, wire.count, WICK_FORM_CTXT, step);
    char *expected = tree_of(log, count, 0), *got = tree_of(wire.bytes, wire.count, (uint32_t)step);
    expect_same(back.bytes, back.count, log, count);
    expect_same(got, strlen(got), expected, strlen(expected));
    free(wire.bytes);
    free(back.bytes);
    free(expected);
    free(got);
}

Test(convert, random_logs_come_back_and_mean_the_same)
{
    for (uint32_t seed = 1; seed <= 40; seed++) {
        struct log log = random_log(seed, 4000);
        there_and_back(log.bytes, log.count, seed % 4 ? 0 : 777);
        free(log.bytes);
    }
}

Test(convert, what_others_write_comes_back)
{
    static const char *const logs[] = {
        "",
        "\n",
        "no log at all",
        "1700000000.25 h 1 t START f one\n1700000000.5 h 1 t ENDOK f one\n",
        "1700000000 h 1 t START f one\n1700000000. h 1 t ENDOK g other\n1 h 1 t ENDER f why\n",
        "1700000000.123456 h 007 t START f x\n1700000000.123457 h 007 t ENDOK f \n",
        "1700000000.1234567891 h 1 t BMARK - mark\n1700000000.1 h 1 t CLEAR x y\n",
        "1700000000.100000000 h 1 t\xc2\xa0x START f x\n1700000000.200000000 h 1 t\xc2\xa0x ENDOK f \n",
        "5.000000000 h 1 t START  no location\n6.000000000 h 1 t ENDOK  \n",
        "5.000000000 h 1 t cpu f 12\n5.000000000 h 1 u START f x\n5.000000000 h 1 t ENDOK f \n",
        "5.000000000 h 1 t START f x\n5.000000000 h 1 t cpu f 12\n5.000000000 h 1 t ENDOK f \n",
        "5.000000000 h 1 t START f x\n5.000000000 h 1 t unfinished f exit\n5.000000000 h 1 t cpu f 12\n5.000000000 h 1 t ENDER f \n",
        ("5.000000000 h 1 t intgauge q 1.50\n5.000000000 h 1 t intgauge q -9223372036854775808\n5.000000000 h 1 t intsum q +3\n"
        "5.000000000 h 1 t START f x\n5.000000000 h 1 t intvalue f 9007199254740993\n5.000000000 h 1 t intvalue f 1.5\n5.000000000 h 1 t uintgauge q 18446744073709551615\n"
         "5.000000000 h 1 t uintvalue f 7\n5.000000000 h 1 t uintsum q 18446744073709551616\n5.000000000 h 1 t uintsum q -1\n"),
        "5.000000000 h 1 t bind - \n5.000000000 h 1 t bind - a\n5.000000000 h 1 t bind - a 01\n5.000000000 h 1 t bind - a.b 18446744073709551615\n",
        "5.000000000 h 1 t stack - \n5.000000000 h 1 t stack - 0x7f\n5.000000000 h 1 t stack - 7f  80\n5.000000000 h 1 t stack - ffffffffffffffff 0\n",
        "5.000000000 h 1 t tracker - a.b {\"progress\":0.5}\n5.000000000 h 1 t tracker - a.b null\n5.000000000 h 1 wick pause - \n",
        "5.000000000 h 1 t shared 0x1 m\n5.000000000 h 1 t LOCKA 0x1 m\n5.000000000 h 1 t unit q \n5.000000000 h 1 t unit q ms\n",
        "5.000000000 h 99999999999999 t START f x\n5.000000000 h 99999999999999 t ENDOK f done well\n",
        "5.000000000 h 1 t gauge q 1.50\n5.000000000 h 1 t gauge q 1.5\n5.000000000 h 1 t sum q none\n",
        "5.000000000 h 1 t ENDOK f \n5.000000000 h 1 t START f a\tb\xff\r\n5.000000000 h 1 t ENDOK f",
        "5.000000000 h 1 wick pad - ....\n5.000000000 h 1 wick pad - . ..\n5.000000000 h 1 main run - key\n"};
    for (size_t i = 0; i < sizeof logs / sizeof logs[0]; i++) {
        there_and_back(logs[i], strlen(logs[i]), 0);
        there_and_back(logs[i], strlen(logs[i]), 1);
    }
}

/* A wire with a frame left out becomes lines that nest as the wire itself is read. */
Test(convert, a_hole_in_a_wire_is_closed_in_its_lines)
{
    for (uint32_t seed = 4; seed <= 40; seed += 4) { /* logs of ours */
        struct log log = random_log(seed, 20000);
        struct model_text wire = convert(log.bytes, log.count, WICK_FORM_WIRE, 0);
        size_t at = 0, size = 0;
        uint32_t kind = 0;
        for (int frames = 0; frames < 5 || kind != 2; frames++) {
            at += size;
            size = (size_t)wick_wire_frame(wire.bytes + at, wire.count - at, &kind);
        }
        memmove(wire.bytes + at, wire.bytes + at + size, wire.count - at - size);
        wire.count -= size;
        struct model_text lines = convert(wire.bytes, wire.count, WICK_FORM_CTXT, 0);
        struct model a = model_open_vector(WICK_VECTOR_AVX2), b = model_open_vector(WICK_VECTOR_AVX2);
        model_read(&a, wire.bytes, wire.count, 0);
        model_read(&b, lines.bytes, lines.count, 0);
        struct wick_tree_stats x, y;
        wick_tree_stats_read(a.tree, &x);
        wick_tree_stats_read(b.tree, &y);
        cr_assert_eq(x.scopes, y.scopes, "%d scopes, in lines %d", (int)x.scopes, (int)y.scopes);
        cr_assert_eq(x.open, y.open);
        cr_assert_eq(x.failed, y.failed);
        model_close(&a);
        model_close(&b);
        free(wire.bytes);
        free(lines.bytes);
        free(log.bytes);
    }
}

Test(convert, a_line_of_five_megabytes_comes_back)
{
    size_t count = 5u << 20;
    char *log = malloc(count + 100);
    int head = snprintf(log, 100, "5.000000000 h 1 t BMARK - ");
    memset(log + head, 'x', count);
    size_t all = (size_t)head + count + (size_t)snprintf(log + head + count, 60, "\n6.000000000 h 1 t BMARK - short\n");
    there_and_back(log, all, 0);
    there_and_back(log, all, 65536);
    free(log);
}
