/*
 * SPDX-License-Identifier: MIT
 * wick check: tells whether a log is complete, balanced, in order and without losses, and readable by Context's
 * compilers.
 * Must not change anything. Invariant: the exit code is 1 exactly when a line says "broken".
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "base/messages.h"
#include "base/safe_text.h"
#include "base/words.h"
#include "cmd/cmd.h"
#include "input/lines.h"
#include "input/load.h"
#include "input/spool.h"
#include "print/json_text.h"

struct findings {
    uint64_t not_utf8, long_lines, bad_names, outside;
    uint64_t first_not_utf8, first_long, first_bad_name, first_outside;
    uint64_t last_bytes;
    int64_t first_ns, last_ns, max_ns;
    bool has_first, last_is_mark, has_newline;
    uint64_t lines;
};

struct check_report {
    const struct settings *settings;
    const char *path;
    uint32_t broken;
    bool json, any, wire;
};

static void finding(struct check_report *r, bool broken, uint64_t count, uint64_t line, const char *text)
{
    if (!count) {
        return;
    }
    r->broken += broken;
    text = tool_plural(count, text);
    if (r->json) {
        printf("%s\n {\"log\":", r->any ? "," : "");
        json_text(stdout, r->path);
        printf(",\"severity\":\"%s\",\"count\":%" PRIu64 ",\"line\":%" PRIu64 ",\"text\":", broken ? "broken" : "note",
               count, line);
        json_text(stdout, text);
        printf("}");
    } else {
        safe_print(stdout, "  %s  %s %s", broken ? "broken" : "note  ", tool_number_text(count), text);
        if (line) {
            printf(" (first: line %" PRIu64 ")", line);
        }
        printf("\n");
    }
    r->any = true;
}

static bool valid_utf8(const char *text, size_t bytes)
{
    for (size_t at = 0, length; at < bytes; at += length) {
        length = (unsigned char)text[at] < 0x80 ? 1 : tool_utf8_length(text + at, bytes - at);
        if (!length) {
            return false;
        }
    }
    return true;
}

/* Would this name crash Context's Python compiler? It must not be empty or have white space of any kind. */
static bool bad_name(const struct text_field *field)
{
    for (size_t i = 0; i < field->bytes; i++) {
        unsigned char c = (unsigned char)field->text[i];
        if (c <= 0x20 || c == 0x7f || (c == 0xc2 && i + 1 < field->bytes && (unsigned char)field->text[i + 1] == 0xa0)) {
            return true;
        }
    }
    return !field->bytes;
}

static void look_at(struct findings *f, const struct text_line *line)
{
    struct text_field fields[7];
    f->lines++;
    f->last_bytes = line->bytes + line->has_newline;
    f->has_newline = line->has_newline;
    if (!valid_utf8(line->text, line->bytes) && !f->not_utf8++) {
        f->first_not_utf8 = line->number;
    }
    if (line->bytes + 1 > 65536 && !f->long_lines++) {
        f->first_long = line->number;
    }
    bool whole = line->has_time && lines_split(line, fields);
    f->last_is_mark = whole && fields[4].bytes == 5 && memcmp(fields[4].text, "BMARK", 5) == 0;
    if (line->number == 1) {
        f->has_first = line->has_time;
        f->first_ns = line->time_ns;
    }
    if (!whole) {
        return;
    }
    if ((bad_name(&fields[1]) || bad_name(&fields[3])) && !f->bad_names++) {
        f->first_bad_name = line->number;
    }
    if (line->time_ns < f->first_ns && !f->outside++) {
        f->first_outside = line->number;
    }
    f->last_ns = line->time_ns;
    f->max_ns = line->time_ns > f->max_ns ? line->time_ns : f->max_ns;
}

static uint64_t first_problem(const struct load *load, uint8_t kind)
{
    struct wick_problem_info info;
    for (uint32_t i = 0; wick_reader_problem(load->reader, i, &info); i++) {
        if (info.kind == kind) {
            return info.line;
        }
    }
    return 0;
}

static void judge_content(struct check_report *r, const struct load *load)
{
    static const char *const texts[WICK_PROBLEM_KINDS] = {
        [WICK_PROBLEM_TORN] = "line has|lines have| fewer than seven fields",
        [WICK_PROBLEM_TIME] = "line has|lines have| a time that is not a number of seconds",
        [WICK_PROBLEM_PID] = "line has|lines have| a third field that is not a process id",
        [WICK_PROBLEM_LONG] = "line is|lines are| longer than 4 MiB",
        [WICK_PROBLEM_NUMBER] = "extension line has a text that its|extension lines have a text that their| word does not promise",
        [WICK_PROBLEM_END] = "last line is torn: the log ends in the middle of it; `wick repair` cuts it",
        [WICK_PROBLEM_WORD] = "line has an unknown action word (harmless: it is|lines have an unknown action word (harmless: they are| skipped)",
        [WICK_PROBLEM_CHECKSUM] = "place is|places are| damaged: the frames there are left out",
        [WICK_PROBLEM_FRAME] = "last frame is torn: the log ends in the middle of it; `wick repair` cuts it",
        [WICK_PROBLEM_GAP] = "time|times| frames are missing between others",
        [WICK_PROBLEM_CONTENT] = "frame or definition means|frames or definitions mean| nonsense"};
    struct wick_reader_stats reader;
    struct wick_tree_stats tree;
    wick_reader_stats_read(load->reader, &reader);
    wick_tree_stats_read(load->tree, &tree);
    r->wire = reader.wire;
    for (uint8_t i = 0; i < WICK_PROBLEM_KINDS; i++) {
        finding(r, i != WICK_PROBLEM_WORD, reader.problems[i], first_problem(load, i), texts[i]);
    }
    finding(r, true, reader.frames_lost, 0, "frame is missing: what it|frames are missing: what they| held is lost");
    finding(r, false, reader.cut_ends, 0, "scope|scopes| began before what is left of the log");
    finding(r, true, tree.stray_ends, 0, "END has|ENDs have| no START");
    finding(r, true, tree.open, 0, "scope was open when the log ended; `wick repair` closes it|scopes were open when the log ended; `wick repair` closes them|");
    finding(r, true, tree.backwards, 0, "scope ended before it|scopes ended before they| began (counted as 0 ns)");
    finding(r, true, tree.lost, 0, "event was|events were| lost: the recorder's rings were full");
    finding(r, false, reader.clock_breaks, 0, "jump|jumps| of the clock (suspend, migration)");
    finding(r, false, tree.unfinished, 0, "scope was|scopes were| ended by thread end, exit, fork, longjmp or CLEAR");
}

/* What the recorder could not say on standard error. */
static void judge_messages(struct check_report *r, const struct load *load)
{
    struct wick_property property;
    for (uint32_t i = 0; wick_reader_property(load->reader, i, &property); i++) {
        if (property.stat && strcmp(property.key, "messages_unsaid") == 0) {
            finding(r, false, strtoull(property.value, NULL, 10), 0,
                    "message of wick|messages of wick| found no place on standard error: it was full, stopped, closed or another file");
        }
    }
}

/* What Context's compilers would do with the lines. */
static void judge_bytes(struct check_report *r, const struct findings *f)
{
    finding(r, true, f->not_utf8, f->first_not_utf8, "line is|lines are| not UTF-8: Context's Python compiler crashes");
    finding(r, true, f->long_lines, f->first_long, "line is|lines are| longer than 65,536 bytes: Context's Go compiler stops reading there");
    finding(r, true, f->bad_names, f->first_bad_name, "line has|lines have| a node or thread that is empty or has white space");
    finding(r, true, f->outside, f->first_outside, "line is|lines are| earlier than the first line: Context's Go compiler stops reading there");
    finding(r, true, f->lines && f->max_ns > f->last_ns, 0, "log has lines later than its last line: Context's Go compiler stops there; `wick repair` adds a closing bookmark");
    finding(r, true, f->lines == 1 || (f->lines && f->first_ns == f->last_ns), 0, "log has one moment only: Context's Go compiler refuses it");
    finding(r, true, f->last_bytes > 1024, f->lines, "last line is longer than 1,024 bytes: Context's Go compiler loses all events");
    finding(r, true, f->lines && !f->has_newline, f->lines, "last line has no newline");
    finding(r, true, f->lines && !f->has_first, 1, "first line has no time: Context's Go compiler refuses the log");
}

static int look_at_lines(const struct settings *settings, const char *path, struct findings *f)
{
    struct line_source *source = lines_open(settings, path);
    if (!source) {
        return EXIT_USAGE;
    }
    struct text_line line;
    while (lines_next(source, &line)) {
        look_at(f, &line);
    }
    int rc = lines_were_all(source) ? EXIT_FINE : EXIT_USAGE;
    lines_close(source);
    return rc;
}

static void judge(struct check_report *r, const struct load *load, const struct findings *f)
{
    if (!r->json) {
        struct wick_tree_stats stats;
        wick_tree_stats_read(load->tree, &stats);
        safe_print(stdout, "%s: %s, %s, %s, %s\n", r->path, tool_count(load->lines, "line|lines"),
               tool_count(stats.scopes + stats.open, "scope|scopes"), tool_count(stats.tracks, "thread|threads"),
               tool_ns_text(load_span_ns(&stats)));
    }
    judge_content(r, load);
    judge_messages(r, load);
    if (!r->wire) {
        judge_bytes(r, f);
    }
    finding(r, false, f->lines && !f->last_is_mark, f->lines, "closing bookmark is missing: the program was killed, or the log is not from wick");
}

static int check_log(struct check_report *r)
{
    struct findings f = {.max_ns = INT64_MIN};
    int rc = look_at_lines(r->settings, r->path, &f);
    if (rc != EXIT_FINE) {
        return rc;
    }
    struct load load;
    rc = load_quietly(&load, r->settings, r->path);
    if (rc == EXIT_FINE) {
        judge(r, &load, &f);
    }
    load_end(&load);
    return rc;
}

int cmd_check(struct settings *settings)
{
    struct check_report r = {.settings = settings, .json = tool_format_is(settings, "json")};
    if (!settings->argument_count) {
        tool_error(settings, "give a log: wick check run.ctxt");
        return EXIT_USAGE;
    }
    int rc = EXIT_FINE;
    printf("%s", r.json ? "[" : "");
    for (int i = 0; i < settings->argument_count && rc == EXIT_FINE; i++) {
        r.path = spool_log(settings, settings->arguments[i]);
        rc = r.path ? check_log(&r) : EXIT_USAGE;
    }
    if (r.json) {
        printf("%s]\n", r.any ? "\n" : "");
    } else if (rc == EXIT_FINE && !r.broken) {
        printf("  fine: whole, balanced, in order, nothing lost%s\n",
               r.wire ? "; for Context: `wick export --to ctxt`" : ", readable by Context");
    }
    return rc != EXIT_FINE ? rc : r.broken ? EXIT_FOUND : EXIT_FINE;
}
