/*
 * SPDX-License-Identifier: MIT
 * Control of recording: start, stop, pause, flush, counters, names; and Context's API with wick's prefix. None of it is
 * needed to record an instrumented program: the environment can start recording.
 */
#ifndef WICK_CONTROL_H
#define WICK_CONTROL_H

#include <stdint.h>

#include "config.h"
#include "error.h"
#include "scope.h"
#include "version.h"

/* wick's own counters since recording began. attempted == recorded + the dropped_ ones, exactly. */
struct wick_stats {
    uint32_t size;             /* sizeof(struct wick_stats), set by the caller */
    uint32_t threads;          /* threads and fibers that record now */
    uint64_t attempted;        /* scopes, marks, counters ... that the program asked to record */
    uint64_t recorded;         /* of these, recorded */
    uint64_t dropped_full;     /* lost: no room in the ring, or no memory for a site or an open scope */
    uint64_t dropped_signal;   /* lost: in a signal handler that interrupted the recorder, or was its thread's first */
    uint64_t dropped_dead;     /* lost: after the thread's last destructor, or after shutdown */
    uint64_t dropped_attach;   /* lost: no memory for the thread's ring, or a second copy of wick */
    uint64_t unwound;          /* scopes that longjmp left */
    uint64_t stale_end;        /* ends of scopes that had ended already */
    uint64_t site_overflow;    /* texts beyond wick_config.names_max */
    uint64_t left_out;         /* scopes recorded, and then left out by WICK_MIN or WICK_FILTER */
    uint64_t text_cut;         /* texts that were cut */
    uint64_t log_lost;         /* lines lost by the log (disk full, I/O error) */
    uint64_t log_bytes;        /* written to the log, before compression */
    uint64_t drain_cpu_ns;     /* CPU time of the drain thread */
    uint64_t writer_cpu_ns;    /* CPU time of the log's writer thread */
    uint64_t drain_lag_ns;     /* longest time that an event waited in a ring */
    uint64_t scopes;           /* of the recorded, scopes: the log has these without left_out */
    uint64_t mirror_lost;      /* changes of trackers and totals that are not in Redis at the end, or found no memory (WICK_REDIS) */
};

/* The innermost open scope of a thread. */
struct wick_current_scope {
    uint32_t size;             /* sizeof(struct wick_current_scope), set by the caller */
    uint32_t depth;            /* open scopes of the thread; 0: none, and the rest is empty */
    uint64_t elapsed_ns;       /* wall time of the scope so far */
    char name[128];            /* of the scope; cut to 127 bytes at a UTF-8 boundary */
    char thread[32];           /* the thread's track */
};

WICK_I_EXTERN_BEGIN

/*
 * Start recording. Optional: a configured environment starts it at the first event.
 *
 * config     copies; NULL: environment only
 * Threads    any     Signals   not safe
 * Errors     CONFIG (wick_error_detail names the field), STATE when it runs already or in a child that was made
 *            without fork's handlers (_Fork, clone), NOMEM,
 *            INVAL when the header is newer than the library
 * Since      0.1
 */
#define wick_init(...) wick_i_init((__VA_ARGS__), WICK_VERSION) /* the config may be a literal with commas */
WICK_API int wick_i_init(const struct wick_config *config, uint32_t header_version)
    WICK_I_MUST_CHECK;

/*
 * End recording: write the rings to the log, end open scopes as unfinished, close the log. Idempotent; also called at
 * exit. Returns within wick_config.shutdown_ms, or a second later when a thread hangs.
 *
 * Threads    any     Signals   not safe
 * Errors     TIMEOUT when a sink did not finish in time, IO when the log is incomplete
 * Since      0.1
 */
WICK_API int wick_shutdown(void);

/* What _exit does first where wick sees it: in the companion library, and in programs that are linked with -Wl,--wrap=_exit (or
 * --wrap=_Exit). It ends recording as wick_shutdown does, at most 200 ms long in a signal handler. Not for users. */
WICK_API void wick_i_before_exit(void);

/*
 * Pause and resume the recording of new scopes and marks. Scopes that are open still record their ends.
 *
 * Threads    any     Signals   safe
 * Since      0.1
 */
WICK_API void wick_pause(void);
WICK_API void wick_resume(void);

/*
 * Wait until everything recorded before the call is written to the log.
 *
 * deadline_ms   longest wait; 0: wick_config.shutdown_ms
 * Threads    any but wick's own     Signals   not safe
 * Errors     TIMEOUT, STATE when nothing is being recorded, IO when the log failed
 * Since      0.1
 */
WICK_API int wick_flush(uint32_t deadline_ms);

/*
 * Read wick's own counters; waits for the drain to count, at most wick_config.shutdown_ms.
 *
 * stats      caller sets .size; fields beyond it are not written
 * Threads    any     Signals   not safe
 * Errors     INVAL when .size is not set; STATE in a child made without fork's handlers
 * Since      0.1
 */
WICK_API int wick_stats_read(struct wick_stats *stats);

/*
 * Ask for the innermost open scope of a thread, and how long it has been open. It waits for the drain, at most
 * wick_config.shutdown_ms: scopes themselves do not pay for the question. For a scope of your own, WICK_SCOPE_AS is cheaper.
 *
 * tid        of the thread, as gettid() gives it; 0: the calling thread, or the fiber that it is in
 * current    caller sets .size; fields beyond it are not written
 * Threads    any but wick's own     Signals   not safe
 * Errors     INVAL when .size is not set; STATE when nothing is being recorded, or nothing of this thread; TIMEOUT
 * Since      0.1
 */
WICK_API int wick_current(uint32_t tid, struct wick_current_scope *current);

/*
 * Name the calling thread in the log and the viewer, whatever its name in the kernel (pthread_setname_np) is.
 *
 * name       copies; cut to 31 bytes in the middle; NULL or "" restores the default
 * Threads    any; affects only the caller     Signals   not safe
 * Cost       one lock; call once per thread
 * Errors     none; while recording is off it does nothing
 * Since      0.1
 */
WICK_API void wick_thread_name(const char *name);

/* Return the version of the running library, as WICK_VERSION. Threads: any. Since 0.1 */
WICK_API uint32_t wick_version(void);

/*
 * Use Context's API. The location is the calling function and line.
 *
 * wick_set_log    log to `url` (path or file://path) from now on; NULL stops. Errors as wick_init
 * wick_set_profile  entry and exit of every function: UNSUPPORTED unless the program was compiled
 *                 with -finstrument-functions and the companion library is loaded
 * wick_log_msg    one line with an action word of Context, with the location and text that the caller gives; a lock is its
 *                 location, and its first text is its name
 * wick_log_start  begins a scope that wick_log_endok or wick_log_ender ends, innermost first;
 *                 `clear` first ends every open scope, `bookmark` also sets a mark
 * wick_log_endok  may have a text: what the scope has to say of its good end
 * wick_profile_begin/end  a counted pair: functions are recorded (wick_set_profile) while begins outnumber ends
 * Threads    any     Signals   not safe     Cost   as WICK_SCOPE_DYN
 * Since      0.1
 */
WICK_API int wick_set_log(const char *url, int append);
WICK_API int wick_set_profile(int enabled);
WICK_API int wick_log_msg(const char *location, const char *text, const char *action);
#define wick_log_start(text, bookmark, clear)                                                     \
    wick_i_log_start(WICK_I_FUNCTION, __LINE__, WICK_I_TEXT(text), ((bookmark) ? 1 : 0) | ((clear) ? 2 : 0))
#define wick_log_bmark(text) wick_i_log_mark(WICK_I_FUNCTION, __LINE__, WICK_I_TEXT(text))
WICK_API void wick_i_log_start(const char *function, uint32_t line, const char *text, uint32_t flags);
WICK_API void wick_i_log_mark(const char *function, uint32_t line, const char *text);
WICK_API void wick_log_endok(const char *text);
#define wick_log_endok(...) wick_log_endok(WICK_I_OPTIONAL_TEXT(__VA_ARGS__))
WICK_API void wick_log_ender(const char *text);
WICK_API void wick_log_clear(void);
WICK_API void wick_profile_begin(void);
WICK_API void wick_profile_end(void);

WICK_I_EXTERN_END

#if defined(WICK_DISABLE)
#undef wick_init
#undef wick_log_start
#undef wick_log_bmark
#undef wick_log_endok
#define wick_init(...) ((void)(__VA_ARGS__), 0)
#define wick_shutdown() 0
#define wick_pause() ((void)0)
#define wick_resume() ((void)0)
#define wick_flush(deadline_ms) ((void)(deadline_ms), 0)
#define wick_stats_read(...) ((void)(__VA_ARGS__), 0)
#define wick_current(tid, ...) ((void)(tid), (void)(__VA_ARGS__), WICK_I_CAST(int, WICK_E_STATE))
#define wick_thread_name(name) ((void)(name))
#define wick_version() WICK_I_CAST(uint32_t, WICK_VERSION)
#define wick_set_log(url, append) ((void)(url), (void)(append), 0)
#define wick_set_profile(enabled) ((void)(enabled), 0)
#define wick_log_msg(location, text, action) ((void)(location), (void)(text), (void)(action), 0)
#define wick_log_start(text, bookmark, clear) ((void)(text), (void)(bookmark), (void)(clear))
#define wick_log_bmark(text) ((void)(text))
#define wick_log_endok(...) ((void)WICK_I_OPTIONAL_TEXT(__VA_ARGS__))
#define wick_log_ender(text) ((void)(text))
#define wick_log_clear() ((void)0)
#define wick_profile_begin() ((void)0)
#define wick_profile_end() ((void)0)
#endif

#endif
