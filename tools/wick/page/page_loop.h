/*
 * SPDX-License-Identifier: MIT
 * A page that is served until it is interrupted, or until it was closed (--linger), for `view` and `serve`.
 * Must not decide what is served.
 */
#ifndef WICK_TOOLS_WICK_PAGE_PAGE_LOOP_H
#define WICK_TOOLS_WICK_PAGE_PAGE_LOOP_H

#include "tool.h"

struct live_page;

/* SIGINT, SIGTERM and SIGHUP end page_serve; before page_open, which may write a file with the link. */
void page_catch_interrupts(void);
/* Show it in a browser, if there is one, and read on. Gives the exit code. */
int page_serve(struct live_page *page, const struct settings *settings);

#endif
