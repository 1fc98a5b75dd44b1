/*
 * SPDX-License-Identifier: MIT
 * A shared object with instrumented functions, one of them of a name that the program has too.
 */
int plugin_work(int n);

__attribute__((noinline)) static int leaf(int n)
{
    __asm__ volatile("");
    return n + 2;
}

int plugin_work(int n)
{
    int got = leaf(n);

    return got + 1;
}
