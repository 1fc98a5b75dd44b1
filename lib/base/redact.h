/*
 * SPDX-License-Identifier: MIT
 * Replaces what may be a secret by three stars, whatever its length: in the arguments of a program, and in messages.
 * When in doubt it hides too much: the rest of an argument.
 */
#ifndef WICK_LIB_BASE_REDACT_H
#define WICK_LIB_BASE_REDACT_H

#include <stddef.h>

enum { WK_REDACT_BYTES = 1024 };

/* A command line, while its arguments are appended one after the other. */
struct wk_redaction {
    char line[WK_REDACT_BYTES]; /* arguments separated by blanks; cut at the end */
    size_t used;
    enum { WK_NEXT_SHOWN, WK_NEXT_SECRET, WK_NEXT_USER } next; /* the value of an option that came before */
    enum { WK_AFTER_OTHER, WK_AFTER_MYSQL, WK_AFTER_SSHPASS } after; /* a program whose -pX is a password */
};

void wk_redact_argument(struct wk_redaction *redaction, const char *argument);

/* Hide the user and password of URLs, in place. What follows the line's last `@` stays. */
void wk_redact_urls(char *text, size_t bytes);

#endif
