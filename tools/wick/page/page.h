/*
 * SPDX-License-Identifier: MIT
 * Logs in the live page, for `view` and `run --live`: finished or growing, compressed or not, several at once. The
 * server is the library's (wick/serve.h).
 * Must not compute anything about scopes. Invariant: see page.c.
 */
#ifndef WICK_TOOLS_WICK_PAGE_PAGE_H
#define WICK_TOOLS_WICK_PAGE_PAGE_H

#include "tool.h"

struct live_page;

/* Start the server, print its link. NULL after a message. A log need not exist yet; paths are sorted, and borrowed
 * until close, as is `log`: what is posted about trackers goes beside it (NULL: nothing can be posted). */
struct live_page *page_open(const struct settings *settings, const char *log, char **paths, int count);
/* One more log, as of a process that has begun meanwhile, in `files` files in order; borrowed until close. false: there is no memory. */
bool page_add(struct live_page *page, char *const *paths, int files);
/* Read a piece of what was added: 1; 0: nothing was added; < 0: a log cannot be read, which was reported. */
int page_poll(struct live_page *page);
/* Its link, with the token; borrowed until close. */
const char *page_link(const struct live_page *page);
/* Was the last page closed linger_ns ago, or did none come within never_ns? */
bool page_is_left(struct live_page *page, int64_t linger_ns, int64_t never_ns);
/* Show it in a browser, where there is a display; false: there is none. */
bool page_browse(struct live_page *page);
/* Tell every page the reason, and end. */
void page_close(struct live_page *page, const char *reason);

#endif
