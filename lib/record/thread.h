/*
 * SPDX-License-Identifier: MIT
 * A thread that records: its ring, its counters, its life from first event to exit.
 * The owner writes the first half, the drain the second; head and tail are the only words that both use.
 * Invariant: for every open scope room for its END is free in the ring, so ENDs are never refused.
 */
#ifndef WICK_LIB_RECORD_THREAD_H
#define WICK_LIB_RECORD_THREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/pool.h"
#include "event.h"

/* Rings grow 16-fold from class to class: 4 KiB, 64 KiB, 1 MiB, 16 MiB. Classes of the pool are 2-fold. */
enum { WK_RING_CLASSES = 4, WK_RING_SLOTS_FIRST = 256, WK_THREAD_NAME_BYTES = 32, WK_COMM_BYTES = 17, WK_LOCKS_HELD = 8, WK_DESTRUCTORS = 6 };

/* Gate values: see struct wick_i_thread. */
enum { WK_GATE_OPEN = 0, WK_GATE_INSIDE = 1, WK_GATE_SLOW = 2 };

/* The owner's private words, behind the hot ones on the same cache lines (88 bytes). */
struct wk_owner {
    uint64_t lost;             /* events refused since attach; relaxed, the drain reads it */
    uint64_t lost_pending;     /* of these, not yet told by a LOST event */
    uint64_t lost_first_ticks;
    uint64_t dropped_signal;   /* relaxed, the drain reads it */
    uint64_t stale_end;        /* likewise */
    uint64_t text_cut;         /* likewise */
    uint32_t base;             /* head when the ring was switched: older slots lie in the old one */
    uint32_t reserve;          /* slots kept free per open scope */
    uint32_t end_slots;        /* slots that an END takes */
    uint32_t rounds;           /* of the key's destructor */
    uint64_t spare[3];
};

struct wk_held_lock {
    const volatile void *lock;
    uint32_t count;
    uint32_t site;
};

/* A destructor's scope that began while `uncaught` exceptions were on their way. */
struct wk_destructor {
    uint32_t depth;
    uint32_t uncaught;
};

/* A ring that the drain reads. */
struct wk_read_ring {
    uint64_t reference;           /* of its slots; 0: none */
    uint32_t mask;
    uint32_t base;                /* index of the first event in it, when the drain has come from another ring */
};

/* In the pool. What is an address in it is the owner's, for speed: another process must not follow it. */
struct wk_thread {
    struct wick_i_thread hot;     /* hot.ring: an address */
    uint64_t next;                /* reference: in whichever list of the recorder or drain it is */
    uint64_t self;                /* reference of this thread */
    uint64_t ring;                /* reference of the ring at hot.ring */
    struct wk_read_ring read[2];  /* the drain's: see wk_thread_read_ring */
    uint32_t reading;             /* which of them */
    uint32_t upto;                /* the drain's: head at the start of its tick */
    bool being_read;              /* the drain's: threads may be said to hang under each other */
    uint32_t unders;              /* UNDER events so far; written by the owner, relaxed, before each */
    uint32_t unders_read;         /* the drain's: of these, read */
    uint32_t serial;
    uint32_t tid;
    uint32_t pid;                 /* a forked child ignores its parent's threads */
    bool is_fiber;
    bool gave_up;                 /* the owner's: it waited in vain for the drain, */
    uint32_t gave_up_at;          /* which had read up to here */
    struct wick_i_thread *carrier; /* an address. Of a fiber: the own track of the thread that is in it; NULL: none is */
    char name[WK_THREAD_NAME_BYTES]; /* under the recorder's lock, as the next two */
    char comm[WK_COMM_BYTES];     /* the kernel's name of it, when it was last looked at */
    bool is_named;                /* by wick_thread_name: whatever the kernel's is */
    struct wk_held_lock held[WK_LOCKS_HELD]; /* the owner's, addresses: locks are recursive */
    struct wk_destructor destructors[WK_DESTRUCTORS]; /* the owner's: open ones, outermost first */
    uint32_t destructor_count;
    struct wk_bound *bound;       /* the owner's, an address: the innermost open scope that runs a tracker */
    uint64_t told;                /* the drain's: of its losses, in the log */
    struct {
        uint64_t lost;
        uint64_t dropped_signal;
        uint64_t stale_end;
        uint64_t text_cut;
    } before;                     /* the drain's: counts of earlier runs */
    int64_t since_ns;             /* the drain's: not later than its first event */
    uint32_t track;               /* the drain's: its lane + 1; 0: it has none yet */
    int64_t comm_due_ns;          /* the drain's: when to look at the kernel's name again; 0: at the next tick */
} __attribute__((aligned(256)));

_Static_assert(sizeof(struct wk_owner) == sizeof ((struct wick_i_thread *)0)->owner_private,
               "the owner's words fill their place");

static inline struct wk_thread *wk_thread_of(struct wick_i_thread *hot)
{
    return (struct wk_thread *)(void *)hot;
}

static inline struct wk_owner *wk_thread_owner(struct wick_i_thread *hot)
{
    return (struct wk_owner *)(void *)hot->owner_private;
}

static inline struct wk_thread *wk_thread_at(uint64_t reference)
{
    return wk_pool_at(reference);
}

/* The ring in which `tail` lies. While the drain goes on in another ring, for a moment it is not the one that `reading` says:
 * the word tail alone decides, so that a process that looks at any moment finds the right one. */
static inline const struct wk_read_ring *wk_thread_read_ring(const struct wk_thread *thread, uint32_t tail)
{
    const struct wk_read_ring *next = &thread->read[!thread->reading];

    return next->reference && (int32_t)(tail - next->base) >= 0 ? next : &thread->read[thread->reading];
}

/* Attach the calling thread, or NULL (no memory, thread is ending, inside a signal handler). */
struct wick_i_thread *wk_thread_attach(void);

/* A track for a fiber, which no thread is in yet; or NULL. */
struct wick_i_thread *wk_thread_attach_fiber(const char *name);
/* What wick_i_thread.uncaught points at until the calling thread's count of exceptions is known. */
const uint32_t *wk_thread_uncaught_unknown(void);

/* Close the thread's books for ever: closes nothing in the log, that is the drain's work. */
void wk_thread_forget_owner(void);

/* Destructor of the recorder's key: the thread's last event. */
void wk_thread_exit(void *thread);

/* Room for `need` slots, reserve included; true, or false and counted as lost. */
bool wk_thread_make_room_owner(struct wick_i_thread *thread, uint32_t need);

/* Count an event that cannot be recorded. */
void wk_thread_refuse_owner(struct wick_i_thread *thread);

/* The drain takes the threads that attached since the last call: they go, oldest first, behind `last` of its list (NULL: it
 * is empty). Gives the first of them, or NULL. */
struct wk_thread *wk_thread_take_fresh(struct wk_thread *last);
/* The drain has read a SWITCH: tail moves on into the next ring, and the old one is given back. */
void wk_thread_read_on(struct wk_thread *thread, uint32_t tail, uint64_t reference, uint32_t mask);
/* The drain gives back a long text (texts.c). */
void wk_thread_free_text(uint64_t reference, uint64_t bytes);
/* The drain gives back a thread whose EXIT it has read. */
void wk_thread_recycle(struct wk_thread *thread);
/* Get threads ready ahead of need, so that a first event takes no page fault. For the drain. */
void wk_thread_prepare(uint32_t count);

/* Name of the calling thread, for a lane that the drain has not given it yet. The gate is closed. */
void wk_thread_rename(struct wick_i_thread *thread, const char *name);

/* The kernel's name of a thread, now: it is the thread's if it has changed and the program gave no other one. Any thread. */
void wk_thread_hear_comm(struct wk_thread *thread, const char comm[WK_COMM_BYTES]);
/* Copy its name; false: the program gave it, and an event says so. */
bool wk_thread_comm_name(const struct wk_thread *thread, char name[WK_THREAD_NAME_BYTES]);

/* Around fork, when every lock is held: what the calling thread records meanwhile (other fork handlers,
 * signal handlers) is refused and counted. */
void wk_thread_fork_enter(void);
void wk_thread_fork_leave(void);

#endif
