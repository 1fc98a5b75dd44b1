/*
 * SPDX-License-Identifier: MIT
 * Asks a server of wick's: the live page of a program, of `wick view` or of `wick run --live`.
 * Must not know what is asked. Invariant: an answer that was cut off is none.
 */
#ifndef WICK_TOOLS_WICK_INPUT_REMOTE_H
#define WICK_TOOLS_WICK_INPUT_REMOTE_H

#include "tool.h"

struct remote_server {
    char host[256]; /* without brackets */
    char port[8];
    char token[200];
};

struct remote_question {
    const char *method;  /* GET, POST or DELETE */
    const char *key;     /* of a tracker; NULL: all */
    const char *query;   /* behind the ?; "": none */
    const char *body;    /* NULL: none */
    size_t body_bytes;
    bool quiet;          /* say nothing when there is no answer */
};

struct remote_answer {
    int status;
    char *body;          /* the caller frees it; ends with NUL */
    size_t bytes;
};

/* Is it a link, `http://HOST:PORT/#t=TOKEN`? */
bool remote_is_link(const char *text);
/* Read a link; NULL: that of WICK_STATUS_URL. The token is in it, or in WICK_STATUS_TOKEN. 0, or an exit code after a message. */
int remote_read_link(const struct settings *settings, const char *link, struct remote_server *server);
/* Ask about trackers. 0, or an exit code after a message: there was no answer. */
int remote_ask(const struct settings *settings, const struct remote_server *server, const struct remote_question *question,
               struct remote_answer *answer);
/* Say what the server refused, with its own words; gives the exit code. */
int remote_refused(const struct settings *settings, const struct remote_answer *answer);

#endif
