/*
 * SPDX-License-Identifier: MIT
 * Compares the start of a log with the start of this process. See log_exec.h.
 */
#include "log_exec.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/descriptor.h"

enum { SLACK_NS = 50000000 }; /* the kernel gives a process's start in hundredths of a second */

/* Field 22 of /proc/self/stat, behind `pid (name)`; the name may hold anything. 0: not known. */
static unsigned long long start_ticks(void)
{
    unsigned long long ticks = 0;
    char text[1024];

    (void)wk_descriptor_read("/proc/self/stat", text, sizeof text);
    const char *at = strrchr(text, ')');
    for (int field = 2; at && field < 22; field++) {
        at = strchr(at + 1, ' ');
    }
    return at && sscanf(at, "%llu", &ticks) == 1 ? ticks : 0;
}

/* Start of this process on the wall clock; INT64_MAX: not known. */
static int64_t process_start_ns(void)
{
    unsigned long long ticks = start_ticks();
    long per_second = sysconf(_SC_CLK_TCK);
    struct timespec now;

    if (!ticks || per_second <= 0 || clock_gettime(CLOCK_BOOTTIME, &now) != 0) {
        return INT64_MAX;
    }
    return wk_clock_wall_ns() - ((int64_t)now.tv_sec * 1000000000 + now.tv_nsec) +
           (int64_t)(ticks * (1000000000ull / (unsigned long long)per_second));
}

bool wk_log_before_exec(const char *owner, uint32_t pid)
{
    long long seconds = 0;
    unsigned owner_pid = 0;

    if (sscanf(owner, "%*s %u %lld", &owner_pid, &seconds) != 2 || owner_pid != pid) {
        return false;
    }
    return seconds * 1000000000 + 999999999 + SLACK_NS >= process_start_ns();
}
