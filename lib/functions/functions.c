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

enum { FRAMES_MAX = 1 << 18 }; /* of virtual memory; unused pages are never touched */

/* The calls of one thread. frames[0] is older than any call. */
struct shadow {
    struct frame *top;
    uint32_t beyond; /* open calls deeper than FRAMES_MAX */
    uint32_t busy;   /* in first_hit: functions that run meanwhile (signal handlers, malloc hooks) are not recorded */
    struct frame frames[FRAMES_MAX];
};

/* wick_set_profile writes it. */
WICK_API extern uint32_t wick_i_functions_on_v1;
uint32_t wick_i_functions_on_v1 = 1;

static __thread struct shadow *shadow_tls __attribute__((tls_model("initial-exec")));
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

PLAIN static void free_shadow(void *shadow)
{
    shadow_tls = NO_SHADOW;
    munmap(shadow, sizeof(struct shadow));
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
    shadow = mmap(NULL, sizeof *shadow, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (shadow != MAP_FAILED) {
        shadow->top = shadow->frames;
        shadow->frames[0].address = UINTPTR_MAX;
        if (shadow_key != (pthread_key_t)-1) {
            (void)pthread_setspecific(shadow_key, shadow);
        }
        shadow_tls = shadow;
        errno = saved;
        return shadow;
    }
    wick_i_refuse();
    shadow_tls = NULL;
    errno = saved;
    return NO_SHADOW;
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
    if (WICK_I_UNLIKELY(shadow->top == &shadow->frames[FRAMES_MAX - 1])) {
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
