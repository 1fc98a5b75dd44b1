/*
 * SPDX-License-Identifier: MIT
 * The hot path: what the scope macros expand to, inline. Nothing in this file is for users.
 * It must not lock, allocate, enter the kernel or touch errno. It owns the ABI between a compiled
 * program and libwick: layouts are pinned by static asserts and never depend on user macros.
 */
#ifndef WICK_HOT_H
#define WICK_HOT_H

#include <stdint.h>

#include "compiler.h"

/* A place in the source. One static object per macro use; `id` is written once, by the library, at
 * the first hit. The strings are copied then, so the object may be unloaded afterwards. */
struct wick_site {
    const char *literal;  /* name, or format; NULL: the function's name */
    const char *function;
    const char *file;
    const char *category; /* NULL: none */
    uint32_t line;
    uint32_t colour;      /* 0x1RRGGBB; 0: none */
    uint32_t kind;        /* enum wick_i_site_kind */
    uint32_t id;          /* 0: not registered yet; its highest bit is set: switched off by WICK_FILTER */
};
WICK_I_STATIC_ASSERT(sizeof(void *) != 8 || sizeof(struct wick_site) == 48, "struct wick_site is part of the ABI");

enum wick_i_site_kind {
    WICK_I_SITE_SCOPE = 1,
    WICK_I_SITE_FORMAT,    /* literal is a format: instances have texts */
    WICK_I_SITE_DYNAMIC,   /* the text is the identity: one site per text */
    WICK_I_SITE_WRAP,      /* literal is a call: the name ends at its bracket */
    WICK_I_SITE_MARK,
    WICK_I_SITE_MARKF,
    WICK_I_SITE_COUNTER,
    WICK_I_SITE_LOCK,
    WICK_I_SITE_KINDS
};

/* One slot of a ring. What the words mean per kind: lib/event.h. */
struct wick_event {
    uint64_t ticks;
    uint32_t site;
    uint32_t info; /* kind, flags, continuation slots, depth */
};
WICK_I_STATIC_ASSERT(sizeof(struct wick_event) == 16, "struct wick_event is part of the ABI");

/* The id of a site that is switched off: its number, below the number of the filter that says so, below the highest bit. */
#define WICK_I_SITE_ID_BITS 22
#define WICK_I_SITE_FILTER_MASK (~0u << WICK_I_SITE_ID_BITS)

#define WICK_I_EVENT_START 1u
#define WICK_I_EVENT_END 2u
#define WICK_I_DEPTH_SHIFT 14
#define WICK_I_DEPTH_MAX ((1u << (32 - WICK_I_DEPTH_SHIFT)) - 1)

/* What a thread records with: the owner's half of a ring. Only the owner writes it, but for `tail`. */
struct wick_i_thread {
    struct wick_event *ring;
    uint64_t top;    /* token of the innermost open scope: serial of the thread << 32 | depth */
    uint32_t head;   /* free-running; published with release, pairs with the drain's acquire */
    uint32_t limit;  /* free-running: events that need room stay below it */
    uint32_t mask;   /* slots - 1 */
    uint32_t gate;   /* not 0: the inline path is closed (inside it, or every event goes the slow way) */
    const uint32_t *uncaught; /* C++: exceptions on their way here; until that is known a word that is not 0 */
    uint64_t owner_private[11]; /* lib/record/thread.h */
    uint32_t tail;   /* free-running; written by the drain with release, on a cache line of its own */
    uint32_t drain_private[31];
};
WICK_I_STATIC_ASSERT(sizeof(void *) != 8 || sizeof(struct wick_i_thread) == 256, "struct wick_i_thread is part of the ABI");

/* Slots that stay free for each open scope: its END, and what says that it failed. */
#define WICK_I_RESERVE 2u

/* What a begun scope is known by, and when it began. token 0: not recorded. */
struct wick_i_begun {
    uint64_t token;
    uint64_t ticks;
};

WICK_I_EXTERN_BEGIN

/* 0: recording is off. */
WICK_API extern uint32_t wick_i_on_v1;
/* Sites with these highest bits are off; before a filter switches any off, it is like no site's. */
WICK_API extern uint32_t wick_i_sites_off_v1;
/* The calling thread's recorder; NULL before its first event. One pointer, in the initial-exec model:
 * small enough for the static TLS surplus of a dlopen'ed library, and safe in a signal handler. */
WICK_API extern __thread struct wick_i_thread *wick_i_tls_v1 __attribute__((__tls_model__("initial-exec")));

/* The slow ways: first event of a thread or site, full ring, CPU time, no TSC, inside a handler. */
WICK_API struct wick_i_begun wick_i_begin_slow(struct wick_site *site);
WICK_API uint64_t wick_i_end_slow(uint64_t token);
/* Count an event that its caller had no memory for. */
WICK_API void wick_i_refuse(void);

WICK_I_EXTERN_END

WICK_I_INLINE int wick_i_is_on(void)
{
    /* Relaxed: a thread may see a pause or resume late, but never half of one. */
    return __atomic_load_n(&wick_i_on_v1, __ATOMIC_RELAXED) != 0;
}

WICK_I_INLINE int wick_i_site_is_off(uint32_t id)
{
    /* Relaxed: a thread may see another run's filter late, as it may see a pause. */
    return (id & WICK_I_SITE_FILTER_MASK) == __atomic_load_n(&wick_i_sites_off_v1, __ATOMIC_RELAXED);
}

WICK_I_INLINE uint64_t wick_i_ticks(void)
{
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
    uint64_t ticks;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
    return ticks;
#else
    return 0;
#endif
}

WICK_I_INLINE void wick_i_push(struct wick_i_thread *thread, uint32_t site, uint32_t info,
                               uint64_t ticks)
{
    uint32_t head = thread->head;
    struct wick_event *event = &thread->ring[head & thread->mask];

    event->ticks = ticks;
    event->site = site;
    event->info = info;
    /* Pairs with the acquire of head in wk_thread_drain: the slot is whole before it is seen. */
    __atomic_store_n(&thread->head, head + 1, __ATOMIC_RELEASE);
}

WICK_I_INLINE struct wick_i_begun wick_i_begin(struct wick_site *site)
{
    struct wick_i_begun begun = {0, 0};
    struct wick_i_thread *thread;
    uint32_t id;

    if (!wick_i_is_on()) {
        return begun;
    }
    thread = wick_i_tls_v1;
    /* Pairs with the release in wk_site_register: an id is seen after its entry in the table. */
    id = __atomic_load_n(&site->id, __ATOMIC_ACQUIRE);
    if (WICK_I_UNLIKELY(!thread || WICK_I_CAST(int32_t, id) <= 0 || thread->gate ||
                        WICK_I_CAST(int32_t, thread->limit - thread->head -
                                                 WICK_I_RESERVE * WICK_I_CAST(uint32_t, thread->top)) <
                            WICK_I_CAST(int32_t, WICK_I_RESERVE + 1))) {
        return wick_i_site_is_off(id) ? begun : wick_i_begin_slow(site);
    }
    thread->gate = 1;
    __atomic_signal_fence(__ATOMIC_SEQ_CST); /* a handler of this thread sees the gate first */
    begun.ticks = wick_i_ticks();
    begun.token = thread->top + 1;
    thread->top = begun.token;
    wick_i_push(thread, id,
                WICK_I_EVENT_START | (WICK_I_CAST(uint32_t, begun.token) << WICK_I_DEPTH_SHIFT),
                begun.ticks);
    __atomic_signal_fence(__ATOMIC_SEQ_CST); /* and the event before the gate opens */
    thread->gate = 0;
    return begun;
}

/* The room for this event was kept free when its scope began, so nothing can refuse it. */
WICK_I_INLINE uint64_t wick_i_end(uint64_t token)
{
    struct wick_i_thread *thread;
    uint64_t ticks;

    if (!token) {
        return 0;
    }
    thread = wick_i_tls_v1;
    if (WICK_I_UNLIKELY(!thread || thread->top != token || thread->gate)) {
        return wick_i_end_slow(token);
    }
    thread->gate = 1;
    __atomic_signal_fence(__ATOMIC_SEQ_CST); /* as in wick_i_begin */
    ticks = wick_i_ticks();
    thread->top = token - 1;
    wick_i_push(thread, 0, WICK_I_EVENT_END | (WICK_I_CAST(uint32_t, token) << WICK_I_DEPTH_SHIFT),
                ticks);
    __atomic_signal_fence(__ATOMIC_SEQ_CST); /* as in wick_i_begin */
    thread->gate = 0;
    return ticks;
}

/* What the cleanup attribute of an unnamed scope calls. */
WICK_I_INLINE void wick_i_guard_end(uint64_t *token)
{
    (void)wick_i_end(*token);
}

#endif
