/*
 * SPDX-License-Identifier: MIT
 * Exceptions leave instrumented functions; what is called afterwards belongs to the catching one.
 */
#include <cstdio>

#define KEEP __attribute__((noinline))

extern "C" {
KEEP void leaf(int n)
{
    __asm__ volatile("");
    if (n < 0) {
        throw n;
    }
}

KEEP void middle(int n)
{
    leaf(n);
    __asm__ volatile("");
}

KEEP void after(void)
{
    __asm__ volatile("");
}
}

int main()
{
    for (int i = 0; i < 3; i++) {
        try {
            middle(-1);
        } catch (int) {
            after();
        }
    }
    leaf(2);
    std::puts("done");
    return 0;
}
