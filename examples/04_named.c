/* cc 04_named.c $(pkg-config --cflags --libs wick) -o 04_named && WICK_LOG=run.ctxt ./04_named && wick tree run.ctxt
 *
 * SPDX-License-Identifier: MIT
 * introduces: WICK_SCOPE_AS, wick_elapsed_ns, WICK_END, WICK_BEGIN, wick_end, WICK_CALL, WICK_WRAP
 * A scope with a name in the program can be asked, ended early, and kept in a struct of ours. And the
 * two ways to time a call without touching its value.
 */
#include <stdio.h>
#include <wick/wick.h>

struct connection {
    struct wick_scope open; /* from open to close, across functions: not lexical */
};

static void connection_open(struct connection *connection)
{
    WICK_BEGIN(&connection->open, "connection");
}

static void connection_close(struct connection *connection)
{
    wick_end(&connection->open);
}

static int fibonacci(int n)
{
    int a = 0, b = 1;

    while (n-- > 0) {
        int next = a + b;
        a = b;
        b = next;
    }
    return a;
}

int main(void)
{
    struct connection connection;
    int first, second;
    WICK_SCOPE_AS(work, "work");

    connection_open(&connection);
    first = WICK_CALL("fibonacci of 30", fibonacci(30)); /* the value is kept */
    second = WICK_WRAP(fibonacci(20));                   /* named after the function */
    connection_close(&connection);
    WICK_END(work); /* now, not at the end of the block; again would be harmless */

    printf("%d and %d in %.6f s\n", first, second, (double)wick_elapsed_ns(&work) / 1e9);
    return first == 832040 && second == 6765 ? 0 : 1;
}
