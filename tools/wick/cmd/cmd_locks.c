/*
 * SPDX-License-Identifier: MIT
 * wick locks: wait and hold time per lock, and the threads that held it while others waited.
 * Must not rely on the order of lines between threads: it sorts the lock events by time. Invariant: a wait is blamed on
 * the thread that held the lock when the wait began, or else on the last one that released it before the wait ended.
 */
#include <stdlib.h>

#include "base/host.h"
#include "base/messages.h"
#include "cmd/cmd.h"
#include "input/load.h"
#include "print/show_left_out.h"
#include "print/table.h"
#include "select/named.h"
#include "select/select.h"

struct lock_event {
    int64_t time_ns;
    uint32_t order, track, lock;
    uint8_t kind;
};

struct blame {
    uint32_t lock, holder, waiter;
    uint64_t count;
    int64_t ns;
};

struct locks {
    struct load load;
    struct lock_event *events;
    uint32_t count, capacity;
    struct blame *blames;
    size_t blame_count;
};

static int remember(struct locks *l, const struct wick_record *r)
{
    if (!tool_grow(&l->events, &l->capacity, l->count, sizeof *l->events)) {
        return WICK_E_NOMEM;
    }
    l->events[l->count] = (struct lock_event){r->time_ns, l->count, r->track, r->site, r->kind};
    l->count++;
    return 0;
}

enum { LOOK_BACK = 10000 }; /* lock events between taking and releasing, at most */

/* Does this release end a hold that began inside --path? The scope in which it happens does not tell. */
static bool was_taken(const struct locks *l, const struct wick_record *r)
{
    uint32_t least = l->count > LOOK_BACK ? l->count - LOOK_BACK : 0;
    for (uint32_t i = l->count; i-- > least;) {
        if (l->events[i].track == r->track && l->events[i].lock == r->site) {
            return l->events[i].kind == WICK_RECORD_LOCKA;
        }
    }
    return false;
}

/* One record at a time: whether a lock is taken inside --path depends on the scopes that are open at that moment. */
static int on_records(void *user, const struct wick_record *records, size_t count)
{
    struct locks *l = user;
    int rc = 0;
    for (size_t i = 0; i < count && rc >= 0; i++) {
        const struct wick_record *r = &records[i];
        bool lock = r->kind >= WICK_RECORD_LOCKW && r->kind <= WICK_RECORD_LOCKR;
        if (lock && l->load.settings->path &&
            !(r->kind == WICK_RECORD_LOCKR ? was_taken(l, r) : select_open(&l->load, r->track))) {
            continue;
        }
        rc = lock ? remember(l, r) : 0;
        if (rc >= 0) {
            rc = wick_tree_feed(l->load.tree, r, 1);
        }
    }
    return rc;
}

static int by_time(const void *x, const void *y)
{
    const struct lock_event *a = x, *b = y;
    if (a->lock != b->lock) {
        return a->lock < b->lock ? -1 : 1;
    }
    if (a->time_ns != b->time_ns) {
        return a->time_ns < b->time_ns ? -1 : 1;
    }
    return a->order < b->order ? -1 : 1;
}

static void add_blame(struct locks *l, const struct blame *blame)
{
    size_t i = 0;
    while (i < l->blame_count && (l->blames[i].lock != blame->lock || l->blames[i].holder != blame->holder ||
                                  l->blames[i].waiter != blame->waiter)) {
        i++;
    }
    if (i == l->blame_count) {
        struct blame *blames = i < 10000 ? realloc(l->blames, (i + 1) * sizeof *blames) : NULL;
        if (!blames) {
            return;
        }
        l->blames = blames;
        l->blames[l->blame_count++] = (struct blame){blame->lock, blame->holder, blame->waiter, 0, 0};
    }
    l->blames[i].count++;
    l->blames[i].ns += blame->ns;
}

/* Find the last LOCKW of this track before event `at`, and blame the thread that held the lock then. */
static void blame_wait(struct locks *l, size_t from, size_t at, const uint32_t *holders)
{
    const struct lock_event *acquired = &l->events[at];
    size_t wait = at;
    while (wait > from && (l->events[wait].track != acquired->track || l->events[wait].kind != WICK_RECORD_LOCKW)) {
        if (wait != at && l->events[wait].track == acquired->track) {
            return; /* acquired without waiting */
        }
        wait--;
    }
    if (l->events[wait].track != acquired->track || l->events[wait].kind != WICK_RECORD_LOCKW) {
        return;
    }
    uint32_t holder = holders[wait];
    for (size_t i = wait; i < at && holder == WICK_NONE; i++) {
        holder = l->events[i].kind == WICK_RECORD_LOCKR ? l->events[i].track : WICK_NONE;
    }
    if (holder != WICK_NONE && holder != acquired->track) {
        add_blame(l, &(struct blame){acquired->lock, holder, acquired->track, 1,
                                     acquired->time_ns - l->events[wait].time_ns});
    }
}

static void find_holders(struct locks *l)
{
    uint32_t *holders = malloc((l->count + 1) * sizeof *holders);
    uint32_t holder = WICK_NONE;
    size_t from = 0;
    qsort(l->events, l->count, sizeof *l->events, by_time);
    for (size_t i = 0; holders && i < l->count; i++) {
        const struct lock_event *e = &l->events[i];
        if (i && e->lock != l->events[i - 1].lock) {
            from = i;
            holder = WICK_NONE;
        }
        holders[i] = holder;
        if (e->kind == WICK_RECORD_LOCKA) {
            blame_wait(l, from, i, holders);
            holder = e->track;
        } else if (e->kind == WICK_RECORD_LOCKR && holder == e->track) {
            holder = WICK_NONE;
        }
    }
    free(holders);
}

static const struct column lock_columns[] = {
    {"lock", "lock", COLUMN_TEXT},          {"id", "id", COLUMN_TEXT},
    {"waits", "waits", COLUMN_COUNT},       {"wait_ns", "waited", COLUMN_NS},
    {"wait_max_ns", "longest", COLUMN_NS},  {"holds", "holds", COLUMN_COUNT},
    {"hold_ns", "held", COLUMN_NS},         {"hold_max_ns", "longest", COLUMN_NS}};

static const struct column blame_columns[] = {{"lock", "lock", COLUMN_TEXT},
                                              {"holder", "held by", COLUMN_TEXT},
                                              {"waiter", "while waited", COLUMN_TEXT},
                                              {"count", "times", COLUMN_COUNT},
                                              {"wait_ns", "waited", COLUMN_NS}};

static int print_locks(struct locks *l, const struct settings *settings)
{
    struct table *table = table_create(settings, lock_columns, 8);
    struct wick_lock_info info;
    for (uint32_t i = 0; wick_tree_lock(l->load.tree, i, &info); i++) {
        table_text(table, wick_names_site_name(l->load.names, info.site));
        table_text(table, wick_names_site(l->load.names, info.site)->location);
        table_count(table, info.waits);
        table_ns(table, info.wait_ns);
        table_ns(table, info.wait_max_ns);
        table_count(table, info.holds);
        table_ns(table, info.hold_ns);
        table_ns(table, info.hold_max_ns);
    }
    return table_print(table, "wait_ns", 30);
}

static int print_blames(struct locks *l, const struct settings *settings)
{
    struct settings plain = *settings;
    plain.sort = plain.where = NULL; /* they are about the first table */
    struct table *table = table_create(&plain, blame_columns, 5);
    for (size_t i = 0; i < l->blame_count; i++) {
        const struct blame *b = &l->blames[i];
        table_text(table, wick_names_site_name(l->load.names, b->lock));
        table_text(table, load_thread_name(&l->load, b->holder));
        table_text(table, load_thread_name(&l->load, b->waiter));
        table_count(table, b->count);
        table_ns(table, b->ns);
    }
    return table_print(table, "wait_ns", 20);
}

int cmd_locks(struct settings *settings)
{
    struct locks l = {0};
    struct wick_record_out out = {on_records, &l};
    struct wick_lock_info info;
    int rc = load_records(&l.load, settings, &out);
    if (rc == EXIT_FINE && !wick_tree_lock(l.load.tree, 0, &info)) {
        tool_error(settings, "no lock in it: use wick_mutex_lock, wick_mutex_unlock where you lock");
        rc = EXIT_FOUND;
    } else if (rc == EXIT_FINE) {
        rc = print_locks(&l, settings);
        find_holders(&l);
        if (rc == EXIT_FINE && l.blame_count && tool_format_is(settings, "text")) {
            printf("\n");
            rc = print_blames(&l, settings);
        }
        rc = show_left_out_below(&l.load, settings, rc);
    }
    load_end(&l.load);
    free(l.events);
    free(l.blames);
    return rc;
}
