/*
 * SPDX-License-Identifier: MIT
 * wick view: shows logs in the live page until it is interrupted, or until the page was closed (--linger).
 * Must not compute anything about scopes. Invariant: the page keeps what was read, whatever happens to the log.
 */
#include <stdlib.h>
#include <string.h>

#include "base/messages.h"
#include "cmd/cmd.h"
#include "input/input.h"
#include "input/series.h"
#include "page/page.h"
#include "page/page_loop.h"

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
    int rc = check_logs(settings);
    if (rc != EXIT_FINE) {
        return rc;
    }
    page_catch_interrupts();
    int count = 0;
    char **logs = series_with_posted(settings, &count);
    struct live_page *page = logs ? page_open(settings, settings->arguments[0], logs, count) : NULL;
    if (!page) {
        free(logs);
        return EXIT_USAGE;
    }
    rc = page_serve(page, settings);
    page_close(page, "wick view has ended");
    free(logs);
    return rc;
}
