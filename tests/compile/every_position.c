/*
 * SPDX-License-Identifier: MIT
 * The macros in every position where C allows a declaration or a statement: unbraced if and else,
 * loops, switch, labels, nested blocks, one line, one name twice, expressions within expressions.
 */
#include <wick/wick.h>

int every_position(int n, const char *text);

static int twice(int a)
{
    return 2 * a;
}

/* Users wrap macros in macros: two scopes from one line must have two names. */
#define BOTH(a, b)                                                                                \
    WICK_SCOPE(a);                                                                                \
    WICK_SCOPE(b)

/* clang-format off: without braces is what this is about */
static int unbraced(int n, const char *text)
{
    if (n > 3)
        WICK_FAIL("more than three");
    else
        WICK_FAILF("%d is not enough", n);
    if (n > 4)
        WICK_MARK("four");
    else if (n > 5)
        WICK_MARKF("%s", text);
    else
        WICK_COUNTER("n", n);
    for (int i = 0; i < n; i++)
        WICK_COUNTER_ADD("sum", i);
    while (n-- > 10)
        WICK_VALUE(n);
    if (n)
        WICK_READ(n, 1);
    do
        WICK_CLEAR();
    while (n > 100);
    if (n)
        WICK_CALL("in an if", twice(n));
    return n;
}
/* clang-format on */

static int switched(int n, const char *text)
{
    switch (n) {
    case 0:
        WICK_MARK("zero");
        break;
    case 1: {
        WICK_SCOPE("one");
        return 1;
    }
    case 2: {
        WICK_SCOPEF("two %s", text);
        break;
    }
    default:
        WICK_FAIL("none of them");
    }
    return 0;
}

static int jumped(int n)
{
again:
    WICK_MARK("after a label");
    {
        WICK_SCOPE("left by goto, backwards and forwards");
        if (n-- > 3) {
            goto again;
        }
        if (n == 2) {
            goto out;
        }
    }
    for (;;) {
        WICK_SCOPE("left by break and continue");
        if (n++ < 10) {
            continue;
        }
        break;
    }
out:
    return n;
}

static int nested(int n, const char *text)
{
    BOTH("outer", "inner");
    {
        WICK_SCOPE("same name");
        {
            WICK_SCOPE("same name");
            BOTH("same name", "same name");
            WICK_SCOPE_DYN(text);
        }
    }
    {
        WICK_SCOPE_AS(part, "a name in two blocks");
        WICK_END(part);
    }
    {
        WICK_SCOPE_AS(part, "a name in two blocks");
        WICK_THREAD_UNDER(&part);
    }
    { WICK_SCOPE("on one line"); n++; }
    return WICK_CALL("outer", twice(WICK_CALL("inner", twice(n)) + WICK_WRAP(twice(WICK_WRAP(twice(n))))));
}

int every_position(int n, const char *text)
{
    return unbraced(n, text) + switched(n, text) + jumped(n) + nested(n, text) +
           (n ? WICK_CALL("in a conditional", twice(n)) : WICK_WRAP(twice(n)));
}
