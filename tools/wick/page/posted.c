/*
 * SPDX-License-Identifier: MIT
 * The log of what was posted. See posted.h.
 */
#include "page/posted.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/host.h"
#include "input/series.h"
#include "wick/error.h"
#include "wick/version.h"

void posted_begin(struct posted_log *posted, const struct settings *settings, const char *log)
{
    *posted = (struct posted_log){.settings = settings, .log = log, .start_ns = tool_wall_ns()};
    if (gethostname(posted->host, sizeof posted->host - 1) != 0 || !posted->host[0] || strpbrk(posted->host, " \t\n")) {
        snprintf(posted->host, sizeof posted->host, "localhost");
    }
}

void posted_begin_at(struct posted_log *posted, const struct settings *settings, const char *log)
{
    posted_begin(posted, settings, log);
    posted->itself = true;
}

static void put_line(struct posted_log *posted, int64_t time_ns, const char *word, const char *text)
{
    fprintf(posted->to, "%lld.%09lld %s %d post %s - %s\n", (long long)(time_ns / 1000000000), (long long)(time_ns % 1000000000),
            posted->host, (int)getpid(), word, text);
}

/* What tells this writer from others, as in every log. */
static void put_head(struct posted_log *posted)
{
    char text[400];
    snprintf(text, sizeof text, "wick %d.%d.%d start", WICK_VERSION_MAJOR, WICK_VERSION_MINOR, WICK_VERSION_PATCH);
    put_line(posted, posted->start_ns, "BMARK", text);
    snprintf(text, sizeof text, "program %s", posted->settings->program_name);
    put_line(posted, posted->start_ns, "run", text);
    snprintf(text, sizeof text, "host %s", posted->host);
    put_line(posted, posted->start_ns, "run", text);
    snprintf(text, sizeof text, "pid %d", (int)getpid());
    put_line(posted, posted->start_ns, "run", text);
    snprintf(text, sizeof text, "start %lld.%09lld", (long long)(posted->start_ns / 1000000000), (long long)(posted->start_ns % 1000000000));
    put_line(posted, posted->start_ns, "run", text);
}

/* Posts to the log of an earlier run are in the way of those to this one; others are kept. */
static int open_file(struct posted_log *posted)
{
    char path[SERIES_PATH_BYTES];
    bool keeps = posted->itself || series_posted(posted->settings, posted->log, path);
    if (posted->itself) {
        snprintf(path, sizeof path, "%s", posted->log);
    }
    int fd = path[0] ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (keeps ? O_APPEND : O_TRUNC), 0600) : -1;
    posted->to = fd >= 0 ? fdopen(fd, "a") : NULL;
    if (!posted->to && fd >= 0) {
        close(fd);
    }
    return posted->to ? 0 : WICK_E_IO;
}

int posted_put(struct posted_log *posted, int64_t time_ns, const char *text)
{
    if (!posted->to) {
        if (open_file(posted) < 0) {
            return WICK_E_IO;
        }
        put_head(posted);
    }
    if (text) {
        put_line(posted, time_ns, "tracker", text);
    }
    return fflush(posted->to) == 0 ? 0 : WICK_E_IO;
}

int posted_close(struct posted_log *posted)
{
    int rc = 0;
    if (posted->to) {
        int64_t now_ns = tool_wall_ns();
        put_line(posted, now_ns, "stat", "recorded 0"); /* no event: this process has ended, says it */
        put_line(posted, now_ns, "BMARK", "wick end");
        rc = fclose(posted->to) == 0 ? 0 : WICK_E_IO;
        posted->to = NULL;
    }
    return rc;
}
