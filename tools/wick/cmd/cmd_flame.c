/*
 * SPDX-License-Identifier: MIT
 * wick flame: writes a log as one HTML file, the page with the log inside it as wire.
 * Must not hold the log in memory: it is packed while it is read. Invariant: the file needs neither the network nor
 * another file; no name in the log can end the element that it is in.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/heap.h"
#include "base/host.h"
#include "base/messages.h"
#include "cmd/cmd.h"
#include "input/load.h"
#include "model/log/wire/wire.h"
#include "page/html_page.h"
#include "print/output_file.h"

struct flame_report {
    struct load load;
    struct html_page page;
    struct wk_wire_writer *writer;
    bool renames;    /* the log has names of threads among its records */
    int64_t last_ns; /* of the last record */
};

static int on_frame(void *user, const void *bytes, size_t count, const struct wk_wire_frame_info *info)
{
    (void)info;
    return packed_write(&((struct flame_report *)user)->page.packed, bytes, count);
}

/* Made when the log is begun, whose names it borrows. */
static bool have_writer(struct flame_report *report)
{
    const struct wk_wire_options options = {.names = report->load.names, .out = {on_frame, report},
                                            .vector = tool_vector(), .read_records = true};
    report->writer = report->writer ? report->writer : wk_wire_writer_create(&options, &wk_heap_allocator);
    return report->writer != NULL;
}

static int on_records(void *user, const struct wick_record *records, size_t count)
{
    struct flame_report *report = user;
    if (!have_writer(report)) {
        return WICK_E_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        report->renames = report->renames || records[i].kind == WICK_RECORD_THREAD_NAME;
    }
    report->last_ns = count ? records[count - 1].time_ns : report->last_ns;
    return wk_wire_write(report->writer, records, count);
}

/* Write the names of threads, where they came beside the records: another tool's trace. */
static int write_thread_names(struct flame_report *report)
{
    int rc = 0;
    for (uint32_t i = 0; i < wick_names_tracks(report->load.names) && !report->renames && rc >= 0; i++) {
        const char *label = wick_names_track(report->load.names, i)->label;
        const struct wick_record name = {.kind = WICK_RECORD_THREAD_NAME, .time_ns = report->last_ns, .track = i,
                                         .text = label, .text_bytes = (uint32_t)strlen(label)};
        rc = *label ? wk_wire_write(report->writer, &name, 1) : 0;
    }
    return rc;
}

/* Write the properties of the runs. */
static int write_properties(struct flame_report *report)
{
    int rc = 0;
    struct wick_property run;
    for (uint32_t i = 0; rc >= 0 && wick_reader_property(report->load.reader, i, &run); i++) {
        char text[4096];
        snprintf(text, sizeof text, "%s %s", run.key, run.value);
        rc = wk_wire_write_line(report->writer, 0, run.track, run.stat ? WICK_LINE_STAT : WICK_LINE_RUN, text);
    }
    return rc;
}

static int write_data(struct flame_report *report, const struct settings *settings, FILE *to)
{
    const struct wick_record_out out = {on_records, report};
    const char *path = settings->argument_count ? settings->arguments[0] : "log", *slash = strrchr(path, '/');
    int rc = html_page_begin(&report->page, to, "wick-data", slash ? slash + 1 : path);
    rc = rc < 0 ? rc : packed_write(&report->page.packed, wk_wire_stream_header, WK_WIRE_STREAM_BYTES);
    int code = rc < 0 ? EXIT_USAGE : load_records(&report->load, settings, &out);
    if (code == EXIT_FINE) {
        rc = have_writer(report) ? write_thread_names(report) : WICK_E_NOMEM;
        rc = rc < 0 ? rc : write_properties(report);
        rc = rc < 0 ? rc : wk_wire_flush(report->writer);
    }
    rc = html_page_end(&report->page, to, rc);
    if (rc < 0 && rc != WICK_E_IO) { /* output_close reports WICK_E_IO, with its cause */
        tool_error(settings, "the report could not be written: %s", wick_error_text(rc));
    }
    return code == EXIT_FINE && rc < 0 ? EXIT_USAGE : code;
}

int cmd_flame(struct settings *settings)
{
    struct flame_report report = {.writer = NULL};
    if (settings->argument_count == 0) {
        tool_error(settings, "say which log: wick flame LOG -o report.html");
        return EXIT_USAGE;
    }
    bool to_file = settings->output && strcmp(settings->output, "-") != 0;
    FILE *to = NULL;
    if (!html_page_read(&report.page, settings)) {
        /* said */
    } else if (!to_file && isatty(STDOUT_FILENO)) {
        tool_error(settings, "this would be HTML on a terminal: say where to, -o report.html");
    } else if (!(to = to_file ? fopen(settings->output, "w") : stdout)) {
        tool_error(settings, "%s: cannot be written: %s", settings->output, strerror(errno));
    }
    int rc = to ? write_data(&report, settings, to) : EXIT_USAGE;
    if (to && to_file && !output_close(settings, to)) {
        rc = EXIT_USAGE;
    } else if (to && rc != EXIT_FINE && to_file) {
        output_remove(settings);
    }
    wk_wire_writer_destroy(report.writer);
    load_end(&report.load);
    html_page_free(&report.page);
    return rc;
}
