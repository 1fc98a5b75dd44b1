/*
 * SPDX-License-Identifier: MIT
 * A page that is served until it is interrupted, or until it was closed (--linger). See page_loop.h.
 */
#include "page/page_loop.h"

#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "page/page.h"

#define NEVER_CAME_NS 60000000000 /* to open the link */

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
    interrupted = number;
}

void page_catch_interrupts(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = interrupt}; /* no SA_RESTART: sleep and read end */
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        sigaction(numbers[i], &action, NULL);
    }
}

int page_serve(struct live_page *page, const struct settings *settings)
{
    const struct timespec pause = {0, 20000000};
    if (!page_browse(page) && isatty(STDERR_FILENO)) {
        fprintf(stderr, "open the link in a browser; Ctrl-C ends\n");
    }
    while (!interrupted) {
        int got = page_poll(page);
        if (got < 0) {
            return EXIT_USAGE;
        }
        if (got == 0) {
            if (settings->linger_ns && page_is_left(page, settings->linger_ns, NEVER_CAME_NS)) {
                break;
            }
            nanosleep(&pause, NULL);
        }
    }
    return EXIT_FINE;
}
