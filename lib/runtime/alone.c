/*
 * SPDX-License-Identifier: MIT
 * Counting the threads of the process. See alone.h.
 * The kernel keeps a main thread that has ended as a zombie until the process ends: it still counts.
 */
#include "alone.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* A process whose main thread has ended has no executable any more. Asked without a descriptor: the lowest free number
 * is the host's at any moment. */
static bool main_has_ended(void)
{
    char byte;

    return readlink("/proc/self/exe", &byte, 1) < 0 && errno == ENOENT;
}

bool wk_alone(uint32_t own)
{
    struct stat status;

    /* A directory's link count is two more than the directories in it: one for each thread. */
    if (stat("/proc/self/task", &status) != 0 || status.st_nlink > own + 1 + 2) {
        return false;
    }
    return main_has_ended();
}
