/*
 * SPDX-License-Identifier: MIT
 * Keeps standard input in a file. See spool.h.
 */
#include "input/spool.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/messages.h"

static char spooled[64];

static void remove_spooled(void)
{
    unlink(spooled);
}

const char *spool_log(const struct settings *settings, const char *path)
{
    if (strcmp(path, "-") != 0) {
        return path;
    }
    snprintf(spooled, sizeof spooled, "/tmp/wick-stdin.XXXXXX");
    int fd = mkstemp(spooled);
    FILE *to = fd < 0 ? NULL : fdopen(fd, "w");
    static char block[65536];
    size_t got = 1;
    while (to && got > 0 && !ferror(to)) {
        got = fread(block, 1, sizeof block, stdin);
        fwrite(block, 1, got, to);
    }
    bool written = to && !ferror(to) && !ferror(stdin);
    if (fd >= 0) {
        atexit(remove_spooled);
    }
    if (!to || fclose(to) != 0 || !written) {
        tool_error(settings, "standard input cannot be kept in %s: it is read twice", spooled);
        return NULL;
    }
    return spooled;
}

bool spool_logs(const struct settings *settings)
{
    for (int i = 0; i < settings->argument_count; i++) {
        const char *path = spool_log(settings, settings->arguments[i]);
        if (!path) {
            return false;
        }
        settings->arguments[i] = (char *)(uintptr_t)path;
    }
    return true;
}
