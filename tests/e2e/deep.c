/*
 * SPDX-License-Identifier: MIT
 * e2e: 100,000 scopes inside each other, and more than the limit: what is refused is counted.
 */
#include <stdio.h>
#include <stdlib.h>

#include <wick/wick.h>

int main(int count, char **arguments)
{
    int levels = count > 1 ? atoi(arguments[1]) : 100000;
    struct wick_scope *scopes = calloc((size_t)levels, sizeof *scopes);

    for (int i = 0; i < levels; i++) {
        WICK_BEGIN(&scopes[i], "deep");
    }
    for (int i = levels; i-- > 0;) {
        wick_end(&scopes[i]);
    }
    {
        WICK_SCOPE("afterwards");
    }
    free(scopes);
    puts("done");
    return 0;
}
