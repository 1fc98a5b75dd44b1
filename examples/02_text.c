/* cc 02_text.c $(pkg-config --cflags --libs wick) -o 02_text && WICK_LOG=run.ctxt ./02_text && wick tree run.ctxt
 *
 * SPDX-License-Identifier: MIT
 * introduces: WICK_SCOPEF, WICK_SCOPE_DYN, WICK_SCOPE_STYLED
 * Two ways to say more than a literal. The text of WICK_SCOPEF is an attribute: all of them are one line
 * of the tree. The text of WICK_SCOPE_DYN is the identity: each different text is a line of its own.
 */
#include <stddef.h>
#include <wick/wick.h>

static const char *const urls[] = {"/index.html", "/style.css", "/logo.svg", "/index.html"};
static const char *const steps[] = {"parse", "check", "emit", "check"};
enum { COUNT = 4 };

static void fetch_all(void)
{
    for (size_t i = 0; i < COUNT; i++) {
        WICK_SCOPEF("fetch %s", urls[i]); /* one node, four instances, each with its text */
    }
}

static void run_steps(void)
{
    for (size_t i = 0; i < COUNT; i++) {
        WICK_SCOPE_DYN(steps[i]); /* three nodes */
    }
}

int main(void)
{
    WICK_SCOPE("main");
    {
        WICK_SCOPE_STYLED("network", "io", 0x4080ff); /* a category and a colour for the views */
        fetch_all();
    }
    run_steps();
    return 0;
}
