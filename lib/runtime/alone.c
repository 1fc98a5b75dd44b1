/*
 * SPDX-License-Identifier: MIT
 * Counts the threads of the process. See alone.h.
 * A main thread that has ended stays a zombie until the process ends, and still counts as a thread.
 */
#include "alone.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* A process whose main thread has ended has no /proc/self/exe. readlink needs no descriptor, so that the host never
 * sees its lowest free number taken. */
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
