/*
 * SPDX-License-Identifier: MIT
 * The log of what was posted. See posted.h.
 */
#include "page/posted.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/host.h"
#include "input/series.h"
#include "wick/error.h"
#include "wick/version.h"

enum { LEFT_MOST = 16 << 20 }; /* bytes that wait for a disk that is full */

void posted_begin(struct posted_log *posted, const struct settings *settings, const char *log)
{
    *posted = (struct posted_log){.settings = settings, .log = log, .fd = -1, .start_ns = tool_wall_ns()};
    if (gethostname(posted->host, sizeof posted->host - 1) != 0 || !posted->host[0] || strpbrk(posted->host, " \t\n")) {
        snprintf(posted->host, sizeof posted->host, "localhost");
    }
}

void posted_begin_at(struct posted_log *posted, const struct settings *settings, const char *log)
{
    posted_begin(posted, settings, log);
    posted->itself = true;
}

/* Write what is left; a line that was begun goes on where it stopped. */
static int write_left(struct posted_log *posted)
{
    size_t done = 0;
    int rc = 0;
    while (done < posted->left_bytes && rc == 0) {
        ssize_t got = write(posted->fd, posted->left + done, posted->left_bytes - done);
        done += got > 0 ? (size_t)got : 0;
        rc = got > 0 || (got < 0 && errno == EINTR) ? 0 : WICK_E_IO;
    }
    memmove(posted->left, posted->left + done, posted->left_bytes - done);
    posted->left_bytes -= done;
    return rc;
}

/* Into memory. */
static int put_line(struct posted_log *posted, int64_t time_ns, const char *word, const char *text)
{
    char head[400];
    int head_bytes = snprintf(head, sizeof head, "%lld.%09lld %s %d post %s - ", (long long)(time_ns / 1000000000), (long long)(time_ns % 1000000000),
                              posted->host, (int)getpid(), word);
    size_t bytes = strlen(text), needed = posted->left_bytes + (size_t)head_bytes + bytes + 1;
    char *grown = needed > LEFT_MOST ? NULL : realloc(posted->left, needed);
    if (!grown) {
        return WICK_E_NOMEM;
    }
    memcpy(grown + posted->left_bytes, head, (size_t)head_bytes);
    memcpy(grown + posted->left_bytes + head_bytes, text, bytes);
    grown[needed - 1] = '\n';
    posted->left = grown;
    posted->left_bytes = needed;
    return 0;
}

/* What tells this writer from others, as in every log. */
static int put_head(struct posted_log *posted)
{
    char text[400];
    snprintf(text, sizeof text, "wick %d.%d.%d start", WICK_VERSION_MAJOR, WICK_VERSION_MINOR, WICK_VERSION_PATCH);
    int rc = put_line(posted, posted->start_ns, "BMARK", text);
    snprintf(text, sizeof text, "program %s", posted->settings->program_name);
    rc = rc < 0 ? rc : put_line(posted, posted->start_ns, "run", text);
    snprintf(text, sizeof text, "host %s", posted->host);
    rc = rc < 0 ? rc : put_line(posted, posted->start_ns, "run", text);
    snprintf(text, sizeof text, "pid %d", (int)getpid());
    rc = rc < 0 ? rc : put_line(posted, posted->start_ns, "run", text);
    snprintf(text, sizeof text, "start %lld.%09lld", (long long)(posted->start_ns / 1000000000), (long long)(posted->start_ns % 1000000000));
    return rc < 0 ? rc : put_line(posted, posted->start_ns, "run", text);
}

/* Posts to the log of an earlier run are in the way of those to this one; others are kept. */
static int open_file(struct posted_log *posted)
{
    char path[SERIES_PATH_BYTES];
    bool keeps = posted->itself || series_posted(posted->settings, posted->log, path);
    if (posted->itself) {
        snprintf(path, sizeof path, "%s", posted->log);
    }
    posted->fd = path[0] ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_APPEND | (keeps ? 0 : O_TRUNC), 0600) : -1;
    return posted->fd >= 0 ? 0 : WICK_E_IO;
}

int posted_put(struct posted_log *posted, int64_t time_ns, const char *text)
{
    int rc = 0;
    if (posted->fd < 0) {
        rc = open_file(posted) < 0 ? WICK_E_IO : put_head(posted);
    }
    if (rc == 0 && text) {
        rc = put_line(posted, time_ns, "tracker", text);
    }
    return rc == 0 ? write_left(posted) : rc;
}

int posted_close(struct posted_log *posted)
{
    int rc = 0;
    if (posted->fd >= 0) {
        int64_t now_ns = tool_wall_ns();
        (void)put_line(posted, now_ns, "stat", "recorded 0"); /* no event: this process has ended, says it */
        (void)put_line(posted, now_ns, "BMARK", "wick end");
        rc = write_left(posted);
        rc = close(posted->fd) == 0 ? rc : WICK_E_IO;
        posted->fd = -1;
    }
    free(posted->left);
    posted->left = NULL;
    posted->left_bytes = 0;
    return rc;
}
