/*
 * SPDX-License-Identifier: MIT
 * wick doctor: prints the version, the clock, the settings of the environment and what this build can do.
 * Must not start recording. Invariant: the exit code is 1 when something will not work as asked.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/host.h"
#include "cmd/cmd.h"
#include "cmd/doctor_cost.h"
#include "input/read_gzip.h"
#include "input/read_zstd.h"
#include "wick/version.h"

static void read_line(const char *path, char *to, size_t bytes)
{
    FILE *from = fopen(path, "r");
    to[0] = 0;
    if (from) {
        if (fgets(to, (int)bytes, from)) {
            to[strcspn(to, "\n")] = 0;
        }
        fclose(from);
    }
}

/* Does the kernel list this flag of the processor? */
static bool has_flag(const char *flag)
{
    static char line[16384];
    FILE *from = fopen("/proc/cpuinfo", "r");
    bool found = false;
    while (from && !found && fgets(line, sizeof line, from)) {
        found = strncmp(line, "flags", 5) == 0 && strstr(line, flag) != NULL;
    }
    if (from) {
        fclose(from);
    }
    return found;
}

static void clock_lines(void)
{
    char source[64];
    read_line("/sys/devices/system/clocksource/clocksource0/current_clocksource", source, sizeof source);
    bool tsc = strcmp(source, "tsc") == 0, invariant = has_flag("constant_tsc") && has_flag("nonstop_tsc");
    struct timespec resolution = {0};
    clock_getres(CLOCK_MONOTONIC, &resolution);
    printf("clock       %s (kernel: %s, invariant TSC: %s, CLOCK_MONOTONIC resolution %ld ns)\n",
           tsc && invariant ? "TSC" : "CLOCK_MONOTONIC", source[0] ? source : "unknown", invariant ? "yes" : "no",
           resolution.tv_nsec);
}

/* The directory of a path, cut out of it. */
static const char *directory_of(const char *path, char out[4096])
{
    snprintf(out, 4096, "%s", path);
    char *slash = strrchr(out, '/');
    if (slash) {
        *slash = 0;
    }
    return !slash ? "." : out[0] ? out : "/";
}

/* A setting as a program that is started from here would have it. */
static void setting_line(void *user, const struct wick_setting *setting)
{
    int *problems = user;
    char directory[4096];
    printf("setting     %-18s %-12s %s\n", setting->name, setting->shown[0] ? setting->shown : "-", setting->source);
    if (tool_setting_is_off(setting)) {
        printf("problem     WICK switches everything off\n");
        ++*problems;
    }
    if (strcmp(setting->name, "WICK_LOG") == 0 && setting->value[0] &&
        access(directory_of(setting->value, directory), W_OK) != 0) {
        printf("problem     WICK_LOG=%s: nothing can be written in %s\n", setting->shown,
               directory_of(setting->shown, directory));
        ++*problems;
    }
}

static int environment_lines(void)
{
    int problems = 0;
    problems += wick_config_describe(setting_line, &problems) != 0; /* reports what is wrong */
    return problems;
}

int cmd_doctor(struct settings *settings)
{
    struct zstd_reader *zstd = zstd_reader_create();
    printf("version     wick %d.%d.%d\n", WICK_VERSION_MAJOR, WICK_VERSION_MINOR, WICK_VERSION_PATCH);
    printf("processors  %ld, logs are read with %s\n", sysconf(_SC_NPROCESSORS_ONLN),
           tool_vector() == WICK_VECTOR_AVX2 ? "AVX2" : tool_vector() ? "SSE2" : "plain code");
    clock_lines();
    printf("zstd        %s\n", zstd ? "yes: .ctxt.zst and .wick.zst logs can be read" : "no: .ctxt.zst and .wick.zst logs cannot be read");
    if (zstd) {
        zstd_reader_destroy(zstd);
    }
    struct gzip_reader *gzip = gzip_reader_create();
    printf("zlib        %s\n", gzip ? "yes: files packed with gzip can be read" : "no: files packed with gzip cannot be read");
    if (gzip) {
        gzip_reader_destroy(gzip);
    }
    bool measured = !settings->cost || doctor_cost();
    return environment_lines() || !measured ? EXIT_FOUND : EXIT_FINE;
}
