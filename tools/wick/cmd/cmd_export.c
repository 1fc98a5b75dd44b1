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
#include "base/json_stream.h"
#include "base/messages.h"
#include "base/safe_text.h"
#include "base/words.h"
#include "cmd/cmd.h"
#include "input/forms.h"
#include "input/load.h"
#include "input/resolve.h"
#include "print/chrome.h"
#include "print/context_log.h"
#include "print/output_file.h"
#include "select/named.h"
#include "select/select.h"

struct exporting {
    struct load load;
    FILE *to;
    bool csv;
    struct chrome *chrome;
    struct context_log *context;
    uint64_t kinds[WICK_RECORD_KINDS]; /* records, by kind: of the export for Context, which has no tree */
    uint64_t reasons, texts; /* of ends; of scopes, without --args */
};

/* Say once, by kind, what the form has no place for. */
static void note_left_out(const char *form, const uint64_t *counts, const char *const *words, size_t count)
{
    char text[1000];
    int at = 0;
    for (size_t i = 0; i < count; i++) {
        if (counts[i] && at < (int)sizeof text - 100) {
            at += snprintf(text + at, sizeof text - (size_t)at, "%s%s", at ? ", " : "", tool_count(counts[i], words[i]));
        }
    }
    if (at) {
        tool_note("%s has no place for: %s", form, text);
    }
}

enum { TO_CSV = 1, TO_CHROME = 2, TO_CONTEXT = 4, TO_FOLDED = 8, TO_JSON = 16, TO_ALL = 31 };
#define KIND(name) ((uint64_t)1 << WICK_RECORD_##name)
static const struct {
    uint64_t kinds; /* of records */
    const char *words;
    uint32_t forms; /* that have no place for them */
} homeless[] = {
    {KIND(MARK), "mark|marks", TO_CSV | TO_FOLDED},
    {KIND(GAUGE) | KIND(SUM) | KIND(GAUGE_INT) | KIND(SUM_INT) | KIND(GAUGE_UINT) | KIND(SUM_UINT), "value of a counter|values of counters", TO_CSV | TO_CONTEXT | TO_FOLDED},
    {KIND(VALUE) | KIND(VALUE_INT) | KIND(VALUE_UINT), "value of a scope|values of scopes", TO_CSV | TO_CONTEXT | TO_FOLDED},
    {KIND(AMOUNT), "sum of a scope|sums of scopes", TO_ALL & ~TO_JSON},
    {KIND(LOCKW) | KIND(LOCKA) | KIND(LOCKR), "event of a lock|events of locks", TO_CSV | TO_FOLDED},
    {KIND(SHARED), "lock that was taken shared|locks that were taken shared", TO_CHROME | TO_CONTEXT | TO_JSON},
    {KIND(UNDER), "thread beneath a scope of another|threads beneath scopes of others", TO_CHROME | TO_CONTEXT},
    {KIND(LOST), "report of losses|reports of losses", TO_CSV | TO_CONTEXT | TO_FOLDED},
    {KIND(TRACKER) | KIND(BIND), "fact of a tracker|facts of trackers", TO_ALL},
    {KIND(CALL), "count of calls|counts of calls", TO_ALL},
    {KIND(STACK), "stack|stacks", TO_ALL},
    {KIND(PAUSE) | KIND(RESUME), "pause or resumption|pauses and resumptions", TO_ALL},
};
#undef KIND
enum { HOMELESS = sizeof homeless / sizeof *homeless, MORE = 3 };

/* What is counted apart from kinds. */
struct more {
    const uint64_t *counts;
    const char *const *words;
    size_t count;
};

static void note_kinds(const uint64_t *kinds, const char *form, uint32_t to, const struct more *more)
{
    uint64_t counts[HOMELESS + MORE] = {0};
    const char *words[HOMELESS + MORE];
    size_t count = 0;
    for (; count < HOMELESS; count++) {
        words[count] = homeless[count].words;
        for (uint32_t kind = 0; kind < WICK_RECORD_KINDS; kind++) {
            const bool left_out = homeless[count].forms & to && homeless[count].kinds >> kind & 1;
            counts[count] += left_out ? kinds[kind] : 0;
        }
    }
    for (size_t i = 0; i < more->count && i < MORE; i++, count++) {
        counts[count] = more->counts[i];
        words[count] = more->words[i];
    }
    note_left_out(form, counts, words, count);
}

/* ---- folded: `thread;a;b self_us`, for flamegraph.pl, speedscope and the like ---- */

/* A name that means something else at the end of a stack: a number of its own, `name 12`, or an annotation of flamegraph.pl,
 * `name_[k]`. Gives the place of the character that does it, SIZE_MAX: none. */
static size_t folded_meaning(const char *name)
{
    size_t length = strlen(name), at = length;
    if (length > 4 && strncmp(name + length - 4, "_[", 2) == 0 && strchr("kwij", name[length - 2]) && name[length - 1] == ']') {
        return length - 4;
    }
    while (at && strchr("0123456789.eE+-", name[at - 1])) {
        at--;
    }
    return at && at < length && (name[at - 1] == ' ' || name[at - 1] == '\t') ? at - 1 : SIZE_MAX;
}

/* Print a frame; false: it had to be changed. It is changed wherever it stands, or it would be two. */
static bool folded_name(FILE *to, const char *name, bool first)
{
    size_t meaning = folded_meaning(name);
    bool same = true;
    for (size_t i = 0; name[i]; i++) {
        unsigned char c = (unsigned char)name[i], shown = c == ';' ? ':' : c < 0x20 || c == 0x7f ? ' ' : c;
        if (i == meaning || (first && !i && c == '#')) { /* a line that begins with # is a comment */
            shown = c == '_' ? '-' : '_';
        }
        same &= shown == c;
        putc(shown, to);
    }
    return same;
}

/* Of a deep recursion, print the innermost levels, and say so: the whole paths of all its nodes would be its square. */
#define FOLDED_LEVELS 8192

/* Stacks that were cut, names that were changed. */
struct folded_changes {
    uint64_t cut, names;
};

/* Print the names from the root to the node. Of stacks that were folded already the thread is no frame, and frames are as they were. */
static void folded_path(const struct exporting *e, uint32_t node, struct folded_changes *changes)
{
    static uint32_t chain[FOLDED_LEVELS];
    uint32_t count = 0;
    struct wick_node_info info;
    uint32_t at = node;
    bool again = wick_reader_unit(e->load.reader) != 0;
    for (; at != WICK_NONE && count < FOLDED_LEVELS; at = info.parent) {
        wick_tree_node(e->load.tree, at, &info);
        if (!again || info.kind != WICK_NODE_TRACK) {
            chain[count++] = at;
        }
    }
    for (bool first = true; count; first = false) {
        wick_tree_node(e->load.tree, chain[--count], &info);
        const char *name = name_of_node(&e->load, &info);
        if (again) {
            fputs(name, e->to);
        } else {
            changes->names += !folded_name(e->to, name, first);
        }
        putc(count ? ';' : ' ', e->to);
    }
    changes->cut += at != WICK_NONE;
}

/* A stack's number: nanoseconds; of stacks that were folded already what it was: thousandths are our nanoseconds. */
static void folded_number(const struct exporting *e, int64_t self_ns)
{
    char text[40];
    int64_t unit_ns = wick_reader_unit(e->load.reader);
    unit_ns = unit_ns ? unit_ns : 1;
    int bytes = snprintf(text, sizeof text, "%" PRId64 ".%09" PRId64, self_ns / unit_ns,
                         self_ns % unit_ns * (1000000000 / unit_ns));
    while (text[bytes - 1] == '0') {
        bytes--;
    }
    fprintf(e->to, "%.*s\n", bytes - (text[bytes - 1] == '.'), text);
}

static void note_folded(const struct wick_tree_stats *stats, const struct folded_changes *changes)
{
    static const char *const words[] = {"failed scope|failed scopes", "unfinished scope|unfinished scopes",
                                        "stack, cut at 8,192 frames|stacks, cut at 8,192 frames"};
    const uint64_t more[] = {stats->failed, stats->unfinished, changes->cut};
    note_kinds(stats->kinds, "folded", TO_FOLDED, &(struct more){more, words, sizeof words / sizeof *words});
    if (changes->names) {
        tool_note("%s changed: ; in a name, # at its beginning, a number or _[k] at its end mean something else in folded stacks",
                  tool_count(changes->names, "frame was|frames were"));
    }
}

static int export_folded(struct exporting *e, const struct settings *settings)
{
    int rc = load_all(&e->load, settings);
    struct wick_tree_stats stats;
    struct folded_changes changes = {0};
    if (rc == EXIT_FINE) {
        wick_tree_stats_read(e->load.tree, &stats);
        for (uint32_t node = 0; node < stats.nodes; node++) {
            struct wick_node_info info;
            wick_tree_node(e->load.tree, node, &info);
            if (info.kind == WICK_NODE_SCOPE && info.self_ns > 0 && select_node(&e->load, node)) {
                folded_path(e, node, &changes);
                folded_number(e, info.self_ns);
            }
        }
        note_folded(&stats, &changes);
    }
    return rc;
}

/* ---- json: the tree with its numbers ---- */

static void put_counters(struct wick_json *json, const struct exporting *e)
{
    struct wick_counter_info info;
    wick_json_begin(json, "counters", '[');
    for (uint32_t i = 0; wick_tree_counter(e->load.tree, i, &info); i++) {
        wick_json_line(json);
        wick_json_begin(json, NULL, '{');
        wick_json_string(json, "name", wick_names_site_name(e->load.names, info.site));
        wick_json_unsigned(json, "count", info.count);
        wick_json_number(json, "last", &info.last);
        wick_json_number(json, "least", &info.least);
        wick_json_number(json, "most", &info.most);
        wick_json_number(json, "sum", &info.sum);
        wick_json_unsigned(json, "not_finite", info.not_finite);
        wick_json_string(json, "unit", wick_names_site(e->load.names, info.site)->category);
        wick_json_end(json, '}');
    }
    wick_json_end(json, ']');
}

static void put_locks(struct wick_json *json, const struct exporting *e)
{
    struct wick_lock_info info;
    wick_json_begin(json, "locks", '[');
    for (uint32_t i = 0; wick_tree_lock(e->load.tree, i, &info); i++) {
        wick_json_line(json);
        wick_json_begin(json, NULL, '{');
        wick_json_string(json, "name", wick_names_site_name(e->load.names, info.site));
        wick_json_string(json, "id", wick_names_site(e->load.names, info.site)->location);
        wick_json_unsigned(json, "waits", info.waits);
        wick_json_unsigned(json, "holds", info.holds);
        wick_json_duration(json, "wait_ns", info.wait_ns);
        wick_json_duration(json, "hold_ns", info.hold_ns);
        wick_json_end(json, '}');
    }
    wick_json_end(json, ']');
}

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
    put_counters(&json, e);
    put_locks(&json, e);
    wick_json_end(&json, '}');
    putc('\n', e->to);
    free(nodes.depths);
    note_kinds(stats.kinds, "json", TO_JSON, &(struct more){.count = 0});
    return rc;
}

/* ---- chrome and csv: one entry per instance, while the log is read ---- */

static void csv_field(FILE *to, const char *text, size_t bytes)
{
    safe_csv(to, text, bytes, true);
}

static void csv_scope(struct exporting *e, const struct ended *ended)
{
    static char path[65536];
    const struct wick_record *end = ended->end;
    const struct wick_process_info *process = wick_names_track_process(e->load.names, end->track);
    const char *thread = wick_names_track_name(e->load.final, end->track);
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
    csv_field(e->to, end->text_bytes ? end->text : "", end->text_bytes);
    putc('\n', e->to);
}

/* The innermost scope of the record's track ends. */
static void instance(struct exporting *e, const struct wick_record *end)
{
    struct ended ended = {.end = end};
    uint32_t depth = wick_tree_depth(e->load.tree, end->track);
    if (!depth || !wick_tree_open_scope(e->load.tree, end->track, depth - 1, &ended.node, &ended.start_ns)) {
        return;
    }
    bool shown = select_node(&e->load, ended.node);
    ended.took_ns = end->time_ns > ended.start_ns ? end->time_ns - ended.start_ns : 0;
    ended.bytes = wick_tree_open_text(e->load.tree, end->track, depth - 1, &ended.text);
    if (!e->csv) {
        e->reasons += shown && end->unfinished != WICK_FINISHED && end->unfinished != WICK_UNFINISHED_KILLED;
        e->texts += shown && ended.bytes && !e->load.settings->args;
        chrome_scope(e->chrome, &ended, shown);
    } else if (shown) {
        csv_scope(e, &ended);
    }
}

/* All scopes of a track end here, unfinished. */
static int end_all(struct exporting *e, int64_t time_ns, uint32_t track, uint8_t unfinished, const char *why)
{
    struct wick_record end = {.time_ns = time_ns, .track = track, .site = WICK_NONE, .u.cpu_ns = -1, .kind = WICK_RECORD_ENDER,
                              .unfinished = unfinished, .text = why, .text_bytes = (uint32_t)strlen(why)};
    int rc = 0;
    while (rc >= 0 && wick_tree_depth(e->load.tree, track)) {
        instance(e, &end);
        rc = wick_tree_feed(e->load.tree, &end, 1);
    }
    return rc;
}

static int on_records(void *user, const struct wick_record *records, size_t count)
{
    struct exporting *e = user;
    int rc = 0;
    for (size_t i = 0; i < count && rc >= 0; i++) {
        const struct wick_record *r = &records[i];
        if (r->kind == WICK_RECORD_ENDOK || r->kind == WICK_RECORD_ENDER) {
            instance(e, r);
        } else if (r->kind == WICK_RECORD_CLEAR) {
            rc = end_all(e, r->time_ns, r->track, WICK_UNFINISHED_CLEAR, "cleared");
        } else if (!e->csv) {
            chrome_record(e->chrome, r);
        }
        rc = rc < 0 ? rc : ferror(e->to) ? WICK_E_IO : wick_tree_feed(e->load.tree, r, 1);
    }
    return rc;
}

static void note_instances(const struct exporting *e)
{
    const uint64_t more[] = {e->reasons, e->texts};
    static const char *const words[] = {"reason why a scope is unfinished|reasons why scopes are unfinished",
                                        "text of a scope (give --args)|texts of scopes (give --args)"};
    struct wick_tree_stats stats;
    wick_tree_stats_read(e->load.tree, &stats);
    note_kinds(stats.kinds, e->csv ? "csv" : "chrome", e->csv ? TO_CSV : TO_CHROME, &(struct more){more, words, e->csv ? 0 : 2});
}

static int export_instances(struct exporting *e, const struct settings *settings)
{
    struct wick_record_out out = {on_records, e};
    if (e->csv) {
        fprintf(e->to, "host,pid,thread,depth,start_ns,duration_ns,status,path,text,message\n");
    } else if (!(e->chrome = chrome_begin(&e->load, e->to))) {
        tool_error(settings, "out of memory");
        return EXIT_USAGE;
    }
    int rc = load_records_named(&e->load, settings, &out);
    struct wick_tree_stats stats;
    if (rc == EXIT_FINE) {
        /* Scopes that are open at the end of the log end there, unfinished. */
        wick_tree_stats_read(e->load.tree, &stats);
        for (uint32_t track = 0; track < stats.tracks; track++) {
            (void)end_all(e, stats.last_ns, track, WICK_UNFINISHED_KILLED, "open at the end of the log");
        }
    }
    if (e->chrome && !chrome_end(e->chrome)) {
        tool_error(settings, "out of memory");
        rc = EXIT_USAGE;
    }
    note_instances(e);
    return rc;
}

static bool is_log_form(const char *form)
{
    return strcmp(form, "ctxt") == 0 || strcmp(form, "wick") == 0 || strcmp(form, "context") == 0;
}

/* Report what cannot be done before the output is touched. */
static bool refuse_log(const struct settings *settings)
{
    size_t length = settings->output ? strlen(settings->output) : 0;
    bool context = strcmp(settings->to, "context") == 0;
    if (context ? settings->path != NULL : settings->thread || settings->path || settings->from || settings->until) {
        tool_error(settings, context ? "--to context writes whole threads; leave --path out"
                             : "--to %s converts whole logs; leave --thread, --path, --from and --until out", settings->to);
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
    bool wire = strcmp(settings->to, "wick") == 0;
    FILE *to = e->to;
    if (settings->resolve) { /* names are put into lines, whatever these become */
        to = forms_borrowed_stream(to);
        to = to && wire ? forms_wire_stream(to) : to;
        to = to ? resolve_stream(to) : NULL;
        wire = false;
    }
    int rc = to ? EXIT_FINE : EXIT_USAGE;
    for (int i = 0; i < settings->argument_count && rc == EXIT_FINE; i++) {
        rc = forms_convert(settings, settings->arguments[i], wire ? WICK_FORM_WIRE : WICK_FORM_CTXT, to);
    }
    if (!to || (to != e->to && fclose(to) != 0)) {
        tool_error(settings, to ? "the log could not be written" : "out of memory");
        rc = EXIT_USAGE;
    }
    return rc;
}

/* ---- context: lines that Context's viewers draw right ---- */

static int on_context_records(void *user, const struct wick_record *records, size_t count)
{
    struct exporting *e = user;
    int rc = 0;
    for (size_t i = 0; i < count && rc >= 0; i++) {
        rc = ferror(e->to) ? WICK_E_IO : context_log_record(e->context, &records[i]);
        e->kinds[records[i].kind < WICK_RECORD_KINDS ? records[i].kind : WICK_RECORD_CLEAR]++;
    }
    return rc;
}

static void note_context(const struct exporting *e, const struct context_log_stats *stats)
{
    const uint64_t more[] = {stats->releases, stats->cut};
    static const char *const words[] = {"release of a lock that was not held|releases of locks that were not held",
                                        "end of a long text|ends of long texts"};
    note_kinds(e->kinds, "context", TO_CONTEXT, &(struct more){more, words, 2});
    if (stats->drift_ns) {
        tool_note("scopes that begin together are moved apart, by up to %s, or Context would nest them wrongly",
                  tool_ns_text(stats->drift_ns));
    }
}

static int export_context(struct exporting *e, const struct settings *settings)
{
    struct wick_record_out out = {on_context_records, e};
    struct context_log_stats stats;
    e->context = context_log_begin(&e->load, e->to);
    if (!e->context) {
        tool_error(settings, "out of memory");
        return EXIT_USAGE;
    }
    int rc = load_records_from_start(&e->load, settings, &out);
    context_log_end(e->context, &stats);
    note_context(e, &stats);
    return rc;
}

static int export_to(struct exporting *e, const struct settings *settings)
{
    return strcmp(settings->to, "context") == 0 ? export_context(e, settings)
           : is_log_form(settings->to)           ? export_log(e, settings)
           : strcmp(settings->to, "folded") == 0 ? export_folded(e, settings)
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
        tool_error(settings, "say what to: --to folded, chrome, csv, json, ctxt, wick or context");
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
    return rc;
}
