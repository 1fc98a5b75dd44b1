/*
 * SPDX-License-Identifier: MIT
 * e2e: every recording macro once, in C. The same text is compiled as C++ (macros_cxx.cpp).
 * Its standard output is part of the test: values pass through WICK_CALL and WICK_WRAP.
 */
#include <errno.h>
#include <stdio.h>

#include <wick/wick.h>

static int twice(int value)
{
    WICK_FUNCTION();
    return 2 * value;
}

static int left_early(int value)
{
    WICK_SCOPE("left early");
    if (value > 1) {
        return value;
    }
    WICK_SCOPE("never reached");
    return 0;
}

static void texts(void)
{
    WICK_SCOPE("texts");
    for (int i = 0; i < 3; i++) {
        WICK_SCOPEF("item %d", i);
    }
    for (int i = 0; i < 4; i++) {
        WICK_SCOPE_DYN(i % 2 ? "odd" : "even");
    }
    WICK_MARK("plain mark");
    WICK_MARK_STYLED("styled mark", "io", 0x00ff00);
    WICK_MARKF("mark %d of %s", 7, "many");
    WICK_MARKF("%s", "");
}

static void failures(void)
{
    WICK_SCOPE("failures");
    for (int i = 0; i < 3; i++) {
        WICK_SCOPE("attempt");
        if (i == 1) {
            WICK_FAIL("first");
        }
        if (i == 1) {
            WICK_FAIL("second is ignored");
        }
        if (i == 2) {
            WICK_FAILF("code %d", i);
        }
    }
}

static void numbers(void)
{
    WICK_SCOPE("numbers");
    WICK_COUNTER("gauge", 2.5);
    WICK_COUNTER("gauge", 1);
    WICK_COUNTER_ADD("sum", 3);
    WICK_COUNTER_ADD("sum", 4);
    {
        WICK_SCOPE("weighed");
        WICK_VALUE(100);
        WICK_VALUE(11);
    }
}

static void named(void)
{
    struct wick_scope wide;
    struct wick_scope texted;
    WICK_SCOPE_AS(whole, "named");
    {
        WICK_SCOPEF_AS(part, "part %d", 1);
        WICK_END(part);
        WICK_END(part);
        WICK_SCOPE("after the early end");
    }
    WICK_BEGIN(&wide, "not lexical");
    WICK_BEGINF(&texted, "texted %d", 5);
    wick_end(&texted);
    wick_end(&wide);
    (void)wick_elapsed_ns(&whole);
    (void)wick_cpu_ns(&whole);
}

int main(void)
{
    WICK_SCOPE("main");
    int value = WICK_CALL("a call", twice(20));

    value += WICK_WRAP(twice(1));
    value += WICK_WRAP(left_early(3));
    {
        WICK_SCOPE_STYLED("styled", "net", 0x3366cc);
        texts();
    }
    failures();
    numbers();
    named();
    {
        WICK_SCOPE_BOOKMARK("with a bookmark");
    }
    errno = 7;
    {
        WICK_SCOPEF("%d", 1);
        WICK_MARK("errno");
    }
    printf("%d %d\n", value, errno);
    return value - 42;
}
