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
#define WICK_API __attribute__((__visibility__("default")))

/* Every inline function of the public headers: it must be inlined for the promised cost, and must
 * never enter itself when the user's file is compiled with -finstrument-functions. In C not static:
 * clang warns where an `inline` function of the user's with external linkage uses a static one. */
#if defined(__cplusplus)
#define WICK_I_INLINE static inline __attribute__((__always_inline__, __unused__, __no_instrument_function__))
#else
#define WICK_I_INLINE                                                                             \
    extern inline __attribute__((__gnu_inline__, __always_inline__, __unused__, __no_instrument_function__))
#endif

#define WICK_I_LIKELY(condition) __builtin_expect(!!(condition), 1)
#define WICK_I_UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define WICK_I_PRINTF(nth, first) __attribute__((__format__(__printf__, nth, first)))
#define WICK_I_COLD __attribute__((__cold__, __noinline__))
#define WICK_I_MUST_CHECK __attribute__((__warn_unused_result__))

#define WICK_I_JOIN2(a, b) a##b
#define WICK_I_JOIN(a, b) WICK_I_JOIN2(a, b)
/* A name that no other macro of this file of the user's has: two macros on one line differ too. */
#define WICK_I_UNIQUE(stem) WICK_I_JOIN(stem, __COUNTER__)

#endif
