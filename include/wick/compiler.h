/*
 * SPDX-License-Identifier: MIT
 * The only place that asks which compiler and language this is. Everything else uses the words
 * defined here. Nothing in this file is for users.
 */
#ifndef WICK_COMPILER_H
#define WICK_COMPILER_H

#if defined(__cplusplus)
#define WICK_I_EXTERN_BEGIN extern "C" {
#define WICK_I_EXTERN_END }
#define WICK_I_STATIC_ASSERT(condition, text) static_assert(condition, text)
#define WICK_I_NULL nullptr
#define WICK_I_CAST(type, value) static_cast<type>(value)
#else
#define WICK_I_EXTERN_BEGIN
#define WICK_I_EXTERN_END
#define WICK_I_STATIC_ASSERT(condition, text) _Static_assert(condition, text)
#define WICK_I_NULL ((void *)0)
#define WICK_I_CAST(type, value) ((type)(value))
#endif

/* Where wick records. Elsewhere the macros compile to nothing. */
#if !defined(__linux__) || !defined(__GNUC__) || !(defined(__x86_64__) || defined(__aarch64__))
#if !defined(WICK_DISABLE)
#define WICK_DISABLE
#endif
#endif

/* May a scope be left by an exception of C++? */
#if defined(__cplusplus) && !defined(WICK_DISABLE) && (defined(__cpp_exceptions) || defined(__EXCEPTIONS))
#define WICK_I_EXCEPTIONS 1
#else
#define WICK_I_EXCEPTIONS 0
#endif

/* Exported from libwick; everything else in it is hidden. */
#define WICK_API __attribute__((visibility("default")))

/* Every inline function of the public headers: it must be inlined for the promised cost, and must
 * never enter itself when the user's file is compiled with -finstrument-functions. In C not static:
 * clang warns where an `inline` function of the user's with external linkage uses a static one. */
#if defined(__cplusplus)
#define WICK_I_INLINE static inline __attribute__((always_inline, unused, no_instrument_function))
#else
#define WICK_I_INLINE                                                                             \
    extern inline __attribute__((gnu_inline, always_inline, unused, no_instrument_function))
#endif

#define WICK_I_LIKELY(condition) __builtin_expect(!!(condition), 1)
#define WICK_I_UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define WICK_I_PRINTF(nth, first) __attribute__((format(printf, nth, first)))
#define WICK_I_COLD __attribute__((cold, noinline))
#define WICK_I_MUST_CHECK __attribute__((warn_unused_result))

#define WICK_I_JOIN2(a, b) a##b
#define WICK_I_JOIN(a, b) WICK_I_JOIN2(a, b)
/* A name that no other macro of this file of the user's has: two macros on one line differ too. */
#define WICK_I_UNIQUE(stem) WICK_I_JOIN(stem, __COUNTER__)

#endif
