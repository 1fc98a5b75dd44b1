/*
 * SPDX-License-Identifier: MIT
 * The line writer: grammar, escaping, limits, order of lines, the lock slot. Golden lines, hand-written.
 */
#include <criterion/criterion.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "heap_memory.h"
#include "model/log/ctxt/ctxt_write.h"

#define SITE(location_, literal_, category_, file_, line_, colour_, kind_, formatted_)                                 \
    {.location = location_, .literal = literal_, .category = category_, .file = file_, .line = line_, .colour = colour_, \
     .kind = kind_, .formatted = formatted_}

static struct wick_site_info sites[] = {
    [1] = SITE("main:12", "load", "", "app.c", 12, WICK_NONE, WICK_SITE_SCOPE, 0),
    [2] = SITE("fetch:30", "fetch %s", "io", "dir name/d\xc3\xb6.c", 30, 0xff8800, WICK_SITE_FORMAT, 0),
    [3] = SITE("main:14", "a mark", "", "", 14, WICK_NONE, WICK_SITE_MARK, 0),
    [4] = SITE("a", "a", "", "-", 0, WICK_NONE, WICK_SITE_LOCK, 0),
    [5] = SITE("b", "b", "", "-", 0, WICK_NONE, WICK_SITE_LOCK, 0),
    [6] = SITE("main:20", "queue", "", "app.c", 20, WICK_NONE, WICK_SITE_COUNTER, 0),
    [7] = SITE("main:21", "%s", "", "app.c", 21, WICK_NONE, WICK_SITE_MARK, 1),
};
static const char *track_names[] = {"main", "worker"};
static const char *jumbo_answer;
static struct wick_names *names;
static struct wk_ctxt_writer *writer;
static char *buffer;
static char *at;

static const char *keep(void *user, const char *text, uint32_t bytes)
{
    (void)user;
    (void)text;
    (void)bytes;
    return jumbo_answer;
}

static void name_tracks(void)
{
    for (uint32_t i = 0; i < sizeof track_names / sizeof track_names[0]; i++) {
        wick_names_set_track(names, i, &(struct wick_track_info){.thread = track_names[i]});
    }
}

static void begin(void)
{
    names = wick_names_create(&heap_allocator);
    for (uint32_t i = 0; i < sizeof sites / sizeof sites[0]; i++) {
        wick_names_set_site(names, i, &sites[i]);
    }
    name_tracks();
    const struct wk_ctxt_options options = {.names = names, .jumbo = keep};

    writer = wk_ctxt_writer_create(&options, "host", "42", &heap_allocator);
    buffer = calloc(1, 8 << 20);
    at = buffer;
}

static void finish(void)
{
    wk_ctxt_writer_destroy(writer);
    wick_names_destroy(names);
    free(buffer);
}

TestSuite(ctxt_write, .init = begin, .fini = finish);

static void put(struct wick_record record)
{
    cr_assert_eq(wk_ctxt_write(writer, &record, 1, &at, buffer + (8 << 20)), 1);
    *at = 0;
}

static struct wick_record record(uint8_t kind, uint32_t site, int64_t time_ns)
{
    return (struct wick_record){.kind = kind, .site = site, .time_ns = time_ns, .u.cpu_ns = -1};
}

static struct wick_record texted(uint8_t kind, uint32_t site, const char *text, size_t bytes)
{
    struct wick_record with = record(kind, site, 1700000000000000000);

    with.text = text;
    with.text_bytes = (uint32_t)bytes;
    return with;
}

/* What was written since the last look. */
static void expect(const char *lines)
{
    cr_assert_str_eq(buffer, lines);
    at = buffer;
    *at = 0;
}

#define T "1700000000.000000000 host 42 main "

static void introduce(uint32_t site, uint8_t kind)
{
    put(record(kind, site, 1700000000000000000));
    at = buffer;
}

Test(ctxt_write, nanoseconds_are_padded)
{
    introduce(1, WICK_RECORD_START);
    put(record(WICK_RECORD_ENDOK, 1, 1700000000005000000));
    expect("1700000000.005000000 host 42 main ENDOK main:12 \n");
    put(record(WICK_RECORD_START, 1, 1700000000999000000));
    expect("1700000000.999000000 host 42 main START main:12 load\n");
    put(record(WICK_RECORD_ENDOK, 1, 1700000001000000007));
    expect("1700000001.000000007 host 42 main ENDOK main:12 \n");
    put(record(WICK_RECORD_START, 1, 1699999999999999999)); /* another thread, a little earlier */
    expect("1699999999.999999999 host 42 main START main:12 load\n");
}

Test(ctxt_write, every_time_is_written_as_it_is)
{
    char expected[64];
    int64_t time_ns = 1700000000000000000;

    introduce(1, WICK_RECORD_START);
    for (int i = 0; i < 100000; i++) {
        time_ns += i % 7 ? 999983 * (i % 13) : -123456789;
        put(record(WICK_RECORD_ENDOK, 1, time_ns));
        snprintf(expected, sizeof expected, "%lld.%09lld host 42 main ENDOK main:12 \n",
                 (long long)(time_ns / 1000000000), (long long)(time_ns % 1000000000));
        expect(expected);
    }
}

Test(ctxt_write, a_site_line_comes_before_its_first_use_only)
{
    put(record(WICK_RECORD_START, 1, 1700000000000000000));
    expect(T "site main:12 scope 12 - - app.c load\n" T "START main:12 load\n");
    put(record(WICK_RECORD_START, 1, 1700000000000000000));
    expect(T "START main:12 load\n");
    wk_ctxt_writer_restart(writer); /* a new file */
    put(record(WICK_RECORD_ENDOK, 1, 1700000000000000000));
    expect(T "site main:12 scope 12 - - app.c load\n" T "ENDOK main:12 \n");
}

Test(ctxt_write, a_site_line_tells_colour_category_and_file)
{
    put(texted(WICK_RECORD_START, 2, "fetch x", 7));
    expect(T "site fetch:30 format 30 ff8800 io dir%20name/d\xc3\xb6.c fetch %s\n" T "START fetch:30 fetch x\n");
}

Test(ctxt_write, a_site_without_a_file_keeps_its_fields)
{
    put(record(WICK_RECORD_MARK, 3, 1700000000000000000));
    expect(T "site main:14 mark 14 - - - a mark\n" T "BMARK main:14 a mark\n");
}

Test(ctxt_write, an_empty_rendering_stays_empty)
{
    introduce(2, WICK_RECORD_START);
    introduce(7, WICK_RECORD_MARK);
    put(texted(WICK_RECORD_START, 2, "", 0));
    expect(T "START fetch:30 \n");
    put(texted(WICK_RECORD_MARK, 7, "", 0));
    expect(T "BMARK main:21 \n");
}

Test(ctxt_write, a_failure_carries_its_message)
{
    introduce(1, WICK_RECORD_START);
    put(texted(WICK_RECORD_ENDER, 1, "timed out", 9));
    expect(T "ENDER main:12 timed out\n");
}

Test(ctxt_write, an_unfinished_scope_is_told_before_its_end)
{
    struct wick_record ender = record(WICK_RECORD_ENDER, 1, 1700000000000000000);

    introduce(1, WICK_RECORD_START);
    ender.unfinished = WICK_UNFINISHED_EXIT;
    put(ender);
    expect(T "unfinished main:12 exit\n" T "ENDER main:12 \n");
    ender.unfinished = WICK_UNFINISHED_UNWOUND;
    ender.u.cpu_ns = 1234;
    put(ender);
    expect(T "cpu main:12 1234\n" T "unfinished main:12 unwound\n" T "ENDER main:12 \n");
}

Test(ctxt_write, losses_are_told_with_their_span)
{
    struct wick_record lost = record(WICK_RECORD_LOST, 0, 1700000000000000000);

    lost.u.count = 77;
    lost.first_ns = 1699999999000000001;
    put(lost);
    expect(T "lost - 77 1699999999.000000001\n");
}

Test(ctxt_write, fields_have_no_white_space_and_texts_no_controls)
{
    static const char hostile[] = "a b\tc\nd\xc2\xa0" "e\x01\xff\xe2\x80\xa8" "f\xe3\x80\x80" "g";

    track_names[1] = hostile;
    name_tracks();
    introduce(1, WICK_RECORD_START);
    put((struct wick_record){.kind = WICK_RECORD_ENDER, .site = 1, .track = 1, .time_ns = 1700000000000000000,
                             .u.cpu_ns = -1, .text = hostile, .text_bytes = sizeof hostile - 1});
    expect("1700000000.000000000 host 42 a-b-c-d-e-\xef\xbf\xbd-f-g ENDER main:12 "
           "a b c d\xc2\xa0" "e \xef\xbf\xbd\xe2\x80\xa8" "f\xe3\x80\x80" "g\n");
}

Test(ctxt_write, nul_and_c1_controls_become_blanks)
{
    introduce(1, WICK_RECORD_START);
    put(texted(WICK_RECORD_ENDER, 1, "a\0b\xc2\x85" "c\x7f" "d", 8));
    expect(T "ENDER main:12 a b c d\n");
}

Test(ctxt_write, invalid_utf8_is_replaced_byte_by_byte)
{
    static const char bad[] = "\xc0\xaf|\xed\xa0\x80|\xf4\x90\x80\x80|\xe2\x82|\xf8|\xc3";
    char out[200];
    char *end = wk_ctxt_clean_text(out, bad, sizeof bad - 1, sizeof out);

    *end = 0;
    cr_assert_str_eq(out, "\xef\xbf\xbd\xef\xbf\xbd|\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|"
                          "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|\xef\xbf\xbd\xef\xbf\xbd|\xef\xbf\xbd|"
                          "\xef\xbf\xbd");
}

Test(ctxt_write, an_empty_field_is_a_dash)
{
    char out[8];

    *wk_ctxt_clean_field(out, "", 0, sizeof out) = 0;
    cr_assert_str_eq(out, "-");
}

static void check_limit(const char *text, size_t bytes)
{
    size_t line;

    at = buffer;
    put(texted(WICK_RECORD_ENDER, 1, text, bytes));
    line = (size_t)(at - buffer);
    cr_assert_leq(line, WK_CTXT_LINE_MAX, "a line of %zu bytes", line);
    cr_assert_eq(buffer[line - 1], '\n');
    cr_assert_null(memchr(buffer, '\n', line - 1));
}

Test(ctxt_write, no_line_is_longer_than_the_limit)
{
    char *text = malloc(70000);

    introduce(1, WICK_RECORD_START);
    memset(text, 'x', 70000);
    for (size_t bytes = 57000; bytes <= 60100; bytes += 50) {
        check_limit(text, bytes);
    }
    check_limit(text, 70000);
    memset(text, 0xff, 70000); /* three times as long when it is cleaned */
    for (size_t bytes = 18000; bytes <= 70000; bytes += 1000) {
        check_limit(text, bytes);
    }
    free(text);
}

Test(ctxt_write, a_cut_text_is_marked_and_counted)
{
    char *text = malloc(70000);

    introduce(1, WICK_RECORD_START);
    memset(text, 'x', 70000);
    put(texted(WICK_RECORD_ENDER, 1, text, 70000));
    cr_assert_not_null(strstr(buffer, "xxx [cut]\n"));
    cr_assert_eq(wk_ctxt_writer_cut(writer), 1);
    at = buffer;
    memset(text, 0xff, 70000);
    put(texted(WICK_RECORD_ENDER, 1, text, 50000)); /* fits as it is, but not when it is cleaned */
    cr_assert_not_null(strstr(buffer, " [cut]\n"));
    cr_assert_eq(wk_ctxt_writer_cut(writer), 2);
    free(text);
}

Test(ctxt_write, of_a_kept_text_the_line_has_the_beginning_and_its_reference)
{
    char *text = calloc(1, 70000);

    jumbo_answer = "wick+file:run.ctxt.text#12 70000";
    memset(text, 'x', 70000);
    memcpy(text + 999, "\xc3\xa9", 2); /* the cut is before it */
    introduce(1, WICK_RECORD_START);
    put(texted(WICK_RECORD_ENDER, 1, text, 70000));
    cr_assert_not_null(strstr(buffer, T "ENDER main:12 xxx"));
    cr_assert_not_null(strstr(buffer, "xxx wick+file:run.ctxt.text#12 70000\n"));
    cr_assert_eq(strcspn(strstr(buffer, "ENDER main:12 ") + 14, " "), 999);
    cr_assert_eq(wk_ctxt_writer_cut(writer), 0);
    free(text);
}

Test(ctxt_write, one_lock_is_in_the_slot)
{
    introduce(4, WICK_RECORD_LOCKW);
    introduce(5, WICK_RECORD_LOCKW);
    put(record(WICK_RECORD_LOCKW, 4, 1700000000000000000));
    put(record(WICK_RECORD_LOCKA, 4, 1700000000000000000));
    expect(T "LOCKW a a\n" T "LOCKA a a\n");
    put(record(WICK_RECORD_LOCKW, 5, 1700000000000000000));
    put(record(WICK_RECORD_LOCKA, 5, 1700000000000000000));
    expect(T "lockw b b\n" T "locka b b\n");
    put(record(WICK_RECORD_LOCKR, 5, 1700000000000000000));
    put(record(WICK_RECORD_LOCKR, 4, 1700000000000000000));
    expect(T "lockr b b\n" T "LOCKR a a\n");
}

Test(ctxt_write, a_release_that_was_refused_is_written_before_the_lock_is_taken_again)
{
    introduce(4, WICK_RECORD_LOCKW);
    put(record(WICK_RECORD_LOCKW, 4, 1700000000000000000));
    put(record(WICK_RECORD_LOCKA, 4, 1700000000000000000));
    expect(T "LOCKW a a\n" T "LOCKA a a\n");
    put(record(WICK_RECORD_LOCKW, 4, 1700000000000000000));
    expect(T "LOCKR a a\n" T "LOCKW a a\n");
    put(record(WICK_RECORD_LOCKA, 4, 1700000000000000000));
    put(record(WICK_RECORD_LOCKA, 4, 1700000000000000000));
    expect(T "LOCKA a a\n" T "LOCKR a a\n" T "LOCKA a a\n");
}

Test(ctxt_write, a_tried_lock_needs_no_wait)
{
    introduce(4, WICK_RECORD_LOCKA);
    put(record(WICK_RECORD_LOCKR, 4, 1700000000000000000));
    expect(T "LOCKR a a\n");
}

Test(ctxt_write, a_wait_that_failed_frees_the_slot)
{
    introduce(4, WICK_RECORD_LOCKW);
    introduce(5, WICK_RECORD_LOCKW);
    put(record(WICK_RECORD_LOCKA, 5, 1700000000000000000));
    expect(T "LOCKA b b\n");
}

Test(ctxt_write, no_locale_changes_a_number)
{
    struct wick_record gauge = record(WICK_RECORD_GAUGE, 6, 1700000000000000000);

    if (!setlocale(LC_ALL, "de_DE.UTF-8")) {
        cr_skip_test("there is no locale de_DE.UTF-8");
    }
    introduce(6, WICK_RECORD_GAUGE);
    gauge.u.number = 3;
    put(gauge);
    expect(T "gauge main:20 3\n");
}

Test(ctxt_write, stops_where_a_line_may_not_fit)
{
    struct wick_record records[2] = {record(WICK_RECORD_START, 1, 0), record(WICK_RECORD_ENDOK, 1, 1)};

    cr_assert_eq(wk_ctxt_write(writer, records, 2, &at, buffer + WK_CTXT_ROOM - 1), 0);
    cr_assert_eq(at, buffer);
    cr_assert_eq(wk_ctxt_write(writer, records, 2, &at, buffer + WK_CTXT_ROOM), 1);
}

Test(ctxt_write, long_names_are_cut_to_a_fields_length)
{
    char *name = malloc(70001);

    memset(name, 'n', 70000);
    name[70000] = 0;
    track_names[1] = name;
    name_tracks();
    introduce(1, WICK_RECORD_START);
    put((struct wick_record){.kind = WICK_RECORD_ENDOK, .site = 1, .track = 1, .time_ns = 1, .u.cpu_ns = -1});
    cr_assert_lt(at - buffer, 1000);
    free(name);
}
