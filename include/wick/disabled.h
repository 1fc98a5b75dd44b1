/*
 * SPDX-License-Identifier: MIT
 * What the macros of scope.h are with WICK_DISABLE: declarations and statements that emit nothing,
 * evaluate nothing and still check names and argument types. Included by scope.h only.
 */
#ifndef WICK_DISABLED_H
#define WICK_DISABLED_H

/* Declared for its check of the format; never called, so nothing refers to it. */
WICK_I_EXTERN_BEGIN
int wick_i_no_text(const char *fmt, ...) WICK_I_PRINTF(1, 2);
WICK_I_EXTERN_END
WICK_I_INLINE int wick_i_no_string(const char *text)
{
    (void)text;
    return 0;
}
WICK_I_INLINE int wick_i_no_number(double value)
{
    (void)value;
    return 0;
}
WICK_I_INLINE void wick_i_no_scope(const struct wick_scope *scope)
{
    (void)scope;
}

/* A declaration, so that a position that is wrong when enabled is wrong here too. */
#define WICK_I_NO_STYLE(category, colour)                                                         \
    WICK_I_STATIC_ASSERT(sizeof("" category) > 0 && (0x1000000u | (colour)) > 0, "a literal, a number")
#define WICK_I_NO_FORMAT(...)                                                                     \
    WICK_I_DECLARATION;                                                                           \
    WICK_I_FORMAT_NAME(WICK_I_FIRST(__VA_ARGS__));                                                \
    WICK_I_NO_VALUE(wick_i_no_text(WICK_I_FORMAT(__VA_ARGS__)))
#define WICK_I_NO_VALUE(check)                                                                    \
    const int WICK_I_UNIQUE(wick_i_none_) __attribute__((__unused__)) = 0 ? (check) : 0
#define WICK_I_NO_STATEMENT(check)                                                                \
    do {                                                                                          \
        if (0) {                                                                                  \
            check;                                                                                \
        }                                                                                         \
    } while (0)

#define WICK_SCOPE(name)                                                                          \
    WICK_I_DECLARATION;                                                                           \
    WICK_I_SCOPE_NAME(name)
#define WICK_SCOPE_STYLED(name, category, colour)                                                 \
    WICK_SCOPE(name);                                                                             \
    WICK_I_NO_STYLE(category, colour)
#define WICK_SCOPEF(...) WICK_I_NO_FORMAT(__VA_ARGS__)
#define WICK_SCOPE_DYN(text)                                                                      \
    WICK_I_DECLARATION;                                                                           \
    WICK_I_NO_VALUE(wick_i_no_string(WICK_I_TEXT(text)))
#define WICK_FUNCTION() WICK_I_DECLARATION
#define WICK_SCOPE_BOOKMARK(name) WICK_SCOPE(name)
#define WICK_SCOPE_CLEAR(name) WICK_SCOPE(name)
#define WICK_SCOPE_AS(scope, name)                                                                \
    WICK_SCOPE(name);                                                                             \
    struct wick_scope scope __attribute__((__unused__)) = {0, 0, 0, -1, -1, 0, 0}
#define WICK_TIMED(scope, name) WICK_SCOPE_AS(scope, name)
#define WICK_SCOPEF_AS(scope, ...)                                                                \
    WICK_I_NO_FORMAT(__VA_ARGS__);                                                                \
    struct wick_scope scope __attribute__((__unused__)) = {0, 0, 0, -1, -1, 0, 0}
#define WICK_END(scope) WICK_I_NO_STATEMENT(wick_i_no_scope(&(scope)))
#define WICK_BEGIN(scope, name)                                                                   \
    do {                                                                                          \
        WICK_I_SCOPE_NAME(name);                                                                  \
        if (0) {                                                                                  \
            wick_i_no_scope(scope);                                                               \
        }                                                                                         \
    } while (0)
#define WICK_BEGINF(scope, ...)                                                                   \
    WICK_I_NO_STATEMENT(wick_i_no_scope(scope); WICK_I_FORMAT_NAME(WICK_I_FIRST(__VA_ARGS__));    \
                        (void)wick_i_no_text(WICK_I_FORMAT(__VA_ARGS__)))
#define WICK_CALL(name, ...)                                                                      \
    __extension__({                                                                               \
        WICK_SCOPE(name);                                                                         \
        __VA_ARGS__;                                                                              \
    })
#define WICK_WRAP(...) (__VA_ARGS__)
#define WICK_MARK(name)                                                                           \
    do {                                                                                          \
        WICK_I_MARK_NAME(name);                                                                   \
    } while (0)
#define WICK_MARK_STYLED(name, category, colour)                                                  \
    do {                                                                                          \
        WICK_I_MARK_NAME(name);                                                                   \
        WICK_I_NO_STYLE(category, colour);                                                        \
    } while (0)
#define WICK_MARKF(...)                                                                           \
    WICK_I_NO_STATEMENT(WICK_I_FORMAT_NAME(WICK_I_FIRST(__VA_ARGS__));                            \
                        (void)wick_i_no_text(WICK_I_FORMAT(__VA_ARGS__)))
#define WICK_FAIL(text) WICK_I_NO_STATEMENT((void)wick_i_no_string(WICK_I_TEXT(text)))
#define WICK_FAILF(...) WICK_I_NO_STATEMENT((void)wick_i_no_text(WICK_I_FORMAT(__VA_ARGS__)))
#define WICK_CLEAR() WICK_I_NO_STATEMENT((void)0)
#define WICK_COUNTER(name, value)                                                                 \
    WICK_I_NO_STATEMENT((void)wick_i_no_text(WICK_I_FORMAT("" name "%s", ""));                                   \
                        (void)wick_i_no_number(WICK_I_CAST(double, value)))
#define WICK_COUNTER_ADD(name, value) WICK_COUNTER(name, value)
#define WICK_COUNTER_UNIT(name, value, unit) WICK_COUNTER(name unit, value)
#define WICK_VALUE(value) WICK_I_NO_STATEMENT((void)wick_i_no_number(WICK_I_CAST(double, value)))
#define WICK_SUM(name, value, unit) WICK_COUNTER(name unit, value)
#define WICK_READ(bytes, records)                                                                 \
    WICK_I_NO_STATEMENT((void)wick_i_no_number(WICK_I_CAST(double, bytes));                       \
                        (void)wick_i_no_number(WICK_I_CAST(double, records)))
#define WICK_WROTE(bytes, records) WICK_READ(bytes, records)
#define WICK_THREAD_UNDER(scope) WICK_I_NO_STATEMENT(wick_i_no_scope(scope))

/* The functions of scope.h: a program compiled without wick links without it. */
#define wick_begin(scope, site) wick_i_no_scope(scope)
#define wick_end(scope) wick_i_no_scope(scope)
#define wick_elapsed_ns(scope) (wick_i_no_scope(scope), WICK_I_CAST(uint64_t, 0))
#define wick_cpu_ns(scope) (wick_i_no_scope(scope), WICK_I_CAST(int64_t, -1))
#define wick_unwind_to(scope) wick_i_no_scope(scope)

#endif
