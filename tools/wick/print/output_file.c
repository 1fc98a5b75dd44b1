/*
 * SPDX-License-Identifier: MIT
 * Files that commands write. See output_file.h.
 * Invariant: a failure to write is found when the file is closed, at the latest, and reported once.
 */
#include "print/output_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/messages.h"
#include "input/forms.h"
#include "input/resolve.h"

bool output_is_same(const char *x, const char *y)
{
    struct stat a, b;
    return stat(x, &a) == 0 && stat(y, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

bool output_close(const struct settings *settings, FILE *to)
{
    bool failed = fflush(to) != 0 || ferror(to);
    int error = errno;
    if (fclose(to) == 0 && !failed) {
        return true;
    }
    tool_error(settings, "%s: cannot be written: %s", settings->output, strerror(failed ? error : errno));
    output_remove(settings);
    return false;
}

void output_remove(const struct settings *settings)
{
    struct stat status;
    if (lstat(settings->output, &status) == 0 && S_ISREG(status.st_mode)) {
        unlink(settings->output);
    }
}

/* A device, a FIFO or a link to one is written directly: renaming a file to its name would replace it. */
static bool is_written_directly(const char *name)
{
    struct stat status;
    return lstat(name, &status) == 0 && !S_ISREG(status.st_mode);
}

bool log_output_open_bytes(struct log_output *output, const struct settings *settings, const char *name)
{
    output->settings = settings;
    snprintf(output->name, sizeof output->name, "%s", name);
    output->part[0] = 0;
    output->to = stdout;
    if (is_written_directly(name)) {
        output->to = fopen(name, "w");
    } else if (strcmp(name, "-") != 0) {
        snprintf(output->part, sizeof output->part, "%s.part", output->name);
        output->to = fopen(output->part, "w");
    }
    if (!output->to) {
        tool_error(settings, "%s: %s", output->part[0] ? output->part : name, strerror(errno));
    }
    return output->to != NULL;
}

bool log_output_open(struct log_output *output, const struct settings *settings, const char *name)
{
    bool opened = log_output_open_bytes(output, settings, name);
    if (opened && forms_is_wire(name)) {
        output->to = forms_wire_stream(output->to);
    }
    if (opened && output->to && settings->resolve) {
        output->to = resolve_stream(output->to == stdout ? forms_borrowed_stream(stdout) : output->to);
    }
    if (opened && !output->to) {
        tool_error(settings, "out of memory");
    }
    return output->to != NULL;
}

int log_output_close(struct log_output *output, int rc)
{
    bool bad = fflush(output->to) != 0 || ferror(output->to);
    if (output->to != stdout) {
        bad |= fclose(output->to) != 0;
    }
    if (output->part[0]) {
        bad |= !bad && rc == EXIT_FINE && rename(output->part, output->name) != 0;
        if (bad || rc != EXIT_FINE) {
            unlink(output->part);
        }
    }
    if (bad) {
        tool_error(output->settings, "%s: cannot be written: %s", output->name, strerror(errno));
        return EXIT_USAGE;
    }
    return rc;
}
