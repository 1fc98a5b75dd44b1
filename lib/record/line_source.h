/*
 * SPDX-License-Identifier: MIT
 * Lines of the log that come from no ring: those of the board, which stands above this layer. The drain asks for them.
 */
#ifndef WICK_LIB_RECORD_LINE_SOURCE_H
#define WICK_LIB_RECORD_LINE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

struct wk_lines_wanted {
    int64_t run_start_ns; /* of the log: no line is older. When it changes, another log begins, and everything is told again */
    int64_t now_ns;       /* no line is younger */
    int64_t oldest_ns;    /* no line to come is older: as the last call left it; brought up to date */
    void (*line)(void *user, int64_t time_ns, const char *text);
    void *user;
    bool says_writer;     /* in each line: the log may be read by the process that writes it */
    uint32_t files;       /* of the log, before the one that is open: when it changes, what stands is told again */
    uint64_t file_bytes;  /* of each of them, about; 0: there will be one */
    bool closing;         /* the run ends, and with it the scopes that run trackers */
};

/* Pass the `tracker` lines that are waiting. It never waits for a lock; false: some are left, ask again soon. */
typedef bool (*wk_line_source)(struct wk_lines_wanted *wanted);

/* Set once, when there is something to say; read by the drain. */
void wk_line_source_set(wk_line_source source);
wk_line_source wk_line_source_get(void);

#endif
