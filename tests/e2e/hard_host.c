/*
 * SPDX-License-Identifier: MIT
 * e2e: a host whose limits would end our threads: it traps on every floating-point exception, and its stacks are tiny.
 * What we do in its threads raises no flag.
 */
#include <fenv.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <wick/wick.h>

static volatile double huge = 1.7e308, not_a_number = __builtin_nan(""), signalling_nan = __builtin_nans(""),
                       infinity = __builtin_inf();

/* Whatever a program's own threads call. */
static void ask(void)
{
    struct wick_stats stats = {.size = sizeof stats};

    WICK_SCOPE_AS(asked, "asked");
    usleep(1000);
    uint64_t elapsed_ns = wick_elapsed_ns(&asked); /* 0: recording is off */
    int64_t cpu_ns = wick_cpu_ns(&asked);
    int rc = wick_stats_read(&stats);
    if ((elapsed_ns && elapsed_ns < 1000000) || cpu_ns > 1000000000 || rc != 0) {
        printf("wrong answers: %" PRIu64 " ns, %" PRId64 " ns of processor time, %d\n", elapsed_ns, cpu_ns, rc);
    }
    wick_pause();
    wick_resume();
}

static void work(void)
{
    WICK_SCOPE("work");
    ask();
    WICK_COUNTER("nan", not_a_number);
    WICK_COUNTER("signalling nan", signalling_nan);
    WICK_COUNTER("infinity", infinity);
    WICK_MARKF("of %d, %u%%", 1, 2u);
    for (int i = 0; i < 5; i++) {
        WICK_SCOPEF("step %d", i);
        WICK_COUNTER("n", i);
        WICK_COUNTER_ADD("big", huge);
        WICK_VALUE(huge);
        usleep(1000);
    }
}

/* Unmask every exception of this thread. */
static void trap_all(void)
{
#if defined(__x86_64__)
    unsigned control;
    __asm__ volatile("stmxcsr %0" : "=m"(control));
    control &= ~0x1f80u;
    __asm__ volatile("ldmxcsr %0" : : "m"(control));
#endif
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "stack") == 0) { /* the limit of a process is that of its threads after exec */
        char next[] = "small";
        setrlimit(RLIMIT_STACK, &(struct rlimit){32 << 10, RLIM_INFINITY});
        execv("/proc/self/exe", (char *[]){argv[0], next, NULL});
        return 1;
    }
    feclearexcept(FE_ALL_EXCEPT);
    if (argc > 1 && strcmp(argv[1], "traps") == 0) {
        trap_all();
    }
    work();
    wick_flush(1000);
    printf("flags raised: %d\n", fetestexcept(FE_ALL_EXCEPT));
    return 0;
}
