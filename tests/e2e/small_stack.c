/*
 * SPDX-License-Identifier: MIT
 * e2e: how much of a thread's stack the first event of the process takes: a page and what its caller has. The stack is painted
 * before, and looked at after it.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <wick/wick.h>

enum { STACK_BYTES = 256 << 10, PAINT = 0xa5, MOST = 4096 };

static unsigned char *stack;
static const char *how;
static size_t most = MOST;

/* Bytes below `from` that were written. */
static size_t used_below(const unsigned char *from)
{
    const unsigned char *at = stack;

    while (at < from && *at == PAINT) {
        at++;
    }
    return (size_t)(from - at);
}

static void first_event(void)
{
    if (strcmp(how, "scope") == 0) {
        WICK_SCOPE("first");
    } else if (strcmp(how, "text") == 0) {
        WICK_SCOPEF("first of %d", 1);
    } else if (strcmp(how, "mark") == 0) {
        WICK_MARKF("first %s %5.2f", "of all", 1.0);
    } else {
        WICK_COUNTER("first", 1);
    }
}

/* All below the caller's frame, but this function's own. */
__attribute__((noinline)) static void paint(void)
{
    volatile unsigned char *at = (unsigned char *)__builtin_frame_address(0) - 128;

    while (at > stack) {
        *--at = PAINT;
    }
}

static void *thread(void *argument)
{
    paint();
    first_event();
    size_t used = used_below(__builtin_frame_address(0));
    if (used > most) {
        fprintf(stderr, "the first event took %zu bytes of stack\n", used);
        printf("too many\n");
    }
    return argument;
}

int main(int count, char **arguments)
{
    pthread_attr_t attributes;
    pthread_t id;

    how = count > 1 ? arguments[1] : "scope";
    most = count > 2 ? strtoul(arguments[2], NULL, 10) : MOST;
    stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pthread_attr_init(&attributes);
    pthread_attr_setstack(&attributes, stack, STACK_BYTES);
    if (pthread_create(&id, &attributes, thread, NULL) != 0) {
        return 1;
    }
    pthread_join(id, NULL);
    puts("done");
    return 0;
}
