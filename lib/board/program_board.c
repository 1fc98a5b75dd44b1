/*
 * SPDX-License-Identifier: MIT
 * The board of this program. See program_board.h.
 */
#include "program_board.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <wick/json.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/error.h"
#include "base/heap.h"
#include "board_watch.h"
#include "model/tree/board_lines.h"
#include "model/tree/board_state.h"
#include "record/fork_watch.h"
#include "record/handler.h"
#include "record/line_source.h"
#include "record/recorder.h"

/* Of a place: changes were not passed on; all facts are to be passed on once more. */
enum { PENDING = 1, AGAIN = 2 };
enum { LINE_BYTES = 64 }; /* of a line beside its text, about */
enum { TAKE_MOST = 1024 }; /* entries in one pass of the drain: the lock is held for so long */

struct wk_program_board wk_program_board;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_t holder; /* of the lock; any other value when nobody is */
static uint64_t writer; /* hash of this process; in its own log the reader makes it anew */

/* ---- fork ------------------------------------------------------------------------------------- */

static void before_fork(void)
{
    pthread_mutex_lock(&lock);
}

static void after_fork_parent(void)
{
    pthread_mutex_unlock(&lock);
}

/* The child's board is empty until its first call, which frees the parent's, or goes on with it: nothing may be freed here. */
static struct wk_program_board inherited;

static void after_fork_child(void)
{
    struct wk_program_board *b = &wk_program_board;
    if (b->board) {
        inherited = *b;
        *b = (struct wk_program_board){.epoch = inherited.epoch + 1, .version = inherited.version};
    }
    pthread_mutex_unlock(&lock);
}

static void free_inherited_locked(void)
{
    wick_board_destroy(inherited.board);
    wk_bound_runs_free(inherited.runs);
    wk_array_free(&inherited.places, &wk_heap_allocator, sizeof(struct wk_board_place));
    wk_array_free(&inherited.json, &wk_heap_allocator, 1);
    inherited = (struct wk_program_board){0};
}

/* A child that follows is another writer about the same trackers: what it knows of them are its parent's facts, which are in the
 * parent's log. Its parent's handles are good, its parent's open scopes are not its own. */
static void adopt_inherited_locked(void)
{
    struct wk_program_board *b = &wk_program_board;
    wk_bound_runs_free(inherited.runs);
    *b = inherited;
    b->runs = NULL;
    b->run_start_ns = 0;
    inherited = (struct wk_program_board){0};
}

/* ---- visits ----------------------------------------------------------------------------------- */

static bool take(struct wk_lines_wanted *wanted);

static bool begin_locked(void)
{
    static bool forks;
    struct wick_process_info process = {.host = ""};
    char pid[16] = "";

    if (!forks && pthread_atfork(before_fork, after_fork_parent, after_fork_child) != 0) {
        return false;
    }
    forks = true;
    if (inherited.board && wk_recorder.follows) {
        adopt_inherited_locked();
    } else {
        free_inherited_locked();
        wk_program_board.board = wick_board_create(&wk_heap_allocator, 0);
    }
    for (uint32_t rest = (uint32_t)getpid(), at = 0; rest && at < sizeof pid - 1; rest /= 10) {
        pid[at++] = (char)('0' + rest % 10);
    }
    process.pid = pid;
    process.start_ns = wk_clock_wall_ns();
    writer = wick_board_writer(&process);
    return wk_program_board.board != NULL;
}

/* `user`: a call of the user's, which may be in a signal handler, and of which the first asks the environment whether to record. */
static int enter(struct wk_visit *visit, bool user)
{
    visit->saved_errno = errno;
    if (wk_fork_unseen()) {
        return wk_error_set(WICK_E_STATE, "this process was made without fork's handlers: it has no trackers");
    }
    /* Relaxed: only this thread writes its own id. */
    if (pthread_equal(__atomic_load_n(&holder, __ATOMIC_RELAXED), pthread_self()) || (user && wk_handler_running())) {
        __atomic_fetch_add(&wk_recorder.dropped_signal, 1, __ATOMIC_RELAXED); /* a count */
        errno = visit->saved_errno;
        return WICK_E_STATE;
    }
    wk_error_clear();
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &visit->cancel);
    /* Relaxed: whoever decides takes the runtime's lock. */
    if (user && __atomic_load_n(&wick_i_on_v1, __ATOMIC_RELAXED) == WK_ON_UNDECIDED) {
        (void)wk_record_first_event();
    }
    pthread_mutex_lock(&lock);
    __atomic_store_n(&holder, pthread_self(), __ATOMIC_RELAXED); /* for a signal handler of this thread */
    if (!wk_program_board.board && !begin_locked()) {
        wk_board_leave(visit);
        return wk_error_set(WICK_E_NOMEM, "no memory for trackers");
    }
    wk_line_source_set(take);
    return 0;
}

int wk_board_enter(struct wk_visit *visit)
{
    return enter(visit, true);
}

int wk_board_enter_quietly(struct wk_visit *visit)
{
    return enter(visit, false);
}

void wk_board_leave(struct wk_visit *visit)
{
    __atomic_store_n(&holder, 0, __ATOMIC_RELAXED); /* as above */
    pthread_mutex_unlock(&lock);
    pthread_setcancelstate(visit->cancel, NULL);
    errno = visit->saved_errno;
}

/* ---- facts ------------------------------------------------------------------------------------ */

uint64_t wk_board_tick(void)
{
    uint64_t now = (uint64_t)wk_clock_wall_ns(), last = wk_program_board.version, seen = wk_program_board.board->newest;
    last = seen > last && seen < INT64_MAX ? seen : last; /* what is beyond the year 2262 is no time */
    wk_program_board.version = now > last ? now : last + 1;
    return wk_program_board.version;
}

static void await_taking(uint32_t entry, uint32_t how)
{
    struct wk_program_board *b = &wk_program_board;
    uint32_t before = wk_board_place_at(entry)->pending;
    wk_board_place_at(entry)->pending |= how;
    if (before) {
        return;
    }
    wk_board_place_at(entry)->next = 0;
    *(b->last ? &wk_board_place_at(b->last - 1)->next : &b->first) = entry + 1;
    b->last = entry + 1;
}

/* Have a place for each entry, and for those that a key of this size may make. */
static bool have_places(void)
{
    struct wk_array *places = &wk_program_board.places;
    uint32_t most = wick_board_entries(wk_program_board.board) + WICK_KEY_LEVELS;
    if (wk_array_reserve(places, &wk_heap_allocator, most, sizeof(struct wk_board_place)) < 0) {
        return false;
    }
    if (most > places->count) {
        memset(wk_board_place_at(places->count), 0, (most - places->count) * sizeof(struct wk_board_place));
        places->count = most;
    }
    return true;
}

int wk_board_put(const struct wick_fact *fact)
{
    struct wick_fact own = *fact;
    own.writer = writer;
    int rc = have_places() ? wick_board_put(wk_program_board.board, &own) : WICK_E_NOMEM;
    if (rc > 0) {
        uint32_t entry = wk_board_entry(wk_program_board.board, fact->key, fact->key_bytes);
        await_taking(entry, PENDING);
        wk_watch_note(entry);
    }
    return rc;
}

int wk_board_feed(const struct wick_names *names, const struct wick_record *record)
{
    struct wk_visit visit;
    int rc = wk_board_enter_quietly(&visit);
    if (rc < 0) {
        return rc;
    }
    rc = wick_board_feed(wk_program_board.board, names, record);
    if (rc > 0 && have_places()) {
        wk_watch_note_line(record);
    }
    wk_board_leave(&visit);
    return rc;
}

static int append(void *user, const char *bytes, size_t count)
{
    return wk_array_append(user, &wk_heap_allocator, bytes, count);
}

const char *wk_board_text(const char *text, uint32_t *bytes)
{
    struct wk_array *to = &wk_program_board.json;
    struct wick_json json = {.out = {append, to}};
    to->count = 0;
    wick_json_string(&json, NULL, text);
    *bytes = to->count;
    return json.error < 0 ? NULL : to->items;
}

/* ---- what the drain takes --------------------------------------------------------------------- */

/* A change that is waiting: the facts of one version of an entry. */
struct change {
    uint64_t version;
    uint32_t entry;
};

static int by_version(const void *x, const void *y)
{
    const struct change *a = x, *b = y;
    return a->version != b->version ? a->version < b->version ? -1 : 1 : a->entry < b->entry ? -1 : 1;
}

static int add_change(struct wk_array *changes, uint32_t entry, uint64_t version)
{
    struct change *all = changes->items;
    for (uint32_t i = changes->count; i-- > 0 && all[i].entry == entry;) {
        if (all[i].version == version) {
            return 0;
        }
    }
    if (wk_array_reserve(changes, &wk_heap_allocator, changes->count + 1, sizeof *all) < 0) {
        return WICK_E_NOMEM;
    }
    ((struct change *)changes->items)[changes->count++] = (struct change){version, entry};
    return 0;
}

/* The versions of an entry's facts that were not passed on; facts of other processes are in their logs. Removals from before the run
 * are no news for its log. */
static int list_entry(struct wk_array *changes, uint32_t entry, int64_t run_start_ns)
{
    uint64_t sent = wk_board_place_at(entry)->sent, facts_sent = wk_board_place_at(entry)->pending & AGAIN ? 0 : sent;
    struct wick_fact fact;
    int rc = 0;
    if (wick_board_removal(wk_program_board.board, entry, &fact) && fact.writer == writer && fact.version > sent &&
        fact.version >= (uint64_t)run_start_ns) {
        rc = add_change(changes, entry, fact.version);
    }
    for (uint32_t i = 0; rc == 0 && wick_board_fact(wk_program_board.board, entry, i, &fact); i++) {
        rc = fact.writer == writer && fact.version > facts_sent ? add_change(changes, entry, fact.version) : 0;
    }
    return rc;
}

/* Take entries out of the pending ones, whose changes are listed. */
static void list_changes(struct wk_array *changes, int64_t run_start_ns)
{
    struct wk_program_board *b = &wk_program_board;
    for (uint32_t i = 0; b->first && i < TAKE_MOST; i++) {
        struct wk_board_place *place = wk_board_place_at(b->first - 1);
        uint32_t before = changes->count;
        if (list_entry(changes, b->first - 1, run_start_ns) < 0) {
            changes->count = before; /* it stays pending */
            return;
        }
        place->sent = b->version;
        place->pending = 0;
        b->first = place->next;
        b->last = b->first ? b->last : 0;
    }
}

static void all_again(int64_t run_start_ns)
{
    struct wk_program_board *b = &wk_program_board;
    for (uint32_t i = 0; i < b->places.count && i < wick_board_entries(b->board); i++) {
        wk_board_place_at(i)->sent = 0;
        await_taking(i, PENDING);
    }
    b->run_start_ns = b->oldest_ns = run_start_ns;
}

/* The log goes on in another file, which can be read without those before it: what stands is told again, at the times of now. */
static void next_file(uint32_t files)
{
    struct wk_program_board *b = &wk_program_board;
    b->files = files;
    b->told_bytes = 0;
    b->repeating = !b->too_large;
    for (uint32_t i = 0; b->repeating && i < b->places.count && i < wick_board_entries(b->board); i++) {
        await_taking(i, AGAIN);
    }
}

/* One line on its way to the drain. */
struct passing {
    const struct wk_lines_wanted *wanted;
    int64_t time_ns;
};

static int pass_line(void *user, const char *text, size_t bytes)
{
    const struct passing *passing = user;
    wk_program_board.told_bytes += bytes + LINE_BYTES;
    passing->wanted->line(passing->wanted->user, passing->time_ns, text);
    return 0;
}

static int64_t between(int64_t least, int64_t value, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

static int pass_changes(const struct wk_lines_wanted *wanted, const struct change *changes, uint32_t count)
{
    int rc = 0;
    for (uint32_t i = 0; i < count && rc >= 0; i++) {
        const struct change *c = &changes[i];
        struct passing passing = {wanted, between(wk_program_board.oldest_ns, (int64_t)c->version, wanted->now_ns)};
        struct wick_fact removal;
        if (wick_board_removal(wk_program_board.board, c->entry, &removal) && removal.version == c->version) {
            passing.time_ns = (int64_t)c->version; /* such a line has no other place for it */
        }
        const struct wk_board_line line = {c->entry, c->version, passing.time_ns, wanted->says_writer ? 0 : writer};
        const struct wick_text_out out = {pass_line, &passing};
        rc = wk_board_lines(wk_program_board.board, &line, &out);
    }
    return rc;
}

static bool take_locked(const struct wk_lines_wanted *wanted)
{
    struct wk_program_board *b = &wk_program_board;
    struct wk_array changes = {0};

    if (wanted->closing) {
        wk_bound_runs_end();
    }
    if (b->run_start_ns != wanted->run_start_ns) {
        all_again(wanted->run_start_ns);
        b->files = wanted->files;
        b->repeating = b->too_large = false;
    } else if (b->files != wanted->files) {
        next_file(wanted->files);
    }
    list_changes(&changes, wanted->run_start_ns);
    if (changes.count) {
        qsort(changes.items, changes.count, sizeof(struct change), by_version);
    }
    int rc = pass_changes(wanted, changes.items, changes.count);
    if (rc < 0) {
        b->run_start_ns = 0; /* no memory: everything is told again */
    }
    b->too_large = b->too_large || (b->repeating && b->told_bytes > wanted->file_bytes / 2);
    if (!b->first) {
        b->repeating = false;
        b->oldest_ns = wanted->now_ns;
    }
    wk_array_free(&changes, &wk_heap_allocator, sizeof(struct change));
    return !b->first && rc >= 0;
}

static bool take(struct wk_lines_wanted *wanted)
{
    if (pthread_mutex_trylock(&lock) != 0) {
        return false;
    }
    bool was_large = wk_program_board.too_large;
    bool all = !wk_program_board.board || take_locked(wanted);
    bool is_large = wk_program_board.too_large;
    wanted->oldest_ns = wk_program_board.board ? wk_program_board.oldest_ns : wanted->now_ns;
    pthread_mutex_unlock(&lock);
    if (is_large && !was_large) {
        wk_diag("the trackers are larger than half a file of the log (WICK_LOG_ROTATE): its later files have what changes, not all of them");
    }
    return all;
}
