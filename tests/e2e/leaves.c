/*
 * SPDX-License-Identifier: MIT
 * e2e: every way out of a block that C has: return, break, continue, goto, switch, longjmp, a jump out of a signal
 * handler, pthread_exit, cancellation. Built with each compiler at -O0 and -O2, with and without -fexceptions.
 */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <wick/wick.h>

static jmp_buf back;
static volatile int armed = 1;
static sigjmp_buf back_from_handler;

static int returns(int value)
{
    WICK_SCOPE("returns");
    for (;;) {
        WICK_SCOPE("in its loop");
        while (value > 0) {
            WICK_SCOPE("in its inner loop");
            if (value == 3) {
                return value * 2;
            }
            value++;
        }
    }
}

static int loops(void)
{
    int sum = 0;

    for (int i = 0; i < 10; i++) {
        WICK_SCOPE("turn");
        if (i % 2) {
            continue;
        }
        WICK_SCOPE("even");
        if (i == 6) {
            break;
        }
        sum += i;
    }
    return sum;
}

static int jumps(int turns)
{
    int turn = 0;
    WICK_SCOPE("jumps");

again:
    turn++;
    {
        WICK_SCOPE("jumped out of");
        {
            WICK_SCOPE("by one more block");
            if (turn < turns) {
                goto again;
            }
            if (turn == turns) {
                goto out;
            }
        }
        WICK_MARK("never");
    }
out:
    return turn;
}

static int switches(int which)
{
    switch (which) {
    case 0: {
        WICK_SCOPE("case with break");
        break;
    }
    case 1: {
        WICK_SCOPE("case that falls");
    }
        /* fall through */
    case 2: {
        WICK_SCOPE("case that returns");
        return 20;
    }
    default:
        which++;
    }
    return which;
}

/* Its scopes are left by longjmp: they end, as unwound, with what lies around. */
static void dives(int levels)
{
    WICK_SCOPEF("level %d", levels);
    if (levels > 0) {
        dives(levels - 1);
    } else if (armed) {
        longjmp(back, 1);
    }
    WICK_MARK("never");
}

static int long_jumps(void)
{
    volatile int count = 0;
    WICK_SCOPE("long jumps");

    while (count < 1000) {
        WICK_SCOPE("tries");
        count++;
        if (setjmp(back) == 0) {
            dives(count % 4);
        }
    }
    return count;
}

static void handler(int number)
{
    WICK_SCOPE("handler");
    if (number == SIGUSR2) {
        siglongjmp(back_from_handler, 1);
    }
}

static void signals(void)
{
    static char stack[65536];
    const stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};
    struct sigaction action = {.sa_handler = handler};
    WICK_SCOPE("signals");

    sigaction(SIGUSR1, &action, NULL);
    sigaltstack(&other, NULL);
    action.sa_flags = SA_ONSTACK;
    sigaction(SIGUSR2, &action, NULL);
    raise(SIGUSR1);
    for (volatile int i = 0; i < 3; i++) {
        WICK_SCOPE("interrupted");
        if (sigsetjmp(back_from_handler, 1) == 0) {
            raise(SIGUSR2);
        }
    }
    sigaltstack(&(stack_t){.ss_flags = SS_DISABLE}, NULL);
}

static void *ends(void *argument)
{
    wick_thread_name("ends");
    WICK_SCOPE("ends");
    {
        WICK_SCOPE("by pthread_exit");
        pthread_exit(argument);
    }
}

static pthread_barrier_t here;

static void *waits(void *argument)
{
    wick_thread_name("waits");
    WICK_SCOPE("waits");
    {
        WICK_SCOPE("canceled");
        pthread_barrier_wait(&here);
        for (;;) {
            pause();
        }
    }
    return argument;
}

static int threads(void)
{
    pthread_t thread;
    void *result = NULL;
    int good = 0;

    pthread_create(&thread, NULL, ends, &good);
    pthread_join(thread, &result);
    good = result == &good;
    pthread_barrier_init(&here, NULL, 2);
    pthread_create(&thread, NULL, waits, NULL);
    pthread_barrier_wait(&here);
    pthread_cancel(thread);
    pthread_join(thread, &result);
    return good + (result == PTHREAD_CANCELED);
}

/* The value of an expression, from which a jump leads out. */
static int expressions(int value)
{
    WICK_SCOPE("expressions");
    value += WICK_CALL("kept", value + 1);
    return WICK_CALL("left", ({
                         if (value > 2) {
                             return -value;
                         }
                         value;
                     }));
}

int main(void)
{
    errno = 77;
    WICK_SCOPE("main");
    printf("returns %d\n", returns(1));
    printf("loops %d\n", loops());
    printf("jumps %d\n", jumps(5));
    for (int i = 0; i < 4; i++) {
        printf("switches %d\n", switches(i));
    }
    printf("long jumps %d\n", long_jumps());
    signals();
    for (int i = 0; i < 2; i++) {
        printf("expressions %d\n", expressions(i));
    }
    printf("errno %d\n", errno);
    printf("threads %d\n", threads());
    return 5;
}
