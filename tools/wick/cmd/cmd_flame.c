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
#include "page/packed.h"
#include "print/output_file.h"

#define PLACE "<!--wick-data-->"

struct flame_report {
    struct load load;
    struct packed packed;
    struct wk_wire_writer *writer;
    uint64_t scopes;
    bool renames;    /* the log has names of threads among its records */
    int64_t last_ns; /* of the last record */
};

/* Read the page, which is installed with the tool or in the build tree. NULL after a message; the caller frees it. */
static char *read_page(const struct settings *settings, size_t *bytes)
{
    static const char *const directories[] = {WICK_DATADIR_FROM_BINDIR "/wick", "../share/wick", "../viewer", NULL};
    char path[8300];
    FILE *from = tool_find_beside(directories, "wick.html", path, sizeof path) ? fopen(path, "r") : NULL;
    if (!from) {
        tool_error(settings, "wick.html is not beside this tool (share/wick/wick.html): this wick was built without"
                             " the page, which needs clang and lld");
        return NULL;
    }
    char *page = NULL;
    if (fseek(from, 0, SEEK_END) == 0 && ftell(from) > 0) {
        *bytes = (size_t)ftell(from);
        rewind(from);
        page = malloc(*bytes + 1);
    }
    if (!page || fread(page, 1, *bytes, from) != *bytes) {
        tool_error(settings, "%s: cannot be read: %s", path, page ? strerror(errno) : "empty, or no memory");
        free(page);
        page = NULL;
    } else {
        page[*bytes] = 0;
    }
    fclose(from);
    return page;
}

static int on_frame(void *user, const void *bytes, size_t count, const struct wk_wire_frame_info *info)
{
    (void)info;
    return packed_write(&((struct flame_report *)user)->packed, bytes, count);
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
        report->scopes += records[i].kind == WICK_RECORD_START;
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

/* Write the name that the page shows, as the value of an attribute. */
static void write_name(FILE *to, const struct settings *settings)
{
    const char *path = settings->argument_count ? settings->arguments[0] : "log";
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    for (; *name; name++) {
        unsigned char c = (unsigned char)*name;
        if (c < 0x20 || strchr("\"&<>'", c)) {
            fprintf(to, "&#%u;", c < 0x20 ? ' ' : c);
        } else {
            putc(c, to);
        }
    }
}

static int write_data(struct flame_report *report, const struct settings *settings, FILE *to)
{
    const struct wick_record_out out = {on_records, report};
    if (packed_begin(&report->packed, to) < 0) {
        tool_error(settings, "out of memory");
        return EXIT_USAGE;
    }
    fprintf(to, "<script type=\"application/octet-stream\" id=\"wick-data\" data-encoding=\"%s\" data-name=\"",
            packed_encoding());
    write_name(to, settings);
    fprintf(to, "\">");
    int rc = packed_write(&report->packed, wk_wire_stream_header, WK_WIRE_STREAM_BYTES);
    int code = load_records(&report->load, settings, &out);
    if (code == EXIT_FINE) {
        rc = rc < 0 ? rc : have_writer(report) ? write_thread_names(report) : WICK_E_NOMEM;
        rc = rc < 0 ? rc : write_properties(report);
        rc = rc < 0 ? rc : wk_wire_flush(report->writer);
    }
    rc = rc < 0 ? rc : packed_end(&report->packed);
    fprintf(to, "</script>");
    if (code == EXIT_FINE && rc < 0) {
        code = EXIT_USAGE;
    }
    if (rc < 0 && rc != WICK_E_IO) { /* output_close reports WICK_E_IO, with its cause */
        tool_error(settings, "the report could not be written: %s", wick_error_text(rc));
    }
    return code;
}

int cmd_flame(struct settings *settings)
{
    struct flame_report report = {0};
    if (settings->argument_count == 0) {
        tool_error(settings, "say which log: wick flame LOG -o report.html");
        return EXIT_USAGE;
    }
    size_t bytes = 0;
    char *page = read_page(settings, &bytes);
    char *place = page ? strstr(page, PLACE) : NULL;
    if (!place) {
        free(page);
        return EXIT_USAGE;
    }
    bool to_file = settings->output && strcmp(settings->output, "-") != 0;
    if (!to_file && isatty(STDOUT_FILENO)) {
        tool_error(settings, "this would be %zu bytes of HTML on a terminal: say where to, -o report.html", bytes);
        free(page);
        return EXIT_USAGE;
    }
    FILE *to = to_file ? fopen(settings->output, "w") : stdout;
    if (!to) {
        tool_error(settings, "%s: cannot be written: %s", settings->output, strerror(errno));
        free(page);
        return EXIT_USAGE;
    }
    fwrite(page, 1, (size_t)(place - page), to);
    int rc = write_data(&report, settings, to);
    fputs(place + strlen(PLACE), to);
    if (to_file && !output_close(settings, to)) {
        rc = EXIT_USAGE;
    } else if (rc != EXIT_FINE && to_file) {
        output_remove(settings);
    }
    packed_fini(&report.packed);
    wk_wire_writer_destroy(report.writer);
    load_end(&report.load);
    free(page);
    return rc;
}
