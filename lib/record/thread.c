/*
 * SPDX-License-Identifier: MIT
 * Attach, grow, exit. See thread.h.
 */
#include "thread.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "base/worker.h"
#include "bound.h"
#include "handler.h"
#include "recorder.h"

enum {
    THREADS_PER_CHUNK = 64,
    CACHED_SLOTS = 65536,   /* 1 MiB: what a second-level cache holds */
    WAIT_STEP_NS = 50000,
    DESTRUCTOR_ROUNDS = 3,  /* later than the destructors of libraries that may still record */
};

__thread struct wick_i_thread *wick_i_tls_v1 __attribute__((tls_model("initial-exec")));

/* One more word of TLS: attaching may run the host's malloc, which may record. */
static __thread struct {
    uint8_t busy;
    uint8_t dead;
    uint8_t gate; /* before fork */
} life __attribute__((tls_model("initial-exec")));

/* What wick_i_thread.uncaught points at before the first end of a scope of C++. */
static const uint32_t not_known = 1;

static uint32_t class_slots(uint32_t class)
{
    return (uint32_t)WK_RING_SLOTS_FIRST << 4 * class;
}

static uint32_t class_of_mask(uint32_t mask)
{
    uint32_t class = 0;

    while (class < WK_RING_CLASSES - 1 && class_slots(class) <= mask) {
        class++;
    }
    return class;
}

static uint32_t pool_class(uint32_t class)
{
    return wk_pool_class(class_slots(class) * sizeof(struct wick_event));
}

/* ---- memory ---------------------------------------------------------------------------------- */

static uint64_t pop_thread_locked(void)
{
    static struct wk_pool_pieces unused;
    uint64_t reference = wk_recorder.free_threads;

    if (!reference) {
        return wk_pool_piece_locked(&unused, sizeof(struct wk_thread), sizeof(struct wk_thread) * THREADS_PER_CHUNK);
    }
    wk_recorder.free_threads = wk_thread_at(reference)->next;
    return reference;
}

static void push_thread_locked(uint64_t reference)
{
    wk_thread_at(reference)->next = wk_recorder.free_threads;
    wk_recorder.free_threads = reference;
}

void wk_thread_read_on(struct wk_thread *thread, uint32_t tail, uint64_t reference, uint32_t mask)
{
    struct wk_read_ring *old = &thread->read[thread->reading];
    struct wk_read_ring *next = &thread->read[!thread->reading];
    uint64_t old_ring = old->reference;

    next->mask = mask;
    next->base = tail;
    wk_pool_publish(&next->reference, reference);
    /* Relaxed: the owner has left the old ring, and nothing has been read in the new one. wk_pool_publish orders it for another
     * process. */
    __atomic_store_n(&thread->hot.tail, tail, __ATOMIC_RELAXED);
    wk_pool_publish(&old->reference, 0);
    thread->reading = !thread->reading;
    wk_pool_give(old_ring, pool_class(class_of_mask(old->mask)));
}

void wk_thread_recycle(struct wk_thread *thread)
{
    const struct wk_read_ring *ring = &thread->read[thread->reading];

    wk_pool_give(ring->reference, pool_class(class_of_mask(ring->mask)));
    pthread_mutex_lock(&wk_recorder.lock);
    push_thread_locked(thread->self);
    pthread_mutex_unlock(&wk_recorder.lock);
}

void wk_thread_prepare(uint32_t count)
{
    uint64_t threads[16] = {0};
    uint64_t rings[16] = {0};

    for (uint32_t i = 0; i < count && i < 16; i++) {
        pthread_mutex_lock(&wk_recorder.lock);
        threads[i] = pop_thread_locked();
        pthread_mutex_unlock(&wk_recorder.lock);
        rings[i] = wk_pool_take(pool_class(0));
        if (threads[i]) { /* page faults happen here, without the lock */
            memset(wk_thread_at(threads[i]), 0, sizeof(struct wk_thread));
        }
        if (rings[i]) {
            memset(wk_pool_at(rings[i]), 0, class_slots(0) * sizeof(struct wick_event));
        }
    }
    for (uint32_t i = 16; i-- > 0;) {
        if (threads[i]) {
            pthread_mutex_lock(&wk_recorder.lock);
            push_thread_locked(threads[i]);
            pthread_mutex_unlock(&wk_recorder.lock);
        }
        if (rings[i]) {
            wk_pool_give(rings[i], pool_class(0));
        }
    }
}

/* ---- attach --------------------------------------------------------------------------------- */

static void own_comm(char comm[WK_COMM_BYTES])
{
    memset(comm, 0, WK_COMM_BYTES);
    if (prctl(PR_GET_NAME, comm, 0, 0, 0) != 0) {
        comm[0] = 0;
    }
}

static void default_name(struct wk_thread *thread)
{
    char comm[WK_COMM_BYTES]; /* of a thread that the program did not name: the program's own, cut to 15 bytes */

    own_comm(comm);
    memcpy(thread->comm, comm, sizeof comm);
    thread->is_named = false;
    if (thread->is_fiber) {
        memcpy(thread->name, "fiber", 5);
    } else if (thread->tid == thread->pid) {
        memcpy(thread->name, "main", 5);
    } else if (comm[0] && strncmp(comm, program_invocation_short_name, 15) != 0) {
        memcpy(thread->name, comm, sizeof comm);
    } else {
        thread->name[0] = 0; /* the drain numbers it */
    }
}

static void init_thread(struct wk_thread *thread, uint64_t self, uint64_t ring)
{
    struct wick_i_thread *hot = &thread->hot;
    struct wk_owner *owner = wk_thread_owner(hot);
    uint32_t start = wk_recorder.ring_start;

    memset(thread, 0, sizeof *thread);
    thread->self = self;
    thread->ring = ring;
    thread->read[0].reference = ring;
    thread->read[0].mask = WK_RING_SLOTS_FIRST - 1;
    hot->ring = wk_pool_at(ring);
    hot->uncaught = &not_known;
    hot->mask = WK_RING_SLOTS_FIRST - 1;
    hot->head = hot->tail = owner->base = start;
    hot->limit = start + WK_RING_SLOTS_FIRST / 2;
    hot->gate = wk_recorder.tsc && !WK_SETTING(cpu_time) ? WK_GATE_OPEN : WK_GATE_SLOW;
    owner->end_slots = WK_SETTING(cpu_time) ? 2 : 1;
    owner->reserve = owner->end_slots + 1;
}

static struct wk_thread *new_thread(void)
{
    uint64_t ring = wk_pool_take(pool_class(0));
    struct wk_thread *thread = NULL;

    if (!ring) {
        return NULL;
    }
    pthread_mutex_lock(&wk_recorder.lock);
    uint64_t self = pop_thread_locked();
    uint32_t serial = self ? ++wk_recorder.next_serial : 0;
    pthread_mutex_unlock(&wk_recorder.lock);
    if (self) {
        thread = wk_thread_at(self);
        init_thread(thread, self, ring);
        thread->serial = serial;
        thread->hot.top = (uint64_t)serial << 32;
    } else {
        wk_pool_give(ring, pool_class(0));
    }
    return thread;
}

static void describe(struct wk_thread *thread, const char *fiber)
{
    thread->pid = (uint32_t)getpid();
    if (fiber) {
        thread->is_fiber = true;
        memcpy(thread->name, fiber, strlen(fiber) + 1); /* cut by wick_fiber_init */
    } else {
        thread->tid = (uint32_t)syscall(SYS_gettid);
        default_name(thread);
    }
}

/* Behind those that are there, for the drain; another process finds it from here on. */
static void push_fresh(struct wk_thread *thread)
{
    pthread_mutex_lock(&wk_recorder.lock);
    thread->next = 0;
    if (wk_recorder.root->fresh) {
        wk_pool_publish(&wk_recorder.fresh_last->next, thread->self);
    } else {
        wk_pool_publish(&wk_recorder.root->fresh, thread->self);
    }
    wk_recorder.fresh_last = thread;
    pthread_mutex_unlock(&wk_recorder.lock);
}

/* For the calling thread, or for a fiber. */
static struct wick_i_thread *attach(const char *fiber)
{
    struct wk_thread *thread = NULL;
    int cancel;

    if (life.dead) {
        __atomic_fetch_add(&wk_recorder.dropped_dead, 1, __ATOMIC_RELAXED); /* a count, no order */
        return NULL;
    }
    if (wk_worker_here()) { /* the host's malloc records, and the drain has called it */
        return NULL;
    }
    if (life.busy || (!wk_worker_records() && wk_handler_running())) {
        __atomic_fetch_add(&wk_recorder.dropped_signal, 1, __ATOMIC_RELAXED); /* likewise */
        return NULL;
    }
    life.busy = 1;
    /* Opening a file is a point of cancellation, and the locks must not stay behind. */
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    if (wk_record_first_event()) {
        thread = new_thread();
    }
    if (thread) {
        describe(thread, fiber);
        if (wk_recorder.key_good && !fiber) {
            pthread_setspecific(wk_recorder.key, thread);
        }
        if (!fiber) {
            wick_i_tls_v1 = &thread->hot;
        }
        push_fresh(thread);
    } else if (wick_i_is_on()) {
        __atomic_fetch_add(&wk_recorder.dropped_attach, 1, __ATOMIC_RELAXED); /* likewise */
    }
    pthread_setcancelstate(cancel, NULL);
    life.busy = 0;
    return thread ? &thread->hot : NULL;
}

struct wick_i_thread *wk_thread_attach(void)
{
    return attach(NULL);
}

struct wick_i_thread *wk_thread_attach_fiber(const char *name)
{
    return attach(name);
}

const uint32_t *wk_thread_uncaught_unknown(void)
{
    return &not_known;
}

struct wk_thread *wk_thread_take_fresh(struct wk_thread *last)
{
    pthread_mutex_lock(&wk_recorder.lock);
    uint64_t fresh = wk_recorder.root->fresh;
    if (fresh) { /* at no moment is a thread in neither list */
        if (last) {
            wk_pool_publish(&last->next, fresh);
        } else {
            wk_pool_publish(&wk_recorder.root->live, fresh);
        }
        wk_pool_publish(&wk_recorder.root->fresh, 0);
    }
    pthread_mutex_unlock(&wk_recorder.lock);
    return wk_thread_at(fresh);
}

void wk_thread_fork_enter(void)
{
    struct wick_i_thread *thread = wick_i_tls_v1;

    life.busy = 1;
    if (thread) {
        life.gate = (uint8_t)thread->gate;
        thread->gate = WK_GATE_INSIDE;
    }
    __atomic_signal_fence(__ATOMIC_SEQ_CST); /* a handler of this thread sees both before any lock is held */
}

void wk_thread_fork_leave(void)
{
    struct wick_i_thread *thread = wick_i_tls_v1;

    __atomic_signal_fence(__ATOMIC_SEQ_CST); /* the locks are free again */
    if (thread) {
        thread->gate = life.gate;
    }
    life.busy = 0;
}

void wk_thread_forget_owner(void)
{
    wick_i_tls_v1 = NULL;
}

/* ---- room ----------------------------------------------------------------------------------- */

static uint32_t slots_free(struct wick_i_thread *thread)
{
    /* Pairs with the release in wk_drain: slots below tail have been read. */
    uint32_t tail = __atomic_load_n(&thread->tail, __ATOMIC_ACQUIRE);
    uint32_t base = wk_thread_owner(thread)->base;

    if ((int32_t)(base - tail) > 0) {
        tail = base; /* what lies before is in the old ring */
    }
    return thread->mask + 1 - (thread->head - tail);
}

/* Go on in a larger ring. Needs two free slots, which the reserve of the caller's event includes. */
static bool grow(struct wick_i_thread *thread, uint32_t slots_max)
{
    uint32_t class = class_of_mask(thread->mask) + 1;

    if (class >= WK_RING_CLASSES || class_slots(class) > slots_max || slots_free(thread) < 2) {
        return false;
    }
    union wk_event_more more = {.ring = {wk_pool_take(pool_class(class)), class_slots(class) - 1}};
    if (!more.ring.reference) {
        return false;
    }
    thread->ring[(thread->head + 1) & thread->mask] = more.event;
    thread->ring[thread->head & thread->mask] =
        (struct wick_event){0, 0, wk_event_info(WK_EVENT_SWITCH, 1, 0)};
    wk_thread_owner(thread)->base = thread->head + 2;
    wk_thread_of(thread)->ring = more.ring.reference;
    thread->ring = wk_pool_at(more.ring.reference);
    thread->mask = (uint32_t)more.ring.mask;
    /* Pairs with the acquire in wk_drain. */
    __atomic_store_n(&thread->head, thread->head + 2, __ATOMIC_RELEASE);
    return true;
}

/* Lossless mode: let the drain make room, for a bounded time; after a wait in vain not again until it has moved on. */
static void wait_for_room(struct wick_i_thread *thread, uint32_t need)
{
    struct wk_thread *self = wk_thread_of(thread);
    int64_t until_ns = wk_clock_mono_ns() + (int64_t)WK_SETTING(wait_ms) * 1000000;
    int cancel;

    if (self->gave_up && self->gave_up_at == __atomic_load_n(&thread->tail, __ATOMIC_RELAXED)) { /* it only tells a change */
        return;
    }
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel); /* a scope is no point of cancellation */

    while (slots_free(thread) < need && wk_clock_mono_ns() < until_ns &&
           !__atomic_load_n(&wk_recorder.log_failed, __ATOMIC_RELAXED)) { /* a hint: a late look waits longer */
        wk_recorder_wake();
        wk_clock_sleep(WAIT_STEP_NS);
    }
    pthread_setcancelstate(cancel, NULL);
    self->gave_up = slots_free(thread) < need;
    self->gave_up_at = __atomic_load_n(&thread->tail, __ATOMIC_RELAXED); /* as above */
}

static void report_losses(struct wick_i_thread *thread, uint64_t now_ticks)
{
    struct wk_owner *owner = wk_thread_owner(thread);
    union wk_event_more more = {.lost = {owner->lost_first_ticks, owner->lost}}; /* all: the drain takes the difference */

    thread->ring[(thread->head + 1) & thread->mask] = more.event;
    thread->ring[thread->head & thread->mask] =
        (struct wick_event){now_ticks, 0, wk_event_info(WK_EVENT_LOST, 1, 0)};
    /* Pairs with the acquire in wk_drain. */
    __atomic_store_n(&thread->head, thread->head + 2, __ATOMIC_RELEASE);
    owner->lost_pending = 0;
}

void wk_thread_refuse_owner(struct wick_i_thread *thread)
{
    struct wk_owner *owner = wk_thread_owner(thread);

    if (!owner->lost_pending++) {
        owner->lost_first_ticks = wk_clock_ticks(wk_recorder.tsc);
    }
    __atomic_store_n(&owner->lost, owner->lost + 1, __ATOMIC_RELAXED); /* read by the drain, a count */
    thread->limit = thread->head; /* the next event looks again */
}

bool wk_thread_make_room_owner(struct wick_i_thread *thread, uint32_t need)
{
    struct wk_owner *owner = wk_thread_owner(thread);
    uint32_t capacity = thread->mask + 1;
    uint32_t free_slots = slots_free(thread);
    uint32_t told = owner->lost_pending ? 2 : 0;

    if (free_slots <= capacity / 2 + need + told) {
        /* Half full: call the drain, and go on in a larger ring if this one is still small. The largest is
         * beyond the processor's cache: it is taken only when events would be lost otherwise, or when the
         * open scopes alone (deep nesting) take half of this one. */
        bool deep = need > capacity / 2;
        bool almost_full = free_slots < capacity / 8 + need + told;
        uint32_t slots_max = deep ? UINT32_MAX : WK_SETTING(ring_slots_max);

        if (!deep && (!almost_full || WK_SETTING(wait)) && slots_max > CACHED_SLOTS) {
            slots_max = CACHED_SLOTS;
        }
        if (grow(thread, slots_max)) {
            capacity = thread->mask + 1;
        }
        wk_recorder_wake();
        free_slots = slots_free(thread);
        if (free_slots < need + told && WK_SETTING(wait) && need + told <= capacity) {
            wait_for_room(thread, need + told);
            free_slots = slots_free(thread);
        }
    }
    if (free_slots < need + told) {
        wk_thread_refuse_owner(thread);
        return false;
    }
    if (told) {
        report_losses(thread, wk_clock_ticks(wk_recorder.tsc));
    }
    free_slots -= told;
    if (free_slots > WICK_I_RESERVE * WICK_I_DEPTH_MAX) {
        free_slots = WICK_I_RESERVE * WICK_I_DEPTH_MAX; /* the inline path comes back before depth overflows */
    }
    /* Come back when the ring is half full, then when it is almost full, then when it is full. */
    thread->limit = thread->head + (free_slots > capacity / 2 + need   ? free_slots - capacity / 2
                                    : free_slots > capacity / 8 + need ? free_slots - capacity / 8
                                                                       : free_slots);
    return true;
}

static void hear_own_comm(struct wk_thread *thread)
{
    char comm[WK_COMM_BYTES];

    own_comm(comm);
    wk_thread_hear_comm(thread, comm);
}

/* ---- exit ------------------------------------------------------------------------------------ */

void wk_thread_exit(void *value)
{
    struct wk_thread *thread = value;
    struct wick_i_thread *hot = &thread->hot;

    if (wick_i_tls_v1 != hot) { /* a forked child has let go of its parent's thread */
        return;
    }
    if (++wk_thread_owner(hot)->rounds < DESTRUCTOR_ROUNDS && pthread_setspecific(wk_recorder.key, value) == 0) {
        return;
    }
    life.dead = 1;
    wick_i_tls_v1 = NULL;
    hear_own_comm(thread); /* the program may have named it since its first event */
    /* Its slot is free: every admission left one more than the open scopes need. */
    wk_bound_leave(hot, 0, "unfinished: thread"); /* before the drain may give the thread to another */
    wick_i_push(hot, 0, wk_event_info(WK_EVENT_EXIT, 0, 0), wk_clock_ticks(wk_recorder.tsc));
}

/* ---- names ---------------------------------------------------------------------------------- */

void wk_thread_rename(struct wick_i_thread *hot, const char *name)
{
    struct wk_thread *thread = wk_thread_of(hot);

    pthread_mutex_lock(&wk_recorder.lock);
    if (name && name[0]) {
        (void)wk_text_shorten(thread->name, sizeof thread->name, name);
        thread->is_named = true;
    } else {
        default_name(thread);
    }
    pthread_mutex_unlock(&wk_recorder.lock);
}

void wk_thread_hear_comm(struct wk_thread *thread, const char comm[WK_COMM_BYTES])
{
    pthread_mutex_lock(&wk_recorder.lock);
    if (!thread->is_named && !thread->is_fiber && comm[0] && strcmp(comm, thread->comm) != 0) {
        memcpy(thread->comm, comm, WK_COMM_BYTES);
        memcpy(thread->name, comm, WK_COMM_BYTES);
    }
    pthread_mutex_unlock(&wk_recorder.lock);
}

bool wk_thread_comm_name(const struct wk_thread *thread, char name[WK_THREAD_NAME_BYTES])
{
    pthread_mutex_lock(&wk_recorder.lock);
    bool is_comm = !thread->is_named;
    memcpy(name, thread->name, WK_THREAD_NAME_BYTES);
    pthread_mutex_unlock(&wk_recorder.lock);
    return is_comm;
}
