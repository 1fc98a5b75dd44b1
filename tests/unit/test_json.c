/*
 * SPDX-License-Identifier: MIT
 * JSON: what is written is valid whatever texts are, and reads back; where a stream is cut does not matter.
 * Must not know what a document means. Invariant: expected texts are written out, not computed.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "../support/heap_memory.h"
#include "model/base/json.h"
#include "wick/json.h"

struct written {
    char text[4096];
    size_t bytes;
};

static int keep(void *user, const char *bytes, size_t count)
{
    struct written *w = user;
    cr_assert_lt(w->bytes + count, sizeof w->text);
    memcpy(w->text + w->bytes, bytes, count);
    w->bytes += count;
    w->text[w->bytes] = 0;
    return 0;
}

static struct wk_json value_of(const char *text)
{
    return (struct wk_json){text, text + strlen(text)};
}

/* ---- writing ---- */

static void expect_text(const char *text, size_t bytes, const char *expected)
{
    struct written w = {.bytes = 0};
    struct wick_json json = {.out = {keep, &w}};
    wick_json_text(&json, NULL, text, bytes);
    cr_expect_str_eq(w.text, expected);
}

Test(json, texts_break_out_of_nothing)
{
    expect_text("plain \xc3\xa9", 8, "\"plain \xc3\xa9\"");
    expect_text("a\"b\\c</script>", 14, "\"a\\\"b\\\\c\\u003c/script>\"");
    expect_text("\r\n\t\x1b\x7f", 5, "\"\\u000d\\u000a\\u0009\\u001b\\u007f\"");
    expect_text("\0", 1, "\"\\u0000\"");
    expect_text("\xe2\x80\xa8\xe2\x80\xa9", 6, "\"\\u2028\\u2029\"");
    expect_text("", 0, "\"\"");
}

Test(json, bytes_that_are_no_utf8_are_replaced)
{
    expect_text("\xff\xfe", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\"");
    expect_text("a\xc3", 2, "\"a\xef\xbf\xbd\"");
    expect_text("\xc0\x80", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\"");
    expect_text("\xed\xa0\x80", 3, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
    expect_text("\xf4\x90\x80\x80", 4, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
    expect_text("\xf0\x9f\x98\x80", 4, "\"\xf0\x9f\x98\x80\"");
}

Test(json, members_are_separated)
{
    struct written w = {.bytes = 0};
    struct wick_json json = {.out = {keep, &w}};

    wick_json_begin(&json, NULL, '{');
    wick_json_unsigned(&json, "a", UINT64_MAX);
    wick_json_time(&json, "b", INT64_MIN);
    wick_json_string(&json, "c", "");
    wick_json_begin(&json, "d", '[');
    wick_json_line(&json);
    wick_json_double(&json, NULL, 0.1);
    wick_json_double(&json, NULL, 1.0 / 0.0);
    wick_json_end(&json, ']');
    wick_json_begin(&json, "e", '[');
    wick_json_end(&json, ']');
    wick_json_duration(&json, "f", -1);
    wick_json_signed(&json, "g", INT64_MIN);
    wick_json_end(&json, '}');

    cr_expect_str_eq(w.text, "{\"a\":18446744073709551615,\"b\":\"-9223372036854775808\",\"c\":\"\",\"d\":[\n0.1,null],\"e\":[],"
                             "\"f\":null,\"g\":-9223372036854775808}");
}

static int refuse(void *user, const char *bytes, size_t count)
{
    (void)bytes;
    (void)count;
    ++*(int *)user;
    return WICK_E_IO;
}

Test(json, after_a_failure_nothing_is_written)
{
    int calls = 0;
    struct wick_json json = {.out = {refuse, &calls}};

    wick_json_begin(&json, NULL, '[');
    wick_json_string(&json, NULL, "a");

    cr_expect(calls == 1 && json.error == WICK_E_IO);
}

/* ---- values ---- */

Test(json, what_was_written_reads_back)
{
    uint64_t state = 7;
    for (uint32_t i = 0; i < 5000; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        uint64_t bits = state ^ state >> 29, whole;
        int64_t number, time_ns;
        double real, back;
        char text[64], copy[64];
        struct written w = {.bytes = 0};
        struct wick_json json = {.out = {keep, &w}};
        struct wk_json_error error;
        memcpy(&real, &bits, sizeof real);
        for (uint32_t k = 0; k < sizeof text; k++) {
            text[k] = (char)(bits >> k % 57 & 0x7f);
        }
        wick_json_begin(&json, NULL, '{');
        wick_json_unsigned(&json, "u", bits);
        wick_json_signed(&json, "s", (int64_t)bits);
        wick_json_time(&json, "t", (int64_t)bits);
        wick_json_double(&json, "d", real);
        wick_json_text(&json, "x", text, sizeof text - 4);
        wick_json_end(&json, '}');

        const struct wk_json object = {w.text, w.text + w.bytes};
        cr_assert_eq(wk_json_check(object, 1, &error), 0, "%s at %zu of %s", error.what, error.at, w.text);
        cr_assert(wk_json_unsigned(wk_json_find(object, "u"), &whole) && whole == bits);
        cr_assert(wk_json_signed(wk_json_find(object, "s"), &number) && number == (int64_t)bits);
        cr_assert(wk_json_signed(wk_json_find(object, "t"), &time_ns) && time_ns == (int64_t)bits);
        cr_assert(real - real == 0 ? wk_json_double(wk_json_find(object, "d"), &back) && memcmp(&back, &real, 8) == 0
                                   : wk_json_is(wk_json_find(object, "d"), "null"));
        cr_assert(wk_json_text(wk_json_find(object, "x"), copy, sizeof copy) == sizeof text - 4 && memcmp(text, copy, sizeof text - 4) == 0);
    }
}

Test(json, escapes_mean_characters)
{
    static const struct {
        const char *json, *text;
    } cases[] = {{"\"\\u0041\\n\\\"\\/\\b\\f\\r\\t\\\\\"", "A\n\"/\b\f\r\t\\"}, {"\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80"},
                 {"\"\\ud83d\"", "\xef\xbf\xbd"}, {"\"\\ud83d\\ud83d\\ude00\"", "\xef\xbf\xbd\xf0\x9f\x98\x80"},
                 {"\"\\ude00x\"", "\xef\xbf\xbdx"}, {"\"\\u00e9\\u20ac\"", "\xc3\xa9\xe2\x82\xac"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[32];
        text[wk_json_text(value_of(cases[i].json), text, sizeof text)] = 0;
        cr_expect_str_eq(text, cases[i].text);
    }
    cr_expect(wk_json_is(value_of("\"\\u0070h\""), "ph") && !wk_json_is(value_of("\"ph\""), "p") && !wk_json_is(value_of("\"p\""), "ph"));
    cr_expect(wk_json_same(value_of("\"\\u00e9\""), value_of("\"\xc3\xa9\"")) && !wk_json_same(value_of("\"a\""), value_of("\"a\\u0000\"")));
}

Test(json, members_end_or_are_not_valid)
{
    static const struct {
        const char *object;
        int members, end;
    } cases[] = {{"{}", 0, 0}, {"{\"a\":1}", 1, 0}, {" { \"a\" : {\"b\":[1,{}]} , \"c\":\"}\" } ", 2, 0}, {"{\"a\":1", 1, -1},
                 {"{\"a\":1 \"b\":2}", 1, -1}, {"{\"a\" 1}", 0, -1}, {"{\"a\":}", 0, -1}, {"{1:2}", 0, -1}, {"{\"a", 0, -1}, {"", 0, -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct wk_json inside = wk_json_inside(value_of(cases[i].object)), key, value;
        int members = 0, more;
        while ((more = wk_json_member(&inside, &key, &value)) > 0) {
            members++;
        }
        cr_expect(members == cases[i].members && more == cases[i].end, "%s: %d, %d", cases[i].object, members, more);
    }
}

/* ---- documents ---- */

Test(json, documents_are_accepted_as_the_standard_says)
{
    static const char *const good[] = {"0", " [ ] ", "{}", "\"\"", "null", "[true,false,null]", "-0.5e-7", "1E+2", "[1,[2,[3]]]",
                                       "{\"a\":{\"a\":1},\"b\":[{\"a\":2}]}", "\"\xf0\x9f\x98\x80\"", "\"\\ud83d\""};
    static const struct {
        const char *text, *what;
        size_t at;
    } bad[] = {{"", "a value is missing", 0}, {"{", "a name is missing", 1}, {"[1,]", "a value is missing", 3},
               {"[1 2]", "a comma or a closing bracket is missing", 3}, {"{\"a\"}", "a colon is missing", 4},
               {"{\"a\":1,}", "a name is missing", 7}, {"[1}", "a comma or a closing bracket is missing", 2},
               {"1 x", "more behind the document", 2}, {"01", "a number begins with 0", 2}, {"1.", "a digit is missing", 2},
               {"-", "a digit is missing", 1}, {"1e", "a digit is missing", 2}, {"+1", "a value is missing", 0}, {"NaN", "a value is missing", 0},
               {"tru", "a value is missing", 0}, {"\"a", "a string does not end", 2}, {"\"\n\"", "a control character in a string", 1},
               {"\"\\x\"", "an escape that does not exist", 2}, {"\"\\u12g4\"", "\\u needs four hexadecimal digits", 5},
               {"\"\xc3\"", "not UTF-8", 1}, {"\"\xed\xa0\x80\"", "not UTF-8", 1}, {"{\"a\":1,\"\\u0061\":2}", "a name that the object has already", 7},
               {"{\"\\u0061\":1,\"a\":2}", "a name that the object has already", 12}, {"{\"b\":{\"a\":0},\"a\":1,\"\":0,\"a\":2}", "a name that the object has already", 24},
               {"{\"\":1,\"\":2}", "a name that the object has already", 6}};
    struct wk_json_error error;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        cr_expect_eq(wk_json_check(value_of(good[i]), 1, &error), 0, "%s: %s at %zu", good[i], error.what, error.at);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_expect(wk_json_check(value_of(bad[i].text), 1, &error) == WICK_E_PROTO && strcmp(error.what, bad[i].what) == 0 &&
                      error.at == bad[i].at, "%s: %s at %zu", bad[i].text, error.what ? error.what : "-", error.at);
    }
    cr_expect_eq(wk_json_check(value_of("{\"a\":1,\"a\":2}"), 0, &error), 0);
}

Test(json, depth_and_members_have_limits)
{
    char deep[2 * WK_JSON_DEPTH + 2], wide[16 * WK_JSON_MEMBERS] = "{\"k\":0";
    struct wk_json_error error;
    for (uint32_t over = 0; over < 2; over++) {
        uint32_t depth = WK_JSON_DEPTH + over;
        memset(deep, '[', depth);
        memset(deep + depth, ']', depth);
        cr_expect_eq(wk_json_check((struct wk_json){deep, deep + 2 * depth}, 0, &error), over ? WICK_E_PROTO : 0);
    }
    cr_expect(strcmp(error.what, "nested too deeply") == 0 && error.at == WK_JSON_DEPTH);
    for (uint32_t i = 1, at = 6; i <= WK_JSON_MEMBERS; i++) {
        at += (uint32_t)snprintf(wide + at, 16, ",\"%u\":0", i);
        wide[at] = '}';
        cr_expect_eq(wk_json_check((struct wk_json){wide, wide + at + 1}, 1, &error), i < WK_JSON_MEMBERS ? 0 : WICK_E_PROTO, "%u", i);
    }
}

/* ---- streams ---- */

struct cut_text {
    struct wk_json_cutter cutter;
    struct written w;
};

static void note(void *user, struct wk_json value)
{
    struct cut_text *c = user;
    keep(&c->w, c->cutter.element ? "[" : "", c->cutter.element);
    keep(&c->w, c->cutter.key, c->cutter.element ? 0 : c->cutter.key_bytes);
    keep(&c->w, value.at, (size_t)(value.end - value.at));
    keep(&c->w, ";", 1);
}

static const char *cut(const char *text, size_t first, size_t second)
{
    static struct cut_text c;
    c = (struct cut_text){.cutter = {.allocator = &heap_allocator, .each = "each", .take = note, .user = &c}};
    size_t ends[] = {first, second, strlen(text)}, at = 0;
    for (int i = 0; i < 3; i++) {
        char *copy = heap_allocator.resize(heap_allocator.user, NULL, 0, ends[i] - at + 1); /* a sanitizer sees what is read behind it */
        memcpy(copy, text + at, ends[i] - at);
        wk_json_cut(&c.cutter, copy, ends[i] - at);
        heap_allocator.resize(heap_allocator.user, copy, ends[i] - at + 1, 0);
        at = ends[i];
    }
    keep(&c.w, wk_json_cut_complete(&c.cutter) ? "." : "!", 1);
    wk_array_free(&c.cutter.carry, &heap_allocator, 1);
    return c.w.text;
}

Test(json, a_stream_can_be_cut_anywhere)
{
    static const struct {
        const char *text, *values;
    } cases[] = {
        {"{\"a\":1,\"each\":[{\"x\":\"]}\\\"\"},[2]],\"b\":{\"each\":[3]},\"c\":[\"\\\\\"]}", "\"a\"1;[{\"x\":\"]}\\\"\"};[[2];\"b\"{\"each\":[3]};\"c\"[\"\\\\\"];."},
        {"{ \"s\" : \"a\\\"b,]{\" , \"n\":-1.5e3\n,\"each\":[1,{}],\"t\": true }", "\"s\"\"a\\\"b,]{\";\"n\"-1.5e3;[{};\"t\"true;."},
        {"[{\"a\":{}},{\"b\":[]}]", "[{\"a\":{}};[{\"b\":[]};."},
        {"[{\"a\":1},{\"b\"", "[{\"a\":1};!"},
        {"{\"ea\\u0063h\":[{}]}", "[{};."}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t bytes = strlen(cases[i].text);
        for (size_t first = 0; first <= bytes; first++) {
            for (size_t second = first; second <= bytes; second++) {
                const char *values = cut(cases[i].text, first, second);
                cr_assert_str_eq(values, cases[i].values, "cut at %zu and %zu: %s", first, second, values);
            }
        }
    }
}
