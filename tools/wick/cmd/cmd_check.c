/*
 * SPDX-License-Identifier: MIT
 * wick check: is a log whole, balanced, in order, without losses, and what would Context's compilers do?
 * Must not change anything. Invariant: exit code 1 exactly when a line says "broken".
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

struct findings {
    uint64_t not_utf8, long_lines, bad_names, fields, outside;
    uint64_t first_not_utf8, first_long, first_bad_name, first_outside;
    uint64_t last_bytes;
    int64_t first_ns, last_ns, max_ns, min_ns;
    bool has_first, first_is_mark, last_is_mark, has_newline;
    uint64_t lines;
};

struct report {
    const struct settings *settings;
    const char *path;
    uint32_t broken, notes;
    bool json, any, wire;
};

static void finding(struct report *r, bool broken, uint64_t count, uint64_t line, const char *text)
{
    if (!count) {
        return;
    }
    r->broken += broken;
    r->notes += !broken;
    if (r->json) {
        printf("%s\n {\"log\":", r->any ? "," : "");
        tool_json_text(stdout, r->path, strlen(r->path));
        printf(",\"severity\":\"%s\",\"count\":%" PRIu64 ",\"line\":%" PRIu64 ",\"text\":", broken ? "broken" : "note",
               count, line);
        tool_json_text(stdout, text, strlen(text));
        printf("}");
    } else {
        printf("  %s  %s %s", broken ? "broken" : "note  ", name_number(count), text);
        if (line) {
            printf(" (first: line %" PRIu64 ")", line);
        }
        printf("\n");
    }
    r->any = true;
}

static bool valid_utf8(const char *text, size_t bytes)
{
    for (size_t at = 0; at < bytes;) {
        if ((unsigned char)text[at] < 0x80) {
            at++;
            continue;
        }
        size_t length = lines_character(text + at, bytes - at);
        if (!length) {
            return false;
        }
        at += length;
    }
    return true;
}

/* Names that make Context's Python compiler crash: empty, or with white space of any kind. */
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
        f->first_is_mark = f->last_is_mark;
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

static void judge_content(struct report *r, const struct load *load)
{
    static const char *const texts[WICK_PROBLEM_KINDS] = {
        [WICK_PROBLEM_TORN] = "lines have fewer than seven fields",
        [WICK_PROBLEM_TIME] = "lines have a time that is not a number of seconds",
        [WICK_PROBLEM_PID] = "lines have a third field that is not a process id",
        [WICK_PROBLEM_LONG] = "lines are longer than 4 MiB",
        [WICK_PROBLEM_NUMBER] = "extension lines have a text that their word does not promise",
        [WICK_PROBLEM_END] = "last line is torn: the log ends in the middle of it; `wick repair` cuts it",
        [WICK_PROBLEM_WORD] = "lines have an unknown action word (harmless: they are skipped)",
        [WICK_PROBLEM_CHECKSUM] = "places are damaged: the frames there are left out",
        [WICK_PROBLEM_FRAME] = "last frame is torn: the log ends in the middle of it; `wick repair` cuts it",
        [WICK_PROBLEM_GAP] = "times frames are missing between others",
        [WICK_PROBLEM_VERSION] = "times the log is of a version that this wick does not know",
        [WICK_PROBLEM_CONTENT] = "frames or definitions mean nonsense"};
    struct wick_reader_stats reader;
    struct wick_tree_stats tree;
    wick_reader_stats_read(load->reader, &reader);
    wick_tree_stats_read(load->tree, &tree);
    for (uint8_t i = 0; i < WICK_PROBLEM_KINDS; i++) {
        finding(r, i != WICK_PROBLEM_WORD, reader.problems[i], first_problem(load, i), texts[i]);
    }
    finding(r, true, reader.frames_lost, 0, "frames are missing: what they held is lost");
    finding(r, false, reader.cut_ends, 0, "scopes began before what is left of the log");
    finding(r, true, tree.stray_ends, 0, "ENDs have no START");
    finding(r, true, tree.open, 0, "scopes were open when the log ended; `wick repair` closes them");
    finding(r, true, tree.backwards, 0, "scopes ended before they began (counted as 0 ns)");
    finding(r, true, tree.lost, 0, "events were lost: the recorder's rings were full");
    finding(r, false, reader.clock_breaks, 0, "jumps of the clock (suspend, migration)");
    finding(r, false, tree.unfinished, 0, "scopes were ended by thread end, exit, fork, longjmp or CLEAR");
}

static void judge_end(struct report *r, const struct findings *f)
{
    finding(r, false, f->lines && !f->last_is_mark, f->lines, "closing bookmark is missing: the program was killed, or the log is not from wick");
}

/* What Context's compilers would make of the lines. */
static void judge_bytes(struct report *r, const struct findings *f)
{
    finding(r, true, f->not_utf8, f->first_not_utf8, "lines are not UTF-8: Context's Python compiler crashes");
    finding(r, true, f->long_lines, f->first_long, "lines are longer than 65,536 bytes: Context's Go compiler stops reading there");
    finding(r, true, f->bad_names, f->first_bad_name, "lines have a node or thread that is empty or has white space");
    finding(r, true, f->outside, f->first_outside, "lines are earlier than the first line: Context's Go compiler stops reading there");
    finding(r, true, f->lines && f->max_ns > f->last_ns, 0, "log has lines later than its last line: Context's Go compiler stops there; `wick repair` adds a closing bookmark");
    finding(r, true, f->lines == 1 || (f->lines && f->first_ns == f->last_ns), 0, "log has one moment only: Context's Go compiler refuses it");
    finding(r, true, f->last_bytes > 1024, f->lines, "last line is longer than 1,024 bytes: Context's Go compiler loses all events");
    finding(r, true, f->lines && !f->has_newline, f->lines, "last line has no newline");
    finding(r, true, f->lines && !f->has_first, 1, "first line has no time: Context's Go compiler refuses the log");
    judge_end(r, f);
}

static bool is_wire(const struct load *load)
{
    struct wick_reader_stats reader;
    wick_reader_stats_read(load->reader, &reader);
    return reader.wire;
}

static int check_log(struct report *r, const char *path)
{
    struct load load;
    struct settings one = *r->settings;
    char *arguments[] = {(char *)(uintptr_t)path, NULL};
    struct findings f = {.max_ns = INT64_MIN};
    struct text_line line;
    struct line_source *source = lines_open(r->settings, path);
    if (!source) {
        return EXIT_USAGE;
    }
    while (lines_next(source, &line)) {
        look_at(&f, &line);
    }
    lines_close(source);
    one.arguments = arguments;
    one.argument_count = 1;
    one.quiet = true;
    int rc = load_all(&load, &one);
    if (rc == EXIT_FINE) {
        struct wick_tree_stats stats;
        wick_tree_stats_read(load.tree, &stats);
        if (!r->json) {
            printf("%s: %s lines, %s scopes, %s threads, %s\n", path, name_number(load.lines),
                   name_number(stats.scopes + stats.open), name_number(stats.tracks),
                   name_duration(stats.last_ns - stats.first_ns));
        }
        judge_content(r, &load);
        r->wire = is_wire(&load);
        if (r->wire) {
            judge_end(r, &f);
        } else {
            judge_bytes(r, &f);
        }
    }
    load_end(&load);
    return rc;
}

int cmd_check(struct settings *settings)
{
    struct report r = {.settings = settings, .json = tool_is_json(settings)};
    if (!settings->argument_count) {
        tool_error(settings, "give a log: wick check run.ctxt");
        return EXIT_USAGE;
    }
    int rc = EXIT_FINE;
    printf("%s", r.json ? "[" : "");
    for (int i = 0; i < settings->argument_count && rc == EXIT_FINE; i++) {
        r.path = load_spool(settings, settings->arguments[i]);
        rc = r.path ? check_log(&r, r.path) : EXIT_USAGE;
    }
    if (r.json) {
        printf("%s]\n", r.any ? "\n" : "");
    } else if (rc == EXIT_FINE && !r.broken) {
        printf("  fine: whole, balanced, in order, nothing lost%s\n",
               r.wire ? "; for Context: `wick export --to ctxt`" : ", readable by Context");
    }
    return rc != EXIT_FINE ? rc : r.broken ? EXIT_FOUND : EXIT_FINE;
}
