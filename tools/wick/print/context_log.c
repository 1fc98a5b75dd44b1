/*
 * SPDX-License-Identifier: MIT
 * Lines for Context's viewers. See context_log.h. They nest a thread's scopes by (start, end) in float64, which tells times
 * apart that differ by some 240 ns: times are moved later where scopes would look inverted. Context has one lock per
 * thread; a lock beside it is a scope on a row of its own, because holds cross scopes and each other.
 * Invariant: on each row starts differ by 1 us or more, and no time is before the one written last; no two tracks share a row;
 * the first line is the earliest, the last one the latest.
 */
#include "print/context_log.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "model/log/ctxt/ctxt_clean.h"
#include "model/log/ctxt/lock_slots.h"
#include "print/log_lines.h"

enum {
    STEP_NS = 1000,     /* starts of a row are so far apart, and ends from their starts */
    NAME_MAX_BYTES = 250, /* of a node, a thread, a location */
    NUMBER_BYTES = 32,
    LINE_MAX_BYTES = 60000, /* of a line; of a text some less */
    KEPT_BYTES = 1000   /* of a text that is longer than a line */
};

struct context_open {
    int64_t start_ns; /* as it was written */
    uint32_t site;
};

/* A thread of Context: what it draws in one row. */
struct context_row {
    char *name; /* ` node pid thread ` */
    struct context_open *open;
    uint32_t depth, room;
    int64_t last_ns, last_start_ns; /* of the lines, and of the STARTs among them */
};

/* A row for one lock at a time beside the one in Context's slot. */
struct context_beside {
    struct context_row row;
    uint32_t lock; /* one more than its site; 0: none */
};

struct context_track {
    struct context_row row;
    struct context_beside *beside;
    uint32_t beside_count;
    struct wk_lock_slots locks;
};

struct context_log {
    const struct load *load;
    FILE *to;
    struct context_track *tracks;
    uint32_t track_count;
    void *names;      /* of rows: a tree of tsearch */
    char *first_name; /* of the row that has the first line, and the last */
    int64_t latest_ns; /* of the records */
    int64_t last_ns;   /* of the lines */
    struct context_log_stats stats;
    char text[LINE_MAX_BYTES];
};

/* ---- rows ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

static char *put_field(char *to, const char *text)
{
    return wk_ctxt_clean_field(to, text, strlen(text), NAME_MAX_BYTES);
}

/* ` node pid thread `: Context knows numbers up to 2^31-1 alone; another pid is a part of the node. */
static void put_name(const struct context_log *c, char *to, uint32_t track, uint32_t beside)
{
    const struct wick_process_info *process = wick_names_track_process(c->load->names, track);
    size_t digits = strspn(process->pid, "0123456789");
    bool numbered = digits && !process->pid[digits] && process->pid_number <= INT32_MAX;
    *to++ = ' ';
    to = put_field(to, process->host);
    if (!numbered) {
        *to++ = '-';
        to = put_field(to, process->pid);
    }
    to += snprintf(to, NUMBER_BYTES, " %u ", numbered ? (unsigned)process->pid_number : wick_names_track(c->load->names, track)->process);
    to = put_field(to, wick_names_track_name(c->load->names, track));
    snprintf(to, NUMBER_BYTES, beside ? "-lock-%u " : " ", beside + 1);
}

/* Name a row as no other is: two processes may have one host and pid, two names may be equal when they are cleaned. */
static bool name_row(struct context_log *c, struct context_row *row, uint32_t track, uint32_t beside)
{
    char name[5 * NAME_MAX_BYTES];
    put_name(c, name, track, beside);
    char *tail = name + strlen(name) - 1;
    for (uint32_t i = 1; tfind(name, &c->names, by_text); i++) {
        snprintf(tail, 2 * NUMBER_BYTES, i == 1 ? "-%u " : "-%u.%u ", track + 1, i);
    }
    row->name = strdup(name);
    row->last_start_ns = INT64_MIN / 2;
    return row->name && tsearch(row->name, &c->names, by_text);
}

static struct context_track *track_of(struct context_log *c, uint32_t track)
{
    if (!tool_grow(&c->tracks, &c->track_count, track, sizeof *c->tracks)) {
        return NULL;
    }
    struct context_track *t = &c->tracks[track];
    return t->row.name || name_row(c, &t->row, track, 0) ? t : NULL;
}

/* ---- lines ---- */

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Write the beginning of a line, up to its text; gives the time that it has. */
static void put_head(struct context_log *c, const char *row, int64_t time_ns, const char *word, uint32_t site)
{
    char location[NAME_MAX_BYTES + 1];
    *put_field(location, wick_names_site(c->load->names, site)->location) = 0;
    line_put_time(c->to, time_ns);
    fprintf(c->to, "%s%s %s ", row, word, location);
    c->last_ns = later(c->last_ns, time_ns);
}

/* The text of a line, and its end. */
static void put_text(struct context_log *c, const char *text, size_t bytes)
{
    bool fits = wk_ctxt_text_fits(text, bytes, LINE_MAX_BYTES - 2048);
    char *end = wk_ctxt_clean_text(c->text, text, bytes, fits ? LINE_MAX_BYTES - 2048 : KEPT_BYTES);
    c->stats.cut += !fits;
    fwrite(c->text, 1, (size_t)(end - c->text), c->to);
    fputs(fits ? "\n" : " [cut]\n", c->to);
}

static void put_string(struct context_log *c, const char *text)
{
    put_text(c, text, strlen(text));
}

/* A line that is about a moment of a row. */
static void moment(struct context_log *c, struct context_row *row, const struct wick_record *r, const char *word)
{
    int64_t at = later(r->time_ns, row->last_ns);
    c->stats.drift_ns = later(c->stats.drift_ns, at - r->time_ns);
    row->last_ns = at;
    put_head(c, row->name, at, word, r->site);
}

/* The text of an instance, or its site's name. */
static void put_named_text(struct context_log *c, const struct wick_record *r)
{
    const struct wick_site_info *site = wick_names_site(c->load->names, r->site);
    bool rendered = r->text_bytes || site->formatted || site->kind == WICK_SITE_FORMAT;
    put_text(c, rendered ? r->text : site->literal, rendered ? r->text_bytes : strlen(site->literal));
}

static bool start(struct context_log *c, struct context_row *row, int64_t now_ns, uint32_t site)
{
    if (!tool_grow(&row->open, &row->room, row->depth, sizeof *row->open)) {
        return false;
    }
    int64_t at = later(later(now_ns, row->last_ns), row->last_start_ns + STEP_NS);
    c->stats.drift_ns = later(c->stats.drift_ns, at - now_ns);
    row->last_ns = row->last_start_ns = at;
    row->open[row->depth++] = (struct context_open){at, site};
    put_head(c, row->name, at, "START", site);
    return true;
}

/* End the innermost scope of a row; true: its text must follow. */
static bool end(struct context_log *c, struct context_row *row, int64_t now_ns, const char *word)
{
    if (!row->depth) {
        return false;
    }
    const struct context_open *open = &row->open[--row->depth];
    int64_t at = later(later(now_ns, row->last_ns), open->start_ns + STEP_NS);
    c->stats.drift_ns = later(c->stats.drift_ns, at - now_ns);
    row->last_ns = at;
    put_head(c, row->name, at, word, open->site);
    return true;
}

static void end_all(struct context_log *c, struct context_row *row, int64_t now_ns, const char *why)
{
    while (end(c, row, now_ns, "ENDER")) {
        put_string(c, why);
    }
}

static void end_scope(struct context_log *c, struct context_row *row, const struct wick_record *r)
{
    bool good = r->kind == WICK_RECORD_ENDOK;
    if (!end(c, row, r->time_ns, good ? "ENDOK" : "ENDER")) {
        return;
    }
    if (!good && !r->text_bytes && r->unfinished) {
        put_string(c, wk_reason_words[r->unfinished]);
    } else {
        put_text(c, r->text, r->text_bytes);
    }
}

/* ---- locks ---- */

/* The row of a lock beside the one in the slot: the one where it is, or, to take it, a free one. NULL: there is none. */
static struct context_beside *beside_of(struct context_log *c, struct context_track *t, const struct wick_record *r, bool take)
{
    uint32_t lock = 0, place = 0;
    while (lock < t->beside_count && t->beside[lock].lock != r->site + 1) {
        lock++;
    }
    while (lock == t->beside_count && take && place < t->beside_count && t->beside[place].lock) {
        place++;
    }
    if (lock < t->beside_count) {
        return &t->beside[lock];
    }
    if (!take || !tool_grow(&t->beside, &t->beside_count, place, sizeof *t->beside)) {
        return NULL;
    }
    struct context_beside *found = &t->beside[place];
    if (!found->row.name && !name_row(c, &found->row, r->track, place + 1)) {
        return NULL;
    }
    found->lock = r->site + 1;
    return found;
}

static bool lock_beside(struct context_log *c, struct context_track *t, const struct wick_record *r)
{
    bool take = r->kind != WK_KIND_LOCKR2;
    struct context_beside *beside = beside_of(c, t, r, take);
    if (!beside) {
        c->stats.releases += !take;
        return !take;
    }
    if (end(c, &beside->row, r->time_ns, "ENDOK")) {
        put_string(c, "");
    }
    if (!take) {
        beside->lock = 0;
        return true;
    }
    if (!start(c, &beside->row, r->time_ns, r->site)) {
        return false;
    }
    fputs(r->kind == WK_KIND_LOCKW2 ? "wait for " : "", c->to);
    put_string(c, wick_names_site_name(c->load->names, r->site));
    return true;
}

static bool put_lock(struct context_log *c, struct context_track *t, const struct wick_record *r)
{
    struct wick_record lock = *r, lines[WK_LOCK_LINES];
    bool good = true;
    lock.site++; /* 0 is none in a slot */
    uint32_t count = wk_lock_slots_lines(&t->locks, &lock, lines);
    for (uint32_t i = 0; i < count && good; i++) {
        lines[i].site--;
        if (wk_lock_slots_concern(lines[i].kind)) {
            moment(c, &t->row, &lines[i], wk_kind_of(lines[i].kind)->word);
            put_string(c, wick_names_site_name(c->load->names, r->site));
        } else {
            good = lock_beside(c, t, &lines[i]);
        }
    }
    return good;
}

/* ---- the whole ---- */

/* The first line: not later than any other. */
static bool put_first(struct context_log *c, const struct wick_record *r, struct context_track *t)
{
    int64_t first_ns = c->load->start_ns < r->time_ns ? c->load->start_ns : r->time_ns;
    c->first_name = strdup(t->row.name);
    put_head(c, t->row.name, first_ns, "BMARK", WICK_NONE);
    put_string(c, "wick export start");
    return c->first_name;
}

int context_log_record(struct context_log *c, const struct wick_record *r)
{
    if (r->kind > WICK_RECORD_LOCKR) {
        return 0;
    }
    struct context_track *t = track_of(c, r->track);
    bool good = t && (c->first_name || put_first(c, r, t));
    if (!good) {
        return WICK_E_NOMEM;
    }
    c->latest_ns = later(c->latest_ns, r->time_ns);
    if (r->kind == WICK_RECORD_START) {
        good = start(c, &t->row, r->time_ns, r->site);
        put_named_text(c, r);
    } else if (r->kind == WICK_RECORD_ENDOK || r->kind == WICK_RECORD_ENDER) {
        end_scope(c, &t->row, r);
    } else if (r->kind == WICK_RECORD_MARK) {
        moment(c, &t->row, r, "BMARK");
        put_named_text(c, r);
    } else if (r->kind == WICK_RECORD_CLEAR) {
        end_all(c, &t->row, r->time_ns, wk_reason_words[WICK_UNFINISHED_CLEAR]);
        moment(c, &t->row, r, "CLEAR");
        put_string(c, "");
    } else {
        good = put_lock(c, t, r);
    }
    return good ? 0 : WICK_E_NOMEM;
}

struct context_log *context_log_begin(const struct load *load, FILE *to)
{
    struct context_log *c = calloc(1, sizeof *c);
    if (c) {
        c->load = load;
        c->to = to;
        c->last_ns = c->latest_ns = INT64_MIN;
    }
    return c;
}

static void end_row(struct context_log *c, struct context_row *row)
{
    end_all(c, row, c->latest_ns, wk_reason_words[WICK_UNFINISHED_KILLED]);
    free(row->open);
}

void context_log_end(struct context_log *c, struct context_log_stats *stats)
{
    for (uint32_t i = 0; i < c->track_count; i++) {
        end_row(c, &c->tracks[i].row);
        for (uint32_t k = 0; k < c->tracks[i].beside_count; k++) {
            end_row(c, &c->tracks[i].beside[k].row);
        }
        free(c->tracks[i].beside);
    }
    if (c->first_name) {
        put_head(c, c->first_name, c->last_ns + STEP_NS, "BMARK", WICK_NONE);
        put_string(c, "wick end");
    }
    *stats = c->stats;
    tdestroy(c->names, free); /* the rows' names */
    free(c->first_name);
    free(c->tracks);
    free(c);
}
