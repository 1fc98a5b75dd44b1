/*
 * SPDX-License-Identifier: MIT
 * wick repair: makes a log that Context's compilers accept out of what a killed program left.
 * wick merge: several logs into one, by time. Either form is read; the output's name says which is written.
 * Must not alter a time, except by --shift, or reorder the lines of a log. Invariant: the original files
 * are never written to.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool.h"

#define LINE_LIMIT 60000u /* bytes with the LF, as our writer's */
#define LAST_LIMIT 1024u

/* ---- output: a file that appears whole, or standard output ---- */

struct writer {
    const struct settings *settings;
    FILE *to;
    char name[4096], part[4200];
};

static bool writer_open(struct writer *w, const struct settings *settings, const char *name)
{
    w->settings = settings;
    snprintf(w->name, sizeof w->name, "%s", name);
    w->part[0] = 0;
    w->to = stdout;
    if (strcmp(name, "-") != 0) {
        snprintf(w->part, sizeof w->part, "%s.part", w->name);
        w->to = fopen(w->part, "w");
    }
    if (w->to && convert_is_wire(name)) {
        w->to = convert_stream(w->to);
    }
    if (!w->to) {
        tool_error(settings, "%s: %s", w->part, strerror(errno));
    }
    return w->to != NULL;
}

static int writer_close(struct writer *w, int rc)
{
    bool bad = fflush(w->to) != 0 || ferror(w->to);
    if (w->to != stdout) {
        bad |= fclose(w->to) != 0;
        if (!bad && rc == EXIT_FINE && rename(w->part, w->name) == 0) {
            return rc;
        }
        unlink(w->part);
    }
    if (bad || (rc == EXIT_FINE && w->to != stdout)) {
        tool_error(w->settings, "%s: cannot be written: %s", w->name, strerror(errno));
        return EXIT_USAGE;
    }
    return rc;
}

static bool same_file(const char *x, const char *y)
{
    struct stat a, b;
    return stat(x, &a) == 0 && stat(y, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static void write_time(FILE *to, int64_t time_ns)
{
    fprintf(to, "%" PRId64 ".%09" PRId64, time_ns / 1000000000, time_ns % 1000000000);
}

/* One line, valid UTF-8, not longer than Context can read. */
static void write_line(FILE *to, const struct text_line *line)
{
    size_t written = 0;
    for (size_t at = 0; at < line->bytes && written < LINE_LIMIT - 4;) {
        unsigned char c = (unsigned char)line->text[at];
        size_t length = c == 0 ? 0 : lines_character(line->text + at, line->bytes - at);
        if (length) {
            fwrite(line->text + at, 1, length, to);
            written += length;
            at += length;
        } else {
            fputs(c ? "\xEF\xBF\xBD" : " ", to);
            written += 3;
            at++;
        }
    }
    putc('\n', to);
}

/* ---- what both need to know beforehand ---- */

struct span {
    int64_t first_ns, last_ns;
    uint64_t usable, left_out;
    uint64_t last_bytes;
    char node[256], thread[256];
    uint64_t pid;
};

static bool is_usable(const struct text_line *line, struct text_field fields[7])
{
    if (!line->has_time || line->too_long || !lines_split(line, fields) || !fields[1].bytes || !fields[3].bytes ||
        !fields[2].bytes || fields[2].bytes > 10) {
        return false;
    }
    for (size_t i = 0; i < fields[2].bytes; i++) {
        if (fields[2].text[i] < '0' || fields[2].text[i] > '9') {
            return false;
        }
    }
    /* A torn last line is a shorter, wrong one: only a text survives that. */
    return line->has_newline || (fields[4].text[0] >= 'A' && fields[4].text[0] <= 'Z');
}

static void span_add(struct span *span, const struct text_line *line, const struct text_field fields[7])
{
    if (!span->usable++) {
        snprintf(span->node, sizeof span->node, "%.*s", (int)fields[1].bytes, fields[1].text);
        snprintf(span->thread, sizeof span->thread, "%.*s", (int)fields[3].bytes, fields[3].text);
        span->pid = strtoull(fields[2].text, NULL, 10);
    }
    span->first_ns = line->time_ns < span->first_ns ? line->time_ns : span->first_ns;
    span->last_ns = line->time_ns > span->last_ns ? line->time_ns : span->last_ns;
    span->last_bytes = line->bytes;
}

static void write_mark(FILE *to, const struct span *span, int64_t time_ns, const char *text)
{
    write_time(to, time_ns);
    fprintf(to, " %s %" PRIu64 " %s BMARK - %s\n", span->node, span->pid, span->thread, text);
}

/* ---- repair ---- */

static int measure(const struct settings *settings, const char *path, struct span *span, bool *starts_well)
{
    struct line_source *source = lines_open(settings, path);
    struct text_field fields[7];
    struct text_line line;
    *span = (struct span){.first_ns = INT64_MAX, .last_ns = INT64_MIN};
    *starts_well = false;
    int64_t first_line_ns = INT64_MAX;
    if (!source) {
        return EXIT_USAGE;
    }
    while (lines_next(source, &line)) {
        if (!is_usable(&line, fields)) {
            span->left_out++;
            continue;
        }
        if (!span->usable && fields[4].bytes == 5 && memcmp(fields[4].text, "BMARK", 5) == 0) {
            first_line_ns = line.time_ns;
        }
        span_add(span, &line, fields);
    }
    lines_close(source);
    *starts_well = first_line_ns <= span->first_ns;
    return EXIT_FINE;
}

/* ENDERs for what the kill left open, innermost first, as the recorder writes them. */
static uint64_t close_scopes(FILE *to, const struct load *load, int64_t end_ns)
{
    uint64_t closed = 0;
    for (uint32_t track = 0; track < wick_names_tracks(load->names); track++) {
        const struct wick_track_info *info = wick_names_track(load->names, track);
        for (uint32_t level = wick_tree_depth(load->tree, track); level-- > 0; closed++) {
            struct wick_node_info node_info;
            uint32_t node;
            int64_t start_ns;
            wick_tree_open_scope(load->tree, track, level, &node, &start_ns);
            wick_tree_node(load->tree, node, &node_info);
            const char *location = wick_names_site(load->names, node_info.site)->location;
            write_time(to, end_ns);
            fprintf(to, " %s %" PRIu32 " %s unfinished %s killed\n", info->node, info->pid, info->thread, location);
            write_time(to, end_ns);
            fprintf(to, " %s %" PRIu32 " %s ENDER %s killed\n", info->node, info->pid, info->thread, location);
        }
    }
    return closed;
}

static int copy_usable(const struct settings *settings, const char *path, FILE *to)
{
    struct line_source *source = lines_open(settings, path);
    struct text_field fields[7];
    struct text_line line;
    if (!source) {
        return EXIT_USAGE;
    }
    while (lines_next(source, &line)) {
        if (is_usable(&line, fields)) {
            write_line(to, &line);
        }
    }
    lines_close(source);
    return EXIT_FINE;
}

static int write_repaired(struct writer *w, const char *path, const struct span *span, bool starts_well, uint64_t *closed)
{
    struct settings one = *w->settings;
    char *arguments[] = {(char *)(uintptr_t)path, NULL};
    struct load load;
    one.arguments = arguments;
    one.argument_count = 1;
    one.quiet = true;
    int rc = load_all(&load, &one);
    if (rc == EXIT_FINE) {
        if (!starts_well) {
            write_mark(w->to, span, span->first_ns, "wick repair start");
        }
        rc = copy_usable(w->settings, path, w->to);
    }
    if (rc == EXIT_FINE) {
        *closed = close_scopes(w->to, &load, span->last_ns);
        write_mark(w->to, span, span->last_ns + 1000, "wick end");
    }
    load_end(&load);
    return rc;
}

int cmd_repair(struct settings *settings)
{
    struct span span;
    bool starts_well;
    char name[4096];
    if (settings->argument_count != 1) {
        tool_error(settings, "give one log: wick repair run.ctxt [--output FILE]");
        return EXIT_USAGE;
    }
    const char *path = load_spool(settings, settings->arguments[0]);
    if (!path || measure(settings, path, &span, &starts_well) != EXIT_FINE) {
        return EXIT_USAGE;
    }
    if (!span.usable) {
        tool_error(settings, "%s: not one usable line; is it a .ctxt or .wick log?", path);
        return EXIT_USAGE;
    }
    const char *wire = strstr(path, ".wick"), *suffix = wire ? wire : strstr(path, ".ctxt");
    snprintf(name, sizeof name, "%.*s.repaired.%s", (int)(suffix ? (size_t)(suffix - path) : strlen(path)), path,
             wire ? "wick" : "ctxt");
    const char *output = settings->output ? settings->output : strcmp(settings->arguments[0], "-") == 0 ? "-" : name;
    if (same_file(path, output)) {
        tool_error(settings, "%s: the log itself is never written to; give another --output", output);
        return EXIT_USAGE;
    }
    struct writer w;
    if (!writer_open(&w, settings, output)) {
        return EXIT_USAGE;
    }
    uint64_t closed = 0;
    int rc = writer_close(&w, write_repaired(&w, path, &span, starts_well, &closed));
    if (rc == EXIT_FINE) {
        fprintf(stderr, "%s: %s lines kept, %s left out, %s open scopes closed, written to %s\n", path,
                name_number(span.usable), name_number(span.left_out), name_number(closed),
                strcmp(output, "-") == 0 ? "standard output" : output);
    }
    return rc;
}

/* ---- merge ---- */

struct merged {
    struct line_source *source;
    struct text_line line;
    struct text_field fields[7];
    int64_t time_ns; /* shifted */
    bool has_line;
};

/* --shift HOST=SECONDS[,HOST=SECONDS...]: added to the times of a host whose clock was behind. */
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

static void advance(const struct settings *settings, struct merged *m, struct span *span)
{
    while ((m->has_line = lines_next(m->source, &m->line)) && !is_usable(&m->line, m->fields)) {
        span->left_out++;
    }
    if (m->has_line) {
        int64_t shift_ns;
        shift_of(settings, &m->fields[1], &shift_ns);
        m->time_ns = m->line.time_ns + shift_ns;
        m->time_ns = m->time_ns < 0 ? 0 : m->time_ns;
    }
}

static int merge_once(const struct settings *settings, struct merged *all, uint32_t count, FILE *to, struct span *span)
{
    for (uint32_t i = 0; i < count; i++) {
        all[i].source = lines_open(settings, settings->arguments[i]);
        if (!all[i].source) {
            return EXIT_USAGE;
        }
        advance(settings, &all[i], span);
    }
    for (;;) {
        struct merged *next = NULL;
        for (uint32_t i = 0; i < count; i++) {
            if (all[i].has_line && (!next || all[i].time_ns < next->time_ns)) {
                next = &all[i];
            }
        }
        if (!next) {
            break;
        }
        struct text_line line = next->line;
        line.time_ns = next->time_ns;
        span_add(span, &line, next->fields);
        if (to) {
            size_t skip = next->fields[0].bytes;
            write_time(to, next->time_ns);
            line.text += skip;
            line.bytes -= skip;
            write_line(to, &line);
        }
        advance(settings, next, span);
    }
    for (uint32_t i = 0; i < count; i++) {
        lines_close(all[i].source);
        all[i].source = NULL;
    }
    return EXIT_FINE;
}

int cmd_merge(struct settings *settings)
{
    uint32_t count = (uint32_t)settings->argument_count;
    const char *output = settings->output ? settings->output : "-";
    if (!count) {
        tool_error(settings, "give logs: wick merge a.ctxt b.ctxt --output all.ctxt");
        return EXIT_USAGE;
    }
    int64_t ignored;
    if (!shift_of(settings, NULL, &ignored)) {
        tool_error(settings, "--shift wants HOST=SECONDS[,HOST=SECONDS...], not '%s'", settings->shift);
        return EXIT_USAGE;
    }
    for (uint32_t i = 0; i < count; i++) {
        const char *path = load_spool(settings, settings->arguments[i]);
        settings->arguments[i] = (char *)(uintptr_t)path;
        if (!path || same_file(path, output)) {
            tool_error(settings, "%s: is input and output", output);
            return EXIT_USAGE;
        }
    }
    struct span span = {.first_ns = INT64_MAX, .last_ns = INT64_MIN}, again = span;
    struct merged *all = calloc(count, sizeof *all);
    int rc = all ? merge_once(settings, all, count, NULL, &span) : EXIT_USAGE;
    if (rc == EXIT_FINE && !span.usable) {
        tool_error(settings, "not one usable line in these logs");
        rc = EXIT_USAGE;
    }
    struct writer w;
    if (rc == EXIT_FINE && writer_open(&w, settings, output)) {
        write_mark(w.to, &span, span.first_ns, "wick merge start");
        rc = merge_once(settings, all, count, w.to, &again);
        write_mark(w.to, &span, span.last_ns + 1000, "wick end");
        if (span.left_out) {
            tool_note("%s lines were left out; `wick check` says which", name_number(span.left_out));
        }
        rc = writer_close(&w, rc);
    } else if (rc == EXIT_FINE) {
        rc = EXIT_USAGE;
    }
    free(all);
    return rc;
}
