/* cc -fexceptions 05_failure.c $(pkg-config --cflags --libs wick) -o 05_failure && WICK_LOG=run.ctxt ./05_failure && wick tree run.ctxt
 *
 * SPDX-License-Identifier: MIT
 * introduces: WICK_FAIL, WICK_FAILF, wick_unwind_to
 * A scope that failed says so, and why; the first text wins. Scopes that longjmp left are closed as
 * unfinished when an outer one ends, or at once by wick_unwind_to.
 */
#include <setjmp.h>
#include <stdbool.h>
#include <wick/wick.h>

static jmp_buf give_up;

static bool fetch(int n)
{
    return n % 3 != 2;
}

/* Gives up in the middle of everything at the first character that is no bracket. */
static void parse(const char *text)
{
    WICK_SCOPEF("parse \"%s\"", text);

    if (*text == '(') {
        parse(text + 1);
    } else if (*text) {
        longjmp(give_up, 1);
    }
}

int main(void)
{
    WICK_SCOPE_AS(all, "main");

    for (int n = 0; n < 5; n++) {
        WICK_SCOPEF("fetch %d", n);
        if (!fetch(n)) {
            WICK_FAILF("fetch %d timed out", n);
            WICK_FAIL("not kept: the first text wins");
        }
    }
    if (setjmp(give_up) == 0) {
        parse("((x");
    } else {
        wick_unwind_to(&all); /* the three scopes of parse end here */
    }
    WICK_MARK("after the jump");
    return 0;
}
