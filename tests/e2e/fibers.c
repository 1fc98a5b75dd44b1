/*
 * SPDX-License-Identifier: MIT
 * e2e: coroutines. argument: `tracks`: each is a fiber, they take turns on one thread, call each other, and go on in
 * another thread in the middle of their scopes. `mixed`: the same without wick_fiber_enter: nothing is corrupted.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include <wick/wick.h>

enum { FIBERS = 3, STEPS = 4, STACK_BYTES = 256 * 1024 };

struct fiber {
    struct wick_fiber fiber;
    ucontext_t context;
    char *stack;
    int number;
    int steps;
    int ended;
};

static struct fiber fibers[FIBERS];
static ucontext_t scheduler; /* of the thread that runs a fiber now */
static struct fiber *running;
static int tracks;

/* In a function of its own: the compiler must not keep an address of a thread's across the switch. */
static __attribute__((noinline)) void yield(void)
{
    swapcontext(&running->context, &scheduler);
}

static __attribute__((noinline)) void resume(struct fiber *fiber)
{
    running = fiber;
    if (tracks && wick_fiber_enter(&fiber->fiber) != 0) {
        puts("the fiber cannot be entered");
    }
    swapcontext(&scheduler, &fiber->context);
    if (tracks) {
        wick_fiber_leave();
    }
}

static void inner(struct fiber *fiber)
{
    WICK_SCOPEF("step %d", fiber->steps);
    yield();
    WICK_MARKF("fiber %d goes on", fiber->number);
    fiber->steps++;
}

static void run(void)
{
    struct fiber *fiber = running;

    {
        WICK_SCOPE("fiber");
        while (fiber->steps < STEPS) {
            inner(fiber);
        }
    }
    fiber->ended = 1;
    yield();
}

/* One turn each. */
static void turn(void)
{
    WICK_SCOPE("turn");
    for (int i = 0; i < FIBERS; i++) {
        if (!fibers[i].ended) {
            WICK_SCOPE("resumes");
            resume(&fibers[i]);
        }
    }
}

static void *turns(void *argument)
{
    wick_thread_name("other");
    WICK_SCOPE("other thread");
    turn();
    turn();
    return argument;
}

static void make(void)
{
    char name[16];

    for (int i = 0; i < FIBERS; i++) {
        snprintf(name, sizeof name, "fiber %d", i);
        wick_fiber_init(&fibers[i].fiber, i < 2 ? name : NULL);
        fibers[i].number = i;
        fibers[i].stack = malloc(STACK_BYTES);
        getcontext(&fibers[i].context);
        fibers[i].context.uc_stack.ss_sp = fibers[i].stack;
        fibers[i].context.uc_stack.ss_size = STACK_BYTES;
        makecontext(&fibers[i].context, run, 0);
    }
}

/* A fiber that another thread is in is not entered, nor ended. */
static void *intrudes(void *argument)
{
    WICK_SCOPE("intruder");
    if (wick_fiber_enter(argument) == 0 || wick_fiber_fini(argument) == 0) {
        puts("two threads are in one fiber");
    }
    WICK_SCOPE("stays here");
    return NULL;
}

/* Ends inside a fiber, which goes on in main. */
static void *ends_inside(void *argument)
{
    struct wick_scope scope;

    if (wick_fiber_enter(argument) != 0) {
        puts("the fiber cannot be entered");
    }
    WICK_BEGIN(&scope, "left open in the fiber");
    return NULL;
}

static void misuses(void)
{
    struct wick_fiber fiber = {.track = NULL};
    struct wick_fiber other;
    pthread_t thread;
    const char *off = getenv("WICK");

    wick_fiber_init(&other, "other");
    pthread_create(&thread, NULL, ends_inside, &fiber);
    pthread_join(thread, NULL);
    (void)!wick_fiber_enter(&fiber);
    (void)!wick_fiber_enter(&fiber); /* it is in it already */
    {
        WICK_SCOPE("in the fiber that a thread ended in");
        if (!off || strcmp(off, "off") != 0) {
            pthread_create(&thread, NULL, intrudes, &fiber);
            pthread_join(thread, NULL);
        }
        (void)!wick_fiber_enter(&other); /* leaves the first */
        WICK_MARK("in the other");
    }
    wick_fiber_leave();
    wick_fiber_leave();
    (void)!wick_fiber_fini(&other);
    (void)!wick_fiber_fini(&fiber); /* two scopes are open in it */
    (void)!wick_fiber_fini(&fiber);
    (void)!wick_fiber_enter(&other); /* a new one of that name */
    WICK_MARK("made anew");
    (void)!wick_fiber_fini(&other);
    WICK_MARK("on main's own track");
}

/* A child has its own track, and its fibers begin anew; the parent's are as they were. */
static void forks(void)
{
    struct wick_fiber fiber;
    int status = 0;
    pid_t child;

    wick_fiber_init(&fiber, "forks");
    (void)!wick_fiber_enter(&fiber);
    {
        WICK_SCOPE("around the fork");
        child = fork();
        if (child == 0) {
            {
                WICK_SCOPE("child");
                (void)!wick_fiber_enter(&fiber);
                WICK_MARK("child's fiber");
                (void)!wick_fiber_fini(&fiber);
                WICK_MARK("child's own");
            }
            (void)!wick_shutdown();
            _exit(9);
        }
        waitpid(child, &status, 0);
    }
    (void)!wick_fiber_fini(&fiber);
    printf("the child ended with %d\n", WEXITSTATUS(status));
}

int main(int count, char **arguments)
{
    pthread_t thread;

    tracks = count > 1 && strcmp(arguments[1], "tracks") == 0;
    make();
    turn();
    {
        WICK_SCOPE("main");
        turn();
        pthread_create(&thread, NULL, turns, NULL);
        pthread_join(thread, NULL);
        turn();
    }
    for (int i = 0; i < FIBERS; i++) {
        printf("fiber %d: %d steps, ended %d\n", i, fibers[i].steps, fibers[i].ended);
        if (wick_fiber_fini(&fibers[i].fiber) != 0) {
            puts("the fiber cannot be ended");
        }
        free(fibers[i].stack);
    }
    if (tracks) {
        misuses();
        forks();
    }
    return 0;
}
