/*
 * SPDX-License-Identifier: MIT
 * Compiler and language: the only file with #ifdef __cplusplus or __GNUC__. The rest uses the macros defined here.
 * Nothing in this file is for users.
 */
#ifndef WICK_COMPILER_H
#define WICK_COMPILER_H

#if defined(__cplusplus)
#define WICK_I_EXTERN_BEGIN extern "C" {
#define WICK_I_EXTERN_END }
#define WICK_I_STATIC_ASSERT(condition, text) static_assert(condition, text)
#define WICK_I_NULL nullptr
#define WICK_I_CAST(type, value) static_cast<type>(value)
#define WICK_I_FUNCTION __PRETTY_FUNCTION__ /* with its class; the library makes a name of it */
#else
#define WICK_I_EXTERN_BEGIN
#define WICK_I_EXTERN_END
#define WICK_I_STATIC_ASSERT(condition, text) _Static_assert(condition, text)
#define WICK_I_NULL ((void *)0)
#define WICK_I_CAST(type, value) ((type)(value))
#define WICK_I_FUNCTION __func__
#endif

/* On other platforms than 64-bit Linux with glibc the macros compile to nothing. */
#if defined(__linux__)
#include <limits.h> /* as any header of the C library it says whether that is glibc */
#endif
#if !defined(__linux__) || !defined(__GLIBC__) || !defined(__GNUC__) || !defined(__LP64__) || \
    !(defined(__x86_64__) || defined(__aarch64__))
#if !defined(WICK_DISABLE)
#define WICK_DISABLE
#endif
#endif

/* Can a C++ exception leave a scope? */
#if defined(__cplusplus) && !defined(WICK_DISABLE) && (defined(__cpp_exceptions) || defined(__EXCEPTIONS))
#define WICK_I_EXCEPTIONS 1
#else
#define WICK_I_EXCEPTIONS 0
#endif

/* Exported from libwick; everything else in it is hidden. */
#define WICK_API __attribute__((__visibility__("default")))

/* For every inline function of the public headers: always inlined, for the promised cost, and never instrumented, since
 * -finstrument-functions in the user's file would make it call itself. In C it is not static: clang warns when an
 * `inline` function with external linkage uses a static one. */
#if defined(__cplusplus)
#define WICK_I_INLINE static inline __attribute__((__always_inline__, __unused__, __no_instrument_function__))
#else
#define WICK_I_INLINE                                                                             \
    extern inline __attribute__((__gnu_inline__, __always_inline__, __unused__, __no_instrument_function__))
#endif

/* A text, or a format and its arguments, for parameters of char: in C++20 a literal u8"..." is of another type. Both stay constants. */
#if defined(__cplusplus) && defined(__cpp_char8_t) && __cplusplus > 201703L
extern "C++" {
template <typename Type> struct wick_i_char8;
template <> struct wick_i_char8<char8_t> {
    typedef void is_text;
};
void wick_i_is_text(const char *);
template <typename Type> typename wick_i_char8<Type>::is_text wick_i_is_text(const Type *);
}
#define WICK_I_TEXT(text) static_cast<const char *>(static_cast<const decltype(wick_i_is_text(text)) *>(text))
#define WICK_I_FORMAT(format, ...) WICK_I_TEXT(format) __VA_OPT__(, ) __VA_ARGS__
#else
#define WICK_I_TEXT(text) text
#define WICK_I_FORMAT(...) __VA_ARGS__
#endif

/* The argument, a text; NULL without one. */
#if defined(__cplusplus)
WICK_I_INLINE const char *wick_i_optional_text(const char *text = WICK_I_NULL)
{
    return text;
}
#if defined(__cpp_char8_t) && __cplusplus > 201703L
extern "C++" {
template <typename Type, typename = typename wick_i_char8<Type>::is_text>
WICK_I_INLINE const char *wick_i_optional_text(const Type *text)
{
    return WICK_I_TEXT(text);
}
}
#endif
#define WICK_I_OPTIONAL_TEXT(...) wick_i_optional_text(__VA_ARGS__)
#else
#define WICK_I_OPTIONAL_TEXT(...) (((const char *const[2]){"", __VA_ARGS__})[1])
#endif

/* A number that keeps its type: exact where it is an integer. */
struct wick_i_number {
    union {
        long long whole;
        double real;
    };
    int is_whole; /* 2: the bits of an unsigned one beyond 2^63 - 1 */
};
WICK_I_INLINE struct wick_i_number wick_i_number_whole(long long whole)
{
    struct wick_i_number number;
    number.whole = whole;
    number.is_whole = 1;
    return number;
}
WICK_I_INLINE struct wick_i_number wick_i_number_real(double real)
{
    struct wick_i_number number;
    number.real = real;
    number.is_whole = 0;
    return number;
}
WICK_I_INLINE struct wick_i_number wick_i_number_unsigned(unsigned long long whole)
{
    struct wick_i_number number;
    number.whole = WICK_I_CAST(long long, whole);
    number.is_whole = whole >> 63 ? 2 : 1;
    return number;
}
#if defined(__cplusplus)
extern "C++" {
#define WICK_I_NUMBER_OF(type, to)                                                                \
    WICK_I_INLINE struct wick_i_number wick_i_number_of(type value)                               \
    {                                                                                             \
        return to(value);                                                                         \
    }
WICK_I_NUMBER_OF(bool, wick_i_number_whole)
WICK_I_NUMBER_OF(char, wick_i_number_whole)
WICK_I_NUMBER_OF(signed char, wick_i_number_whole)
WICK_I_NUMBER_OF(unsigned char, wick_i_number_whole)
WICK_I_NUMBER_OF(short, wick_i_number_whole)
WICK_I_NUMBER_OF(unsigned short, wick_i_number_whole)
WICK_I_NUMBER_OF(int, wick_i_number_whole)
WICK_I_NUMBER_OF(unsigned, wick_i_number_whole)
WICK_I_NUMBER_OF(long, wick_i_number_whole)
WICK_I_NUMBER_OF(long long, wick_i_number_whole)
WICK_I_NUMBER_OF(unsigned long, wick_i_number_unsigned)
WICK_I_NUMBER_OF(unsigned long long, wick_i_number_unsigned)
WICK_I_NUMBER_OF(double, wick_i_number_real)
#undef WICK_I_NUMBER_OF
template <typename Type> WICK_I_INLINE struct wick_i_number wick_i_number_of(const Type &value)
{
    return wick_i_number_real(static_cast<double>(value));
}
}
#define WICK_I_NUMBER(value) wick_i_number_of(value)
#else
WICK_I_INLINE struct wick_i_number wick_i_number_float(float real)
{
    return wick_i_number_real((double)real);
}
WICK_I_INLINE struct wick_i_number wick_i_number_long(long double real)
{
    return wick_i_number_real((double)real);
}
/* The promotion leaves fewer types, and bit-fields none of their own; a cast of 0, since clang warns about side effects in what
 * _Generic does not evaluate. */
#define WICK_I_NUMBER(value)                                                                      \
    _Generic((__typeof__((value) + 0))0, int: wick_i_number_whole, unsigned: wick_i_number_whole, \
             long: wick_i_number_whole, long long: wick_i_number_whole,                           \
             unsigned long: wick_i_number_unsigned, unsigned long long: wick_i_number_unsigned,   \
             float: wick_i_number_float, long double: wick_i_number_long,                         \
             default: wick_i_number_real)(value)
#endif

#define WICK_I_LIKELY(condition) __builtin_expect(!!(condition), 1)
#define WICK_I_UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define WICK_I_PRINTF(nth, first) __attribute__((__format__(__printf__, nth, first)))
#define WICK_I_COLD __attribute__((__cold__, __noinline__))
#define WICK_I_MUST_CHECK __attribute__((__warn_unused_result__))

/* Is the argument a string literal? And the literal itself, or "" instead of anything else, so that the one error is that of the
 * assertion before it. */
#if defined(__cplusplus)
extern "C++" {
template <typename Type> struct wick_i_literal {
    enum { is = 0 };
};
template <unsigned long size> struct wick_i_literal<const char (&)[size]> {
    enum { is = 1 };
};
#if defined(__cpp_char8_t) && __cplusplus > 201703L
template <unsigned long size> struct wick_i_literal<const char8_t (&)[size]> {
    enum { is = 1 };
};
#endif
}
#define WICK_I_IS_LITERAL(text) (wick_i_literal<decltype(text)>::is && __builtin_constant_p(text))
#define WICK_I_LITERAL(text) (WICK_I_IS_LITERAL(text) ? WICK_I_TEXT(text) : "")
#else
#define WICK_I_IS_LITERAL(text)                                                                   \
    (__builtin_constant_p(text) && __builtin_types_compatible_p(__typeof__(text), char[sizeof(text)]))
#define WICK_I_LITERAL(text) __builtin_choose_expr(WICK_I_IS_LITERAL(text), text, "")
#endif

/* The first declaration of a scope, which is several. As the body of an `if` without braces it does not compile, and the
 * compiler's message has this name: in C a statement cannot begin with a type, in C++ the second declaration does not see the first. */
#if defined(__cplusplus)
#define WICK_I_DECLARATION WICK_I_DECLARATION2(WICK_I_UNIQUE(wick_i_a_scope_is_a_declaration_put_it_in_braces_))
#define WICK_I_DECLARATION2(name)                                                                 \
    enum { name };                                                                                \
    static_assert(name == 0, "")
#else
typedef char wick_i_a_scope_is_a_declaration_put_it_in_braces;
#define WICK_I_DECLARATION                                                                        \
    wick_i_a_scope_is_a_declaration_put_it_in_braces WICK_I_UNIQUE(wick_i_block_) __attribute__((__unused__))
#endif

#define WICK_I_JOIN2(a, b) a##b
#define WICK_I_JOIN(a, b) WICK_I_JOIN2(a, b)
/* A name unique in the translation unit, also for two macros on one line. */
#define WICK_I_UNIQUE(stem) WICK_I_JOIN(stem, __COUNTER__)

#endif
