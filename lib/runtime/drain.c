/*
 * SPDX-License-Identifier: MIT
 * Emptying the rings. See drain.h. The thread itself, and when it runs, is runtime.c's.
 */
#include "drain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/heap.h"
#include "comm.h"
#include "drain_names.h"
#include "drain_stats.h"
#include "lanes.h"
#include "record/line_source.h"
#include "record/recorder.h"
#include "record/site.h"
#include "run.h"
#include "run_machine.h"

enum {
    UNDER_LEVELS = 16, /* threads under scopes of threads under ... */
    CLOSE_PAUSE_NS = 200000,
};

static const char *text_at(void *user, uint64_t reference, uint64_t bytes)
{
    (void)user;
    (void)bytes;
    return wk_pool_at(reference);
}

static void release_text(void *user, uint64_t reference, uint64_t bytes)
{
    (void)user;
    wk_thread_free_text(reference, bytes);
}

static const struct wk_long_texts long_texts = {.at = text_at, .release = release_text};

static bool is_site_off(void *user, uint32_t id)
{
    (void)user;
    return wk_site_get(id) && wk_site_is_off(id);
}

static void read_stats(const struct wk_run *run, struct wick_stats *out)
{
    wk_drain_stats(run->drain, out);
}

static void next_file(const struct wk_run *run)
{
    run->drain->files++;
}

/* A line of the run when it ends. */
struct wk_last_words {
    struct wk_drain *drain;
    int64_t time_ns;
};

static void say_property(void *user, const char *key, const char *value)
{
    const struct wk_last_words *words = user;
    char text[256];

    snprintf(text, sizeof text, "%s %s", key, value);
    wk_drain_say(words->drain, words->time_ns, WICK_LINE_RUN, text);
}

/* ---- sinks ----------------------------------------------------------------------------------- */

static struct wk_thread *thread_of(uint32_t serial)
{
    struct wk_thread *thread = wk_live_first();

    while (thread && thread->serial != serial) {
        thread = wk_thread_at(thread->next);
    }
    return thread;
}

/* The parent's serial and ticks become its track and time: only here both decoders are known. */
static void resolve_under(struct wk_drain *drain, struct wick_record *record)
{
    uint64_t ticks = (uint64_t)record->first_ns;
    const struct wk_thread *parent = thread_of(record->parent_track);

    record->first_ns = wk_timeline_ns(&drain->time.timeline, ticks);
    record->parent_track = record->track;
    if (parent && parent->track) {
        record->parent_track = parent->track - 1;
        wk_decode_start_ns(&drain->tracks[parent->track - 1].decoder, ticks, &record->first_ns);
    }
}

/* A thread tells how many it has lost in all; a record says how many since it was told last. */
static void count_loss(struct wk_drain *drain, struct wick_record *record)
{
    struct wk_thread *thread = drain->tracks[record->track].thread;
    uint64_t lost = record->u.count;

    record->u.count = lost - thread->told;
    thread->told = lost;
}

static void deliver(struct wk_drain *drain)
{
    struct wk_batch *batch = drain->batch;

    for (uint32_t i = 0; batch->unresolved && i < batch->count; i++) {
        if (batch->records[i].kind == WICK_RECORD_UNDER) {
            resolve_under(drain, &batch->records[i]);
        } else if (batch->records[i].kind == WICK_RECORD_LOST) {
            count_loss(drain, &batch->records[i]);
        } else if (batch->records[i].kind == WICK_RECORD_THREAD_NAME) {
            wk_drain_name_label(drain, &batch->records[i]);
        }
    }
    if (!wk_drain_name_sites(drain)) {
        drain->run_tree->lost += batch->count;
    } else if (drain->filter) {
        wk_filter_feed(drain->filter, batch->records, batch->count);
    } else if (batch->count) {
        wk_drain_records(drain, batch->records, batch->count);
    }
    drain->taken += batch->count;
    wk_batch_begin(batch, &wk_heap_allocator);
}

/* ---- threads --------------------------------------------------------------------------------- */

static void put_unresolved(struct wk_drain *drain, const struct wick_record *record)
{
    if (drain->batch->count == WK_BATCH_RECORDS) {
        deliver(drain);
    }
    drain->batch->records[drain->batch->count++] = *record;
    drain->batch->unresolved = true;
}

/* Tell the name of a thread, which has a lane, if it is another one. */
static void tell_name(struct wk_drain *drain, const struct wk_thread *thread)
{
    struct wk_drain_track *track = &drain->tracks[thread->track - 1];
    char name[WK_THREAD_NAME_BYTES];

    if (!wk_thread_comm_name(thread, name) || !name[0] || strcmp(name, track->base) == 0) {
        return;
    }
    memcpy(track->base, name, sizeof name); /* the lane is free for threads of this name */
    put_unresolved(drain, &(struct wick_record){.kind = WICK_RECORD_THREAD_NAME,
                                                .time_ns = track->last_ns, /* a younger event may be in its ring */
                                                .track = track->decoder.track,
                                                .text = name,
                                                .text_bytes = (uint32_t)strlen(name)});
    deliver(drain); /* while the name is there */
}

static void look_at_names(struct wk_drain *drain, int64_t now_ns)
{
    for (struct wk_thread *thread = wk_live_first(); thread; thread = wk_thread_at(thread->next)) {
        if (wk_comm_look(thread, now_ns)) {
            tell_name(drain, thread);
        }
    }
}

/* Losses that no LOST event told: the thread recorded nothing after them. */
static void report_losses(struct wk_drain *drain, struct wk_thread *thread, struct wk_drain_track *track, int64_t now_ns)
{
    uint64_t lost = __atomic_load_n(&wk_thread_owner(&thread->hot)->lost, __ATOMIC_RELAXED); /* a count */

    if (lost <= thread->told) {
        return;
    }
    put_unresolved(drain, &(struct wick_record){.kind = WICK_RECORD_LOST,
                                                .time_ns = now_ns,
                                                .first_ns = track->last_ns,
                                                .track = track->decoder.track,
                                                .u.count = lost});
    track->last_ns = now_ns;
}

static void close_track(struct wk_drain *drain, struct wk_thread *thread, int64_t now_ns, enum wick_unfinished reason)
{
    struct wk_drain_track *track = thread->track ? &drain->tracks[thread->track - 1] : NULL;

    if (!track && __atomic_load_n(&wk_thread_owner(&thread->hot)->lost, __ATOMIC_RELAXED)) { /* a count */
        track = wk_lane_for(drain, thread, now_ns);
    }
    if (!track) {
        return;
    }
    tell_name(drain, thread);
    if (track->decoder.depth) {
        track->last_ns = now_ns;
    }
    while (!wk_decode_close(&track->decoder, now_ns, reason, drain->batch, &wk_heap_allocator)) {
        deliver(drain);
    }
    deliver(drain); /* counts the LOST events of the batch: what is left is what no event told */
    report_losses(drain, thread, track, now_ns);
    deliver(drain);
    wk_stats_add_decoder(&track->decoder, &drain->totals);
    uint32_t index = track->decoder.track;
    wk_decode_fini(&track->decoder, &wk_heap_allocator);
    track->decoder.track = index;
    track->thread = NULL;
    thread->track = 0;
}

/* How one ring is read. */
struct reading {
    uint64_t until_ticks; /* 0: all that was there at the start of the tick */
    uint32_t level;       /* of threads under threads */
    bool ended;           /* out: its EXIT was read */
};

/* False when a sink is not ready. */
static bool drain_thread(struct wk_drain *drain, struct wk_thread *thread, struct reading *reading);

/* What hangs under a scope comes behind that scope's start: read the parent's ring up to it first. */
static void read_parent(struct wk_drain *drain, struct wk_span *span, uint32_t level)
{
    struct wk_thread *parent = thread_of(span->parent_serial);
    struct reading reading = {.until_ticks = span->parent_ticks, .level = level + 1};

    if (parent && !parent->being_read && level < UNDER_LEVELS) {
        (void)drain_thread(drain, parent, &reading); /* a sink that is not ready is seen again */
    }
    span->under_seen = true;
}

static void note_last(struct wk_drain_track *track, const struct wk_batch *batch)
{
    const struct wick_record *last = batch->count ? &batch->records[batch->count - 1] : NULL;

    if (last && last->track == track->decoder.track) {
        track->last_ns = last->time_ns;
    }
}

/* How long the oldest event of a ring has waited. */
static void note_lag(struct wk_drain *drain, const struct wk_span *span)
{
    uint64_t ticks = span->slots[span->tail & span->mask].ticks;
    int64_t lag_ns = drain->tick_ns - wk_timeline_ns(&drain->time.timeline, ticks);

    if (ticks && lag_ns > (int64_t)drain->lag_ns) { /* 0: not an event of the program's */
        drain->lag_ns = (uint64_t)lag_ns;
    }
}

static bool read_ring(struct wk_drain *drain, struct wk_thread *thread, struct reading *reading)
{
    const struct wk_read_ring *ring = wk_thread_read_ring(thread, thread->hot.tail);
    struct wk_span span = {.slots = wk_pool_at(ring->reference),
                           .texts = &long_texts,
                           .mask = ring->mask,
                           .tail = thread->hot.tail,
                           .head = thread->upto,
                           .until_ticks = reading->until_ticks};
    enum wk_decode_stop stop = WK_DECODE_SWITCH;

    if (span.tail == span.head || !wk_lane_of(drain, thread)) {
        return true;
    }
    note_lag(drain, &span);
    while (stop != WK_DECODE_EMPTY && stop != WK_DECODE_EXIT) {
        struct wk_drain_track *track = wk_lane_of(drain, thread); /* the table may have moved */

        if (!wk_sinks_ready(drain)) {
            return false;
        }
        stop = wk_decode(&track->decoder, &span, &drain->time.timeline, drain->batch, &wk_heap_allocator);
        note_last(track, drain->batch);
        if (stop == WK_DECODE_SWITCH) {
            wk_thread_read_on(thread, span.tail, span.next_ring, span.next_mask);
            span.slots = wk_pool_at(span.next_ring);
            span.mask = span.next_mask;
        }
        /* Pairs with the acquire in slots_free: what lies below tail has been read. */
        __atomic_store_n(&thread->hot.tail, span.tail, __ATOMIC_RELEASE);
        if (stop == WK_DECODE_BATCH) {
            deliver(drain);
        } else if (stop == WK_DECODE_UNDER) {
            read_parent(drain, &span, reading->level);
        }
        thread->unders_read += stop == WK_DECODE_UNDER;
    }
    reading->ended = stop == WK_DECODE_EXIT;
    return true;
}

static bool drain_thread(struct wk_drain *drain, struct wk_thread *thread, struct reading *reading)
{
    thread->being_read = true;
    bool ready = read_ring(drain, thread, reading);
    thread->being_read = false;
    return ready;
}

static void end_thread(struct wk_drain *drain, struct wk_thread *thread)
{
    close_track(drain, thread, wk_timekeeper_now_ns(&drain->time), WICK_UNFINISHED_THREAD);
    wk_stats_add_thread(thread, &drain->totals);
    wk_thread_recycle(thread);
}

/* New threads go behind the older ones: lanes are given in the order of age. */
static void take_fresh(struct wk_drain *drain)
{
    struct wk_thread *last = wk_live_first();

    while (last && last->next) {
        last = wk_thread_at(last->next);
    }
    for (struct wk_thread *fresh = wk_thread_take_fresh(last); fresh; fresh = wk_thread_at(fresh->next)) {
        fresh->since_ns = drain->fresh_ns ? drain->fresh_ns : drain->run.start_ns;
    }
}

/* Does it hang under a scope of a thread that may have ended that scope by now? */
static bool hangs(const struct wk_thread *thread)
{
    /* Relaxed: an UNDER that is within `upto` was counted before. */
    return __atomic_load_n(&thread->unders, __ATOMIC_RELAXED) != thread->unders_read;
}

static void empty_some(struct wk_drain *drain, bool hanging)
{
    struct wk_thread *before = NULL;
    struct wk_thread *next;

    for (struct wk_thread *thread = wk_live_first(); thread; thread = next) {
        struct reading reading = {0};

        next = wk_thread_at(thread->next);
        if (!hanging || hangs(thread)) {
            drain->behind = !drain_thread(drain, thread, &reading) || drain->behind;
        }
        if (reading.ended) {
            wk_pool_publish(before ? &before->next : &wk_recorder.root->live, thread->next);
            end_thread(drain, thread);
        } else {
            before = thread;
        }
    }
}

/* Heads are read oldest thread first, and what hangs under a scope is taken before that scope's end: what a
 * worker did before its parent went on is in the same tick at the latest. */
static void empty_rings(struct wk_drain *drain)
{
    drain->tick_ns = wk_timekeeper_now_ns(&drain->time);
    for (struct wk_thread *thread = wk_live_first(); thread; thread = wk_thread_at(thread->next)) {
        /* Pairs with the release in wick_i_push: slots below head are whole. */
        thread->upto = __atomic_load_n(&thread->hot.head, __ATOMIC_ACQUIRE);
    }
    empty_some(drain, true);
    empty_some(drain, false);
}

/* No record to come is older: a thread's records are in order, and a new thread's are younger than the last
 * look at the list of new threads. What the filter holds back may be as old as the run. */
static int64_t oldest_ns(const struct wk_drain *drain)
{
    int64_t oldest_ns = drain->lines_ns < drain->fresh_ns ? drain->lines_ns : drain->fresh_ns;

    if (drain->filter) {
        return drain->run.start_ns;
    }
    for (const struct wk_thread *thread = wk_live_first(); thread; thread = wk_thread_at(thread->next)) {
        int64_t from_ns = thread->track ? drain->tracks[thread->track - 1].last_ns : thread->since_ns;

        if (from_ns < oldest_ns) {
            oldest_ns = from_ns;
        }
    }
    return oldest_ns > drain->run.start_ns ? oldest_ns : drain->run.start_ns;
}

static void put_line(void *user, int64_t time_ns, const char *text)
{
    struct wk_drain *drain = user;

    drain->taken++;
    wk_drain_say(drain, time_ns, WICK_LINE_TRACKER, text);
}

/* The time of a line about the run. Logs have it on the main thread: it is not older than what that has told in this tick. */
static int64_t line_ns(const struct wk_drain *drain, int64_t now_ns)
{
    for (const struct wk_thread *thread = wk_live_first(); thread; thread = wk_thread_at(thread->next)) {
        if (thread->tid == thread->pid && !thread->is_fiber && thread->track && drain->tracks[thread->track - 1].last_ns > now_ns) {
            return drain->tracks[thread->track - 1].last_ns;
        }
    }
    return now_ns;
}

/* Pauses since the last tick: the newest one, and how many in all. */
static void say_pauses(struct wk_drain *drain, int64_t now_ns)
{
    uint32_t pauses = __atomic_load_n(&wk_recorder.pauses, __ATOMIC_RELAXED); /* pairs with wick_pause: late is good enough */
    char text[32];

    snprintf(text, sizeof text, "%u so far", pauses);
    if (pauses != drain->pauses) {
        if (drain->paused) { /* it went on in between */
            wk_drain_say(drain, now_ns, WICK_LINE_RESUME, text);
        }
        wk_drain_say(drain, now_ns, WICK_LINE_PAUSE, text);
        drain->paused = true;
    }
    drain->pauses = pauses;
    /* Relaxed: as above. */
    if (drain->paused && __atomic_load_n(&wick_i_on_v1, __ATOMIC_RELAXED) != WK_ON_OFF) {
        wk_drain_say(drain, now_ns, WICK_LINE_RESUME, text);
        drain->paused = false;
    }
}

/* Lines of the board: few, since each of its facts comes once a tick at most. */
static void take_lines(struct wk_drain *drain, int64_t now_ns)
{
    wk_line_source source = wk_line_source_get();
    struct wk_lines_wanted wanted = {drain->run.start_ns, now_ns, drain->lines_ns, put_line, drain, false, drain->files,
                                     drain->run.config->log_rotate_bytes, drain->closing};

    if (!source) {
        drain->lines_ns = now_ns; /* it comes with its first line */
    } else if (!wk_sinks_ready(drain) || !source(&wanted)) {
        drain->behind = true;
    } else {
        drain->files_told = wanted.files;
    }
    if (source) {
        drain->lines_ns = wanted.oldest_ns;
    }
}

bool wk_drain_tick(struct wk_drain *drain)
{
    int64_t jump_ns = wk_timekeeper_update(&drain->time);

    if (!drain->batch) {
        return true; /* no memory: nothing is recorded, and shutdown says so */
    }
    drain->taken = 0;
    drain->behind = false;
    int64_t now_ns = wk_timekeeper_now_ns(&drain->time);
    look_at_names(drain, now_ns);
    take_fresh(drain);
    drain->fresh_ns = now_ns;
    empty_rings(drain);
    deliver(drain);
    take_lines(drain, now_ns);
    const int64_t said_ns = line_ns(drain, now_ns);
    say_pauses(drain, said_ns);
    if (jump_ns) {
        char text[32];

        snprintf(text, sizeof text, "%lld", (long long)jump_ns);
        wk_drain_say(drain, said_ns, WICK_LINE_BREAK, text);
    }
    now_ns = wk_timekeeper_now_ns(&drain->time);
    if (drain->filter) {
        wk_filter_tick(drain->filter, now_ns);
    }
    wk_sinks_rollup(drain, now_ns);
    wk_sinks_tick(drain, now_ns, oldest_ns(drain));
    drain->behind = drain->behind || (wk_line_source_get() && drain->files_told != drain->files);
    return !drain->behind;
}

/* ---- open and close -------------------------------------------------------------------------- */

/* A thread that has outlived an earlier run: what lies in its ring from between the runs is no part of this
 * one (its times come before the first line), and its counts begin anew. */
static void begin_anew(struct wk_thread *thread, uint64_t start_ticks)
{
    uint32_t tail = thread->hot.tail;
    /* Pairs with the release in wick_i_push: slots below head are whole. */
    uint32_t head = __atomic_load_n(&thread->hot.head, __ATOMIC_ACQUIRE);

    while (tail != head) {
        const struct wk_read_ring *ring = wk_thread_read_ring(thread, tail);
        const struct wick_event *slots = wk_pool_at(ring->reference);
        struct wick_event event = slots[tail & ring->mask];
        union wk_event_more last = {.event = slots[(tail + wk_event_slots(event.info)) & ring->mask]};
        uint32_t kind = wk_event_kind(event.info);

        if (kind == WK_EVENT_EXIT || (kind != WK_EVENT_SWITCH && (int64_t)(event.ticks - start_ticks) >= 0)) {
            break;
        }
        tail += 1 + wk_event_slots(event.info);
        if (event.info & WK_EVENT_JUMBO) {
            wk_thread_free_text(last.jumbo.reference, last.jumbo.bytes);
        }
        if (kind == WK_EVENT_SWITCH) {
            wk_thread_read_on(thread, tail, last.ring.reference, (uint32_t)last.ring.mask);
        }
    }
    /* Pairs with the acquire in slots_free: what lies below tail has been read. */
    __atomic_store_n(&thread->hot.tail, tail, __ATOMIC_RELEASE);
    thread->since_ns = 0;
    thread->before.lost = thread->told;
}

static bool open_sink(struct wk_drain *drain, const struct wk_sink_ops *ops)
{
    struct wk_open_sink opened = {.ops = ops, .sink = ops->open(&drain->run), .asker = WICK_E_NOMEM};

    if (!opened.sink) {
        return false;
    }
    if (ops->rollup && wk_run_tree_ask(drain->run_tree)) {
        opened.asker = wick_tree_ask(drain->run_tree->tree);
    }
    if (ops->rollup && opened.asker < 0) {
        wk_diag("%s: no memory: it gets no totals of scopes", ops->name);
    }
    drain->sinks[drain->sink_count++] = opened;
    return !ops->rollup || opened.asker >= 0;
}

void wk_drain_open(struct wk_drain *drain)
{
    take_fresh(drain); /* a thread may have come when the earlier run had ended */
    for (struct wk_thread *thread = wk_live_first(); thread; thread = wk_thread_at(thread->next)) {
        begin_anew(thread, drain->start_ticks);
    }
    drain->fresh_ns = 0;
    drain->lines_ns = drain->run.start_ns;
    /* Relaxed: as in say_pauses. Paused before this: that one is to be said. */
    drain->paused = false;
    drain->pauses = __atomic_load_n(&wk_recorder.pauses, __ATOMIC_RELAXED);
    drain->pauses -= drain->pauses && __atomic_load_n(&wick_i_on_v1, __ATOMIC_RELAXED) == WK_ON_OFF;
    drain->closed = (struct wk_sink_stats){0};
    drain->run.closed = &drain->closed;
    drain->batch = calloc(1, sizeof *drain->batch);
    drain->run_tree = wk_run_tree_create();
    drain->unopened = !drain->batch || !drain->run_tree || !wk_lanes_reserve(drain);
    if (drain->unopened) {
        wk_diag("no memory: nothing is recorded");
        free(drain->batch);
        drain->batch = NULL;
        return;
    }
    wk_drain_name_process(drain);
    drain->run.run_tree = drain->run_tree;
    drain->run.names = drain->run_tree->names;
    drain->run.drain = drain;
    drain->run.stats = read_stats;
    drain->run.next_file = next_file;
    drain->files = drain->files_told = 0;
    drain->closing = false;
    if (drain->run.config->filter || drain->run.config->min_ns) {
        const struct wk_filter_options options = {.patterns = drain->run.config->filter, .is_off = is_site_off,
                                                  .names = drain->run.names,
                                                  .min_ns = (int64_t)drain->run.config->min_ns};
        const struct wk_filter_out out = {wk_drain_records, drain};

        drain->filter = wk_filter_create(&options, &out, &wk_heap_allocator);
        if (!drain->filter) {
            wk_diag("no memory for WICK_FILTER and WICK_MIN: nothing is left out");
        }
    }
    for (const struct wk_sink_ops *const *ops = wk_sinks; *ops && drain->sink_count < WK_SINKS_MAX; ops++) {
        if (!(*ops)->wanted || (*ops)->wanted(drain->run.config)) {
            drain->unopened = !open_sink(drain, *ops) || drain->unopened;
        }
    }
}

/* A misspelt pattern would do nothing, and say nothing. */
static void say_unmatched(const struct wk_filter *filter)
{
    struct wk_glob_entry entry;

    /* The companion library may have matched it with a function's name, which is not known here. */
    for (uint32_t at = 0; !&wick_i_functions_on_v1 && wk_filter_unmatched(filter, &at, &entry);) {
        if (!wk_site_any_off(entry.glob, entry.bytes)) {
            wk_diag("WICK_FILTER: no scope matches '%c%.*s'", entry.keeps ? '+' : '-', (int)entry.bytes, entry.glob);
        }
    }
}

/* What is open ended when the program did, not when all was written, but not before what it recorded after that. */
static int64_t close_ns(const struct wk_drain *drain, const struct wk_thread *thread, int64_t stop_ns)
{
    int64_t last_ns = thread->track ? drain->tracks[thread->track - 1].last_ns : stop_ns;

    return last_ns > stop_ns ? last_ns : stop_ns;
}

bool wk_drain_close(struct wk_drain *drain, int64_t deadline_ns, uint64_t stop_ticks)
{
    bool complete = true;

    drain->closing = true;
    while (drain->batch && !wk_drain_tick(drain) && wk_clock_mono_ns() < deadline_ns) {
        wk_clock_sleep(CLOSE_PAUSE_NS);
    }
    complete = drain->batch && !drain->behind && !drain->unopened;
    if (drain->batch && drain->behind) {
        wk_diag("the outputs could not take all events in time: the rest is lost, and counted (WICK_SHUTDOWN)");
    }
    int64_t end_ns = wk_timekeeper_now_ns(&drain->time);
    int64_t stop_ns = stop_ticks ? wk_timeline_ns(&drain->time.timeline, stop_ticks) : end_ns;
    for (struct wk_thread *thread = wk_live_first(); drain->batch && thread; thread = wk_thread_at(thread->next)) {
        wk_stats_add_left(thread, &drain->totals);
        wk_comm_read(thread);
    }
    for (struct wk_thread *thread = wk_live_first(); drain->batch && thread; thread = wk_thread_at(thread->next)) {
        close_track(drain, thread, close_ns(drain, thread, stop_ns), WICK_UNFINISHED_EXIT);
    }
    if (drain->filter) {
        wk_filter_tick(drain->filter, INT64_MAX);
    }
    if (drain->batch && drain->files_told != drain->files) { /* the last file began just now */
        take_lines(drain, end_ns);
    }
    if (drain->run.config->calibrate) {
        struct wk_last_words words = {drain, end_ns};

        wk_run_machine_end(say_property, &words);
    }
    wk_stats_write(drain, end_ns);
    if (drain->batch) {
        wk_sinks_rollup(drain, end_ns);
    }
    for (uint32_t i = 0; i < drain->sink_count; i++) {
        complete = drain->sinks[i].ops->close(drain->sinks[i].sink, end_ns, deadline_ns) && complete;
    }
    drain->sink_count = 0;
    drain->totals.left_out += wk_filter_left_out(drain->filter);
    drain->closed.lost += wk_filter_refused(drain->filter);
    say_unmatched(drain->filter);
    wk_filter_destroy(drain->filter);
    drain->closed.lost += drain->run_tree ? drain->run_tree->lost : 0;
    wk_run_tree_release(drain->run_tree);
    free(drain->tracks);
    free(drain->batch);
    drain->run_tree = NULL;
    drain->filter = NULL;
    drain->tracks = NULL;
    drain->batch = NULL;
    drain->track_count = drain->track_capacity = 0;
    return complete;
}

/* What children have let go of, in case their host looks for leaks: a child's, its child's ... It is not freed, since
 * the parent's threads may have been at work on it. */
static struct {
    void *tracks, *batch, *filter, *run_tree, *sinks[WK_SINKS_MAX];
} abandoned[8];

void wk_drain_abandon(struct wk_drain *drain)
{
    static uint32_t generation;
    uint32_t at = generation++ % (sizeof abandoned / sizeof abandoned[0]);

    abandoned[at].tracks = drain->tracks;
    abandoned[at].batch = drain->batch;
    abandoned[at].filter = drain->filter;
    abandoned[at].run_tree = drain->run_tree;
    for (uint32_t i = 0; i < drain->sink_count; i++) {
        abandoned[at].sinks[i] = drain->sinks[i].sink;
    }
    for (uint32_t i = 0; i < drain->sink_count; i++) {
        if (drain->sinks[i].ops->abandon) {
            drain->sinks[i].ops->abandon(drain->sinks[i].sink);
        }
    }
    *drain = (struct wk_drain){0};
}

void wk_drain_end_counts(void)
{
    for (struct wk_thread *thread = wk_live_first(); thread; thread = wk_thread_at(thread->next)) {
        const struct wk_owner *owner = wk_thread_owner(&thread->hot);

        /* Relaxed: counts that the owner may still be adding to. */
        thread->before.dropped_signal = __atomic_load_n(&owner->dropped_signal, __ATOMIC_RELAXED);
        thread->before.stale_end = __atomic_load_n(&owner->stale_end, __ATOMIC_RELAXED);
        thread->before.text_cut = __atomic_load_n(&owner->text_cut, __ATOMIC_RELAXED);
    }
}
