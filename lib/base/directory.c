/*
 * SPDX-License-Identifier: MIT
 * The directory of relative paths. See directory.h.
 */
#include "directory.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

static char noted[PATH_MAX];

void wk_directory_note(void)
{
    if (!getcwd(noted, sizeof noted)) {
        noted[0] = 0;
    }
}

bool wk_directory_path(char *out, size_t size, const char *name)
{
    char now[PATH_MAX];
    const char *directory = name[0] == '/' ? "" : noted[0] ? noted : getcwd(now, sizeof now);
    int bytes = directory ? snprintf(out, size, "%s%s%s", directory, directory[0] ? "/" : "", name) : -1;

    return bytes >= 0 && (size_t)bytes < size;
}
