/*
 * SPDX-License-Identifier: MIT
 * Functions: two coroutines with a stack each, as fibers, take turns; a third one takes the place of the first.
 */
#include <stdio.h>
#include <ucontext.h>

#include <wick/wick.h>

enum { STACK_BYTES = 65536, TURNS = 3 };

static ucontext_t home, places[2];
static char stacks[2][STACK_BYTES];
static struct wick_fiber fibers[2];
static int ended[2];

static void yields(int number)
{
    swapcontext(&places[number], &home);
}

static void works(void)
{
    puts("work");
}

static void body(int number)
{
    for (int i = 0; i < TURNS; i++) {
        yields(number);
        works();
    }
    ended[number] = 1;
    swapcontext(&places[number], &home);
}

static void begin(int number, const char *name)
{
    getcontext(&places[number]);
    places[number].uc_stack.ss_sp = stacks[number];
    places[number].uc_stack.ss_size = STACK_BYTES;
    makecontext(&places[number], (void (*)(void))body, 1, number);
    wick_fiber_init(&fibers[number], name);
    ended[number] = 0;
}

static void turn(int number)
{
    if (!ended[number]) {
        (void)wick_fiber_enter(&fibers[number]);
        swapcontext(&home, &places[number]);
        wick_fiber_leave();
    }
}

int main(void)
{
    begin(0, "fiber-a");
    begin(1, "fiber-b");
    while (!ended[0] || !ended[1]) {
        turn(0);
        turn(1);
    }
    (void)wick_fiber_fini(&fibers[0]);
    begin(0, "fiber-c");
    while (!ended[0]) {
        turn(0);
    }
    (void)wick_fiber_fini(&fibers[0]);
    (void)wick_fiber_fini(&fibers[1]);
    return 0;
}
