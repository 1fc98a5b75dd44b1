/*
 * SPDX-License-Identifier: MIT
 * Calls of every kind: static, recursive, inlined, through pointers, left by longjmp, in threads, in a plugin.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>

#define KEEP __attribute__((noinline))

extern int plugin_work(int);
static jmp_buf back;
static volatile int sum;

KEEP static int leaf(int n)
{
    __asm__ volatile("");
    return n + 1;
}

static inline int small(int n)
{
    return leaf(n) + 1;
}

KEEP static int recurse(int n)
{
    int local = n ? recurse(n - 1) : 0;

    return local + leaf(n);
}

KEEP static void jump(int n)
{
    if (!n) {
        longjmp(back, 1);
    }
    jump(n - 1);
    sum++;
}

/* The recursion that is left is its own caller: only the stack tells the calls apart. */
KEEP static int again(int n)
{
    static jmp_buf inner;

    if (n == 1) {
        longjmp(inner, 1);
    }
    if (!setjmp(inner)) {
        again(n - 1);
    }
    sum += leaf(n);
    return sum;
}

KEEP static void catcher(void)
{
    if (!setjmp(back)) {
        jump(2);
    }
    leaf(0);
}

static void *thread(void *argument)
{
    sum += recurse(1);
    return argument;
}

KEEP static int alternating(int n);

KEEP static int other(int n)
{
    return n ? alternating(n - 1) + 1 : 0;
}

static int alternating(int n)
{
    return n ? other(n - 1) + 1 : 0;
}

int main(void)
{
    int (*volatile through)(int) = leaf;
    pthread_t id;

    sum += small(1) + through(2);
    sum += recurse(2);
    catcher();
    again(2);
    sum += alternating(3);
    sum += plugin_work(1);
    if (pthread_create(&id, NULL, thread, NULL) == 0) {
        pthread_join(id, NULL);
    }
    printf("%d\n", sum);
    return 3;
}
