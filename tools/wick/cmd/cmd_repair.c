/*
 * SPDX-License-Identifier: MIT
 * wick repair: makes a log that Context's compilers accept from what a killed program left. Reads either form; the name
 * of the output says which one is written.
 * Must not alter a time or reorder lines. Invariant: the original file is never written to.
 */
#include <inttypes.h>
#include <string.h>

#include "base/messages.h"
#include "base/safe_text.h"
#include "base/words.h"
#include "cmd/cmd.h"
#include "input/load.h"
#include "input/spool.h"
#include "print/log_lines.h"
#include "print/output_file.h"

struct repair {
    const struct settings *settings;
    const char *path;
    struct line_span span;
    bool starts_well; /* with a bookmark that is not later than any other line */
    uint64_t closed;
};

static int measure(struct repair *r)
{
    struct line_source *source = lines_open(r->settings, r->path);
    if (!source) {
        return EXIT_USAGE;
    }
    struct text_field fields[7];
    struct text_line line;
    int64_t first_line_ns = INT64_MAX;
    while (lines_next(source, &line)) {
        if (!line_is_usable(&line, fields)) {
            r->span.left_out++;
            continue;
        }
        if (!r->span.usable && fields[4].bytes == 5 && memcmp(fields[4].text, "BMARK", 5) == 0) {
            first_line_ns = line.time_ns;
        }
        line_span_add(&r->span, &line, fields);
    }
    int rc = lines_were_all(source) ? EXIT_FINE : EXIT_USAGE;
    lines_close(source);
    r->starts_well = first_line_ns <= r->span.first_ns;
    return rc;
}

/* Print ENDERs for scopes that the kill left open, innermost first, as the recorder writes them. */
static uint64_t close_scopes(FILE *to, const struct load *load, int64_t end_ns)
{
    uint64_t closed = 0;
    for (uint32_t track = 0; track < wick_names_tracks(load->names); track++) {
        const char *thread = wick_names_track(load->names, track)->thread;
        const struct wick_process_info *process = wick_names_track_process(load->names, track);
        for (uint32_t level = wick_tree_depth(load->tree, track); level-- > 0; closed++) {
            struct wick_node_info node_info;
            uint32_t node;
            int64_t start_ns;
            wick_tree_open_scope(load->tree, track, level, &node, &start_ns);
            wick_tree_node(load->tree, node, &node_info);
            const char *location = wick_names_site(load->names, node_info.site)->location;
            static const char *const words[] = {"unfinished", "ENDER"};
            for (int i = 0; i < 2; i++) {
                line_put_time(to, end_ns);
                fprintf(to, " %s %s %s %s %s killed\n", process->host, process->pid, thread, words[i],
                        location);
            }
        }
    }
    return closed;
}

static int copy_usable(const struct repair *r, FILE *to)
{
    struct line_source *source = lines_open(r->settings, r->path);
    if (!source) {
        return EXIT_USAGE;
    }
    struct text_field fields[7];
    struct text_line line;
    while (lines_next(source, &line)) {
        if (line_is_usable(&line, fields)) {
            line_put(to, &line);
        }
    }
    lines_close(source);
    return EXIT_FINE;
}

static int write_repaired(struct repair *r, FILE *to)
{
    struct load load;
    int rc = load_quietly(&load, r->settings, r->path);
    if (rc == EXIT_FINE) {
        if (!r->starts_well) {
            line_put_mark(to, &r->span, r->span.first_ns, "wick repair start");
        }
        rc = copy_usable(r, to);
    }
    if (rc == EXIT_FINE) {
        r->closed = close_scopes(to, &load, r->span.last_ns);
        line_put_mark(to, &r->span, r->span.last_ns + 1000, "wick end");
    }
    load_end(&load);
    return rc;
}

/* Without --output: beside the log, or standard output for a log that came from standard input. */
static const char *output_of(const struct repair *r)
{
    static char name[4096];
    const char *wire = strstr(r->path, ".wick"), *suffix = wire ? wire : strstr(r->path, ".ctxt");
    snprintf(name, sizeof name, "%.*s.repaired.%s", (int)(suffix ? (size_t)(suffix - r->path) : strlen(r->path)),
             r->path, wire ? "wick" : "ctxt");
    return r->settings->output ? r->settings->output : strcmp(r->settings->arguments[0], "-") == 0 ? "-" : name;
}

int cmd_repair(struct settings *settings)
{
    if (settings->argument_count != 1) {
        tool_error(settings, "give one log: wick repair run.ctxt [--output FILE]");
        return EXIT_USAGE;
    }
    struct repair r = {
        .settings = settings, .path = spool_log(settings, settings->arguments[0]), .span = LINE_SPAN_EMPTY};
    if (!r.path || measure(&r) != EXIT_FINE) {
        return EXIT_USAGE;
    }
    if (!r.span.usable) {
        tool_error(settings, "%s: not one usable line; is it a .ctxt or .wick log?", r.path);
        return EXIT_USAGE;
    }
    const char *name = output_of(&r);
    if (output_is_same(r.path, name)) {
        tool_error(settings, "%s: the log itself is never written to; give another --output", name);
        return EXIT_USAGE;
    }
    struct log_output output;
    if (!log_output_open(&output, settings, name)) {
        return EXIT_USAGE;
    }
    int rc = log_output_close(&output, write_repaired(&r, output.to));
    if (rc == EXIT_FINE) {
        safe_print(stderr, "%s: %s kept, %s left out, %s closed, written to %s\n", r.path,
                tool_count(r.span.usable, "line|lines"), tool_number_text(r.span.left_out),
                tool_count(r.closed, "open scope|open scopes"),
                strcmp(name, "-") == 0 ? "standard output" : name);
    }
    return rc;
}
