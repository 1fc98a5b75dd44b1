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
    if (fd < 0) {
        return 0;
    }
    start_ns = bench_now_ns();
    for (double done = 0; done < bytes; done += sizeof block) {
        if (write(fd, block, sizeof block) < 0) {
            break;
        }
    }
    start_ns = bench_now_ns() - start_ns;
    close(fd);
    unlink(path);
    return start_ns;
}

static void *second_thread(void *argument)
{
    *(long *)argument = flat_out(seconds);
    return NULL;
}

static void lossless(const char *line, int threads)
{
    double start_ns = bench_now_ns();
    char lost[64];
    pthread_t second;
    long others = 0;
    long done;
    struct wick_stats stats;
    struct stat file = {0};
    double elapsed_ns;

    if (threads > 1 && pthread_create(&second, NULL, second_thread, &others) != 0) {
        return;
    }
    done = flat_out(seconds);
    if (threads > 1) {
        pthread_join(second, NULL);
    }
    done += others;
    (void)!wick_shutdown();
    elapsed_ns = bench_now_ns() - start_ns;
    stats = read_stats();
    stat(log_path, &file);
    unlink(log_path);
    bench_print(line, (double)done / elapsed_ns * 1e9, "scopes/s", (double)done / write_ns((double)file.st_size) * 1e9);
    snprintf(lost, sizeof lost, "%s_lost", line);
    bench_print(lost, (double)(stats.dropped_full + stats.log_lost), "count", 0);
}

static void lossless_ctxt(void)
{
    lossless("lossless_ctxt", 1);
}

static void lossless_wire(void)
{
    lossless("lossless_wire", 1);
}

static void lossless_wire_2threads(void)
{
    lossless("lossless_wire_2threads", 2);
}

static void cpu_per_scope(const char *line)
{
    double user_ns = cpu_ns(0);
    double kernel_ns = cpu_ns(1);
    long done = flat_out(seconds);
    char kernel[64];

    (void)!wick_shutdown();
    snprintf(kernel, sizeof kernel, "%s_kernel", line);
    bench_print(line, (cpu_ns(0) - user_ns) / (double)done, "ns", 0);
    bench_print(kernel, (cpu_ns(1) - kernel_ns) / (double)done, "ns", 0);
}

static void cpu_per_scope_ctxt(void)
{
    cpu_per_scope("cpu_per_scope_ctxt");
}

static void cpu_per_scope_wire(void)
{
    cpu_per_scope("cpu_per_scope_wire");
}

/* `burst` scopes every 100 us. */
static void sustained(const char *line, const char *rate, long burst)
{
    const double step_ns = 1e5;
    double next_ns = bench_now_ns();
    double until_ns = next_ns + seconds * 1e9;
    long done = 0;

    for (; next_ns < until_ns; next_ns += step_ns) {
        while (bench_now_ns() < next_ns) {
            ;
        }
        scopes(burst);
        done += burst;
    }
    (void)!wick_shutdown();
    bench_print(line, (double)read_stats().dropped_full, "count", 0);
    bench_print(rate, (double)done / seconds, "scopes/s", (double)burst * 1e4);
}

static void sustained_1m_lost(void)
{
    sustained("sustained_1m_lost", "sustained_1m_rate", 100);
}

static void sustained_5m_lost(void)
{
    sustained("sustained_5m_lost", "sustained_5m_rate", 500);
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
static void bytes_per_scope(const char *line)
{
    struct stat file = {0};
    long done = flat_out(seconds);

    (void)!wick_shutdown();
    stat(log_path, &file);
    bench_print(line, (double)file.st_size / (double)done, "bytes", 0);
}

static void ctxt_zst_bytes(void)
{
    bytes_per_scope("ctxt_zst_bytes_per_scope");
}

static void wire_bytes(void)
{
    bytes_per_scope("wire_bytes_per_scope");
}

static void wire_zst_bytes(void)
{
    bytes_per_scope("wire_zst_bytes_per_scope");
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
               {"ctxt_zst_bytes_per_scope", ctxt_zst_bytes},
               {"lossless_wire", lossless_wire},
               {"lossless_wire_2threads", lossless_wire_2threads},
               {"cpu_per_scope_wire", cpu_per_scope_wire},
               {"sustained_5m_lost", sustained_5m_lost},
               {"wire_bytes_per_scope", wire_bytes},
               {"wire_zst_bytes_per_scope", wire_zst_bytes}};

    seconds = argc > 2 ? strtod(argv[2], NULL) : 0;
    log_path = argc > 3 ? argv[3] : "";
    for (size_t i = 0; seconds > 0 && i < sizeof all / sizeof all[0]; i++) {
        if (strcmp(all[i].name, argv[1]) == 0) {
            all[i].run();
            return 0;
        }
    }
    fprintf(stderr, "usage: bench_flow NAME SECONDS [LOG]; NAME is one of:");
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        fprintf(stderr, " %s", all[i].name);
    }
    fprintf(stderr, "\n");
    return 2;
}
