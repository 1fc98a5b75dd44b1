/*
 * SPDX-License-Identifier: MIT
 * wick check: tells whether a log is complete, balanced, in order and without losses, and readable by Context's
 * compilers.
 * Must not change anything. Invariant: the exit code is 1 exactly when a line says "broken".
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/host.h"
#include "base/json_stream.h"
#include "base/messages.h"
#include "base/safe_text.h"
#include "base/words.h"
#include "cmd/cmd.h"
#include "input/context_rules.h"
#include "input/lines.h"
#include "input/load.h"
#include "input/series.h"
#include "input/spool.h"
#include "model/base/utf8.h"

/* A fault of lines: how many, and the first. */
struct tally {
    uint64_t count, first;
};

/* What the bytes of a file say. */
struct findings {
    struct tally not_utf8, too_long, outside, context[CONTEXT_FAULTS], texts;
    uint64_t last_bytes, lines;
    int64_t first_ns, last_ns, max_ns;
    char text_name[256]; /* of a file of long texts that is missing */
    char last_text[32];  /* of the last line, if it is a bookmark */
    bool has_first, last_is_mark, has_newline;
};

/* A file, as it was read. */
struct checked_file {
    const char *path;
    uint32_t missing; /* files before it, of a rotated log */
    bool goes_on;
    struct findings bytes;
    struct wick_reader_stats reader;
    char remark[512]; /* what of another tool's file is not shown */
    uint64_t first_problem[WICK_PROBLEM_KINDS];
};

/* What a process says of its events, and what of them is in the log. */
struct process_counts {
    bool began, ended; /* its `run start`, its `stat` lines are in the log */
    uint64_t starts, lost;
    uint64_t scopes, left_out, dropped_full, dropped_signal, dropped_dead, dropped_attach, log_lost, text_cut, site_overflow,
        messages_unsaid;
};

struct check_report {
    const struct settings *settings;
    const char *path;
    uint32_t broken;
    bool as_json, wire, losses;
    bool other; /* Context's rules are not for it: a wire, another tool's file */
    struct wick_json json;
    /* Of the log that is checked: one file, or those of a rotated log. */
    struct load load;
    struct checked_file *files;
    int file_count;
    struct process_counts *processes;
    uint32_t process_capacity;
};

static void finding(struct check_report *r, bool broken, uint64_t count, uint64_t line, const char *text)
{
    if (!count) {
        return;
    }
    r->broken += broken;
    text = tool_plural(count, text);
    if (r->as_json) {
        wick_json_line(&r->json);
        wick_json_begin(&r->json, NULL, '{');
        wick_json_string(&r->json, "log", r->path);
        wick_json_string(&r->json, "severity", broken ? "broken" : "note");
        wick_json_unsigned(&r->json, "count", count);
        wick_json_unsigned(&r->json, "line", line);
        wick_json_string(&r->json, "text", text);
        wick_json_end(&r->json, '}');
    } else {
        safe_print(stdout, "  %s  %s %s", broken ? "broken" : "note  ", tool_number_text(count), text);
        if (line) {
            printf(" (first: %s %" PRIu64 ")", r->wire ? "frame" : "line", line);
        }
        printf("\n");
    }
}

static bool valid_utf8(const char *text, size_t bytes)
{
    uint32_t length, code;
    for (size_t at = 0; at < bytes; at += length) {
        length = wk_utf8_read(text + at, bytes - at, &code);
        if (!length) {
            return false;
        }
    }
    return true;
}

static void count(struct tally *tally, bool fault, uint64_t line)
{
    if (fault && !tally->count++) {
        tally->first = line;
    }
}

/* Is the text that this reference names there: `wick+file:NAME#OFFSET BYTES`? NAME lies beside the log. */
static bool has_text(struct findings *f, const char *path, const char *reference, size_t bytes)
{
    char name[256], file[4600];
    unsigned long long offset, size;
    char copy[512];
    struct stat status;
    snprintf(copy, sizeof copy, "%.*s", bytes < 511 ? (int)bytes : 511, reference);
    if (sscanf(copy, "wick+file:%255[^#]#%llu %llu", name, &offset, &size) != 3) {
        return true;
    }
    const char *slash = strrchr(path, '/');
    snprintf(file, sizeof file, "%.*s%s", slash && name[0] != '/' ? (int)(slash + 1 - path) : 0, path, name);
    bool there = stat(file, &status) == 0 && (uint64_t)status.st_size >= offset + size;
    if (!there) {
        memcpy(f->text_name, name, sizeof name);
    }
    return there;
}

static void look_at_fields(struct check_report *r, struct findings *f, const struct text_line *line,
                           const struct text_field fields[7], struct context_rules *rules)
{
    struct context_thread *thread;
    uint32_t faults = context_faults(rules, line, fields, &thread);
    for (uint32_t i = 0; i < CONTEXT_FAULTS; i++) {
        count(&f->context[i], faults >> i & 1, line->number);
    }
    if (thread) {
        (void)context_follow(thread, line, fields);
    }
    const char *end = fields[6].text + fields[6].bytes, *reference = NULL; /* the last one: what is before it is the text's */
    for (const char *at = fields[6].text; (at = memmem(at, (size_t)(end - at), "wick+file:", 10)) != NULL; at++) {
        reference = at;
    }
    count(&f->texts, reference && !has_text(f, r->path, reference, (size_t)(end - reference)), line->number);
    count(&f->outside, line->time_ns < f->first_ns, line->number);
    f->last_ns = line->time_ns;
    f->max_ns = line->time_ns > f->max_ns ? line->time_ns : f->max_ns;
}

static void look_at(struct check_report *r, struct findings *f, const struct text_line *line, struct context_rules *rules)
{
    struct text_field fields[7];
    f->lines++;
    f->last_bytes = line->bytes + line->has_newline;
    f->has_newline = line->has_newline;
    count(&f->not_utf8, !valid_utf8(line->text, line->bytes), line->number);
    count(&f->too_long, line->bytes + 1 > 65536, line->number);
    bool whole = line->has_time && lines_split(line, fields);
    f->last_is_mark = whole && context_field_is(&fields[4], "BMARK");
    if (f->last_is_mark) {
        snprintf(f->last_text, sizeof f->last_text, "%.*s", fields[6].bytes < 31 ? (int)fields[6].bytes : 31, fields[6].text);
    }
    if (line->number == 1) {
        f->has_first = line->has_time;
        f->first_ns = line->time_ns;
    }
    if (whole) {
        look_at_fields(r, f, line, fields, rules);
    }
}

/* ---- what was found ------------------------------------------------------------------------------ */

/* What the reader could not use of a file. */
static void judge_reading(struct check_report *r, const struct checked_file *file)
{
    const struct tally *words = &file->bytes.context[CONTEXT_WORD], *spaces = &file->bytes.context[CONTEXT_SPACE];
    for (uint8_t i = 0; i < WICK_PROBLEM_KINDS; i++) {
        uint64_t count = file->reader.problems[i], told = i == WICK_PROBLEM_WORD ? words->count + spaces->count : 0;
        char text[WICK_TEXT_BYTES];
        count = count > told ? count - told : 0;
        snprintf(text, sizeof text, "%s: %s%s", tool_plural(count, r->wire ? "frame|frames" : "line|lines"),
                 wick_problem_text((enum wick_problem)i), i == WICK_PROBLEM_END || i == WICK_PROBLEM_FRAME ? "; `wick repair` cuts it" : "");
        finding(r, i != WICK_PROBLEM_WORD, count, told ? 0 : file->first_problem[i], text);
    }
    finding(r, true, words->count, words->first,
            "line has|lines have| an action word that nobody knows, in capitals or one letter off: misspelt, and skipped");
    finding(r, true, spaces->count, spaces->first, "line has a thread's name with a space:|lines have a thread's name with a space:| what is behind it is read as something else");
    finding(r, true, file->reader.frames_lost, 0, "frame is missing: what it|frames are missing: what they| held is lost");
    finding(r, false, file->reader.clock_breaks, 0, "jump|jumps| of the clock (suspend, migration)");
    if (file->bytes.texts.count) {
        char text[400];
        snprintf(text, sizeof text, "long text is|long texts are| missing: %s is not beside the log, or too short",
                 file->bytes.text_name);
        finding(r, true, file->bytes.texts.count, file->bytes.texts.first, text);
    }
}

/* What Context's compilers would do with the lines of a file. */
static void judge_bytes(struct check_report *r, const struct findings *f)
{
    static const char *const texts[CONTEXT_FAULTS] = {
        [CONTEXT_NAME] = "line has|lines have| a node or thread that is empty or has white space: Context's Python compiler crashes",
        [CONTEXT_PID] = "line has|lines have| a process id beyond 2,147,483,647, which Context's Go compiler skips",
        [CONTEXT_RELEASE] = "LOCKR is of a lock that its thread does not hold:|LOCKRs are of locks that their threads do not hold:| Context's Python compiler crashes",
        [CONTEXT_NESTED] = "lock is|locks are| taken while another is held: Context's Python compiler crashes, its Go compiler forgets the outer one",
        [CONTEXT_EARLY] = "scope ends before it begins|scopes end before they begin|: Context's viewer shows nothing"};
    finding(r, true, f->not_utf8.count, f->not_utf8.first, "line is|lines are| not UTF-8: Context's Python compiler crashes");
    finding(r, true, f->too_long.count, f->too_long.first, "line is|lines are| longer than 65,536 bytes: Context's Go compiler stops reading there");
    for (uint32_t i = 0; i < CONTEXT_FAULTS; i++) {
        if (texts[i]) {
            finding(r, true, f->context[i].count, f->context[i].first, texts[i]);
        }
    }
    finding(r, false, f->context[CONTEXT_CLOSE].count, f->context[CONTEXT_CLOSE].first,
            "scope is|scopes are| less than 240 ns from another: Context's viewers draw them inside out; `wick export --to context` writes a log that they draw right");
    finding(r, true, f->outside.count, f->outside.first, "line is|lines are| earlier than the first line: Context's Go compiler stops reading there");
    finding(r, true, f->lines && f->max_ns > f->last_ns, 0, "log has lines later than its last line: Context's Go compiler stops there; `wick repair` adds a closing bookmark");
    finding(r, true, f->lines == 1 || (f->lines && f->first_ns == f->last_ns), 0, "log has one moment only: Context's Go compiler refuses it");
    finding(r, true, f->last_bytes > 1024, f->lines, "last line is longer than 1,024 bytes: Context's Go compiler loses all events");
    finding(r, true, f->lines && !f->has_newline, f->lines, "last line has no newline");
    finding(r, true, f->lines && !f->has_first, 1, "first line has no time: Context's Go compiler refuses the log");
}

/* A loss: the log is not all that the program did. */
static void loss(struct check_report *r, bool broken, uint64_t count, const char *text)
{
    r->losses = r->losses || count;
    finding(r, broken, count, 0, text);
}

/* What the processes say that they recorded, against what is in the log. */
static void judge_counts(struct check_report *r, bool ends)
{
    struct process_counts all = {0};
    uint64_t refused = 0, missing = 0, without_end = 0;
    for (uint32_t i = 0; i < r->process_capacity; i++) {
        const struct process_counts *p = &r->processes[i];
        uint64_t expected = p->scopes > p->left_out ? p->scopes - p->left_out : 0;
        all.lost += p->lost;
        refused += p->dropped_full > p->lost ? p->dropped_full - p->lost : 0;
        missing += expected > p->starts ? expected - p->starts : 0;
        without_end += p->began && !p->ended;
        all.dropped_signal += p->dropped_signal;
        all.dropped_dead += p->dropped_dead;
        all.dropped_attach += p->dropped_attach;
        all.log_lost += p->log_lost;
        all.left_out += p->left_out;
        all.text_cut += p->text_cut;
        all.site_overflow += p->site_overflow;
        all.messages_unsaid += p->messages_unsaid;
    }
    loss(r, true, all.lost, "event was|events were| lost: the recorder's rings were full");
    loss(r, true, refused, "event was|events were| lost that no line of the log tells: the recorder's rings were full, says the program");
    loss(r, true, all.log_lost, "line was|lines were| lost on the way into the log, says the program: its disk was full or failed, or its queue was");
    loss(r, true, missing, "scope that the program recorded is|scopes that the program recorded are| not in the log");
    loss(r, true, all.dropped_attach, "event was|events were| lost: no memory for a thread's ring, or a second copy of wick");
    loss(r, false, all.dropped_signal, "event was|events were| refused in a signal handler");
    loss(r, false, all.dropped_dead, "event came|events came| after the last destructor of the thread or after the end of recording");
    loss(r, false, all.left_out, "scope was|scopes were| left out by WICK_FILTER or WICK_MIN: their time is in the scopes around them");
    finding(r, false, all.text_cut, 0, "text was|texts were| cut");
    finding(r, false, all.site_overflow, 0, "text was|texts were| too many to be names of their own");
    finding(r, false, all.messages_unsaid, 0,
            "message of wick|messages of wick| found no place on standard error: it was full, stopped, closed or another file");
    finding(r, true, ends ? without_end : 0, 0, "process has no end in this log: it was killed, or|processes have no end in this log: they were killed, or| runs still");
}

/* Is the end of the log there? */
static bool judge_end(struct check_report *r)
{
    const struct checked_file *last = &r->files[r->file_count - 1];
    const struct findings *f = &last->bytes;
    bool ours = false;
    struct wick_property property;
    for (uint32_t i = 0; !ours && wick_reader_property(r->load.reader, i, &property); i++) {
        ours = strcmp(property.key, "wick") == 0;
    }
    if (last->goes_on) {
        finding(r, true, 1, 0, "file of this log is missing behind this one: what it held is lost");
    } else if (f->lines && ours && strcmp(f->last_text, "wick end") != 0) {
        finding(r, true, 1, f->lines, "log has no end: its program was killed, runs still, or could not write any more (a full disk); what came then is lost");
    } else if (f->lines && !f->last_is_mark && !last->reader.imported) {
        finding(r, false, 1, f->lines, "closing bookmark is missing: the program was killed, or the log is not from wick");
    } else {
        return true;
    }
    return false;
}

static void judge_tree(struct check_report *r)
{
    struct wick_tree_stats tree;
    uint64_t cut = 0;
    wick_tree_stats_read(r->load.tree, &tree);
    for (int i = 0; i < r->file_count; i++) {
        cut += r->files[i].reader.cut_ends;
    }
    finding(r, false, cut, 0, "scope|scopes| began before what is left of the log");
    finding(r, true, tree.stray_ends, 0, "END has|ENDs have| no START");
    finding(r, true, tree.open, 0, "scope was open when the log ended; `wick repair` closes it|scopes were open when the log ended; `wick repair` closes them");
    finding(r, true, r->wire ? tree.backwards : 0, 0, "scope ended before it|scopes ended before they| began (counted as 0 ns)");
    finding(r, false, tree.unfinished, 0, "scope was|scopes were| ended by thread end, exit, fork, longjmp or CLEAR");
}

static void judge(struct check_report *r)
{
    struct wick_tree_stats stats;
    wick_tree_stats_read(r->load.tree, &stats);
    if (!r->as_json) {
        char files[64] = "";
        if (r->file_count > 1) {
            snprintf(files, sizeof files, " (%d files)", r->file_count);
        }
        safe_print(stdout, "%s%s: %s, %s, %s, %s\n", r->files[r->file_count - 1].path, files, tool_count(r->load.lines, "line|lines"),
                   tool_count(stats.scopes + stats.open, "scope|scopes"), tool_count(stats.tracks, "thread|threads"),
                   tool_ns_text(load_span_ns(&stats)));
    }
    for (int i = 0; i < r->file_count; i++) {
        const struct checked_file *file = &r->files[i];
        r->path = file->path;
        r->wire = file->reader.wire;
        finding(r, true, file->missing, 0, "file of this log is missing before this one: what it|files of this log are missing before this one: what they| held is lost");
        judge_reading(r, file);
        r->other = r->wire || file->reader.imported;
        if (!r->other) {
            judge_bytes(r, &file->bytes);
        }
        finding(r, false, file->reader.imported, 0, file->remark);
        r->losses = r->losses || (file->reader.imported && strstr(file->remark, "not shown"));
    }
    judge_tree(r);
    judge_counts(r, judge_end(r));
}

/* ---- reading ------------------------------------------------------------------------------------- */

static int look_at_lines(struct check_report *r, struct findings *f, struct context_rules *rules)
{
    struct line_source *source = lines_open(r->settings, r->path);
    if (!source) {
        return EXIT_USAGE;
    }
    struct text_line line;
    while (lines_next(source, &line)) {
        look_at(r, f, &line, rules);
    }
    int rc = lines_were_all(source) ? EXIT_FINE : EXIT_USAGE;
    lines_close(source);
    return rc;
}

/* The counts of the process of a track; NULL: no memory. */
static struct process_counts *counts_of(struct check_report *r, uint32_t track)
{
    uint32_t process = wick_names_track(r->load.names, track)->process;
    return tool_grow(&r->processes, &r->process_capacity, process, sizeof *r->processes) ? &r->processes[process] : NULL;
}

static int on_records(void *user, const struct wick_record *records, size_t count)
{
    struct check_report *r = user;
    for (size_t i = 0; i < count; i++) {
        if (records[i].kind == WICK_RECORD_START || records[i].kind == WICK_RECORD_LOST) {
            struct process_counts *counts = counts_of(r, records[i].track);
            if (!counts) {
                return WICK_E_NOMEM;
            }
            counts->starts += records[i].kind == WICK_RECORD_START;
            counts->lost += records[i].kind == WICK_RECORD_LOST ? records[i].u.count : 0;
        }
    }
    return wick_tree_feed(r->load.tree, records, count);
}

static void take_property(struct check_report *r, const struct wick_property *property)
{
    struct process_counts *c = counts_of(r, property->track);
    if (!c) {
        return;
    }
    const struct {
        const char *name;
        uint64_t *value;
    } rows[] = {{"scopes", &c->scopes}, {"left_out", &c->left_out}, {"dropped_full", &c->dropped_full},
                {"dropped_signal", &c->dropped_signal}, {"dropped_dead", &c->dropped_dead},
                {"dropped_attach", &c->dropped_attach}, {"log_lost", &c->log_lost}, {"text_cut", &c->text_cut},
                {"site_overflow", &c->site_overflow}, {"messages_unsaid", &c->messages_unsaid}};
    c->ended = c->ended || property->stat;
    c->began = c->began || (!property->stat && strcmp(property->key, "start") == 0);
    for (size_t i = 0; property->stat && i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(property->key, rows[i].name) == 0) {
            *rows[i].value = strtoull(property->value, NULL, 10);
        }
    }
}

static int check_file(struct check_report *r, struct checked_file *file, struct context_rules *rules)
{
    r->path = file->path;
    file->bytes.max_ns = INT64_MIN;
    int rc = look_at_lines(r, &file->bytes, rules);
    rc = rc == EXIT_FINE ? load_log(&r->load, file->path) : rc;
    if (rc != EXIT_FINE) {
        return rc;
    }
    struct wick_problem_info info;
    struct wick_property property;
    wick_reader_stats_read(r->load.reader, &file->reader);
    const char *remark = wick_reader_remark(r->load.reader);
    snprintf(file->remark, sizeof file->remark, "file of another tool%s%s", remark[0] ? "; " : "", remark);
    for (uint32_t i = 0; wick_reader_problem(r->load.reader, i, &info); i++) {
        file->first_problem[info.kind] = file->first_problem[info.kind] ? file->first_problem[info.kind] : info.line;
    }
    for (uint32_t i = 0; wick_reader_property(r->load.reader, i, &property); i++) {
        take_property(r, &property);
    }
    file->goes_on = r->load.goes_on;
    return EXIT_FINE;
}

/* Check one log: a file, or the files of a rotated one. */
static int check_log(struct check_report *r, char *const *paths, const struct log_head *heads, int at, int count)
{
    const struct wick_record_out out = {on_records, r};
    struct context_rules *rules = context_rules_create();
    r->files = calloc((size_t)count, sizeof *r->files);
    r->file_count = count;
    int rc = load_begin(&r->load, r->settings, &out);
    r->load.quiet = true;
    if (!rules || !r->files) {
        tool_error(r->settings, "out of memory");
        rc = EXIT_USAGE;
    }
    for (int i = 0; i < count && rc == EXIT_FINE; i++) {
        r->files[i].path = paths[at + i];
        r->files[i].missing = series_missing(heads, at + i);
        rc = check_file(r, &r->files[i], rules);
    }
    rc = rc == EXIT_FINE ? load_settle(&r->load, paths[at]) : rc;
    if (rc == EXIT_FINE) {
        judge(r);
    }
    context_rules_destroy(rules);
    load_end(&r->load);
    free(r->files);
    free(r->processes);
    r->processes = NULL;
    r->process_capacity = 0;
    return rc;
}

int cmd_check(struct settings *settings)
{
    struct check_report r = {.settings = settings, .as_json = tool_format_is(settings, "json"), .json = json_to(stdout)};
    int count = settings->argument_count;
    if (!count) {
        tool_error(settings, "give a log: wick check run.ctxt");
        return EXIT_USAGE;
    }
    struct log_head *heads = spool_logs(settings) ? series_sort(settings, settings->arguments, count) : NULL;
    int rc = heads ? EXIT_FINE : EXIT_USAGE;
    if (r.as_json) {
        wick_json_begin(&r.json, NULL, '[');
    }
    for (int i = 0, files; i < count && rc == EXIT_FINE; i += files) {
        files = series_length(heads, i, count);
        rc = check_log(&r, settings->arguments, heads, i, files);
    }
    free(heads);
    if (r.as_json) {
        wick_json_line(&r.json);
        wick_json_end(&r.json, ']');
        putchar('\n');
    } else if (rc == EXIT_FINE && !r.broken) {
        printf("  fine: whole, balanced, in order%s%s\n", r.losses ? "" : ", nothing lost",
               r.other ? "; for Context: `wick export --to context`" : ", readable by Context");
    }
    return rc != EXIT_FINE ? rc : r.broken ? EXIT_FOUND : EXIT_FINE;
}
