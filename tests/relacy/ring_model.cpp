/*
 * SPDX-License-Identifier: MIT
 * The ring's algorithm under relacy, compiled from the real text (real_text.inc): hand-over, credit rule, larger
 * rings, ends of threads, recycling, sites, the switch. Each scenario is a few threads and what must hold.
 * It must not decide anything itself: what it stands in for (decoding, lanes, pages) only checks and counts.
 * usage: below.
 */
#include "model_types.h"

#include <sstream>
#include <unistd.h>

struct model_world *world;
struct wick_event model_slots[MODEL_SLOTS];

void model_touch(const void *place, bool is_store)
{
    size_t index = (size_t)((const struct wick_event *)place - model_slots);

    if ((const char *)place < (const char *)model_slots || index >= MODEL_SLOTS) {
        return; /* on a stack */
    }
    if (is_store) {
        world->touched[index]($).store(0);
    } else {
        (void)world->touched[index]($).load();
    }
}

/* ---- what the real text calls ------------------------------------------------------------------ */

struct wk_rendered {
    uint32_t bytes;
    bool refused;
};
struct wk_pool_pieces {};
struct ending {
    const unsigned *uncaught;
    uint32_t by_exception;
    int64_t cpu_ns;
};
static const uint32_t not_known = 1;
static const uint32_t *wk_thread_uncaught_unknown() { return &not_known; }
enum { THREADS_PER_CHUNK = 1, WK_SITE_CHUNK = 1, WK_SITE_CHUNKS = MODEL_SITES, OWN_SEGMENT_CLASS = 1 };
enum { SPARE_BYTES_MAX = 1 << 20, CACHED_SLOTS = 65536, WAIT_STEP_NS = 0, DECISION_PAUSE_NS = 0 };
enum { DESTRUCTOR_ROUNDS = 1, UNDER_LEVELS = 2 };
enum { WK_GATE_OPEN, WK_GATE_INSIDE, WK_GATE_SLOW };
enum { WK_ON_OFF, WK_ON_UNDECIDED, WK_ON_RECORDING };
enum { WICK_E_TIMEOUT = -1, WICK_E_IO = -2, WICK_E_BUSY = -3, WICK_UNFINISHED_THREAD = 1, WICK_I_SITE_DYNAMIC = 3 };

#define WICK_I_INLINE static inline
#define WICK_I_UNLIKELY(x) (x)
#define WICK_I_CAST(type, x) ((type)(x))
#define WK_SETTING(name) __atomic_load_n(&wk_recorder.name, __ATOMIC_RELAXED)
#define errno (*model_errno())
#define memset model_clear
#define memcpy model_link
#define wk_clock_sleep(ns) rl::yield(1, $)
#define pthread_mutex_lock(mutex) (mutex)->lock($)
#define pthread_mutex_trylock(mutex) !(mutex)->try_lock($)
#define pthread_mutex_unlock(mutex) (mutex)->unlock($)
#define pthread_setcancelstate(next, old) ((void)(old))
#define pthread_setspecific(key, value) 0
#define wk_condition_wait(condition, mutex, deadline) (wk_runtime.ended = wk_runtime.complete = true)
#define pthread_join(thread, result) ((void)0)
#define pthread_detach(thread) ((void)0)
#define syscall(...) 1
#define wk_diag(...) ((void)0)
#define wk_diag_hold() ((void)0)
#define wk_diag_release() ((void)0)
#define getpid() 1

static int *model_errno() { static int number; return &number; }

/* Time passes at each look. */
static uint64_t wk_clock_ticks(bool) { return ++world->ticks; }
static uint64_t wick_i_ticks() { return ++world->ticks; }
static int64_t wk_clock_mono_ns() { return (int64_t)(world->now_ns += 1000000); }
static int64_t wk_clock_cpu_ns() { return 0; }
static int64_t wk_timekeeper_now_ns(const void *) { return 0; }
static void wk_recorder_wake() {}
static bool wk_handler_running() { return false; }
static bool wk_fork_unseen() { return false; }
static bool wk_worker_here() { return false; }
static bool wk_worker_records() { return false; }
static bool leaves(struct wick_i_thread *, uint32_t, const unsigned *) { return false; }
static bool first_event();
static bool (*const wk_record_first_event)() = first_event;
static void decide_locked();
static void describe(struct wk_thread *thread, const char *fiber) { thread->is_fiber = fiber != nullptr; }
static void hear_own_comm(struct wk_thread *) {}
static void (*wick_i_fiber_ended_v1)(uint32_t) = nullptr;
static int64_t cpu_ns_of(struct wick_i_thread *) { return 0; }
static int wk_error_set(int code, ...) { return code; }

static void model_clear(struct wk_thread *thread, int, size_t)
{
    struct wick_i_thread *hot = &thread->hot;
    struct wk_owner *owner = &hot->owner;

    hot->ring = nullptr;
    hot->head = hot->tail = hot->limit = hot->mask = hot->gate = 0;
    hot->top = 0;
    owner->lost = owner->dropped_signal = owner->stale_end = owner->text_cut = 0;
    owner->lost_pending = owner->lost_first_ticks = 0;
    owner->base = owner->reserve = owner->end_slots = owner->rounds = 0;
    thread->next = thread->self = thread->ring = 0;
    thread->read[0].reference = thread->read[1].reference = 0;
    thread->read[0].mask = thread->read[1].mask = thread->read[0].base = thread->read[1].base = 0;
    thread->upto = thread->unders_read = thread->reading = thread->serial = thread->tid = thread->pid = 0;
    thread->track = 0;
    thread->being_read = thread->is_fiber = false;
    thread->carrier.store(nullptr, rl::mo_relaxed);
    thread->unders = 0;
    thread->told = 0;
}

/* What C's void pointer becomes. */
struct model_place {
    uint64_t reference;
    operator struct wick_event *() const { return (struct wick_event *)reference; }
    operator struct wk_site *() const { return (struct wk_site *)reference; }
};

static struct model_place wk_pool_at(uint64_t reference) { return {reference}; }
static struct wk_thread *wk_thread_at(uint64_t reference) { return (struct wk_thread *)reference; }

/* For other processes, which are not here. */
static void wk_pool_publish(field<uint64_t> *word, uint64_t value) { *word = value; }

/* The first words of a free block are its link. */
static void model_link(struct wick_event *slots, field<uint64_t> *next, size_t)
{
    model_touch(slots, true);
    world->links[slots - model_slots] = *next;
}

static void model_link(field<uint64_t> *next, struct wick_event *slots, size_t)
{
    model_touch(slots, false);
    *next = world->links[slots - model_slots];
}

/* The classes of the pool are those of rings here, and nothing else is in it. */
static uint64_t wk_pool_class_bytes(uint32_t class_) { return WK_RING_SLOTS_FIRST * sizeof(struct wick_event) << 4 * class_; }
static uint32_t wk_pool_class(uint64_t bytes) { return bytes > wk_pool_class_bytes(0); }
static void empty_block(uint64_t, uint64_t) {}

static uint64_t alloc_locked(uint64_t bytes, uint64_t)
{
    size_t slots = bytes / sizeof(struct wick_event);

    if (world->slots_used + slots > MODEL_SLOTS) {
        return 0;
    }
    world->slots_used += (uint32_t)slots;
    return (uint64_t)&model_slots[world->slots_used - slots];
}

static uint64_t alloc_own_locked(uint64_t bytes, uint64_t alignment) { return alloc_locked(bytes, alignment); }

static uint64_t wk_pool_piece_locked(struct wk_pool_pieces *, uint64_t, uint64_t)
{
    return world->threads_used < world->threads_max ? (uint64_t)&world->threads[world->threads_used++] : 0;
}

static uint64_t wk_pool_alloc(uint64_t, uint64_t)
{
    return world->sites_used < MODEL_SITES ? (uint64_t)&world->site_memory[world->sites_used++] : 0;
}

static void write_text(struct wick_i_thread *, uint32_t, struct wk_rendered *) {}
static void wk_rendered_done(struct wk_rendered *) {}
static void wk_bound_fail(struct wick_i_thread *, const struct wk_rendered *) {}
static void wk_bound_thrown(struct wick_i_thread *, uint64_t) {}
static void wk_bound_leave(struct wick_i_thread *, uint64_t, const char *) {}
static void wk_thread_free_text(uint64_t, uint64_t) {}
struct wk_long_texts {};
static const struct wk_long_texts long_texts = {};
static uint32_t wk_site_intern(struct wick_site *, const char *, uint32_t) { return 0; }

static struct site_draft draft_of(const struct wick_site *place, const char *literal, uint32_t)
{
    return {place, literal};
}

static void qualify_locked(struct site_draft *) {}
static uint32_t find_locked(const struct site_draft *draft)
{
    for (uint32_t i = 0; i < world->sites_used; i++) {
        if (world->site_memory[i].literal == draft->literal) {
            return i + 1;
        }
    }
    return 0;
}

static bool grow_buckets_locked() { return true; }
static uint32_t number_locked(const struct site_draft *) { return 1; }
static void link_locked(uint32_t, bool) {}
static void set_off_locked(uint32_t) {}
static bool wk_site_is_off(uint32_t) { return false; }

static bool fill_locked(struct wk_site *site, const struct site_draft *draft, uint32_t number)
{
    site->literal = draft->literal;
    site->number = number;
    return true;
}

#include "real_types.inc"

/* What stands for the model and the sinks: below. */
static enum wk_decode_stop wk_decode(struct wk_decoder *, struct wk_span *, const void *, const void *, const void *);
static struct wk_drain_track *wk_lane_of(struct wk_drain *drain, struct wk_thread *thread);
static void wk_stats_add_thread(struct wk_thread *thread, uint64_t *lost);
static void close_track(struct wk_drain *, struct wk_thread *, int64_t, int) {}
static void note_lag(struct wk_drain *, const struct wk_span *) {}
static void note_last(struct wk_drain_track *, const int *) {}
static void deliver(struct wk_drain *) {}
static bool wk_sinks_ready(const struct wk_drain *) { return true; }
static struct wick_i_begun wick_i_begin_slow(struct wick_site *site);
static uint64_t wick_i_end_slow(uint64_t token);
static bool drain_thread(struct wk_drain *drain, struct wk_thread *thread, struct reading *reading);
static const int wk_heap_allocator = 0;

#define class class_
#include "real_code.inc"
#undef class

/* ---- what stands for the configuration ------------------------------------------------------------ */

static void decide_locked()
{
    if (on_now() != WK_ON_UNDECIDED) {
        return;
    }
    wk_recorder.tsc = true;
    run_begins_locked();
}

/* ---- what stands for the model and the sinks ------------------------------------------------------ */

/* Every slot as its owner wrote it, in its order, each scope with its own end, each site known. */
static void check_event(struct wk_decoder *decoder, const struct wick_event *event)
{
    uint32_t kind = wk_event_kind(event->info);
    uint32_t depth = wk_event_depth(event->info);

    if (kind != WK_EVENT_SWITCH) {
        RL_ASSERT(event->ticks > decoder->last_ticks);
        decoder->last_ticks = event->ticks;
    }
    if (kind == WK_EVENT_START || kind == WK_EVENT_MARK) {
        const struct wk_site *site = wk_site_get(event->site);

        RL_ASSERT(site && site->number == 1);
        RL_ASSERT(site->literal == world->places[0].literal || site->literal == world->places[1].literal);
        decoder->recorded++;
    }
    RL_ASSERT(kind == WK_EVENT_START || kind == WK_EVENT_END || kind == WK_EVENT_EXIT || kind == WK_EVENT_MARK ||
              kind == WK_EVENT_LOST || kind == WK_EVENT_SWITCH);
    decoder->depth += kind == WK_EVENT_START;
    if ((kind == WK_EVENT_START || kind == WK_EVENT_END || kind == WK_EVENT_EXIT) && !world->torn) {
        RL_ASSERT(depth == decoder->depth);
    }
    decoder->depth -= kind == WK_EVENT_END;
}

/* As wk_drain_name_sites: the entries up to the count, whichever events have been read. */
static void name_sites()
{
    for (uint32_t id = 1, count = wk_site_count(); id <= count; id++) {
        RL_ASSERT(entry(id)->number == 1);
    }
}

static enum wk_decode_stop decode(struct wk_decoder *decoder, struct wk_span *span)
{
    while (span->tail != span->head) {
        const struct wick_event *event = &span->slots[span->tail & span->mask];
        uint32_t kind = wk_event_kind(event->info);

        check_event(decoder, event);
        if (kind == WK_EVENT_SWITCH) {
            union wk_event_more more = {.event = span->slots[(span->tail + 1) & span->mask]};

            span->next_ring = more.ring.reference;
            span->next_mask = (uint32_t)more.ring.mask;
        }
        span->tail += 1 + wk_event_slots(event->info);
        if (kind == WK_EVENT_SWITCH) {
            return WK_DECODE_SWITCH;
        }
        if (kind == WK_EVENT_EXIT) {
            return WK_DECODE_EXIT;
        }
    }
    return WK_DECODE_EMPTY;
}

static enum wk_decode_stop wk_decode(struct wk_decoder *decoder, struct wk_span *span, const void *, const void *,
                                     const void *)
{
    enum wk_decode_stop stop = decode(decoder, span);

    name_sites();
    return stop;
}

static struct wk_drain_track *wk_lane_of(struct wk_drain *drain, struct wk_thread *thread)
{
    if (!thread->track) {
        RL_ASSERT(drain->track_count < sizeof drain->tracks / sizeof drain->tracks[0]);
        thread->track = ++drain->track_count;
    }
    return &drain->tracks[thread->track - 1];
}

static void wk_stats_add_thread(struct wk_thread *thread, uint64_t *lost)
{
    *lost += __atomic_load_n(&thread->hot.owner.lost, __ATOMIC_RELAXED);
    world->drain.ended++;
}

/* ---- scenarios ------------------------------------------------------------------------------- */

static void scope(uint32_t place, uint32_t depth)
{
    uint64_t token;

    world->attempted++;
    token = wick_i_begin(&world->places[place]).token;
    if (depth > 1) {
        scope(place, depth - 1);
    }
    (void)wick_i_end(token);
}

static void mark(uint32_t place)
{
    world->attempted++;
    wick_i_mark(&world->places[place]);
}

/* A thread's life: `scopes` scopes, each around `depth` - 1 others, a mark, its end. */
static void live(uint32_t scopes, uint32_t depth)
{
    uint32_t index = rl::thread_index();

    for (uint32_t i = 0; i < scopes; i++) {
        scope(i >> 1 & 1, depth);
    }
    mark(index & 1);
    if (wick_i_tls_v1) {
        world->attached++;
        wk_thread_exit(wk_thread_of(wick_i_tls_v1));
    }
    life = {}; /* the next one is another thread of the program */
}

static void drain_all()
{
    struct wk_drain *drain = &world->drain;

    do {
        take_fresh(drain);
        empty_rings(drain);
        rl::yield(1, $);
    } while (world->at_work || drain->ended < world->attached);
}

/* recorded + lost == attempted, exactly. */
static void check_counts()
{
    uint64_t recorded = 0;

    for (uint32_t i = 0; i < world->drain.track_count; i++) {
        recorded += world->drain.tracks[i].decoder.recorded;
    }
    RL_ASSERT(recorded + world->drain.totals + world->recorder.dropped_attach.newest == world->attempted);
}

/* What the scenarios share: a world for each interleaving. */
template <class T, int threads> struct scenario : rl::test_suite<T, threads> {
    void before()
    {
        world = ::new model_world;
        world->recorder.root = &world->root;
        sites.table = &world->site_table;
        world->recorder.ring_start = rl::rand(2) ? 0 : UINT32_MAX - 4;
        world->recorder.ring_slots_max.store(WK_RING_SLOTS_FIRST, rl::mo_relaxed);
        world->recorder.wait_ms.store(20, rl::mo_relaxed);
        world->recorder.tsc = true;
    }
    void after()
    {
        ::delete world;
    }
};

/* One producer, one drain, a ring of eight slots: hand-over and the credit rule, whatever is lost. */
struct handover : scenario<handover, 2> {
    void before() { scenario::before(); world->at_work = 1; }
    void thread(unsigned index)
    {
        if (index == 0) {
            live(6, 1);
            world->at_work--;
        } else {
            drain_all();
        }
    }
    void after() { check_counts(); scenario::after(); }
};

/* Nothing is lost while it is waited for. */
struct waiting : scenario<waiting, 2> {
    void before()
    {
        scenario::before();
        world->at_work = 1;
        world->recorder.wait.store(true, rl::mo_relaxed);
        world->recorder.wait_ms.store(1000, rl::mo_relaxed);
    }
    void thread(unsigned index) { handover().thread(index); }
    void after()
    {
        RL_ASSERT(world->drain.totals == 0);
        check_counts();
        scenario::after();
    }
};

/* Nesting that the first ring cannot hold: a larger one is linked, the old one goes back. */
struct growth : scenario<growth, 2> {
    void before()
    {
        scenario::before();
        world->at_work = 1;
        world->recorder.ring_slots_max.store(WK_RING_SLOTS_FIRST << 4, rl::mo_relaxed);
    }
    void thread(unsigned index)
    {
        if (index == 0) {
            live(2, 3);
            world->at_work--;
        } else {
            drain_all();
        }
    }
    void after() { check_counts(); scenario::after(); }
};

/* Four lives in two threads' memory: what has ended is used again, while another thread records. */
struct recycling : scenario<recycling, 3> {
    void before() { scenario::before(); world->at_work = 2; }
    void thread(unsigned index)
    {
        if (index == 2) {
            return drain_all();
        }
        live(3, 1);
        live(1, 1);
        world->at_work--;
    }
    void after() { check_counts(); scenario::after(); }
};

/* A run begins while a thread of an earlier one records. */
struct restart : scenario<restart, 2> {
    void before()
    {
        scenario::before();
        world->at_work = 1;
        world->torn = true;
    }
    void thread(unsigned index)
    {
        struct wk_drain *drain = &world->drain;

        if (index == 0) {
            live(7, 1);
            world->at_work--;
            return;
        }
        for (int run = 0; run < 4; run += wk_live_first() != nullptr) {
            take_fresh(drain);
            for (struct wk_thread *thread = wk_live_first(); thread; thread = wk_thread_at(thread->next)) {
                begin_anew(thread, world->ticks);
            }
            rl::yield(1, $);
        }
        drain_all();
    }
};

/* A fiber goes from thread to thread, which hand it over without any order of their own. */
struct handing : scenario<handing, 2> {
    static void turn()
    {
        RL_ASSERT(switch_to(world->fiber.track, wick_i_tls_v1) == 0);
        scope(1, 1);
        wick_fiber_leave();
    }
    void before()
    {
        scenario::before();
        world->at_work = 2;
        world->threads_max = 3;
    }
    void thread(unsigned index)
    {
        scope(0, 1);
        if (index == 0) {
            world->fiber.track = attach("fiber");
            world->attached++;
            turn();
            world->handed_over.store(true, rl::mo_relaxed);
        } else {
            while (!world->handed_over.load(rl::mo_relaxed)) {
                rl::yield(1, $);
            }
            turn();
            RL_ASSERT(wick_fiber_fini(&world->fiber) == 0);
        }
        live(0, 1);
        world->at_work--;
        if (index == 1) {
            drain_all();
        }
    }
    void after() { check_counts(); scenario::after(); }
};

/* The end of recording against wick_resume in another thread, which must not switch it on again. */
struct stopping : scenario<stopping, 3> {
    void thread(unsigned index)
    {
        if (index == 0) {
            stop_locked(0);
        } else if (index == 1) {
            wick_resume();
        } else {
            wick_pause();
        }
    }
    void after()
    {
        RL_ASSERT(world->on.newest == WK_ON_OFF);
        scenario::after();
    }
};

/* Likewise, when a new run begins at once: wick_resume must not leave it switched off. */
struct starting : scenario<starting, 2> {
    void thread(unsigned index)
    {
        if (index == 1) {
            return wick_resume();
        }
        stop_locked(0);
        run_begins_locked();
    }
    void after()
    {
        RL_ASSERT(world->on.newest == WK_ON_RECORDING);
        scenario::after();
    }
};

/* The first events of two threads: one decides, the other sees what that prepared. */
struct deciding : scenario<deciding, 2> {
    void before()
    {
        scenario::before();
        world->on.store(WK_ON_UNDECIDED, rl::mo_relaxed);
        world->recorder.tsc = false;
    }
    void thread(unsigned)
    {
        RL_ASSERT(first_event());
        RL_ASSERT(wk_recorder.tsc);
    }
};

/* ---- the program ----------------------------------------------------------------------------- */

static const struct {
    const char *name;
    bool (*run)(rl::test_params &params);
} scenarios[] = {{"handover", rl::simulate<handover>}, {"waiting", rl::simulate<waiting>},
                 {"growth", rl::simulate<growth>},     {"recycling", rl::simulate<recycling>},
                 {"restart", rl::simulate<restart>},   {"handing", rl::simulate<handing>},
                 {"stopping", rl::simulate<stopping>}, {"starting", rl::simulate<starting>},
                 {"deciding", rl::simulate<deciding>}};

/* The orders that the scenario came by, and for each what is one step weaker. */
static void print_orders()
{
    for (const order_site *site = order_site::all; site; site = site->next) {
        if (site->order == rl::mo_seq_cst) {
            printf("acq_rel %s\n", site->name);
        }
        if (site->order == rl::mo_acq_rel) {
            printf("acquire %s\nrelease %s\n", site->name, site->name);
        }
        if (site->order == rl::mo_acquire || site->order == rl::mo_release) {
            printf("relaxed %s\n", site->name);
        }
    }
}

static bool parse_option(const char *name, const char *value, rl::test_params *params)
{
    if (strcmp(name, "--iterations") == 0) {
        params->iteration_count = strtoul(value, nullptr, 10);
    } else if (strcmp(name, "--bound") == 0) {
        params->search_type = rl::fair_context_bound_scheduler_type;
        params->context_bound = (unsigned)strtoul(value, nullptr, 10);
    } else if (strncmp(name, "--weaken=", 9) == 0) {
        order_site::weakened = value;
        order_site::weaker = strcmp(name + 9, "acquire") == 0   ? rl::mo_acquire
                             : strcmp(name + 9, "release") == 0 ? rl::mo_release
                             : strcmp(name + 9, "acq_rel") == 0 ? rl::mo_acq_rel
                                                                : rl::mo_relaxed;
    } else {
        return false;
    }
    return true;
}

static const char usage[] =
    "usage: ring_model SCENARIO [--iterations N | --bound SWITCHES] [--weaken=ORDER 'FILE:LINE FUNCTION'] [--orders]\n";

int main(int argc, char **argv)
{
    rl::test_params params;
    std::ostringstream out;
    bool orders = argc > 2 && strcmp(argv[argc - 1], "--orders") == 0;

    params.output_stream = params.progress_stream = &out;
    params.execution_depth_limit = 20000;
    for (int i = 2; i + 1 < argc; i += 2) {
        if (!parse_option(argv[i], argv[i + 1], &params)) {
            fputs(usage, stderr);
            return 2;
        }
    }
    for (const auto &scenario : scenarios) {
        if (argc < 2 || strcmp(scenario.name, argv[1]) != 0) {
            continue;
        }
        if (scenario.run(params)) {
            if (orders) {
                print_orders();
            }
            printf("%s: %lu interleavings\n", scenario.name, (unsigned long)params.stop_iteration);
            return 0;
        }
        fprintf(stderr, "%s", out.str().c_str());
        printf("%s: %s in interleaving %lu\n", scenario.name, rl::test_result_str(params.test_result),
               (unsigned long)params.stop_iteration);
        fflush(nullptr);
        _exit(1); /* what the failed world holds is not taken down */
    }
    fputs(usage, stderr);
    return 2;
}
