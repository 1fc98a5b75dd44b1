/*
 * SPDX-License-Identifier: MIT
 * wick view: shows logs in the live page until it is interrupted, or until the page was closed (--linger).
 * Must not compute anything about scopes. Invariant: the page keeps what was read, whatever happens to the log.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/messages.h"
#include "cmd/cmd.h"
#include "input/input.h"
#include "input/series.h"
#include "page/page.h"

#define NEVER_CAME_NS 60000000000 /* to open the link */

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
    interrupted = number;
}

static void catch_interrupts(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = interrupt}; /* no SA_RESTART: sleep and read end */
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        sigaction(numbers[i], &action, NULL);
    }
}

/* Logs must exist: a misspelt name would be waited for in vain. */
static int check_logs(const struct settings *settings)
{
    if (!settings->argument_count) {
        tool_error(settings, "give a log: wick view run.ctxt (or - for standard input)");
        return EXIT_USAGE;
    }
    for (int i = 0; i < settings->argument_count; i++) {
        if (strcmp(settings->arguments[i], "-") == 0) {
            continue;
        }
        struct input *input = input_open(settings, settings->arguments[i]);
        if (!input) {
            return EXIT_USAGE;
        }
        input_close(input);
    }
    return EXIT_FINE;
}

int cmd_view(struct settings *settings)
{
    const struct timespec pause = {0, 20000000};
    int rc = check_logs(settings);
    if (rc != EXIT_FINE) {
        return rc;
    }
    catch_interrupts();
    int count = 0;
    char **logs = series_with_posted(settings, &count);
    struct live_page *page = logs ? page_open(settings, settings->arguments[0], logs, count) : NULL;
    if (!page) {
        free(logs);
        return EXIT_USAGE;
    }
    if (!page_browse(page) && isatty(STDERR_FILENO)) {
        fprintf(stderr, "open the link in a browser; Ctrl-C ends\n");
    }
    while (!interrupted && rc == EXIT_FINE) {
        int got = page_poll(page);
        if (got < 0) {
            rc = EXIT_USAGE;
        } else if (got == 0) {
            if (settings->linger_ns && page_is_left(page, settings->linger_ns, NEVER_CAME_NS)) {
                break;
            }
            nanosleep(&pause, NULL);
        }
    }
    page_close(page, "wick view has ended");
    free(logs);
    return rc;
}
