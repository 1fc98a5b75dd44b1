/*
 * SPDX-License-Identifier: MIT
 * Logs in the live page: what view and run --live share.
 * Must not be included outside tools/. Invariant: see page.c.
 */
#ifndef WICK_TOOLS_PAGE_H
#define WICK_TOOLS_PAGE_H

#include "tool.h"

struct page;

/* Start serving and say where. NULL after a message. A log need not be there yet; paths are borrowed. */
struct page *page_open(const struct settings *settings, char *const *paths, int count);
/* Read a piece of what was added: 1; 0: there was nothing; < 0: no log could be read, after a message. */
int page_poll(struct page *page);
/* Has the last page been closed for linger_ns, or none come for never_ns? */
bool page_is_left(struct page *page, int64_t linger_ns, int64_t never_ns);
/* Show it in a browser, where there is a display; false: there is none. */
bool page_browse(struct page *page);
/* Say `reason` to every page, and end. */
void page_close(struct page *page, const char *reason);

#endif
