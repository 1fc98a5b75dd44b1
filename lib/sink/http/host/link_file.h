/*
 * SPDX-License-Identifier: MIT
 * The file with the page's link (WICK_SERVE_LINK): one per process, gone with the page, also after SIGTERM.
 * Invariant: no file is removed that wick did not make.
 */
#ifndef WICK_LIB_SINK_HTTP_HOST_LINK_FILE_H
#define WICK_LIB_SINK_HTTP_HOST_LINK_FILE_H

/* Write the link to a new file of mode 0600, in place of one that a page left behind. 0, or an error that is set. */
int wk_link_file_write(const char *path, const char *link);

/* Remove the file, if it is still the one that was written. */
void wk_link_file_remove(void);

#endif
