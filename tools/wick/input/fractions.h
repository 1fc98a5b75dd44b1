/*
 * SPDX-License-Identifier: MIT
 * Times of logs whose writers did not pad the fractions of their seconds: `.7` for 7 ms.
 * Must not change anything but times. Invariant: see fractions.c.
 */
#ifndef WICK_TOOLS_WICK_INPUT_FRACTIONS_H
#define WICK_TOOLS_WICK_INPUT_FRACTIONS_H

#include <sys/stat.h>

#include "tool.h"

/* Where the bytes are that come next. */
struct fractions {
    uint32_t width;  /* to which fractions are padded; 0: they stay as they are */
    uint32_t digits; /* of the fraction that was begun */
    char fraction[8];
    enum { FRACTIONS_SECONDS, FRACTIONS_BEGUN, FRACTIONS_REST } at;
};

/* Read the file through, from its beginning, and say what it is about its times, once. Gives the width. */
uint32_t fractions_width(int fd, const struct stat *status, const char *path);
/* Copy bytes of a log with padded fractions; `to` has room for twice as many and 8. Gives how many were written. */
size_t fractions_pad(struct fractions *f, const char *from, size_t bytes, char *to);

#endif
