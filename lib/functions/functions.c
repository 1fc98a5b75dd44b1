/*
 * SPDX-License-Identifier: MIT
 * The hooks of -finstrument-functions: every function becomes a scope. Uses the public header alone.
 * Locks, allocates or calls the kernel only at the first hit of a function or thread; keeps errno.
 * Invariant: a return ends the scope of its own call, whatever longjmp, exceptions or losses did in between.
 */
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/mman.h>

#include <wick/wick.h>

#include "function_names.h"
#include "function_table.h"
#include "shadow.h"

#define PLAIN __attribute__((no_instrument_function))

/* A call that has not returned. */
struct frame {
    uintptr_t function;
    uintptr_t address; /* of the stack at entry: younger calls have lower ones */
    uint64_t token;    /* 0: its START was not recorded */
};

enum { FRAMES_MAX = 1 << 18, FIBER_FRAMES_MAX = 1 << 14, BUCKETS = 1024 }; /* frames of virtual memory; unused pages are never touched */

/* The calls of one track: of a thread or of a fiber, which has a stack of its own. frames[0] is older than any call. */
struct shadow {
    struct frame *top;
    struct frame *last;    /* the highest place of `top` */
    struct shadow *next;   /* of fibers: in its bucket; written before it is there */
    uint32_t serial;       /* of its track; 0: of none yet; of fibers atomic */
    uint32_t beyond; /* open calls deeper than FRAMES_MAX */
    uint32_t busy;   /* in first_hit: functions that run meanwhile (signal handlers, malloc hooks) are not recorded */
    struct frame frames[];
};

/* wick_set_profile writes it. */
WICK_API extern uint32_t wick_i_functions_on_v1;
uint32_t wick_i_functions_on_v1 = 1;

static __thread struct shadow *shadow_tls __attribute__((tls_model("initial-exec"))); /* of the track that recorded last */
static __thread struct shadow *own_tls __attribute__((tls_model("initial-exec")));    /* of the thread itself */
/* Shadows of fibers by their tracks' serials. They only come; one of a fiber that has ended serves a later one of its bucket. No
 * lock: a signal handler or a forked child may need them at any time. */
static struct shadow *fibers[BUCKETS];
/* The shadow of a thread that is attaching, or past its last destructor: only its address is used. Without memory for
 * a shadow, the call is counted as lost, and the next call tries again. */
static char no_shadow_place;
#define NO_SHADOW ((struct shadow *)(void *)&no_shadow_place)
static pthread_key_t shadow_key;
static pthread_once_t shadow_once = PTHREAD_ONCE_INIT;

PLAIN static int is_on(void)
{
    return wick_i_is_on() && __atomic_load_n(&wick_i_functions_on_v1, __ATOMIC_RELAXED); /* a switch */
}

PLAIN static size_t shadow_bytes(size_t frames)
{
    return sizeof(struct shadow) + frames * sizeof(struct frame);
}

PLAIN static void free_shadow(void *shadow)
{
    shadow_tls = NO_SHADOW;
    munmap(shadow, shadow_bytes(FRAMES_MAX));
}

/* NULL: no memory. */
PLAIN static struct shadow *new_shadow(size_t frames)
{
    struct shadow *shadow = mmap(NULL, shadow_bytes(frames), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (shadow == MAP_FAILED) {
        return NULL;
    }
    shadow->top = shadow->frames;
    shadow->last = &shadow->frames[frames - 1];
    shadow->frames[0].address = UINTPTR_MAX;
    return shadow;
}

PLAIN static void make_key(void)
{
    if (pthread_key_create(&shadow_key, free_shadow) != 0) {
        shadow_key = (pthread_key_t)-1; /* then shadows of ended threads are not freed */
    }
}

PLAIN WICK_I_COLD static struct shadow *attach(void)
{
    int saved = errno;
    struct shadow *shadow;

    shadow_tls = NO_SHADOW; /* functions called meanwhile are not recorded */
    pthread_once(&shadow_once, make_key);
    shadow = new_shadow(FRAMES_MAX);
    if (shadow) {
        if (shadow_key != (pthread_key_t)-1) {
            (void)pthread_setspecific(shadow_key, shadow);
        }
        shadow_tls = own_tls = shadow;
        errno = saved;
        return shadow;
    }
    wick_i_refuse();
    shadow_tls = NULL;
    errno = saved;
    return NO_SHADOW;
}

/* ---- fibers ------------------------------------------------------------------------------------ */

/* Of the track that this thread records to; 0: none yet. */
PLAIN static uint32_t serial_now(void)
{
    const struct wick_i_thread *track = wick_i_tls_v1;

    return track ? (uint32_t)(track->top >> 32) : 0;
}

PLAIN static int is_other(const struct shadow *shadow)
{
    return __atomic_load_n(&shadow->serial, __ATOMIC_RELAXED) != serial_now(); /* of another fiber by now: that is seen, too */
}

/* Relaxed: a serial is given to one fiber only, which one thread at a time is in, and the hand-over orders the rest. */
PLAIN static struct shadow *find_fiber(uint32_t serial)
{
    /* Pairs with the release in add_fiber. */
    struct shadow *shadow = __atomic_load_n(&fibers[serial % BUCKETS], __ATOMIC_ACQUIRE);

    while (shadow && __atomic_load_n(&shadow->serial, __ATOMIC_RELAXED) != serial) {
        shadow = shadow->next;
    }
    return shadow;
}

PLAIN static struct shadow *add_fiber(uint32_t serial)
{
    struct shadow **bucket = &fibers[serial % BUCKETS];
    struct shadow *first = __atomic_load_n(bucket, __ATOMIC_ACQUIRE); /* as in find_fiber */

    for (struct shadow *shadow = first; shadow; shadow = shadow->next) {
        uint32_t free = 0;

        /* Pairs with the release in fiber_ended: its frames are gone. */
        if (__atomic_compare_exchange_n(&shadow->serial, &free, serial, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
            return shadow;
        }
    }
    struct shadow *shadow = new_shadow(FIBER_FRAMES_MAX);
    if (!shadow) {
        return NULL;
    }
    shadow->serial = serial;
    shadow->next = first;
    /* Pairs with the acquire in find_fiber: the shadow is whole. */
    while (!__atomic_compare_exchange_n(bucket, &shadow->next, shadow, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED)) {
    }
    return shadow;
}

/* libwick calls it: the fiber of this track is no more. */
PLAIN static void fiber_ended(uint32_t serial)
{
    struct shadow *shadow = find_fiber(serial);

    if (shadow) {
        shadow->top = shadow->frames;
        shadow->beyond = 0;
        __atomic_store_n(&shadow->serial, 0, __ATOMIC_RELEASE); /* pairs with the acquire in add_fiber */
    }
}

PLAIN __attribute__((constructor)) static void hear_of_ends(void)
{
    wick_i_fiber_ended_v1 = fiber_ended;
}

/* The thread has gone to another track: its calls are in another shadow. NULL: no memory for it, or no calls yet and none begins. */
PLAIN WICK_I_COLD static struct shadow *change_shadow(int begins)
{
    uint32_t serial = serial_now();
    struct shadow *shadow = own_tls;

    if (wick_i_in_fiber()) {
        int saved = errno;

        shadow = find_fiber(serial);
        shadow = !shadow && begins ? add_fiber(serial) : shadow;
        errno = saved;
    } else {
        shadow->serial = serial; /* its first event, or that of a forked child */
    }
    if (shadow) {
        shadow_tls = shadow;
    } else if (begins) {
        wick_i_refuse();
    }
    return shadow;
}

/* The first call of a function: begin its scope and add the function to the table. */
PLAIN WICK_I_COLD static uint64_t first_hit(struct shadow *shadow, uintptr_t function, int *is_excluded)
{
    struct wk_function_names names;
    struct wick_site site = {.function = names.location, .file = names.file, .kind = WICK_I_SITE_SCOPE};
    uint64_t token = 0;
    int saved = errno;
    int cancel;

    if (shadow->busy) {
        return 0;
    }
    shadow->busy = 1;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    if (wk_function_describe(function, &names)) {
        token = wick_i_begin(&site).token;
        if (site.id) {
            wk_function_add(function, site.id);
        }
    } else {
        wk_function_add(function, WK_FUNCTION_EXCLUDED);
        *is_excluded = 1;
    }
    pthread_setcancelstate(cancel, &cancel);
    shadow->busy = 0;
    errno = saved;
    return token;
}

/* End the scopes of the frames above `keep`, which were left without a return. */
PLAIN WICK_I_COLD static void unwind(struct shadow *shadow, struct frame *keep)
{
    uint64_t token = 0;

    for (struct frame *frame = shadow->top; frame > keep; frame--) {
        token = frame->token ? frame->token : token;
    }
    shadow->top = keep;
    shadow->beyond = 0;
    if (token) { /* `token` is the lowest scope's: unwind to the one below it */
        wick_unwind_to(&(struct wick_scope){.token = token - 1});
    }
}

/* A call begins at `address`, above the innermost frame: that frame was left, unless the thread switched to another
 * stack. */
PLAIN WICK_I_COLD static void unwind_left(struct shadow *shadow, uintptr_t address)
{
    struct frame *frame = shadow->top;

    if (shadow->frames[1].address < address) {
        return;
    }
    while (frame->address < address) {
        frame--;
    }
    unwind(shadow, frame);
}

PLAIN void wk_shadow_jump(uintptr_t stack_pointer)
{
    struct shadow *shadow = shadow_tls;

    if (shadow && shadow != NO_SHADOW && is_other(shadow)) {
        shadow = change_shadow(0);
    }
    struct frame *frame = shadow ? shadow->top : NULL;
    if (!shadow || shadow == NO_SHADOW || frame == shadow->frames || shadow->frames[1].address < stack_pointer) {
        return; /* no frames, or none on the stack of the jump's target */
    }
    while (frame->address < stack_pointer) {
        frame--;
    }
    if (frame != shadow->top) {
        unwind(shadow, frame);
    }
}

WICK_API PLAIN void __cyg_profile_func_enter(void *function, void *site);
WICK_API PLAIN void __cyg_profile_func_exit(void *function, void *site);

void __cyg_profile_func_enter(void *function, void *site)
{
    uintptr_t address = (uintptr_t)__builtin_dwarf_cfa();
    struct shadow *shadow = shadow_tls;
    struct wick_site known;
    uint64_t token = 0;

    (void)site;
    if (WICK_I_UNLIKELY(!shadow)) {
        if (!is_on()) {
            return;
        }
        shadow = attach();
    }
    if (WICK_I_UNLIKELY(shadow != NO_SHADOW && is_other(shadow))) {
        shadow = change_shadow(1);
        if (!shadow) {
            return;
        }
    }
    /* While recording is off, calls need frames only above recorded ones, whose returns they could be mistaken for. */
    if (WICK_I_UNLIKELY(shadow == NO_SHADOW || (!is_on() && shadow->top == shadow->frames))) {
        return;
    }
    int64_t id = wk_function_find((uintptr_t)function);
    if (id == WK_FUNCTION_EXCLUDED) {
        return;
    }
    if (WICK_I_UNLIKELY(shadow->top->address < address)) {
        unwind_left(shadow, address);
    }
    if (WICK_I_UNLIKELY(shadow->top == shadow->last)) {
        shadow->beyond++;
        return;
    }
    if (WICK_I_UNLIKELY(!is_on())) {
        token = 0;
    } else if (WICK_I_LIKELY(id > 0)) {
        known.id = (uint32_t)id; /* the only field that is read of a registered site */
        token = wick_i_begin(&known).token;
    } else {
        int is_excluded = 0;

        token = first_hit(shadow, (uintptr_t)function, &is_excluded);
        if (is_excluded) {
            return;
        }
    }
    shadow->top[1] = (struct frame){(uintptr_t)function, address, token};
    __atomic_signal_fence(__ATOMIC_SEQ_CST); /* a signal handler must find the frame complete before it is counted */
    shadow->top++;
}

/* A return that is not certain to be the innermost call's. Frames at or above `limit` are older than the returning
 * call. */
PLAIN WICK_I_COLD static void find_exit(struct shadow *shadow, uintptr_t function, uintptr_t limit)
{
    struct frame *found = NULL;

    for (struct frame *frame = shadow->top; frame->address < limit; frame--) {
        if (frame->function == function) {
            found = frame; /* the oldest wins: younger ones were left */
        }
    }
    if (!found) {
        return; /* of a call without a frame */
    }
    if (found != shadow->top) {
        unwind(shadow, found);
    }
    uint64_t token = found->token;
    shadow->top = found - 1;
    (void)wick_i_end(token);
}

void __cyg_profile_func_exit(void *function, void *site)
{
    uintptr_t address = (uintptr_t)__builtin_dwarf_cfa();
    struct shadow *shadow = shadow_tls;
    int is_tail; /* called by a tail call: `address` is the caller's frame's */

    if (WICK_I_UNLIKELY(!shadow || shadow == NO_SHADOW)) {
        return;
    }
    if (WICK_I_UNLIKELY(is_other(shadow))) {
        shadow = change_shadow(0);
        if (!shadow) {
            return;
        }
    }
    struct frame *top = shadow->top;
    is_tail = __builtin_return_address(0) == site;
    if (WICK_I_LIKELY(top->function == (uintptr_t)function && !shadow->beyond &&
                      (address <= top->address || (is_tail && top[-1].address >= address)))) {
        uint64_t token = top->token;

        shadow->top = top - 1;
        __atomic_signal_fence(__ATOMIC_SEQ_CST); /* as at the entry */
        (void)wick_i_end(token);
        return;
    }
    if (wk_function_find((uintptr_t)function) == WK_FUNCTION_EXCLUDED || top == shadow->frames) {
        return;
    }
    if (shadow->beyond) {
        shadow->beyond--;
    } else {
        find_exit(shadow, (uintptr_t)function, is_tail ? address : address + 1);
    }
}
