/*
 * SPDX-License-Identifier: MIT
 * wick merge: several logs into one, by time. Reads either form; the name of the output says which one is written.
 * Must not alter a time, except by --shift, or reorder the lines of a log. Invariant: the originals are never written
 * to.
 */
#include <stdlib.h>
#include <string.h>

#include "base/messages.h"
#include "base/words.h"
#include "cmd/cmd.h"
#include "input/spool.h"
#include "print/log_lines.h"
#include "print/output_file.h"

struct merged {
    struct line_source *source;
    struct text_line line;
    struct text_field fields[7];
    int64_t time_ns; /* shifted */
    bool has_line;
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

/* Go on to the next usable line of a log. */
static void advance(const struct settings *settings, struct merged *log, struct line_span *span)
{
    while ((log->has_line = lines_next(log->source, &log->line)) && !line_is_usable(&log->line, log->fields)) {
        span->left_out++;
    }
    if (log->has_line) {
        int64_t shift_ns;
        shift_of(settings, &log->fields[1], &shift_ns);
        log->time_ns = log->line.time_ns + shift_ns;
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

/* Read all logs in the order of their lines' times, and write the lines; with `to` NULL only measure their span. */
static int merge_lines(const struct settings *settings, struct merged *logs, FILE *to, struct line_span *span)
{
    int rc = EXIT_FINE;
    for (int i = 0; i < settings->argument_count && rc == EXIT_FINE; i++) {
        logs[i].source = lines_open(settings, settings->arguments[i]);
        if (logs[i].source) {
            advance(settings, &logs[i], span);
        } else {
            rc = EXIT_USAGE;
        }
    }
    for (struct merged *log; rc == EXIT_FINE && (log = earliest(logs, settings->argument_count));) {
        struct text_line line = log->line;
        line.time_ns = log->time_ns;
        line_span_add(span, &line, log->fields);
        if (to) {
            line_put_time(to, log->time_ns);
            line.text += log->fields[0].bytes;
            line.bytes -= log->fields[0].bytes;
            line_put(to, &line);
        }
        advance(settings, log, span);
    }
    for (int i = 0; i < settings->argument_count; i++) {
        if (rc == EXIT_FINE && !lines_were_all(logs[i].source)) {
            rc = EXIT_USAGE;
        }
        lines_close(logs[i].source);
        logs[i].source = NULL;
    }
    return rc;
}

static int write_merged(const struct settings *settings, struct merged *logs, const struct line_span *span,
                        const char *name)
{
    struct log_output output;
    if (!log_output_open(&output, settings, name)) {
        return EXIT_USAGE;
    }
    line_put_mark(output.to, span, span->first_ns, "wick merge start");
    int rc = merge_lines(settings, logs, output.to, &(struct line_span)LINE_SPAN_EMPTY);
    line_put_mark(output.to, span, span->last_ns + 1000, "wick end");
    if (span->left_out) {
        tool_note("%s left out; `wick check` says which", tool_count(span->left_out, "line was|lines were"));
    }
    return log_output_close(&output, rc);
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
    for (int i = 0; i < settings->argument_count; i++) {
        const char *path = spool_log(settings, settings->arguments[i]);
        settings->arguments[i] = (char *)(uintptr_t)path;
        if (!path || output_is_same(path, output)) {
            tool_error(settings, "%s: is input and output", output);
            return EXIT_USAGE;
        }
    }
    struct line_span span = LINE_SPAN_EMPTY;
    struct merged *logs = calloc((size_t)settings->argument_count, sizeof *logs);
    int rc = logs ? merge_lines(settings, logs, NULL, &span) : EXIT_USAGE;
    if (rc == EXIT_FINE && !span.usable) {
        tool_error(settings, "not one usable line in these logs");
        rc = EXIT_USAGE;
    }
    if (rc == EXIT_FINE) {
        rc = write_merged(settings, logs, &span, output);
    }
    free(logs);
    return rc;
}
