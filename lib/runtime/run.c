/*
 * SPDX-License-Identifier: MIT
 * Metadata of the run. See run.h.
 */
#include "run.h"

#include <elf.h>
#include <limits.h>
#include <link.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <wick/version.h>

#include "base/clock.h"
#include "base/descriptor.h"
#include "base/intercepted.h"
#include "base/program.h"
#include "base/redact.h"

/* Every key of a `run` line, in the order in which they are written. */
#define RUN_KEYS(X)                                                                                \
    X("wick", "version of the library")                                                            \
    X("program", "path of the executable")                                                         \
    X("arguments", "command line; what may be a secret as *** (WICK_ARGUMENTS)")                   \
    X("host", "host name")                                                                         \
    X("pid", "process id")                                                                         \
    X("ppid", "process id of the parent process")                                                  \
    X("start", "wall clock at the first event, seconds.nanoseconds")                               \
    X("identity", "who runs it: user, host, pid, program, and what WICK_IDENTITY says, as a JSON object") \
    X("parent", "`host pid start` of the run that this one belongs to (fork, same WICK_LOG)")      \
    X("build_id", "GNU build id of the executable")                                                \
    X("commit", "environment variable WICK_COMMIT, or the CI system's")                            \
    X("compiler", "compiler of the library")                                                       \
    X("kernel", "kernel name and release")                                                         \
    X("cpu", "CPU model")                                                                          \
    X("cpus", "CPUs that the process may use")                                                     \
    X("clock", "tsc, counter or monotonic")                                                        \
    X("intercepted", "libc's functions that another library of the process answers")               \
    X("ns_per_tick", "slope of the clock at the start")                                            \
    X("scope_inside_ns", "what recording a scope without a text adds to its own time")             \
    X("scope_outside_ns", "what it adds to the scope around it")                                   \
    X("filter", "patterns of what is left out (WICK_FILTER)")                                      \
    X("min", "ns; shorter scopes are left out (WICK_MIN)")                                         \
    X("build_type", "environment variable WICK_BUILD_TYPE")                                        \
    X("program_compiler", "compilers of the executable, as it names them (WICK_CALIBRATE)")        \
    X("probe_ns", "what recording a scope adds to the one around it (WICK_CALIBRATE)")             \
    X("governor", "of the first CPU's frequency (WICK_CALIBRATE)")                                 \
    X("cgroup_cpu", "us that may be used of each period, in us (WICK_CALIBRATE)")                  \
    X("aslr", "on or off (WICK_CALIBRATE)")                                                        \
    X("load_start", "load average of a minute (WICK_CALIBRATE)")                                   \
    X("load_end", "the same at the end")                                                           \
    X("steal_start_ms", "what the hypervisor has taken from all CPUs (WICK_CALIBRATE)")            \
    X("steal_end_ms", "the same at the end")                                                       \
    X("involuntary_start", "involuntary context switches of the process (WICK_CALIBRATE)")         \
    X("involuntary_end", "the same at the end")                                                    \
    X("calibration_start_ns", "a fixed loop at the start (WICK_CALIBRATE)")                        \
    X("calibration_end_ns", "the same at the end")                                                 \
    X("part", "number of this file of a rotated log, from 1 (WICK_LOG_ROTATE)")

enum {
#define RUN_KEY_COUNT(key, text) +1
    KEYS = 0 RUN_KEYS(RUN_KEY_COUNT),
#undef RUN_KEY_COUNT
    VALUE_BYTES = WK_REDACT_BYTES
};

static const char *const run_keys[KEYS] = {
#define RUN_KEY_NAME(key, text) key,
    RUN_KEYS(RUN_KEY_NAME)
#undef RUN_KEY_NAME
};

static char values[KEYS][VALUE_BYTES];
static char log_path[PATH_MAX];

void wk_run_set_log(const char *path)
{
    snprintf(log_path, sizeof log_path, "%s", path);
}

const char *wk_run_log(void)
{
    return log_path;
}

void wk_run_set(const char *key, const char *format, ...)
{
    va_list args;

    for (int i = 0; i < KEYS; i++) {
        if (strcmp(run_keys[i], key) != 0) {
            continue;
        }
        va_start(args, format);
        vsnprintf(values[i], VALUE_BYTES, format, args);
        va_end(args);
    }
}

void wk_run_each(void (*row)(void *user, const char *key, const char *value), void *user)
{
    for (int i = 0; i < KEYS; i++) {
        if (values[i][0]) {
            row(user, run_keys[i], values[i]);
        }
    }
}

void wk_run_host(char host[WK_HOST_BYTES])
{
    if (gethostname(host, WK_HOST_BYTES) != 0 || !host[0]) {
        memcpy(host, "localhost", sizeof "localhost");
    }
    host[WK_HOST_BYTES - 1] = 0;
}

static void collect_arguments(void)
{
    char raw[VALUE_BYTES];
    struct wk_redaction shown = {.used = 0};
    size_t bytes = wk_descriptor_read("/proc/self/cmdline", raw, sizeof raw);

    for (const char *word = raw; word < raw + bytes; word += strlen(word) + 1) {
        wk_redact_argument(&shown, word);
    }
    wk_run_set("arguments", "%s", shown.line);
}

/* ---- the program and the machine ------------------------------------------------------------------ */

static int find_build_id(struct dl_phdr_info *info, size_t size, void *user)
{
    (void)size;
    (void)user;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        const char *note = (const char *)(info->dlpi_addr + header->p_vaddr);
        const char *end = note + header->p_memsz;

        while (header->p_type == PT_NOTE && note + sizeof(ElfW(Nhdr)) < end) {
            const ElfW(Nhdr) *head = (const void *)note;
            const char *name = note + sizeof *head;
            const unsigned char *id = (const unsigned char *)name + ((head->n_namesz + 3) & ~3u);

            if (head->n_type == NT_GNU_BUILD_ID && head->n_namesz == 4 && memcmp(name, "GNU", 4) == 0) {
                char text[2 * 64 + 1];
                size_t count = head->n_descsz < 64 ? head->n_descsz : 64;

                for (size_t j = 0; j < count; j++) {
                    snprintf(text + 2 * j, 3, "%02x", id[j]);
                }
                wk_run_set("build_id", "%s", text);
                return 1;
            }
            note = (const char *)id + ((head->n_descsz + 3) & ~3u);
        }
    }
    return 1; /* the executable comes first; stop there */
}

static void collect_machine(void)
{
    struct utsname name;
    char text[4096];
    const char *model;

    if (uname(&name) == 0) {
        wk_run_set("kernel", "%s %s", name.sysname, name.release);
    }
    wk_descriptor_read("/proc/cpuinfo", text, sizeof text);
    model = strstr(text, "model name");
    model = model ? strchr(model, ':') : NULL;
    if (model) {
        wk_run_set("cpu", "%.*s", (int)strcspn(model + 2, "\n"), model + 2);
    }
    wk_run_set("cpus", "%ld", sysconf(_SC_NPROCESSORS_ONLN));
}

static void collect_program(void)
{
    static const char *const commits[] = {"WICK_COMMIT", "GITHUB_SHA", "CI_COMMIT_SHA", "GIT_COMMIT", "BUILD_SOURCEVERSION"};
    char path[VALUE_BYTES];

    if (wk_program_path(path, sizeof path) > 0) {
        wk_run_set("program", "%s", path);
    }
    for (size_t i = 0; i < sizeof commits / sizeof commits[0]; i++) {
        const char *commit = secure_getenv(commits[i]);

        if (commit && commit[0]) {
            wk_run_set("commit", "%s", commit);
            break;
        }
    }
    const char *type = secure_getenv("WICK_BUILD_TYPE");

    wk_run_set("build_type", "%s", type ? type : "");
    dl_iterate_phdr(find_build_id, NULL);
}

void wk_run_collect(struct wk_run *run, bool tsc, double ns_per_tick)
{
    char intercepted[256];

    wk_run_set("wick", "%d.%d.%d", WICK_VERSION_MAJOR, WICK_VERSION_MINOR, WICK_VERSION_PATCH);
    collect_program();
    if (!run->config->no_arguments) {
        collect_arguments();
    }
    wk_run_set("host", "%s", run->host);
    wk_run_set("pid", "%u", run->pid);
    wk_run_set("ppid", "%d", getppid());
    wk_run_set("start", "%lld.%09lld", (long long)(run->start_ns / 1000000000), (long long)(run->start_ns % 1000000000));
#if defined(__clang__)
    wk_run_set("compiler", "clang %s", __clang_version__);
#else
    wk_run_set("compiler", "gcc %s", __VERSION__);
#endif
    if (run->config->filter) {
        wk_run_set("filter", "%s", run->config->filter);
    }
    if (run->config->min_ns) {
        wk_run_set("min", "%llu", (unsigned long long)run->config->min_ns);
    }
    collect_machine();
    wk_intercepted_names(intercepted, sizeof intercepted);
    wk_run_set("intercepted", "%s", intercepted);
#if defined(__x86_64__)
    wk_run_set("clock", "%s", tsc ? "tsc" : "monotonic");
#else
    wk_run_set("clock", "%s", tsc ? "counter" : "monotonic");
#endif
    if (tsc && ns_per_tick > 0) { /* an integer, in units of 10^-12: independent of the locale */
        wk_run_set("ns_per_tick", "%lld.%012lld", (long long)ns_per_tick,
                   (long long)((ns_per_tick - (double)(long long)ns_per_tick) * 1e12));
    }
}
