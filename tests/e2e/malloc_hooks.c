/*
 * SPDX-License-Identifier: MIT
 * e2e: the program's own malloc records. wick's slow path may call it while it attaches a thread or renders a text:
 * no deadlock, no endless recursion; what comes meanwhile is refused and counted.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <wick/wick.h>

void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *old, size_t bytes);
void __libc_free(void *memory);

void *malloc(size_t bytes)
{
    WICK_SCOPE("malloc");
    WICK_VALUE(bytes);
    return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
    WICK_SCOPEF("calloc %zu", count);
    return __libc_calloc(count, bytes);
}

void *realloc(void *old, size_t bytes)
{
    WICK_SCOPE("realloc");
    return __libc_realloc(old, bytes);
}

void free(void *memory)
{
    int saved = errno;
    WICK_SCOPE("free");

    __libc_free(memory);
    errno = saved;
}

static void *works(void *argument)
{
    char *volatile texts[50];

    wick_thread_name("works");
    WICK_SCOPE("works");
    for (size_t i = 0; i < 50; i++) {
        texts[i] = malloc(3000);
        WICK_MARKF("%3000d", (int)i); /* longer than what is rendered without malloc */
    }
    for (size_t i = 0; i < 50; i++) {
        free(texts[i]);
    }
    return argument;
}

int main(void)
{
    pthread_t thread;
    WICK_SCOPE("main");

    pthread_create(&thread, NULL, works, NULL);
    pthread_join(thread, NULL);
    fputs("done\n", stdout);
    return 3;
}
