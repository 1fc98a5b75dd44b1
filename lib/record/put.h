/*
 * SPDX-License-Identifier: MIT
 * One event on its way into the ring: for the files of this layer that record.
 */
#ifndef WICK_LIB_RECORD_PUT_H
#define WICK_LIB_RECORD_PUT_H

#include <stdarg.h>

#include "thread.h"

/* A rendered text; a long one in a block of the pool, which goes to the drain with the event. */
struct wk_rendered {
    const char *start;
    uint64_t block;   /* reference; 0: none */
    uint32_t bytes;
    bool cut;
    bool refused;     /* its event cannot be recorded, and that was counted */
};

struct wk_put {
    struct wk_rendered text;
    const char *name;  /* text as identity: becomes `site` once the gate is closed; NULL: none */
    union wk_event_more more;
    int64_t cpu_ns;
    uint32_t kind;
    uint32_t flags;
    uint32_t site;
    uint32_t depth;
    uint32_t has_more; /* 1: `more` is written too */
};

/* The calling thread's recorder with its gate closed, or NULL: off, dead, or inside already. */
struct wick_i_thread *wk_put_enter(void);
/* The same for an event with this text. */
static inline struct wick_i_thread *wk_put_enter_with(const struct wk_rendered *text)
{
    return text->refused ? NULL : wk_put_enter();
}
void wk_put_leave(struct wick_i_thread *thread);

/* Put an event that is neither START nor END. False: refused for want of room, and counted. */
bool wk_put_event(struct wick_i_thread *thread, struct wk_put *what);

/* The whole way of an event that is neither START nor END, with a site or without one (NULL): its gate, its text, errno. */
void wk_put_one(struct wick_site *site, struct wk_put *what);

/* Texts below it are rendered on the stack, longer ones once more into a block. With what printf takes, a thread's first event
 * stays below 4 KiB of its stack. */
enum { WK_TEXT_STACK_BYTES = 448 };

/* A text in `stack` (of WK_TEXT_STACK_BYTES), or in a block when it is longer. */
struct wk_rendered wk_rendered_render(char *stack, const char *format, va_list args);
/* A text of the caller's; copied when it is too long for the ring. */
struct wk_rendered wk_rendered_borrow(const char *start);
/* Give back what no event has taken, and count what was cut. */
void wk_rendered_done(struct wk_rendered *text);

#endif
