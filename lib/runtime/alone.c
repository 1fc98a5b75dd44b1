/*
 * SPDX-License-Identifier: MIT
 * Counting the threads of the process. See alone.h.
 * The kernel keeps a main thread that has ended as a zombie until the process ends: it still counts.
 */
#include "alone.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* State of the main thread: the letter behind `pid (name)`; the name may hold anything. */
static char main_state(void)
{
    char text[512];
    int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
    ssize_t bytes = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    const char *name_end;

    if (fd >= 0)
        close(fd);
    if (bytes <= 0)
        return 0;
    text[bytes] = 0;
    name_end = strrchr(text, ')');
    return name_end && name_end[1] == ' ' ? name_end[2] : 0;
}

bool wk_alone(uint32_t own)
{
    struct stat status;

    /* A directory's link count is two more than the directories in it: one for each thread. */
    if (stat("/proc/self/task", &status) != 0 || status.st_nlink > own + 1 + 2)
        return false;
    return main_state() == 'Z';
}
