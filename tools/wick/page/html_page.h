/*
 * SPDX-License-Identifier: MIT
 * The page as one HTML file with data inside it.
 * Must not know what the data is. Invariant: the file needs neither the network nor another file; no text in it can end the
 * element that it is in.
 */
#ifndef WICK_TOOLS_WICK_PAGE_HTML_PAGE_H
#define WICK_TOOLS_WICK_PAGE_HTML_PAGE_H

#include "page/packed.h"
#include "tool.h"

struct html_page {
    char *text, *rest; /* the page, cut in two where the data goes */
    struct packed packed;
};

/* Read the page, which is installed with the tool or in the build tree. false after a message; html_page_free in any case. */
bool html_page_read(struct html_page *page, const struct settings *settings);
void html_page_free(struct html_page *page);

/* Write the page as far as its data, which goes into `packed` until html_page_end; `name` is what the page shows. 0 or NOMEM, IO. */
int html_page_begin(struct html_page *page, FILE *to, const char *id, const char *name);
/* rc: of writing the data. Returns it, or the error of what is left to write. */
int html_page_end(struct html_page *page, FILE *to, int rc);

#endif
