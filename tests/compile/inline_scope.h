/*
 * SPDX-License-Identifier: MIT
 * A header of a user's with macros in inline functions: included by two files of one program.
 */
#ifndef WICK_TESTS_COMPILE_INLINE_SCOPE_H
#define WICK_TESTS_COMPILE_INLINE_SCOPE_H

#include <wick/wick.h>

static inline int inline_static(int n)
{
    WICK_SCOPE("static inline");
    WICK_MARKF("n %d", n);
    return WICK_CALL("nested", n + 1);
}

/* ISO C (6.7.4) forbids a static object, hence a site, in an inline function with external linkage
 * that this file does not emit; C++ has one object for the whole program. */
#if !defined(__cplusplus)
static
#endif
inline int inline_plain(int n)
{
    WICK_SCOPE("inline");
    WICK_COUNTER("n", n);
    return n;
}

#endif
