/*
 * SPDX-License-Identifier: MIT
 * wick merge: several logs into one, by time. Reads either form; the name of the output says which one is written.
 * Must not alter a time, except by --shift, or reorder the lines of a log. Invariant: the originals are never written
 * to.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/host.h"
#include "base/messages.h"
#include "base/words.h"
#include "cmd/cmd.h"
#include "input/context_rules.h"
#include "input/forms.h"
#include "input/merge_wire.h"
#include "input/spool.h"
#include "print/log_lines.h"
#include "print/output_file.h"

enum {
    HELD_MAX = 256, /* lines of one moment that are put in order */
    LARGER = 4      /* text that is so many times as large as the logs is worth a word */
};

/* A line that is held back: `line.text` is its own. */
struct held_line {
    struct text_line line;
    struct text_field fields[7];
    uint32_t capacity;
};

/*
 * The lines of one log: a file; the files of a rotated one; or the logs of all processes of one host and pid, which could
 * not be told apart if their lines alternated. The lines of one moment are held, because a file that somebody has sorted has
 * them in the order of the alphabet.
 */
struct merged {
    const struct settings *settings;
    char **paths;
    int file, *chain; /* the file that is open; the number of the next one, by files, 0: none */
    struct line_source *source;
    struct held_line *held; /* count lines of one moment, and one behind them */
    uint32_t capacity, count, at;
    bool behind;      /* there is one behind them */
    int64_t time_ns;  /* of the next line, shifted */
    bool has_line, failed;
};

struct merging {
    struct settings *settings;
    struct log_head *heads;
    int *chain, *first; /* by files: the one behind it, 0: none; by logs: their first file */
    int count;          /* of logs */
    uint64_t bytes;     /* of all files */
};

/* Parse --shift HOST=SECONDS[,HOST=SECONDS...] and find what to add to the times of this host; false: it is wrong. */
static bool shift_of(const struct settings *settings, const struct text_field *node, int64_t *shift_ns)
{
    *shift_ns = 0;
    for (const char *at = settings->shift; at && *at;) {
        const char *equals = strchr(at, '=');
        size_t end = strcspn(at, ",");
        char value[64];
        int64_t ns;
        if (!equals || (size_t)(equals - at) > end || end - (size_t)(equals - at) >= sizeof value) {
            return false;
        }
        snprintf(value, sizeof value, "%.*s", (int)(end - (size_t)(equals + 1 - at)), equals + 1);
        bool negative = value[0] == '-';
        if (!tool_duration(value + (negative || value[0] == '+'), &ns)) {
            return false;
        }
        if (node && node->bytes == (size_t)(equals - at) && memcmp(node->text, at, node->bytes) == 0) {
            *shift_ns = negative ? -ns : ns;
        }
        at += end + (at[end] == ',');
    }
    return true;
}

/* Keep a copy of a line behind those that are held. */
static bool hold(struct merged *log, const struct text_line *line, uint32_t at)
{
    if (!tool_grow(&log->held, &log->capacity, at, sizeof *log->held)) {
        return false;
    }
    struct held_line *held = &log->held[at];
    char *text = held->line.text;
    if (!tool_grow(&text, &held->capacity, (uint32_t)line->bytes, 1)) {
        return false;
    }
    memcpy(text, line->text, line->bytes);
    held->line = *line;
    held->line.text = text;
    return lines_split(&held->line, held->fields);
}

/* Read the next usable line, of this file or the one behind it, to place `at`. */
static bool read_line(struct merged *log, struct line_span *span, uint32_t at)
{
    struct text_line line;
    struct text_field fields[7];
    for (;;) {
        while (lines_next(log->source, &line)) {
            if (line_is_usable(&line, fields)) {
                log->failed = !hold(log, &line, at);
                return !log->failed;
            }
            span->left_out++;
        }
        log->failed = log->failed || !lines_were_all(log->source);
        if (!log->chain[log->file] || log->failed) {
            return false;
        }
        log->file = log->chain[log->file];
        lines_close(log->source);
        log->source = lines_open(log->settings, log->paths[log->file]);
        log->failed = !log->source;
        if (log->failed) {
            return false;
        }
    }
}

static bool same_field(const struct held_line *a, const struct held_line *b, int field)
{
    return a->fields[field].bytes == b->fields[field].bytes &&
           memcmp(a->fields[field].text, b->fields[field].text, a->fields[field].bytes) == 0;
}

/* Must line `a` stand before `b`, of the same moment? A `site` line before the use of its location, what an END or a lock
 * carries right before it. */
static bool belongs_before(const struct held_line *a, const struct held_line *b)
{
    const struct text_field *word = &a->fields[4];
    bool same = same_field(a, b, 5) && same_field(a, b, 1) && same_field(a, b, 2);
    if (context_field_is(word, "site")) {
        return same && !context_field_is(&b->fields[4], "site");
    }
    same = same && same_field(a, b, 3);
    if (context_field_is(word, "cpu") || context_field_is(word, "unfinished")) {
        return same && (context_field_is(&b->fields[4], "ENDOK") || context_field_is(&b->fields[4], "ENDER"));
    }
    return same && context_field_is(word, "shared") && context_field_is(&b->fields[4], "LOCKA");
}

/* Is this a line whose place another line of its moment decides? */
static bool has_place(const struct text_field *word)
{
    return context_field_is(word, "site") || context_field_is(word, "cpu") || context_field_is(word, "unfinished") ||
           context_field_is(word, "shared");
}

/* Bring the lines of one moment into the order in which a log has them. */
static void order_held(struct merged *log)
{
    for (uint32_t i = 1; i < log->count; i++) {
        if (!has_place(&log->held[i].fields[4])) {
            continue;
        }
        bool later = false;
        for (uint32_t j = i + 1; j < log->count && !later; j++) {
            later = !context_field_is(&log->held[i].fields[4], "site") && belongs_before(&log->held[i], &log->held[j]);
        }
        uint32_t to = 0;
        while (to < i && (later || !belongs_before(&log->held[i], &log->held[to]))) {
            to++;
        }
        struct held_line moved = log->held[i];
        memmove(&log->held[to + 1], &log->held[to], (i - to) * sizeof moved);
        log->held[to] = moved;
    }
}

/* Go on to the next line of a log. */
static void advance(struct merged *log, struct line_span *span)
{
    if (++log->at >= log->count) {
        log->at = 0;
        if (log->behind) {
            struct held_line first = log->held[log->count];
            log->held[log->count] = log->held[0];
            log->held[0] = first;
        }
        log->count = log->behind || read_line(log, span, 0);
        log->behind = false;
        while (log->count && log->count < HELD_MAX && (log->behind = read_line(log, span, log->count)) &&
               log->held[log->count].line.time_ns == log->held[0].line.time_ns) {
            log->count++;
            log->behind = false;
        }
        order_held(log);
    }
    log->has_line = log->at < log->count && !log->failed;
    if (log->has_line) {
        int64_t shift_ns;
        shift_of(log->settings, &log->held[log->at].fields[1], &shift_ns);
        log->time_ns = log->held[log->at].line.time_ns + shift_ns;
        log->time_ns = log->time_ns < 0 ? 0 : log->time_ns;
    }
}

/* The log whose line is the earliest; NULL: no log has a line left. */
static struct merged *earliest(struct merged *logs, int count)
{
    struct merged *found = NULL;
    for (int i = 0; i < count; i++) {
        if (logs[i].has_line && (!found || logs[i].time_ns < found->time_ns)) {
            found = &logs[i];
        }
    }
    return found;
}

static bool begin(struct merged *log, struct line_span *span)
{
    log->source = lines_open(log->settings, log->paths[log->file]);
    if (log->source) {
        advance(log, span);
    }
    return log->source != NULL;
}

static bool end(struct merged *log)
{
    bool good = log->source && !log->failed;
    lines_close(log->source);
    for (uint32_t i = 0; i < log->capacity; i++) {
        free(log->held[i].line.text);
    }
    free(log->held);
    return good;
}

/* Read all logs in the order of their lines' times, and write the lines; with `to` NULL only measure their span. */
static int merge_lines(const struct merging *m, FILE *to, struct line_span *span)
{
    struct merged *logs = calloc((size_t)m->count, sizeof *logs);
    bool good = logs != NULL;
    for (int i = 0; i < m->count && good; i++) {
        logs[i] = (struct merged){.settings = m->settings, .paths = m->settings->arguments, .file = m->first[i], .chain = m->chain};
        good = begin(&logs[i], span);
    }
    for (struct merged *log; good && (log = earliest(logs, m->count));) {
        struct held_line *held = &log->held[log->at];
        struct text_line line = held->line;
        line.time_ns = log->time_ns;
        line_span_add(span, &line, held->fields);
        if (to) {
            line_put_time(to, log->time_ns);
            line.text += held->fields[0].bytes;
            line.bytes -= held->fields[0].bytes;
            line_put(to, &line);
        }
        advance(log, span);
    }
    for (int i = 0; logs && i < m->count; i++) {
        good = end(&logs[i]) && good;
    }
    free(logs);
    return good ? EXIT_FINE : EXIT_USAGE;
}

static int write_lines(const struct merging *m, const char *name)
{
    struct line_span span = LINE_SPAN_EMPTY;
    struct log_output output;
    int rc = merge_lines(m, NULL, &span);
    if (rc != EXIT_FINE || !span.usable) {
        if (rc == EXIT_FINE) {
            tool_error(m->settings, "not one usable line in these logs");
        }
        return EXIT_USAGE;
    }
    if (!forms_is_wire(name) && span.bytes > m->bytes * LARGER) {
        tool_note("%s bytes of text, %s times as many as in these logs; a NAME.wick would have about as many as they",
                  tool_number_text(span.bytes), tool_number_text(span.bytes / (m->bytes ? m->bytes : 1)));
    }
    if (!log_output_open(&output, m->settings, name)) {
        return EXIT_USAGE;
    }
    line_put_mark(output.to, &span, span.first_ns, "wick merge start");
    rc = merge_lines(m, output.to, &(struct line_span)LINE_SPAN_EMPTY);
    line_put_mark(output.to, &span, span.last_ns + 1000, "wick end");
    if (span.left_out) {
        tool_note("%s left out; `wick check` says which", tool_count(span.left_out, "line was|lines were"));
    }
    return log_output_close(&output, rc);
}

static int write_wire(const struct merging *m, const char *name)
{
    struct log_output output;
    if (!log_output_open_bytes(&output, m->settings, name)) {
        return EXIT_USAGE;
    }
    return log_output_close(&output, merge_wire(m->settings, m->settings->arguments, m->heads, output.to));
}

/* Are these logs of processes with one host and pid, as far as their heads say? */
static bool same_process_id(const struct log_head *a, const struct log_head *b)
{
    const char *end = strrchr(a->run, ' ');
    return end && strncmp(a->run, b->run, (size_t)(end + 1 - a->run)) == 0;
}

/* Which files are one log for us, one behind the other. */
static bool chain_files(struct merging *m)
{
    int count = m->settings->argument_count;
    m->chain = calloc((size_t)count, sizeof *m->chain);
    m->first = calloc((size_t)count, sizeof *m->first);
    for (int i = 0; m->chain && m->first && i < count; i++) {
        int before = i - 1;
        while (before >= 0 && !same_process_id(&m->heads[before], &m->heads[i])) {
            before--;
        }
        if (before >= 0) {
            m->chain[before] = i;
        } else {
            m->first[m->count++] = i;
        }
        struct stat status;
        m->bytes += stat(m->settings->arguments[i], &status) == 0 ? (uint64_t)status.st_size : 0;
        series_note_missing(m->heads, i, m->settings->arguments[i]);
    }
    return m->chain && m->first;
}

static int merge(struct settings *settings, const char *name)
{
    int rc = EXIT_USAGE;
    struct merging m = {.settings = settings, .heads = series_sort(settings, settings->arguments, settings->argument_count)};
    if (!m.heads || !chain_files(&m)) {
        tool_error(settings, "out of memory");
    } else if (forms_is_wire(name) && !settings->shift && !settings->resolve && merge_wire_can(settings, settings->arguments, settings->argument_count)) {
        rc = write_wire(&m, name);
    } else {
        rc = write_lines(&m, name);
    }
    free(m.heads);
    free(m.chain);
    free(m.first);
    return rc;
}

int cmd_merge(struct settings *settings)
{
    const char *output = settings->output ? settings->output : "-";
    if (!settings->argument_count) {
        tool_error(settings, "give logs: wick merge a.ctxt b.ctxt --output all.ctxt");
        return EXIT_USAGE;
    }
    int64_t ignored;
    if (!shift_of(settings, NULL, &ignored)) {
        tool_error(settings, "--shift wants HOST=SECONDS[,HOST=SECONDS...], not '%s'", settings->shift);
        return EXIT_USAGE;
    }
    char **own = settings->arguments, **all = series_with_posted(settings, &settings->argument_count);
    settings->arguments = all;
    int rc = all && spool_logs(settings) ? EXIT_FINE : EXIT_USAGE;
    for (int i = 0; rc == EXIT_FINE && i < settings->argument_count; i++) {
        if (output_is_same(settings->arguments[i], output)) {
            tool_error(settings, "%s: is input and output", output);
            rc = EXIT_USAGE;
        } else if (forms_is_foreign(settings, settings->arguments[i])) {
            rc = EXIT_USAGE;
        }
    }
    rc = rc == EXIT_FINE ? merge(settings, output) : rc;
    settings->arguments = own; /* for whom it belongs to */
    settings->argument_count = 0;
    free(all);
    return rc;
}
