/*
 * SPDX-License-Identifier: MIT
 * Error codes of the control functions. Recording macros report no errors: events that cannot be recorded are counted
 * (wick_stats).
 */
#ifndef WICK_ERROR_H
#define WICK_ERROR_H

#include "compiler.h"

/* name, value, text. Values are part of the ABI: never renumbered. */
#define WICK_I_ERRORS(X)                                                                          \
    X(INVAL, 1, "invalid argument")                                                               \
    X(NOMEM, 2, "out of memory")                                                                  \
    X(IO, 3, "input or output failed")                                                            \
    X(NET, 4, "network failed")                                                                   \
    X(PROTO, 5, "protocol violated")                                                              \
    X(CONFIG, 6, "bad configuration")                                                             \
    X(STATE, 7, "not possible in this state")                                                     \
    X(BUSY, 8, "in use")                                                                          \
    X(FULL, 9, "full")                                                                            \
    X(LIMIT, 10, "limit reached")                                                                 \
    X(CORRUPT, 11, "corrupt data")                                                                \
    X(UNSUPPORTED, 12, "not supported here")                                                      \
    X(TIMEOUT, 13, "timed out")                                                                   \
    X(INTERNAL, 14, "internal error")

/* Results of control functions: >= 0 on success, one of these on failure. */
enum wick_error {
#define WICK_I_ERROR_ENUM(name, value, text) WICK_E_##name = -(value),
    WICK_I_ERRORS(WICK_I_ERROR_ENUM)
#undef WICK_I_ERROR_ENUM
    WICK_E_NONE = 0
};

WICK_I_EXTERN_BEGIN

/*
 * Return the fixed English text of an error code; never NULL.
 *
 * Threads    any     Signals   safe
 * Since      0.1
 */
WICK_API const char *wick_error_text(int error);

/*
 * Return the detail of this thread's last failed control call: file, line, cause.
 *
 * Returns    borrows until the thread's next control call; "" when there is nothing
 * Threads    any; thread-local     Signals   not safe
 * Since      0.1
 */
WICK_API const char *wick_error_detail(void);

WICK_I_EXTERN_END

#if defined(WICK_DISABLE)
#define wick_error_text(error) ((void)(error), "")
#define wick_error_detail() ""
#endif

#endif
