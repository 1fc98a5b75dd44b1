/*
 * SPDX-License-Identifier: MIT
 * wick repair: makes a log that Context's compilers accept from what a killed program left. Reads either form; the name
 * of the output says which one is written.
 * Must not alter a time (but of an END before its START) or reorder lines. Invariant: the original file is never written to.
 */
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "base/messages.h"
#include "base/safe_text.h"
#include "base/words.h"
#include "cmd/cmd.h"
#include "input/context_rules.h"
#include "input/forms.h"
#include "input/spool.h"
#include "print/log_lines.h"
#include "print/output_file.h"

#define LOCK_FAULTS (1u << CONTEXT_RELEASE | 1u << CONTEXT_NESTED)
#define LINE_BYTES 60000u /* more than that line_put cuts */

struct repair {
    const struct settings *settings;
    const char *path;
    struct line_span span;
    bool starts_well; /* with a bookmark that is not later than any other line */
    struct context_rules *rules;
    uint64_t closed, faults[CONTEXT_FAULTS], cut;
    struct anew {
        char *line;
        uint32_t capacity;
    } anew[2]; /* lines that are written anew take turns: one may be made of the other */
    uint32_t turn;
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
        lines_skip_mark(&line);
        if (!line_is_usable(&line, fields)) {
            r->span.left_out++;
            continue;
        }
        if (!r->span.usable && context_field_is(&fields[4], "BMARK")) {
            first_line_ns = line.time_ns;
        }
        line_span_add(&r->span, &line, fields);
    }
    int rc = lines_were_all(source) ? EXIT_FINE : EXIT_USAGE;
    lines_close(source);
    r->starts_well = first_line_ns <= r->span.first_ns;
    return rc;
}

/* Print ENDERs for the open scopes of a thread, innermost first, as the recorder writes them. */
static void close_scopes(struct repair *r, FILE *to, struct context_thread *thread, int64_t end_ns, const char *why)
{
    for (uint32_t level = thread->depth; level-- > 0; r->closed++) {
        static const char *const words[] = {"unfinished", "ENDER"};
        for (int i = 0; i < 2; i++) {
            line_put_time(to, end_ns);
            fprintf(to, " %s %s %s %s\n", thread->name, words[i], thread->open[level].location, why);
        }
    }
}

/* A node or thread without white space; an empty one is `-`. */
static char *put_name(char *to, const char *from, const char *end)
{
    char *name = to;
    for (size_t white; from < end; from += white ? white : 1) {
        white = context_white_bytes(from, (size_t)(end - from));
        *to++ = white ? '-' : *from;
    }
    if (to == name) {
        *to++ = '-';
    }
    return to;
}

/* Write the line anew, with names that both compilers take and, for a lock beside the one in Context's slot, its word in lower case. */
static bool rewrite(struct repair *r, struct text_line *line, struct text_field fields[7], uint32_t faults)
{
    const char *end = line->text + line->bytes, *rest = fields[4].text;
    for (uint32_t i = context_spaces(fields); i > 0; i--) {
        rest = (const char *)memchr(rest, ' ', (size_t)(end - rest)) + 1;
    }
    struct anew *anew = &r->anew[r->turn++ % 2];
    if (!tool_grow(&anew->line, &anew->capacity, (uint32_t)line->bytes + 8, 1)) {
        return false;
    }
    char *to = (char *)mempcpy(anew->line, line->text, fields[0].bytes + 1);
    to = put_name(to, fields[1].text, fields[1].text + fields[1].bytes);
    to = (char *)mempcpy(to, fields[2].text - 1, fields[2].bytes + 2);
    to = put_name(to, fields[3].text, rest - 1);
    *to++ = ' ';
    for (bool lower = faults & LOCK_FAULTS; lower && *rest != ' '; rest++) {
        *to++ = (char)(*rest - 'A' + 'a');
    }
    to = (char *)mempcpy(to, rest, (size_t)(end - rest));
    line->bytes = (size_t)(to - anew->line);
    line->text = anew->line;
    return lines_split(line, fields);
}
/* Mend what can be mended of a line, and print it. */
static bool put_mended(struct repair *r, FILE *to, struct text_line *line, struct text_field fields[7])
{
    struct context_thread *thread;
    uint32_t faults = context_faults(r->rules, line, fields, &thread), all = faults;
    if (faults & (1u << CONTEXT_NAME | 1u << CONTEXT_SPACE)) {
        if (!rewrite(r, line, fields, 0)) {
            return false;
        }
        faults = context_faults(r->rules, line, fields, &thread); /* now with the words in their places */
        all |= faults;
    }
    if (!thread || (faults & LOCK_FAULTS && !rewrite(r, line, fields, faults))) {
        return false;
    }
    for (uint32_t i = 0; i < CONTEXT_FAULTS; i++) {
        r->faults[i] += all >> i & 1;
    }
    if (context_field_is(&fields[4], "CLEAR")) { /* Context ignores it */
        close_scopes(r, to, thread, line->time_ns, "clear");
    }
    r->cut += line->bytes >= LINE_BYTES;
    if (faults & 1u << CONTEXT_EARLY) {
        line->time_ns = thread->open[thread->depth - 1].start_ns;
        line_put_time(to, line->time_ns);
        line->text += fields[0].bytes;
        line->bytes -= fields[0].bytes;
    }
    bool followed = context_follow(thread, line, fields);
    line_put(to, line);
    return followed;
}

static int write_repaired(struct repair *r, FILE *to)
{
    struct line_source *source = lines_open(r->settings, r->path);
    if (!source) {
        return EXIT_USAGE;
    }
    if (!r->starts_well) {
        line_put_mark(to, &r->span, r->span.first_ns, "wick repair start");
    }
    struct text_field fields[7];
    struct text_line line;
    bool good = true;
    while (good && lines_next(source, &line)) {
        lines_skip_mark(&line);
        good = !line_is_usable(&line, fields) || put_mended(r, to, &line, fields);
    }
    lines_close(source);
    for (struct context_thread *thread = context_first_thread(r->rules); thread; thread = thread->next) {
        close_scopes(r, to, thread, r->span.last_ns, "killed");
    }
    line_put_mark(to, &r->span, r->span.last_ns + 1000, "wick end");
    if (!good) {
        tool_error(r->settings, "out of memory");
    }
    return good ? EXIT_FINE : EXIT_USAGE;
}

/* Say what was mended, and what could not be. */
static void say_mended(const struct repair *r)
{
    static const struct {
        bool mended;
        const char *text;
    } rows[CONTEXT_FAULTS] = {
        [CONTEXT_NAME] = {true, "line had|lines had| a node or thread that is empty or has white space: `-` stands there now"},
        [CONTEXT_SPACE] = {true, "line had|lines had| a thread whose name has a space: `-` stands there now"},
        [CONTEXT_RELEASE] = {true, "LOCKR was|LOCKRs were| of a lock that the thread did not hold: `lockr` now, which wick alone reads"},
        [CONTEXT_NESTED] = {true, "lock was|locks were| taken while another was held: in lower case now, which wick alone reads"},
        [CONTEXT_EARLY] = {true, "scope ended before it began: it ends|scopes ended before they began: they end| with its START now"},
        [CONTEXT_CLOSE] = {false, "scope is|scopes are| so close to another that Context draws them inside out: `wick export --to context` writes them apart"},
        [CONTEXT_PID] = {false, "line has|lines have| a process id beyond 2,147,483,647, which Context's Go compiler skips"},
        [CONTEXT_WORD] = {false, "line has|lines have| an action word that nobody knows"}};
    for (uint32_t i = 0; i < CONTEXT_FAULTS; i++) {
        if (r->faults[i]) {
            tool_note("%s: %s: %s", r->path, rows[i].mended ? "mended" : "not mended", tool_count(r->faults[i], rows[i].text));
        }
    }
    if (r->cut) {
        tool_note("%s: not mended: %s cut: Context reads no longer ones", r->path, tool_count(r->cut, "line was|lines were"));
    }
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
    if (!r.path || forms_is_foreign(settings, r.path) || measure(&r) != EXIT_FINE) {
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
    r.rules = context_rules_create();
    int rc = log_output_close(&output, r.rules ? write_repaired(&r, output.to) : EXIT_USAGE);
    context_rules_destroy(r.rules);
    free(r.anew[0].line);
    free(r.anew[1].line);
    if (rc == EXIT_FINE) {
        safe_print(stderr, "%s: %s kept, %s left out, %s closed, written to %s\n", r.path,
                tool_count(r.span.usable, "line|lines"), tool_number_text(r.span.left_out),
                tool_count(r.closed, "open scope|open scopes"),
                strcmp(name, "-") == 0 ? "standard output" : name);
        say_mended(&r);
    }
    return rc;
}
