/*
 * SPDX-License-Identifier: MIT
 * Whole flows: CPU per scope, lossless and paced recording to disk, the worst stall.
 * usage: bench_flow NAME SECONDS [LOG]     LOG: the file that the environment logs to
 */
#include <pthread.h>
#include <string.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <wick/wick.h>

#include "bench.h"

static double seconds;
static const char *log_path;

static double cpu_ns(int kernel)
{
    struct rusage usage;
    struct timeval time;

    getrusage(RUSAGE_SELF, &usage);
    time = kernel ? usage.ru_stime : usage.ru_utime;
    return (double)time.tv_sec * 1e9 + (double)time.tv_usec * 1e3;
}

static struct wick_stats read_stats(void)
{
    struct wick_stats stats = {.size = sizeof stats};

    (void)!wick_stats_read(&stats);
    return stats;
}

static __attribute__((noinline)) void scopes(long n)
{
    for (long i = 0; i < n; i++) {
        WICK_SCOPE("work");
        __asm__ volatile("" ::: "memory");
    }
}

static long flat_out(double for_seconds)
{
    double until_ns = bench_now_ns() + for_seconds * 1e9;
    long done = 0;

    while (bench_now_ns() < until_ns) {
        scopes(10000);
        done += 10000;
    }
    return done;
}

/* The floor: as many bytes as the log, in the same blocks, to a file beside it. */
static double write_ns(double bytes)
{
    static char block[1 << 20];
    char path[4096];
    double start_ns;
    int fd;

    snprintf(path, sizeof path, "%s.floor", log_path);
    memset(block, 'x', sizeof block);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
    if (fd < 0)
        return 0;
    start_ns = bench_now_ns();
    for (double done = 0; done < bytes; done += sizeof block) {
        if (write(fd, block, sizeof block) < 0)
            break;
    }
    start_ns = bench_now_ns() - start_ns;
    close(fd);
    unlink(path);
    return start_ns;
}

static void lossless_ctxt(void)
{
    double start_ns = bench_now_ns();
    long done = flat_out(seconds);
    struct wick_stats stats;
    struct stat file = {0};
    double elapsed_ns;

    (void)!wick_shutdown();
    elapsed_ns = bench_now_ns() - start_ns;
    stats = read_stats();
    stat(log_path, &file);
    unlink(log_path);
    bench_print("lossless_ctxt", (double)done / elapsed_ns * 1e9, "scopes/s",
                (double)done / write_ns((double)file.st_size) * 1e9);
    bench_print("lossless_ctxt_lost", (double)(stats.dropped_full + stats.log_lost), "count", 0);
}

static void cpu_per_scope_ctxt(void)
{
    double user_ns = cpu_ns(0);
    double kernel_ns = cpu_ns(1);
    long done = flat_out(seconds);

    (void)!wick_shutdown();
    bench_print("cpu_per_scope_ctxt", (cpu_ns(0) - user_ns) / (double)done, "ns", 0);
    bench_print("cpu_per_scope_ctxt_kernel", (cpu_ns(1) - kernel_ns) / (double)done, "ns", 0);
}

static void sustained_1m_lost(void)
{
    const double step_ns = 1e5; /* 100 scopes every 100 us */
    double next_ns = bench_now_ns();
    double until_ns = next_ns + seconds * 1e9;
    long done = 0;

    for (; next_ns < until_ns; next_ns += step_ns) {
        while (bench_now_ns() < next_ns)
            ;
        scopes(100);
        done += 100;
    }
    (void)!wick_shutdown();
    bench_print("sustained_1m_lost", (double)read_stats().dropped_full, "count", 0);
    bench_print("sustained_1m_rate", (double)done / seconds, "scopes/s", 1e6);
}

/* The longest step between two iterations, in turns with the same loop without scopes. */
static double longest_step_ns(int with, double for_seconds)
{
    double until_ns = bench_now_ns() + for_seconds * 1e9;
    uint64_t start = bench_ticks();
    double start_ns = bench_now_ns();
    uint64_t longest = 0;
    uint64_t last = bench_ticks();

    while (bench_now_ns() < until_ns) {
        for (int i = 0; i < 10000; i++) {
            uint64_t now;

            if (with) {
                WICK_SCOPE("stall");
                __asm__ volatile("" ::: "memory");
            }
            now = bench_ticks();
            longest = now - last > longest ? now - last : longest;
            last = now;
        }
    }
    return (double)longest * (bench_now_ns() - start_ns) / (double)(bench_ticks() - start);
}

static void worst_stall(void)
{
    static struct bench_samples with;
    static struct bench_samples without;

    for (int i = 0; i < (int)(seconds * 2); i++) {
        bench_add(&with, longest_step_ns(1, 0.25));
        bench_add(&without, longest_step_ns(0, 0.25));
    }
    bench_print("worst_stall", bench_quantile(&with, 1), "ns", bench_quantile(&without, 1));
    bench_print("worst_stall_median", bench_median(&with), "ns", bench_median(&without));
}

/* The log's size is the caller's to read. */
static void zst(void)
{
    struct stat file = {0};
    long done = flat_out(seconds);

    (void)!wick_shutdown();
    stat(log_path, &file);
    bench_print("ctxt_zst_bytes_per_scope", (double)file.st_size / (double)done, "bytes", 0);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } all[] = {{"lossless_ctxt", lossless_ctxt},
               {"cpu_per_scope_ctxt", cpu_per_scope_ctxt},
               {"sustained_1m_lost", sustained_1m_lost},
               {"worst_stall", worst_stall},
               {"ctxt_zst_bytes_per_scope", zst}};

    seconds = argc > 2 ? strtod(argv[2], NULL) : 0;
    log_path = argc > 3 ? argv[3] : "";
    for (size_t i = 0; seconds > 0 && i < sizeof all / sizeof all[0]; i++) {
        if (strcmp(all[i].name, argv[1]) == 0) {
            all[i].run();
            return 0;
        }
    }
    fprintf(stderr, "usage: bench_flow lossless_ctxt|cpu_per_scope_ctxt|sustained_1m_lost|worst_stall|"
                    "ctxt_zst_bytes_per_scope SECONDS [LOG]\n");
    return 2;
}
