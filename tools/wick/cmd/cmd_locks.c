/*
 * SPDX-License-Identifier: MIT
 * wick locks: wait and hold time per lock, how many held it at once, and the threads that held it while others waited.
 * Must not rely on the order of lines between threads: it sorts the lock events by time. Invariant: a wait is blamed on
 * a thread that held the lock when the wait began, or else on the last one that released it before the wait ended; a hold that
 * another thread's shows to have ended, without a release, is counted as uncertain.
 */
#include <stdlib.h>

#include "base/host.h"
#include "base/messages.h"
#include "base/words.h"
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
    bool shared; /* LOCKA: with others */
};

/* What the tree does not know of a lock. */
struct holders {
    uint32_t lock, now, most;
    uint64_t shared, uncertain;
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
    uint32_t *taking, track_count, taking_capacity; /* per track: the lock that it takes shared next; 0: none, else its number + 1 */
    struct holders *holders;                        /* one per lock, in the order of their numbers */
    uint32_t holder_count, holder_capacity;
    const struct lock_event **holding;              /* of one lock: the acquisitions that are not released yet */
    uint32_t holding_capacity;
    bool failed;                                    /* no memory for the above */
};

static int remember(struct locks *l, const struct wick_record *r)
{
    if (!tool_grow(&l->events, &l->capacity, l->count, sizeof *l->events)) {
        return WICK_E_NOMEM;
    }
    uint32_t *taking = r->track < l->track_count ? &l->taking[r->track] : NULL;
    const bool shared = r->kind == WICK_RECORD_LOCKA && taking && *taking == r->site + 1;
    if (shared) {
        *taking = 0;
    }
    l->events[l->count] = (struct lock_event){r->time_ns, l->count, r->track, r->site, r->kind, shared};
    l->count++;
    return 0;
}

static int remember_shared(struct locks *l, const struct wick_record *r)
{
    while (r->track >= l->track_count) {
        if (!tool_grow(&l->taking, &l->taking_capacity, l->track_count, sizeof *l->taking)) {
            return WICK_E_NOMEM;
        }
        l->taking[l->track_count++] = 0;
    }
    l->taking[r->track] = r->site + 1;
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
        rc = lock ? remember(l, r) : r->kind == WICK_RECORD_SHARED ? remember_shared(l, r) : 0;
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

static uint32_t process_of(const struct locks *l, uint32_t track)
{
    return wick_names_track(l->load.names, track)->process;
}

static void let_go(struct locks *l, struct holders *h, uint32_t index)
{
    l->holding[index] = l->holding[--h->now];
}

/* Whoever holds it beside the new owner, where one of the two wants it for itself, has let it go: a lock of another process is another. */
static void acquire(struct locks *l, struct holders *h, const struct lock_event *e)
{
    for (uint32_t i = h->now; i-- > 0;) {
        const struct lock_event *other = l->holding[i];
        if (other->track == e->track) {
            let_go(l, h, i); /* its release was lost */
        } else if (!(other->shared && e->shared) && process_of(l, other->track) == process_of(l, e->track)) {
            h->uncertain++;
            let_go(l, h, i);
        }
    }
    if (!tool_grow(&l->holding, &l->holding_capacity, h->now, sizeof *l->holding)) {
        l->failed = true;
        return;
    }
    l->holding[h->now++] = e;
    h->most = h->now > h->most ? h->now : h->most;
    h->shared += e->shared;
}

static void release(struct locks *l, struct holders *h, const struct lock_event *e)
{
    for (uint32_t i = h->now; i-- > 0;) {
        if (l->holding[i]->track == e->track) {
            let_go(l, h, i);
            return;
        }
    }
}

static void find_holders(struct locks *l)
{
    uint32_t *holders = malloc((l->count + 1) * sizeof *holders);
    struct holders *h = NULL;
    size_t from = 0;
    l->failed = !holders;
    qsort(l->events, l->count, sizeof *l->events, by_time);
    for (size_t i = 0; !l->failed && i < l->count; i++) {
        const struct lock_event *e = &l->events[i];
        if (!h || h->lock != e->lock) {
            l->failed = !tool_grow(&l->holders, &l->holder_capacity, l->holder_count, sizeof *l->holders);
            if (l->failed) {
                break;
            }
            h = &l->holders[l->holder_count++];
            *h = (struct holders){.lock = e->lock};
            from = i;
        }
        holders[i] = h->now ? l->holding[h->now - 1]->track : WICK_NONE;
        if (e->kind == WICK_RECORD_LOCKA) {
            blame_wait(l, from, i, holders);
            acquire(l, h, e);
        } else if (e->kind == WICK_RECORD_LOCKR) {
            release(l, h, e);
        }
    }
    free(holders);
}

static int by_lock(const void *x, const void *y)
{
    const struct holders *a = x, *b = y;
    return a->lock < b->lock ? -1 : a->lock > b->lock;
}

static const struct holders *holders_of(const struct locks *l, uint32_t lock)
{
    static const struct holders none;
    const struct holders wanted = {.lock = lock}, *found = l->holder_count ? bsearch(&wanted, l->holders, l->holder_count, sizeof wanted, by_lock) : NULL;
    return found ? found : &none;
}

static const struct column lock_columns[] = {
    {"lock", "lock", COLUMN_TEXT},          {"id", "id", COLUMN_TEXT},
    {"waits", "waits", COLUMN_COUNT},       {"wait_ns", "waited", COLUMN_NS},
    {"wait_max_ns", "longest", COLUMN_NS},  {"holds", "holds", COLUMN_COUNT},
    {"hold_ns", "held", COLUMN_NS},         {"hold_max_ns", "longest", COLUMN_NS},
    {"shared", "shared", COLUMN_COUNT},     {"holders", "at once", COLUMN_COUNT},
    {"uncertain", "uncertain", COLUMN_COUNT}};

static const struct column blame_columns[] = {{"lock", "lock", COLUMN_TEXT},
                                              {"holder", "held by", COLUMN_TEXT},
                                              {"waiter", "while waited", COLUMN_TEXT},
                                              {"count", "times", COLUMN_COUNT},
                                              {"wait_ns", "waited", COLUMN_NS}};

static int print_locks(struct locks *l, const struct settings *settings)
{
    struct table *table = table_create(settings, lock_columns, sizeof lock_columns / sizeof *lock_columns);
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
        const struct holders *h = holders_of(l, info.site);
        table_count(table, h->shared);
        table_count(table, h->most);
        table_count(table, h->uncertain);
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

static void print_uncertain(const struct locks *l)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < l->holder_count; i++) {
        count += l->holders[i].uncertain;
    }
    if (count) {
        printf("%s before its release was recorded: another thread took the lock meanwhile. Release it by wick_..._unlock, and wait by wick_cond_wait\n",
               tool_count(count, "hold ended|holds ended"));
    }
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
        find_holders(&l);
        if (l.failed) {
            tool_error(settings, "out of memory");
            rc = EXIT_USAGE;
        } else {
            rc = print_locks(&l, settings);
        }
        if (rc == EXIT_FINE && tool_format_is(settings, "text")) {
            print_uncertain(&l);
        }
        if (rc == EXIT_FINE && l.blame_count && tool_format_is(settings, "text")) {
            printf("\n");
            rc = print_blames(&l, settings);
        }
        rc = show_left_out_below(&l.load, settings, rc);
    }
    load_end(&l.load);
    free(l.events);
    free(l.blames);
    free(l.taking);
    free(l.holders);
    free(l.holding);
    return rc;
}
