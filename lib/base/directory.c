/*
 * SPDX-License-Identifier: MIT
 * The directory of relative paths. See directory.h.
 */
#include "directory.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
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

bool wk_directory_expand(char *path, size_t bytes, const struct wk_output *output)
{
    char *out = path;
    char *end = path + bytes - 1;

    if (output->pattern[0] != '/') {
        if (!wk_directory_path(path, bytes - 2, "")) {
            return false;
        }
        out += strlen(out);
    }
    for (const char *at = output->pattern; *at && out < end; at++) {
        if (at[0] == '%' && (at[1] == 'p' || at[1] == 'h' || at[1] == '%')) {
            int count = at[1] == 'p'   ? snprintf(out, (size_t)(end - out), "%u", output->pid)
                        : at[1] == 'h' ? snprintf(out, (size_t)(end - out), "%s", output->host)
                                       : snprintf(out, (size_t)(end - out), "%%");

            out += count < end - out ? count : end - out;
            at++;
        } else {
            *out++ = *at;
        }
    }
    *out = 0;
    return out < end;
}
