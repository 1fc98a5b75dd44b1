/*
 * SPDX-License-Identifier: MIT
 * The recording macros: scopes, marks, counters, values, failures, locks. Each says what it expands to.
 * Arguments are evaluated exactly once while recording is on; arguments of formats and texts not at
 * all while it is off; none of them with WICK_DISABLE, where they are still type-checked.
 *
 * Names are literals (anything else does not compile); for a text made at run time see WICK_SCOPEF
 * (the text is an attribute) and WICK_SCOPE_DYN (the text is the identity).
 *
 * A macro that is a declaration belongs at the start of a block; never jump over it with goto or
 * switch (-Wjump-misses-init warns). Compile with -fexceptions if scopes may be left by
 * pthread_exit or cancellation: the compiler then runs their ends. In C++ a scope that an exception
 * leaves fails; this is asked at its end alone. A scope that begins and ends in a destructor while an
 * exception is on its way is no failure, if a scope of the destructor itself is around it or is it (begin
 * with WICK_FUNCTION() there); what a destructor without one calls meanwhile is taken for left, too. In C, an inline function with a
 * macro in it is `static inline` (C forbids static objects in other ones).
 */
#ifndef WICK_SCOPE_H
#define WICK_SCOPE_H

#include <pthread.h>
#include <stdarg.h>

#include "unwind.h"

/* A named scope. Treat it as opaque; zero it, or begin it, before any other use. */
struct wick_scope {
    uint64_t token;
    uint64_t start_ticks;
    uint64_t took_ns;     /* its time and one more; 0: still open */
    int64_t start_cpu_ns; /* < 0: CPU time is not recorded */
    int64_t end_cpu_ns;
    uint32_t site;
    uint32_t clock;       /* 0: the recorder's; 1: CLOCK_MONOTONIC, see WICK_TIMED */
};

WICK_I_EXTERN_BEGIN

/*
 * Begin and end a scope that is not lexical. The end must come on the same thread, inner scopes first;
 * an end that comes too late (an outer scope has ended already) is counted as stale and ignored.
 *
 * scope      borrows until wick_end
 * site       written by the WICK_BEGIN macros; see there
 * Threads    any     Signals   safe on threads that have recorded before
 * Errors     none: what is not recorded is counted (wick_stats)
 * Since      0.1
 */
WICK_API void wick_begin(struct wick_scope *scope, struct wick_site *site);
/*
 * End a scope begun by WICK_BEGIN, WICK_BEGINF or WICK_SCOPE_AS; a second call does nothing.
 *
 * Threads    the one that began it     Signals   as wick_begin
 * Since      0.1
 */
WICK_API void wick_end(struct wick_scope *scope);

/*
 * Give the wall time of a scope so far, or in whole once it has ended, in nanoseconds.
 *
 * Returns    0 when recording, or the scope's site (WICK_FILTER), was off at its begin, except for WICK_TIMED
 * Threads    any, if the caller orders its accesses     Signals   safe
 * Since      0.1
 */
WICK_API uint64_t wick_elapsed_ns(const struct wick_scope *scope);

/*
 * Give the CPU time that the scope's thread spent in it, in nanoseconds.
 *
 * Returns    -1 unless CPU time is recorded (WICK_CPU=1, wick_config.cpu_time)
 * Threads    the scope's own while it is open     Signals   safe
 * Cost       one system call while the scope is open
 * Since      0.1
 */
WICK_API int64_t wick_cpu_ns(const struct wick_scope *scope);

/*
 * Close every scope above `scope` as unwound. For use right after a setjmp that returned by longjmp;
 * without it they are closed when `scope` ends.
 *
 * Threads    the scope's own     Signals   as wick_begin
 * Since      0.1
 */
WICK_API void wick_unwind_to(const struct wick_scope *scope);

/* What the macros below call. Not for users. */
WICK_API uint64_t wick_i_beginf(struct wick_site *site, const char *fmt, ...) WICK_I_PRINTF(2, 3);
WICK_API uint64_t wick_i_begin_text(struct wick_site *site, const char *text);
WICK_API void wick_i_begin_named(struct wick_scope *scope, struct wick_site *site);
WICK_API void wick_i_begin_timed(struct wick_scope *scope, struct wick_site *site);
WICK_API void wick_i_begin_namedf(struct wick_scope *scope, struct wick_site *site,
                                  const char *fmt, ...) WICK_I_PRINTF(3, 4);
WICK_API uint64_t wick_i_begin_bookmark(struct wick_site *site);
WICK_API uint64_t wick_i_begin_clear(struct wick_site *site);
WICK_API void wick_i_mark(struct wick_site *site);
WICK_API void wick_i_markf(struct wick_site *site, const char *fmt, ...) WICK_I_PRINTF(2, 3);
WICK_API void wick_i_fail(const char *text);
WICK_API void wick_i_failf(const char *fmt, ...) WICK_I_PRINTF(1, 2);
WICK_API void wick_i_clear(void);
WICK_API void wick_i_counter_set(struct wick_site *site, double value);
WICK_API void wick_i_counter_add(struct wick_site *site, double value);
WICK_API void wick_i_value(double value);
WICK_API void wick_i_counter_set_whole(struct wick_site *site, int64_t value);
WICK_API void wick_i_counter_add_whole(struct wick_site *site, int64_t value);
WICK_API void wick_i_value_whole(int64_t value);
WICK_API void wick_i_counter_set_unsigned(struct wick_site *site, uint64_t value); /* above INT64_MAX; so the next two */
WICK_API void wick_i_counter_add_unsigned(struct wick_site *site, uint64_t value);
WICK_API void wick_i_value_unsigned(uint64_t value);
WICK_API void wick_i_amount(struct wick_site *site, double value);
WICK_API void wick_i_thread_under(const struct wick_scope *parent);

WICK_I_EXTERN_END

#if WICK_I_EXCEPTIONS
WICK_I_INLINE void wick_i_named_leave(struct wick_scope *scope)
{
    wick_i_leave_named(scope, wick_i_may_leave(scope->token) ? wick_i_uncaught() : WICK_I_NULL);
}
#define WICK_I_NAMED_END wick_i_named_leave
#else
#define WICK_I_NAMED_END wick_end
#endif

/* A number of a counter or a scope is recorded as what it is. The compiler decides: `is_whole` is known to it. */
WICK_I_INLINE void wick_i_counter_set_number(struct wick_site *site, struct wick_i_number number)
{
    if (number.is_whole > 1) {
        wick_i_counter_set_unsigned(site, WICK_I_CAST(uint64_t, number.whole));
    } else if (number.is_whole) {
        wick_i_counter_set_whole(site, number.whole);
    } else {
        wick_i_counter_set(site, number.real);
    }
}
WICK_I_INLINE void wick_i_counter_add_number(struct wick_site *site, struct wick_i_number number)
{
    if (number.is_whole > 1) {
        wick_i_counter_add_unsigned(site, WICK_I_CAST(uint64_t, number.whole));
    } else if (number.is_whole) {
        wick_i_counter_add_whole(site, number.whole);
    } else {
        wick_i_counter_add(site, number.real);
    }
}
WICK_I_INLINE void wick_i_value_number(struct wick_i_number number)
{
    if (number.is_whole > 1) {
        wick_i_value_unsigned(WICK_I_CAST(uint64_t, number.whole));
    } else if (number.is_whole) {
        wick_i_value_whole(number.whole);
    } else {
        wick_i_value(number.real);
    }
}

/* What WICK_BEGINF leaves while recording is off. */
WICK_I_INLINE void wick_i_begin_nothing(struct wick_scope *scope)
{
    __builtin_memset(scope, 0, sizeof *scope);
    scope->start_cpu_ns = scope->end_cpu_ns = -1;
}

/* The first of one or more arguments: the format of a formatted macro. */
#define WICK_I_FIRST(...) WICK_I_FIRST2(__VA_ARGS__, 0)
#define WICK_I_FIRST2(first, ...) first

/* What a name and a format must be, and what to write instead. */
#define WICK_I_SCOPE_NAME(name)                                                                   \
    WICK_I_STATIC_ASSERT(WICK_I_IS_LITERAL(name),                                                 \
                         "the name of a scope is a string literal: for a text made at run time "  \
                         "write WICK_SCOPE_DYN(text), or WICK_SCOPEF(\"%s\", text)")
#define WICK_I_MARK_NAME(name)                                                                    \
    WICK_I_STATIC_ASSERT(WICK_I_IS_LITERAL(name),                                                 \
                         "the name of a mark is a string literal: for a text made at run time "   \
                         "write WICK_MARKF(\"%s\", text)")
#define WICK_I_FORMAT_NAME(format)                                                                \
    WICK_I_STATIC_ASSERT(WICK_I_IS_LITERAL(format),                                               \
                         "a format is a string literal: write \"%s\" before a text made at run time")

#if defined(WICK_DISABLE)
#include "disabled.h"
#else

/* clang warns about a mutable static in an inline function of C;
 * here that is harmless, since equal sites share one id. */
#if defined(__clang__)
#define WICK_I_SITE_QUIET                                                                         \
    _Pragma("clang diagnostic push")                                                              \
        _Pragma("clang diagnostic ignored \"-Wunknown-warning-option\"")                          \
            _Pragma("clang diagnostic ignored \"-Wstatic-local-in-inline\"")
#define WICK_I_SITE_LOUD _Pragma("clang diagnostic pop")
#else
#define WICK_I_SITE_QUIET
#define WICK_I_SITE_LOUD
#endif
#define WICK_I_SITE(variable, literal, kind, category, colour)                                    \
    WICK_I_SITE_QUIET static struct wick_site variable = {                                        \
        WICK_I_TEXT(literal), WICK_I_FUNCTION, __FILE__, WICK_I_TEXT(category), __LINE__, colour, kind, 0} WICK_I_SITE_LOUD

#define WICK_I_GUARD(site, literal, kind, category, colour, begin)                                \
    WICK_I_SITE(site, literal, kind, category, colour);                                           \
    uint64_t WICK_I_JOIN(site, _token) __attribute__((__cleanup__(WICK_I_GUARD_END), __unused__)) =       \
        WICK_I_ENTERED(begin)

#define WICK_I_GUARD_PLAIN(site, literal, category, colour)                                       \
    WICK_I_GUARD(site, literal, WICK_I_SITE_SCOPE, category, colour, wick_i_begin(&site).token)
#define WICK_I_GUARD_FORMAT(site, ...)                                                            \
    WICK_I_GUARD(site, WICK_I_LITERAL(WICK_I_FIRST(__VA_ARGS__)), WICK_I_SITE_FORMAT, WICK_I_NULL, 0, \
                 (wick_i_is_on() ? wick_i_beginf(&site, WICK_I_FORMAT(__VA_ARGS__)) : 0))
#define WICK_I_GUARD_TEXT(site, text)                                                             \
    WICK_I_GUARD(site, WICK_I_NULL, WICK_I_SITE_DYNAMIC, WICK_I_NULL, 0,                          \
                 (wick_i_is_on() ? wick_i_begin_text(&site, WICK_I_TEXT(text)) : 0))
#define WICK_I_GUARD_CALL(site, literal, function)                                                \
    WICK_I_GUARD(site, literal, WICK_I_SITE_SCOPE, WICK_I_NULL, 0, function(&site))
#define WICK_I_NAMED(site, scope, literal, kind, begin)                                           \
    WICK_I_SITE(site, literal, kind, WICK_I_NULL, 0);                                             \
    struct wick_scope scope __attribute__((__cleanup__(WICK_I_NAMED_END), __unused__)) =                  \
        {0, 0, 0, -1, -1, 0, 0};                                                                  \
    begin;                                                                                        \
    (void)WICK_I_ENTERED((scope).token)
/* Record from here to the end of the block, however it is left. Declaration. */
#define WICK_SCOPE(name)                                                                          \
    WICK_I_DECLARATION;                                                                           \
    WICK_I_SCOPE_NAME(name);                                                                      \
    WICK_I_GUARD_PLAIN(WICK_I_UNIQUE(wick_i_site_), WICK_I_LITERAL(name), WICK_I_NULL, 0)
/* The same, with a category ("io") and a colour (0xRRGGBB) for the views. Declaration. */
#define WICK_SCOPE_STYLED(name, category, colour)                                                 \
    WICK_I_DECLARATION;                                                                           \
    WICK_I_SCOPE_NAME(name);                                                                      \
    WICK_I_GUARD_PLAIN(WICK_I_UNIQUE(wick_i_site_), WICK_I_LITERAL(name), "" category, 0x1000000u | (colour))
/* The same, and each instance carries a text: printf's format and arguments. Declaration.
 * Cost: vsnprintf, about 100 ns and up. */
#define WICK_SCOPEF(...)                                                                          \
    WICK_I_DECLARATION;                                                                           \
    WICK_I_FORMAT_NAME(WICK_I_FIRST(__VA_ARGS__));                                                \
    WICK_I_GUARD_FORMAT(WICK_I_UNIQUE(wick_i_site_), __VA_ARGS__)
/* The same, but each different text is a scope of its own in the tree. Declaration.
 * The text is copied and kept; a bounded number of them (wick_config.names_max). Its first 4,000 bytes are the name; a longer
 * one is also whole in each instance. */
#define WICK_SCOPE_DYN(text)                                                                      \
    WICK_I_DECLARATION;                                                                           \
    WICK_I_GUARD_TEXT(WICK_I_UNIQUE(wick_i_site_), text)
/* Record the function, under its own name. Declaration. */
#define WICK_FUNCTION()                                                                           \
    WICK_I_DECLARATION;                                                                           \
    WICK_I_GUARD_PLAIN(WICK_I_UNIQUE(wick_i_site_), WICK_I_NULL, WICK_I_NULL, 0)
/* A scope that also sets a mark at its start. Declaration. */
#define WICK_SCOPE_BOOKMARK(name)                                                                 \
    WICK_I_DECLARATION;                                                                           \
    WICK_I_SCOPE_NAME(name);                                                                      \
    WICK_I_GUARD_CALL(WICK_I_UNIQUE(wick_i_site_), WICK_I_LITERAL(name), wick_i_begin_bookmark)
/* A scope that first ends every open scope of its thread as failed. Declaration. */
#define WICK_SCOPE_CLEAR(name)                                                                    \
    WICK_I_DECLARATION;                                                                           \
    WICK_I_SCOPE_NAME(name);                                                                      \
    WICK_I_GUARD_CALL(WICK_I_UNIQUE(wick_i_site_), WICK_I_LITERAL(name), wick_i_begin_clear)

/* A scope that can be asked (wick_elapsed_ns, wick_cpu_ns), ended early (WICK_END) and hung under
 * (WICK_THREAD_UNDER). Declares `struct wick_scope scope`. Declaration. */
#define WICK_SCOPE_AS(scope, name)                                                                \
    WICK_I_DECLARATION;                                                                           \
    WICK_I_SCOPE_NAME(name);                                                                      \
    WICK_I_SCOPE_AS(WICK_I_UNIQUE(wick_i_site_), scope, WICK_I_LITERAL(name))
#define WICK_I_SCOPE_AS(site, scope, name)                                                        \
    WICK_I_NAMED(site, scope, name, WICK_I_SITE_SCOPE, wick_i_begin_named(&scope, &site))
/* The same, and its wall time is measured also while recording, or its site, is off. Declaration.
 * Cost then: two readings of the clock. */
#define WICK_TIMED(scope, name)                                                                   \
    WICK_I_DECLARATION;                                                                           \
    WICK_I_SCOPE_NAME(name);                                                                      \
    WICK_I_TIMED(WICK_I_UNIQUE(wick_i_site_), scope, WICK_I_LITERAL(name))
#define WICK_I_TIMED(site, scope, name)                                                           \
    WICK_I_NAMED(site, scope, name, WICK_I_SITE_SCOPE, wick_i_begin_timed(&scope, &site))
/* The same as WICK_SCOPE_AS with a text per instance. Declaration. */
#define WICK_SCOPEF_AS(scope, ...)                                                                \
    WICK_I_DECLARATION;                                                                           \
    WICK_I_FORMAT_NAME(WICK_I_FIRST(__VA_ARGS__));                                                \
    WICK_I_SCOPEF_AS(WICK_I_UNIQUE(wick_i_site_), scope, __VA_ARGS__)
#define WICK_I_SCOPEF_AS(site, scope, ...)                                                        \
    WICK_I_NAMED(site, scope, WICK_I_LITERAL(WICK_I_FIRST(__VA_ARGS__)), WICK_I_SITE_FORMAT,      \
                 if (wick_i_is_on()) wick_i_begin_namedf(&scope, &site, WICK_I_FORMAT(__VA_ARGS__)))
/* End a named scope now; again is harmless. Statement. */
#define WICK_END(scope) wick_end(&(scope))
/* Begin a scope in a struct wick_scope of the caller's (pointer), for wick_end. Statement. */
#define WICK_BEGIN(scope, name)                                                                   \
    WICK_I_DO(WICK_I_UNIQUE(wick_i_site_), name, WICK_I_SITE_SCOPE, wick_begin, scope)
#define WICK_BEGINF(scope, ...)                                                                   \
    WICK_I_BEGINF(WICK_I_UNIQUE(wick_i_site_), scope, __VA_ARGS__)
#define WICK_I_BEGINF(site, scope, ...)                                                           \
    do {                                                                                          \
        WICK_I_FORMAT_NAME(WICK_I_FIRST(__VA_ARGS__));                                            \
        WICK_I_SITE(site, WICK_I_LITERAL(WICK_I_FIRST(__VA_ARGS__)), WICK_I_SITE_FORMAT, WICK_I_NULL, 0); \
        if (wick_i_is_on()) {                                                                     \
            wick_i_begin_namedf(scope, &site, WICK_I_FORMAT(__VA_ARGS__));                                       \
        } else {                                                                                  \
            wick_i_begin_nothing(scope);                                                          \
        }                                                                                         \
    } while (0)
#define WICK_I_DO(site, name, kind, function, scope)                                              \
    do {                                                                                          \
        WICK_I_SCOPE_NAME(name);                                                                  \
        WICK_I_SITE(site, WICK_I_LITERAL(name), kind, WICK_I_NULL, 0);                            \
        function(scope, &site);                                                                   \
    } while (0)

/* The value of an expression, recorded as a scope. Expression. */
#define WICK_CALL(name, ...)                                                                      \
    __extension__({                                                                               \
        WICK_SCOPE(name);                                                                         \
        __VA_ARGS__;                                                                              \
    })
/* The value of a function call, recorded as a scope that is named after the function. Expression. */
#define WICK_WRAP(...)                                                                            \
    __extension__({                                                                               \
        WICK_I_WRAP(WICK_I_UNIQUE(wick_i_site_), #__VA_ARGS__);                                   \
        __VA_ARGS__;                                                                              \
    })
#define WICK_I_WRAP(site, call)                                                                   \
    WICK_I_GUARD(site, call, WICK_I_SITE_WRAP, WICK_I_NULL, 0, wick_i_begin(&site).token)

/* A point in time. Statement. */
#define WICK_MARK(name) WICK_I_MARK(WICK_I_UNIQUE(wick_i_site_), name, WICK_I_NULL, 0)
#define WICK_MARK_STYLED(name, category, colour)                                                  \
    WICK_I_MARK(WICK_I_UNIQUE(wick_i_site_), name, "" category, 0x1000000u | (colour))
#define WICK_I_MARK(site, name, category, colour)                                                 \
    do {                                                                                          \
        WICK_I_MARK_NAME(name);                                                                   \
        WICK_I_SITE(site, WICK_I_LITERAL(name), WICK_I_SITE_MARK, category, colour);                           \
        if (wick_i_is_on()) {                                                                     \
            wick_i_mark(&site);                                                                   \
        }                                                                                         \
    } while (0)
/* A point in time with a text: printf's format and arguments. Statement. */
#define WICK_MARKF(...) WICK_I_MARKF(WICK_I_UNIQUE(wick_i_site_), __VA_ARGS__)
#define WICK_I_MARKF(site, ...)                                                                   \
    do {                                                                                          \
        WICK_I_FORMAT_NAME(WICK_I_FIRST(__VA_ARGS__));                                            \
        WICK_I_SITE(site, WICK_I_LITERAL(WICK_I_FIRST(__VA_ARGS__)), WICK_I_SITE_MARKF, WICK_I_NULL, 0); \
        if (wick_i_is_on()) {                                                                     \
            wick_i_markf(&site, WICK_I_FORMAT(__VA_ARGS__));                                                     \
        }                                                                                         \
    } while (0)

/* The innermost open scope of this thread ends as failed; the first text wins. Statement. */
#define WICK_FAIL(text)                                                                           \
    do {                                                                                          \
        if (wick_i_is_on()) {                                                                     \
            wick_i_fail(WICK_I_TEXT(text));                                                                    \
        }                                                                                         \
    } while (0)
#define WICK_FAILF(...)                                                                           \
    do {                                                                                          \
        if (wick_i_is_on()) {                                                                     \
            wick_i_failf(WICK_I_FORMAT(__VA_ARGS__));                                                            \
        }                                                                                         \
    } while (0)
/* Every open scope of this thread ends as failed, marked as cleared. Statement. */
#define WICK_CLEAR()                                                                              \
    do {                                                                                          \
        if (wick_i_is_on()) {                                                                     \
            wick_i_clear();                                                                       \
        }                                                                                         \
    } while (0)

/* A counter's new value, or what is added to it. Integers are exact, of 64 bits with a sign or without; other numbers are doubles. Statement. */
#define WICK_COUNTER(name, value)                                                                 \
    WICK_I_COUNTER(WICK_I_UNIQUE(wick_i_site_), "" name, WICK_I_NULL, wick_i_counter_set_number, value)
#define WICK_COUNTER_ADD(name, value)                                                             \
    WICK_I_COUNTER(WICK_I_UNIQUE(wick_i_site_), "" name, WICK_I_NULL, wick_i_counter_add_number, value)
/* The same as WICK_COUNTER, with its unit (a literal): "bytes", "count", "percent", "seconds" or a word of your own. Statement. */
#define WICK_COUNTER_UNIT(name, value, unit)                                                      \
    WICK_I_COUNTER(WICK_I_UNIQUE(wick_i_site_), "" name, "" unit, wick_i_counter_set_number, value)
#define WICK_I_COUNTER(site, literal, unit, function, value)                                      \
    do {                                                                                          \
        WICK_I_SITE(site, literal, WICK_I_SITE_COUNTER, unit, 0);                                 \
        if (wick_i_is_on()) {                                                                     \
            function(&site, WICK_I_NUMBER(value));                                                \
        }                                                                                         \
    } while (0)
/* A number of the innermost open scope (bytes, items), as of a counter: added up per scope. Statement. */
#define WICK_VALUE(value)                                                                         \
    do {                                                                                          \
        if (wick_i_is_on()) {                                                                     \
            wick_i_value_number(WICK_I_NUMBER(value));                                            \
        }                                                                                         \
    } while (0)
/*
 * Added to the sum of the innermost open scope that has this name and unit (literals; units as of a counter), from wherever in the
 * program: tree, report and page show it with what it comes to per second of the scope. A double, added up exactly. Statement.
 */
#define WICK_SUM(name, value, unit) WICK_I_SUM(WICK_I_UNIQUE(wick_i_site_), name, value, unit)
#define WICK_I_SUM(site, name, value, unit)                                                       \
    do {                                                                                          \
        WICK_I_SITE_QUIET static struct wick_site site = {                                        \
            WICK_I_TEXT("" name), WICK_I_TEXT("" name), "", WICK_I_TEXT("" unit), 0, 0, WICK_I_SITE_COUNTER, 0} WICK_I_SITE_LOUD; \
        if (wick_i_is_on()) {                                                                     \
            wick_i_amount(&site, WICK_I_CAST(double, value));                                     \
        }                                                                                         \
    } while (0)
/* What the innermost open scope has read, or written: sums `read` and `written` in bytes, `records read` and `records written`. Statements. */
#define WICK_READ(bytes, records)                                                                 \
    do {                                                                                          \
        WICK_SUM("read", bytes, "bytes");                                                         \
        WICK_SUM("records read", records, "records");                                             \
    } while (0)
#define WICK_WROTE(bytes, records)                                                                \
    do {                                                                                          \
        WICK_SUM("written", bytes, "bytes");                                                      \
        WICK_SUM("records written", records, "records");                                          \
    } while (0)
/* This thread's tree hangs under a named scope (pointer) of another thread. Statement. */
#define WICK_THREAD_UNDER(scope)                                                                  \
    do {                                                                                          \
        if (wick_i_is_on()) {                                                                     \
            wick_i_thread_under(scope);                                                           \
        }                                                                                         \
    } while (0)

#endif /* WICK_DISABLE */
#endif
