/*
 * SPDX-License-Identifier: MIT
 * Opens a link in the user's browser.
 * Must not put the link on a command line, where everybody could read its token. Invariant: see browser.c.
 */
#ifndef WICK_TOOLS_WICK_PAGE_BROWSER_H
#define WICK_TOOLS_WICK_PAGE_BROWSER_H

#include <stdbool.h>

enum { REDIRECT_BYTES = 64 };

/*
 * Write a file that leads to the link and open it, where there is a display; false: the browser was not started. The
 * name of the file goes to `redirect`, "": none was written. The caller removes it when the link is no longer served.
 */
bool browser_open(const char *link, char redirect[REDIRECT_BYTES]);

#endif
