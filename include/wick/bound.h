/*
 * SPDX-License-Identifier: MIT
 * A scope that runs a tracker: work that is timed where it is done and shown where it is planned.
 *
 *     struct wick_tracker *load = wick_tracker_create(job, "load", NULL);
 *     {
 *         WICK_SCOPE_TRACKER(load, "load");          starts it
 *         if (!read_all()) {
 *             WICK_FAIL("no such file");             this scope and the tracker will have failed
 *         }
 *     }                                              ends it
 */
#ifndef WICK_BOUND_H
#define WICK_BOUND_H

#include "scope.h"
#include "tracker.h"

/* Such a scope, in the block that it times. Opaque. */
struct wick_i_bound {
    struct wick_scope scope;
    struct wick_tracker *tracker; /* NULL: it runs none */
    uint32_t attempt;
    uint32_t uncaught;            /* C++: exceptions on their way at its begin */
    uint32_t process;             /* a forked child does not end its parent's */
    uint32_t reserved;
};

WICK_I_EXTERN_BEGIN
/* What the macro calls. Not for users. */
WICK_API void wick_i_begin_bound(struct wick_i_bound *bound, struct wick_site *site, struct wick_tracker *tracker);
WICK_API void wick_i_leave_bound(struct wick_i_bound *bound, const unsigned *uncaught);
WICK_I_EXTERN_END

#if defined(WICK_DISABLE)

#define WICK_SCOPE_TRACKER(tracker, name)                                                         \
    WICK_SCOPE(name);                                                                             \
    WICK_I_NO_VALUE(wick_i_no_change(tracker, ""))

#else

#if WICK_I_EXCEPTIONS
WICK_I_INLINE void wick_i_bound_begin(struct wick_i_bound *bound, struct wick_site *site, struct wick_tracker *tracker)
{
    bound->uncaught = *wick_i_uncaught();
    wick_i_begin_bound(bound, site, tracker);
}
WICK_I_INLINE void wick_i_bound_end(struct wick_i_bound *bound)
{
    wick_i_leave_bound(bound, wick_i_uncaught());
}
#else
#define wick_i_bound_begin wick_i_begin_bound
WICK_I_INLINE void wick_i_bound_end(struct wick_i_bound *bound)
{
    wick_i_leave_bound(bound, WICK_I_CAST(const unsigned *, WICK_I_NULL));
}
#endif

/*
 * Record from here to the end of the block, and let it run a tracker: entering starts the tracker, or begins the next attempt of
 * one that is done; leaving ends it as finished. WICK_FAIL, and in C++ an exception that leaves the scope, end it as failed, with
 * the text of the failure as its message (its first 1,023 bytes). A scope that ends unfinished (longjmp, WICK_CLEAR, the end of
 * its thread or of the recording) cancels it, with the reason as its message. An end that the tracker has otherwise
 * (wick_tracker_fail inside the scope) stays. Declaration.
 *
 * The scope is recorded, and runs no tracker, when the tracker cannot be started (the one above it is not in progress), is NULL,
 * or was removed; wick_error_detail() says why. A tracker that is in progress already is joined: its first end counts.
 * While recording is off, trackers work: the scope starts and ends its tracker, and WICK_FAIL does nothing, as always;
 * wick_tracker_fail does.
 *
 * Threads    any     Signals   the scope alone is recorded
 * Cost       the board's lock twice, and its changes: some microseconds
 * Since      0.1
 */
#define WICK_SCOPE_TRACKER(tracker, name)                                                         \
    WICK_I_DECLARATION;                                                                           \
    WICK_I_SCOPE_NAME(name);                                                                      \
    WICK_I_SCOPE_TRACKER(WICK_I_UNIQUE(wick_i_site_), tracker, WICK_I_LITERAL(name))
#define WICK_I_SCOPE_TRACKER(site, tracker, name)                                                 \
    WICK_I_SITE(site, name, WICK_I_SITE_SCOPE, WICK_I_NULL, 0);                                   \
    struct wick_i_bound WICK_I_JOIN(site, _bound)                                                 \
        __attribute__((__cleanup__(wick_i_bound_end), __unused__)) = {{0, 0, 0, -1, -1, 0, 0}, WICK_I_NULL, 0, 0, 0, 0}; \
    wick_i_bound_begin(&WICK_I_JOIN(site, _bound), &site, tracker);                               \
    (void)WICK_I_ENTERED(WICK_I_JOIN(site, _bound).scope.token)

#endif
#endif
