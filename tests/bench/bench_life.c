/*
 * SPDX-License-Identifier: MIT
 * Costs that come once: start and stop of the core, first event of a thread and of a site, memory.
 * usage: bench_life NAME
 */
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <wick/wick.h>

#include "bench.h"

enum { THREADS = 300, IDLE_THREADS = 400, STARTS = 31 };

static struct bench_samples samples;
static struct bench_samples floors;

/* ---- first_event_thread ----------------------------------------------------------------------- */

static void one_scope(void)
{
    WICK_SCOPE("first");
}

static void *first_event(void *argument)
{
    double start_ns = bench_now_ns();

    one_scope();
    *(double *)argument = bench_now_ns() - start_ns;
    return NULL;
}

/* The peer: a first touch of one fresh page. */
static double touch_page_ns(void)
{
    volatile char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    double start_ns = bench_now_ns();

    if (page == MAP_FAILED) {
        return 0;
    }
    page[0] = 1;
    start_ns = bench_now_ns() - start_ns;
    munmap((void *)(uintptr_t)page, 4096);
    return start_ns;
}

static void first_event_thread(void)
{
    one_scope();
    for (int i = 0; i < THREADS; i++) {
        pthread_t thread;
        double ns = 0;

        pthread_create(&thread, NULL, first_event, &ns);
        pthread_join(thread, NULL);
        bench_add(&samples, ns);
        bench_add(&floors, touch_page_ns());
    }
    bench_print("first_event_thread", bench_median(&samples), "ns", bench_median(&floors));
}

/* ---- first_event_site ------------------------------------------------------------------------- */

#define ONE                                                                                        \
    do {                                                                                           \
        double start_ns = bench_now_ns();                                                          \
        {                                                                                          \
            WICK_SCOPE("site");                                                                    \
        }                                                                                          \
        bench_add(&samples, bench_now_ns() - start_ns);                                            \
        start_ns = bench_now_ns();                                                                 \
        bench_add(&floors, bench_now_ns() - start_ns);                                             \
    } while (0);

/* Equal sites on one line share an id: lines of their own make 256 different ones. */
static void first_event_site(void)
{
    one_scope();
#include "bench_sites.inc"
    bench_print("first_event_site", bench_median(&samples), "ns", bench_median(&floors));
}

/* ---- memory ----------------------------------------------------------------------------------- */

static void ring_bytes_per_event(void)
{
    uint32_t before;

    one_scope();
    before = wick_i_tls_v1 ? wick_i_tls_v1->head : 0;
    for (int i = 0; i < 100; i++) {
        one_scope();
    }
    bench_print("ring_bytes_per_event",
                wick_i_tls_v1 ? (double)(wick_i_tls_v1->head - before) * sizeof(struct wick_event) / 200 : 0, "bytes",
                16);
}

static pthread_barrier_t recorded;
static pthread_barrier_t measured;

static void *idle_thread(void *argument)
{
    if (argument) {
        one_scope();
    }
    pthread_barrier_wait(&recorded);
    pthread_barrier_wait(&measured);
    return NULL;
}

static double resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long total = 0;
    long resident = 0;

    if (!file || fscanf(file, "%ld %ld", &total, &resident) != 2) {
        resident = 0;
    }
    if (file) {
        fclose(file);
    }
    return (double)resident * (double)sysconf(_SC_PAGESIZE);
}

static double with_idle_threads(void *argument)
{
    static pthread_t threads[IDLE_THREADS];
    double before = resident_bytes();
    double grown;

    pthread_barrier_init(&recorded, NULL, IDLE_THREADS + 1);
    pthread_barrier_init(&measured, NULL, IDLE_THREADS + 1);
    for (int i = 0; i < IDLE_THREADS; i++) {
        pthread_create(&threads[i], NULL, idle_thread, argument);
    }
    pthread_barrier_wait(&recorded);
    (void)!wick_flush(1000);
    grown = resident_bytes() - before;
    pthread_barrier_wait(&measured);
    for (int i = 0; i < IDLE_THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    return grown / IDLE_THREADS;
}

/* What a thread that recorded one scope adds to what a thread costs anyway. */
static void idle_thread_bytes(void)
{
    double bare;

    one_scope();
    with_idle_threads(NULL); /* stacks are cached now */
    bare = with_idle_threads(NULL);
    bench_print("idle_thread_bytes", with_idle_threads(&samples) - bare, "bytes", 8192);
}

/* ---- core_startup ----------------------------------------------------------------------------- */

/* The first event of a process, as an instrumented program meets it; then its end. Two doubles to stdout. */
static void core_startup_once(void)
{
    double ns[2];
    double start_ns = bench_now_ns();

    one_scope();
    ns[0] = bench_now_ns() - start_ns;
    usleep(20000);
    start_ns = bench_now_ns();
    (void)!wick_shutdown();
    ns[1] = bench_now_ns() - start_ns;
    fwrite(ns, sizeof ns, 1, stdout);
}

/* A fresh program each time: a forked copy would pay for pages that it shares. */
static void core_startup(void)
{
    static struct bench_samples stops;

    for (int i = 0; i < STARTS; i++) {
        double ns[2];
        FILE *child = popen("/proc/$PPID/exe core_startup_once", "r");

        if (child && fread(ns, sizeof ns, 1, child) == 1) {
            bench_add(&samples, ns[0]);
            bench_add(&stops, ns[1]);
        }
        if (child) {
            pclose(child);
        }
    }
    bench_print("core_startup", bench_median(&samples), "ns", 0);
    bench_print("core_shutdown", bench_median(&stops), "ns", 0);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } all[] = {{"first_event_thread", first_event_thread},
               {"first_event_site", first_event_site},
               {"ring_bytes_per_event", ring_bytes_per_event},
               {"idle_thread_bytes", idle_thread_bytes},
               {"core_startup", core_startup},
               {"core_startup_once", core_startup_once}};

    for (size_t i = 0; argc == 2 && i < sizeof all / sizeof all[0]; i++) {
        if (strcmp(all[i].name, argv[1]) == 0) {
            all[i].run();
            return 0;
        }
    }
    fprintf(stderr, "usage: bench_life first_event_thread|first_event_site|ring_bytes_per_event|idle_thread_bytes|"
                    "core_startup\n");
    return 2;
}
