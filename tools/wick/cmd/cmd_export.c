/*
 * SPDX-License-Identifier: MIT
 * wick export: a log as folded stacks, Chrome trace, CSV or JSON for other tools, or in its other form.
 * Must not hold the log in memory: chrome and csv are written while it is read. Invariant: the output has times in
 * nanoseconds, and its texts are valid UTF-8.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "base/messages.h"
#include "base/safe_text.h"
#include "base/words.h"
#include "cmd/cmd.h"
#include "input/forms.h"
#include "input/load.h"
#include "print/output_file.h"
#include "select/named.h"
#include "select/select.h"

struct exporting {
    struct load load;
    FILE *to;
    struct wick_json json; /* to `to` */
    bool csv;
    uint8_t *named; /* tracks whose name was written */
    uint32_t named_count;
};

/* ---- folded: `thread;a;b self_us`, for flamegraph.pl, speedscope and the like ---- */

static void folded_name(FILE *to, const char *name)
{
    for (; *name; name++) {
        unsigned char c = (unsigned char)*name;
        putc(c == ';' ? ':' : c < 0x20 || c == 0x7f ? ' ' : c, to);
    }
}

/* Of a deep recursion, print the innermost levels: the whole paths of all its nodes would be its square. */
#define FOLDED_LEVELS 1024

/* Print the names from the root to the node. */
static void folded_path(const struct exporting *e, uint32_t node)
{
    static uint32_t chain[FOLDED_LEVELS];
    uint32_t count = 0;
    struct wick_node_info info;
    for (uint32_t at = node; at != WICK_NONE && count < FOLDED_LEVELS; at = info.parent) {
        wick_tree_node(e->load.tree, at, &info);
        chain[count++] = at;
    }
    while (count) {
        wick_tree_node(e->load.tree, chain[--count], &info);
        folded_name(e->to, name_of_node(&e->load, &info));
        putc(count ? ';' : ' ', e->to);
    }
}

static int export_folded(struct exporting *e, const struct settings *settings)
{
    int rc = load_all(&e->load, settings);
    struct wick_tree_stats stats;
    if (rc == EXIT_FINE) {
        wick_tree_stats_read(e->load.tree, &stats);
        for (uint32_t node = 0; node < stats.nodes; node++) {
            struct wick_node_info info;
            wick_tree_node(e->load.tree, node, &info);
            if (info.kind == WICK_NODE_SCOPE && info.self_ns > 0 && select_node(&e->load, node)) {
                folded_path(e, node);
                fprintf(e->to, "%" PRId64 "\n", info.self_ns);
            }
        }
    }
    return rc;
}

/* ---- json: the tree with its numbers ---- */

static int export_json(struct exporting *e, const struct settings *settings)
{
    int rc = load_all(&e->load, settings);
    if (rc != EXIT_FINE) {
        return rc;
    }
    struct wick_tree_stats stats;
    wick_tree_stats_read(e->load.tree, &stats);
    struct wick_json json = json_to(e->to);
    struct wick_json_nodes nodes = {e->load.tree, e->load.names, malloc((stats.nodes + 1) * sizeof(uint32_t)), INT64_MIN};
    if (!nodes.depths) {
        tool_error(settings, "out of memory");
        return EXIT_USAGE;
    }
    wick_json_begin(&json, NULL, '{');
    wick_json_unsigned(&json, "v", 1);
    if (stats.records) {
        wick_json_time(&json, "first_ns", stats.first_ns);
        wick_json_time(&json, "last_ns", stats.last_ns);
    } else {
        wick_json_word(&json, "first_ns", "null");
        wick_json_word(&json, "last_ns", "null");
    }
    wick_json_unsigned(&json, "scopes", stats.scopes);
    wick_json_unsigned(&json, "failed", stats.failed);
    wick_json_unsigned(&json, "unfinished", stats.unfinished);
    wick_json_unsigned(&json, "open", stats.open);
    wick_json_unsigned(&json, "lost", stats.lost);
    wick_json_begin(&json, "nodes", '[');
    for (uint32_t node = 0; node < stats.nodes; node++) {
        wick_json_line(&json);
        wick_json_node(&json, &nodes, node);
    }
    wick_json_line(&json);
    wick_json_end(&json, ']');
    wick_json_end(&json, '}');
    putc('\n', e->to);
    free(nodes.depths);
    return rc;
}

/* ---- chrome and csv: one entry per instance, while the log is read ---- */

/* A scope that has ended. */
struct ended {
    const struct wick_record *end;
    int64_t start_ns, took_ns;
    uint32_t node;
    const char *text;
    uint32_t bytes; /* of the text */
};

static void chrome_head(struct exporting *e, const char *phase, uint32_t track)
{
    wick_json_line(&e->json);
    wick_json_begin(&e->json, NULL, '{');
    wick_json_string(&e->json, "ph", phase);
    wick_json_unsigned(&e->json, "pid", wick_names_track_process(e->load.names, track)->pid_number);
    wick_json_unsigned(&e->json, "tid", track);
}

static void chrome_thread(struct exporting *e, uint32_t track)
{
    if (tool_grow(&e->named, &e->named_count, track, sizeof *e->named) && !e->named[track]) {
        e->named[track] = 1;
        chrome_head(e, "M", track);
        wick_json_string(&e->json, "name", "thread_name");
        wick_json_begin(&e->json, "args", '{');
        wick_json_string(&e->json, "name", wick_names_track_name(e->load.names, track));
        wick_json_end(&e->json, '}');
        wick_json_end(&e->json, '}');
    }
}

/* Microseconds with three decimals: Chrome's unit, our nanoseconds. */
static void chrome_us(struct exporting *e, const char *name, int64_t ns)
{
    char text[32];
    uint64_t size = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
    snprintf(text, sizeof text, "%s%" PRIu64 ".%03" PRIu64, ns < 0 ? "-" : "", size / 1000, size % 1000);
    wick_json_word(&e->json, name, text);
}

static void chrome_scope(struct exporting *e, const struct ended *ended)
{
    const struct wick_record *end = ended->end;
    struct wick_node_info info;
    wick_tree_node(e->load.tree, ended->node, &info);
    const struct wick_site_info *site = wick_names_site(e->load.names, info.site);
    chrome_head(e, "X", end->track);
    chrome_us(e, "ts", ended->start_ns - e->load.start_ns);
    chrome_us(e, "dur", ended->took_ns);
    if (ended->bytes) {
        wick_json_text(&e->json, "name", ended->text, ended->bytes);
    } else {
        wick_json_string(&e->json, "name", wick_names_site_name(e->load.names, info.site));
    }
    wick_json_string(&e->json, "cat", site->category[0] ? site->category : end->kind == WICK_RECORD_ENDER ? "failed" : "scope");
    wick_json_begin(&e->json, "args", '{');
    wick_json_string(&e->json, "location", site->location);
    if (end->kind == WICK_RECORD_ENDER) {
        wick_json_text(&e->json, end->unfinished ? "unfinished" : "failed", end->text ? end->text : "", end->text_bytes);
    }
    wick_json_end(&e->json, '}');
    wick_json_end(&e->json, '}');
}

static void csv_field(FILE *to, const char *text, size_t bytes)
{
    safe_csv(to, text, bytes, true);
}

static void csv_scope(struct exporting *e, const struct ended *ended)
{
    static char path[65536];
    const struct wick_record *end = ended->end;
    const struct wick_process_info *process = wick_names_track_process(e->load.names, end->track);
    const char *thread = wick_names_track_name(e->load.names, end->track);
    bool failed = end->kind == WICK_RECORD_ENDER;
    csv_field(e->to, process->host, strlen(process->host));
    putc(',', e->to);
    if (process->pid_number) {
        fprintf(e->to, "%" PRIu64, process->pid_number);
    } else {
        csv_field(e->to, process->pid, strlen(process->pid));
    }
    putc(',', e->to);
    csv_field(e->to, thread, strlen(thread));
    fprintf(e->to, ",%" PRIu32 ",%" PRId64 ",%" PRId64 ",%s,", wick_tree_depth(e->load.tree, end->track),
            ended->start_ns - e->load.start_ns, ended->took_ns, !failed ? "ok" : end->unfinished ? "unfinished" : "failed");
    name_path(&e->load, ended->node, path, sizeof path);
    csv_field(e->to, path, strlen(path));
    putc(',', e->to);
    csv_field(e->to, ended->text, ended->bytes);
    putc(',', e->to);
    csv_field(e->to, failed && end->text ? end->text : "", failed ? end->text_bytes : 0);
    putc('\n', e->to);
}

/* The innermost scope of the record's track ends. */
static void instance(struct exporting *e, const struct wick_record *end)
{
    struct ended ended = {.end = end};
    uint32_t depth = wick_tree_depth(e->load.tree, end->track);
    if (!depth || !wick_tree_open_scope(e->load.tree, end->track, depth - 1, &ended.node, &ended.start_ns) ||
        !select_node(&e->load, ended.node)) {
        return;
    }
    ended.took_ns = end->time_ns > ended.start_ns ? end->time_ns - ended.start_ns : 0;
    ended.bytes = wick_tree_open_text(e->load.tree, end->track, depth - 1, &ended.text);
    if (e->csv) {
        csv_scope(e, &ended);
    } else {
        chrome_thread(e, end->track);
        chrome_scope(e, &ended);
    }
}

static void chrome_point(struct exporting *e, const struct wick_record *r)
{
    bool is_mark = r->kind == WICK_RECORD_MARK;
    chrome_thread(e, r->track);
    chrome_head(e, is_mark ? "i" : "C", r->track);
    chrome_us(e, "ts", r->time_ns - e->load.start_ns);
    if (is_mark) {
        wick_json_string(&e->json, "s", "t");
        wick_json_text(&e->json, "name", r->text ? r->text : "", r->text_bytes);
    } else {
        wick_json_string(&e->json, "name", wick_names_site_name(e->load.names, r->site));
        wick_json_begin(&e->json, "args", '{');
        wick_json_double(&e->json, "value", r->u.number - r->u.number == 0 ? r->u.number : 0); /* a viewer wants a number */
        wick_json_end(&e->json, '}');
    }
    wick_json_end(&e->json, '}');
}

static int on_records(void *user, const struct wick_record *records, size_t count)
{
    struct exporting *e = user;
    int rc = 0;
    for (size_t i = 0; i < count && rc >= 0; i++) {
        const struct wick_record *r = &records[i];
        if (r->kind == WICK_RECORD_ENDOK || r->kind == WICK_RECORD_ENDER) {
            instance(e, r);
        } else if (!e->csv && (r->kind == WICK_RECORD_MARK || r->kind == WICK_RECORD_GAUGE)) {
            chrome_point(e, r);
        }
        rc = ferror(e->to) ? WICK_E_IO : wick_tree_feed(e->load.tree, r, 1);
    }
    return rc;
}

static int export_instances(struct exporting *e, const struct settings *settings)
{
    struct wick_record_out out = {on_records, e};
    e->json = json_to(e->to);
    if (e->csv) {
        fprintf(e->to, "host,pid,thread,depth,start_ns,duration_ns,status,path,text,message\n");
    } else {
        wick_json_begin(&e->json, NULL, '{');
        wick_json_string(&e->json, "displayTimeUnit", "ns");
        wick_json_begin(&e->json, "traceEvents", '[');
    }
    int rc = load_records_from_start(&e->load, settings, &out);
    struct wick_tree_stats stats;
    if (rc == EXIT_FINE) {
        /* Scopes that are open at the end of the log end there, unfinished. */
        wick_tree_stats_read(e->load.tree, &stats);
        for (uint32_t track = 0; track < stats.tracks; track++) {
            struct wick_record end = {.time_ns = stats.last_ns, .track = track, .site = WICK_NONE, .u.cpu_ns = -1,
                                      .kind = WICK_RECORD_ENDER, .unfinished = WICK_UNFINISHED_KILLED,
                                      .text = "open at the end of the log", .text_bytes = 26};
            while (wick_tree_depth(e->load.tree, track)) {
                instance(e, &end);
                if (wick_tree_feed(e->load.tree, &end, 1) < 0) {
                    break;
                }
            }
        }
    }
    if (!e->csv) {
        wick_json_line(&e->json);
        wick_json_end(&e->json, ']');
        wick_json_end(&e->json, '}');
        putc('\n', e->to);
    }
    return rc;
}

static bool is_log_form(const char *form)
{
    return strcmp(form, "ctxt") == 0 || strcmp(form, "wick") == 0;
}

/* Report what cannot be done before the output is touched. */
static bool refuse_log(const struct settings *settings)
{
    size_t length = settings->output ? strlen(settings->output) : 0;
    if (settings->thread || settings->path || settings->from || settings->until) {
        tool_error(settings, "--to %s converts whole logs; leave --thread, --path, --from and --until out", settings->to);
    } else if (length > 4 && strcmp(settings->output + length - 4, ".zst") == 0) {
        tool_error(settings, "%s: export does not compress; `wick export --to %s LOG | zstd -o %s`", settings->output,
                   settings->to, settings->output);
    } else if (!settings->argument_count) {
        tool_error(settings, "give a log: wick export --to %s LOG --output FILE", settings->to);
    } else {
        return false;
    }
    return true;
}

/* Write the whole log in its other form. */
static int export_log(struct exporting *e, const struct settings *settings)
{
    uint32_t to = strcmp(settings->to, "wick") == 0 ? WICK_FORM_WIRE : WICK_FORM_CTXT;
    int rc = EXIT_FINE;
    for (int i = 0; i < settings->argument_count && rc == EXIT_FINE; i++) {
        rc = forms_convert(settings, settings->arguments[i], to, e->to);
    }
    return rc;
}

static int export_to(struct exporting *e, const struct settings *settings)
{
    if (is_log_form(settings->to)) {
        return export_log(e, settings);
    }
    return strcmp(settings->to, "folded") == 0 ? export_folded(e, settings)
           : strcmp(settings->to, "json") == 0 ? export_json(e, settings)
                                               : export_instances(e, settings);
}

static bool is_an_input(const struct settings *settings)
{
    bool same = false;
    for (int i = 0; i < settings->argument_count; i++) {
        same |= output_is_same(settings->arguments[i], settings->output);
    }
    return same;
}

int cmd_export(struct settings *settings)
{
    struct exporting e = {.to = stdout};
    if (!settings->to) {
        tool_error(settings, "say what to: --to folded, chrome, csv, json, ctxt or wick");
        return EXIT_USAGE;
    }
    if (is_log_form(settings->to) && refuse_log(settings)) {
        return EXIT_USAGE;
    }
    if (settings->output && is_an_input(settings)) {
        tool_error(settings, "%s: the log itself is never written to; give another --output", settings->output);
        return EXIT_USAGE;
    }
    if (settings->output && strcmp(settings->output, "-") != 0) {
        e.to = fopen(settings->output, "w");
        if (!e.to) {
            perror(settings->output);
            return EXIT_USAGE;
        }
    }
    e.csv = strcmp(settings->to, "csv") == 0;
    int rc = export_to(&e, settings);
    if (e.to != stdout && !output_close(settings, e.to)) {
        rc = EXIT_USAGE;
    }
    load_end(&e.load);
    free(e.named);
    return rc;
}
