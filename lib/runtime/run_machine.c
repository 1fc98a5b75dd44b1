/*
 * SPDX-License-Identifier: MIT
 * The machine's speed and what disturbs it. See run_machine.h.
 * What cannot be read here is left out: no file below /proc and /sys is there on every machine.
 */
#include "run_machine.h"

#include <stdio.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <unistd.h>

#include <wick/hot.h>

#include "base/clock.h"
#include "base/descriptor.h"

enum { PROBES = 64, BATCHES = 64, BATCHES_FEW = 16, VALUE_BYTES = 128 };

/* ---- speed -------------------------------------------------------------------------------------- */

/* The best of many short ones: what stops a loop is not its speed. */
static long long loop_ns(void)
{
    int64_t best_ns = INT64_MAX;

    for (int turn = 0; turn < 20; turn++) {
        int64_t start_ns = wk_clock_mono_ns();
        uint64_t value = 1;

        for (int i = 0; i < 50000; i++) {
            value = value * 6364136223846793005u + 1442695040888963407u;
            __asm__ volatile("" : "+r"(value));
        }
        int64_t took_ns = wk_clock_mono_ns() - start_ns;

        best_ns = took_ns < best_ns ? took_ns : best_ns;
    }
    return best_ns;
}

/* In ticks, the least of many batches. */
struct probe {
    double outside; /* what recording a scope adds to the scope around it: from the end's reading of the clock to the next begin's */
    double inside;  /* and to the scope itself */
};

static struct probe measure_probe(bool tsc, int batches)
{
    struct wick_event ring[2 * PROBES];
    struct wick_i_thread thread = {.ring = ring, .mask = 2 * PROBES - 1};
    uint64_t best = UINT64_MAX, best_inside = UINT64_MAX;

    for (int batch = 0; batch < batches; batch++) {
        uint64_t inside = 0, first = wk_clock_ticks(tsc);

        for (uint32_t i = 0; i < PROBES; i++) {
            uint64_t begun = wk_clock_ticks(tsc);

            wick_i_push(&thread, 1, WICK_I_EVENT_START, begun);
            uint64_t ended = wk_clock_ticks(tsc);

            wick_i_push(&thread, 0, WICK_I_EVENT_END, ended);
            inside += ended - begun;
        }
        uint64_t outside = wk_clock_ticks(tsc) - first - inside;

        best = outside < best ? outside : best;
        best_inside = inside < best_inside ? inside : best_inside;
    }
    return (struct probe){(double)best / PROBES, (double)best_inside / PROBES};
}

/* ---- disturbances ------------------------------------------------------------------------------- */

/* The first line of a file. */
static void say_file(const char *path, const char *key, wk_machine_row *row, void *user)
{
    char text[VALUE_BYTES];

    if (wk_descriptor_read(path, text, sizeof text)) {
        text[strcspn(text, "\n")] = 0;
        row(user, key, text);
    }
}

static void say_number(const char *key, long long number, wk_machine_row *row, void *user)
{
    char text[VALUE_BYTES];

    snprintf(text, sizeof text, "%lld", number);
    row(user, key, text);
}

/* What may run of each period, in us: "max 100000" without a limit. */
static void say_cgroup(wk_machine_row *row, void *user)
{
    char groups[4096], path[sizeof groups + 32];
    const char *own = wk_descriptor_read("/proc/self/cgroup", groups, sizeof groups) ? strstr(groups, "0::/") : NULL;

    if (own) {
        snprintf(path, sizeof path, "/sys/fs/cgroup%.*s/cpu.max", (int)strcspn(own + 3, "\n"), own + 3);
        say_file(path, "cgroup_cpu", row, user);
    }
}

static void say_aslr(wk_machine_row *row, void *user)
{
    char setting[8];
    int own = personality(0xffffffff);
    bool off = (own != -1 && (own & ADDR_NO_RANDOMIZE)) ||
               (wk_descriptor_read("/proc/sys/kernel/randomize_va_space", setting, sizeof setting) && setting[0] == '0');

    row(user, "aslr", off ? "off" : "on");
}

/* Time that the hypervisor gave to others, of all processors since they started. */
static void say_steal(const char *key, wk_machine_row *row, void *user)
{
    char text[512];
    unsigned long long steal;

    if (wk_descriptor_read("/proc/stat", text, sizeof text) && sscanf(text, "cpu %*u %*u %*u %*u %*u %*u %*u %llu", &steal) == 1) {
        say_number(key, (long long)(steal * 1000 / (unsigned long long)sysconf(_SC_CLK_TCK)), row, user);
    }
}

static void say_load(const char *key, wk_machine_row *row, void *user)
{
    char text[VALUE_BYTES];

    if (wk_descriptor_read("/proc/loadavg", text, sizeof text)) {
        text[strcspn(text, " ")] = 0;
        row(user, key, text);
    }
}

static void say_switches(const char *key, wk_machine_row *row, void *user)
{
    struct rusage usage;

    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        say_number(key, usage.ru_nivcsw, row, user);
    }
}

static void say_ticks(const char *key, double ticks, double ns_per_tick, wk_machine_row *row, void *user)
{
    char text[VALUE_BYTES];
    long long ps = (long long)(1000 * ticks * ns_per_tick);

    snprintf(text, sizeof text, "%lld.%03lld", ps / 1000, ps % 1000); /* integers: independent of the locale */
    row(user, key, text);
}

void wk_run_scope_cost(bool tsc, double ns_per_tick, wk_machine_row *row, void *user)
{
    struct probe probe = measure_probe(tsc, BATCHES_FEW);

    say_ticks("scope_inside_ns", probe.inside, tsc ? ns_per_tick : 1, row, user);
    say_ticks("scope_outside_ns", probe.outside, tsc ? ns_per_tick : 1, row, user);
}

void wk_run_machine_start(bool tsc, double ns_per_tick, wk_machine_row *row, void *user)
{
    char text[VALUE_BYTES];

    say_ticks("probe_ns", measure_probe(tsc, BATCHES).outside, tsc ? ns_per_tick : 1, row, user);
    wk_run_compiler(text, sizeof text);
    row(user, "program_compiler", text);
    say_file("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "governor", row, user);
    say_cgroup(row, user);
    say_aslr(row, user);
    say_load("load_start", row, user);
    say_steal("steal_start_ms", row, user);
    say_switches("involuntary_start", row, user);
    say_number("calibration_start_ns", loop_ns(), row, user);
}

void wk_run_machine_end(wk_machine_row *row, void *user)
{
    say_load("load_end", row, user);
    say_steal("steal_end_ms", row, user);
    say_switches("involuntary_end", row, user);
    say_number("calibration_end_ns", loop_ns(), row, user);
}
