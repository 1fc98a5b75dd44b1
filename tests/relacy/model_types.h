/*
 * SPDX-License-Identifier: MIT
 * The types of the recorder and the drain as relacy sees them: the names and fields of the real ones, each shared
 * word as what it may be used for; and one world of them, made anew for each interleaving.
 * A field that the real text uses and that is not here does not compile. Rings are small: they wrap at once.
 */
#ifndef WICK_TESTS_RELACY_MODEL_TYPES_H
#define WICK_TESTS_RELACY_MODEL_TYPES_H

#include "model_words.h"

enum { MODEL_THREADS = 3, MODEL_LIVES = 3, MODEL_SLOTS = 160, MODEL_SITES = 4 };

/* ---- slots: memory that is handed over, recycled, read by whoever holds it ----------------------- */

struct wick_event;
void model_touch(const void *word, bool is_store);

/* A field of a slot: trivial, since it lies in unions too; races are noted for its place in a ring. */
template <class T> struct slot_word {
    T value;

    slot_word() = default;
    slot_word(T first) : value(first) {}
    slot_word(const slot_word &other) : value(T(other)) {}
    operator T() const { model_touch(this, false); return value; }
    slot_word &operator=(T next) { model_touch(this, true); value = next; return *this; }
    slot_word &operator=(const slot_word &other) { return *this = T(other); }
};

struct wick_event {
    slot_word<uint64_t> ticks;
    slot_word<uint32_t> site;
    slot_word<uint32_t> info;
};

union wk_event_more {
    struct wick_event event;
    struct { int64_t cpu_ns; uint64_t unused; } cpu;
    struct { uint64_t first_ticks, count; } lost;
    struct { uint64_t reference, bytes; } jumbo;
    struct { uint64_t reference, mask; } ring;
};

/* ---- threads --------------------------------------------------------------------------------- */

/* 16 times larger from class to class, as the real ones; small, to be full and to wrap soon. */
enum { WK_RING_CLASSES = 2, WK_RING_SLOTS_FIRST = 8, WK_EVENT_TEXT_MAX = 2016 };

struct wk_owner {
    word<uint64_t> lost, dropped_signal, stale_end, text_cut;
    field<uint64_t> lost_pending, lost_first_ticks;
    field<uint32_t> base, reserve, end_slots, rounds;
};

struct wick_i_thread {
    field<struct wick_event *> ring;
    field<uint64_t> top;
    word<uint32_t> head;
    field<uint32_t> limit, mask, gate;
    const uint32_t *uncaught; /* the owner's: no exceptions here */
    word<uint32_t> tail;
    struct wk_owner owner;
};

struct wk_read_ring {
    field<uint64_t> reference;
    field<uint32_t> mask, base;
};

struct wk_thread {
    struct wick_i_thread hot;
    field<uint64_t> next, self, ring;
    struct wk_read_ring read[2];
    field<uint32_t> upto, unders_read, reading, serial, tid, pid, track;
    field<bool> being_read, is_fiber, gave_up;
    field<uint32_t> gave_up_at;
    flag<struct wick_i_thread *> carrier;
    word<uint32_t> unders;
    field<int64_t> since_ns;
    field<uint64_t> told;
    struct { field<uint64_t> lost, dropped_signal, stale_end, text_cut; } before;
};

static inline struct wk_owner *wk_thread_owner(struct wick_i_thread *hot) { return &hot->owner; }
static inline struct wk_thread *wk_thread_of(struct wick_i_thread *hot) { return (struct wk_thread *)(void *)hot; }

struct wick_fiber {
    struct wick_i_thread *track;
    uint32_t process;
};

/* ---- sites ----------------------------------------------------------------------------------- */

struct wick_site {
    const char *literal, *function;
    uint32_t kind;
    flag<uint32_t> id;
};

struct wk_site {
    field<const char *> literal;
    field<uint32_t> number;
};

struct site_draft {
    const struct wick_site *place;
    const char *literal;
};

/* ---- the drain ------------------------------------------------------------------------------- */

struct wk_decoder {
    uint32_t depth;
    uint64_t recorded, last_ticks;
};

struct wk_drain_track {
    struct wk_decoder decoder;
};

struct wk_drain {
    struct { int timeline; } time;
    struct { int64_t start_ns; } run;
    struct wk_drain_track tracks[MODEL_THREADS * 4];
    uint32_t track_count;
    int *batch;
    int64_t tick_ns, fresh_ns;
    bool behind;
    uint64_t totals; /* lost by threads that have ended, */
    uint32_t ended;  /* and how many they are */
};

/* ---- the world ------------------------------------------------------------------------------- */

enum state { IDLE, RUNNING, STOPPING }; /* as in runtime_state.h */

/* References are addresses: what is looked at here is who touches what when, not where it lies. */
struct model_root {
    field<uint64_t> fresh, live;
};

struct model_site_table {
    field<uint64_t> chunks[MODEL_SITES];
};

struct model_world {
    struct model_root root;
    struct model_site_table site_table;
    struct {
        rl::mutex lock;
        struct model_root *root;
        int key;
        bool key_good = true;
        field<bool> tsc;
        flag<bool> cpu_time, wait, log_failed;
        flag<uint32_t> wait_ms, ring_slots_max, wake, pauses;
        field<uint32_t> next_serial;
        uint32_t process = 0;
        uint32_t ring_start = 0;
        field<struct wk_thread *> fresh_last;
        field<uint64_t> free_threads;
        flag<uint64_t> dropped_attach, dropped_dead, dropped_signal;
    } recorder;
    struct {
        rl::mutex lock;
        field<uint64_t> free_blocks[WK_RING_CLASSES];
        field<uint32_t> free_count[WK_RING_CLASSES];
    } pool;
    struct {
        rl::mutex lock;
        struct model_site_table *table;
        uint32_t bucket_count = MODEL_SITES;
        word<uint32_t> count;
    } sites;
    struct {
        rl::mutex control, lock;
        flag<enum state> state{RUNNING};
        flag<bool> paused_early;
        struct { uint32_t shutdown_ms; } config;
        int64_t deadline_ns;
        int answered, thread;
        uint32_t visitors = 0;
        bool stop, ended, complete;
    } runtime;
    flag<uint32_t> on{2}; /* WK_ON_RECORDING */
    flag<uint32_t> sites_off{1};
    struct { uint8_t busy, dead, gate; } lives[MODEL_THREADS] = {};
    struct wick_i_thread *tls[MODEL_THREADS] = {};
    /* Memory: what is taken is never given back but through the recorder's lists. */
    struct wk_thread threads[MODEL_LIVES];
    uint32_t threads_max = 2; /* fewer than lives: they are recycled */
    struct wk_site site_memory[MODEL_SITES];
    rl::var<int> touched[MODEL_SLOTS];
    uint64_t links[MODEL_SLOTS] = {};
    uint32_t threads_used = 0, slots_used = 0, sites_used = 0;
    uint64_t ticks = 0;
    uint64_t now_ns = 0;
    /* Of all producers. */
    struct wick_site places[2] = {{"one", "f", 1, {}}, {"two", "f", 1, {}}};
    uint64_t attempted = 0;
    uint32_t at_work = 0, attached = 0;
    struct wick_fiber fiber = {};
    flag<bool> handed_over;
    bool torn = false; /* a run began between START and END */
    struct wk_drain drain = {};
};

extern struct model_world *world;
extern struct wick_event model_slots[MODEL_SLOTS];

#define wk_recorder (world->recorder)
#define pool (world->pool)
#define sites (world->sites)
#define wk_runtime (world->runtime)
#define wick_i_on_v1 (world->on)
#define wick_i_sites_off_v1 (world->sites_off)
#define wick_i_tls_v1 (world->tls[rl::thread_index()])
#define life (world->lives[rl::thread_index()])

#endif
