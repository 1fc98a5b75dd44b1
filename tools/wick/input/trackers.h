/*
 * SPDX-License-Identifier: MIT
 * The trackers of logs, of a server or of Redis, as a board.
 * Must not show them. Invariant: every `tracker` line of the logs is in the board.
 */
#ifndef WICK_TOOLS_WICK_INPUT_TRACKERS_H
#define WICK_TOOLS_WICK_INPUT_TRACKERS_H

#include "input/load.h"
#include "input/remote.h"

struct trackers {
    struct settings settings; /* whose arguments are the logs, or the link alone */
    char *place[2];
    const char *key;          /* what is asked for: of a server and of logs the key of a tracker, of Redis any id; NULL: all */
    const char *redis;        /* URL that they are loaded from; NULL: logs or a server */
    uint32_t loaded;          /* the tracker that was, from Redis */
    struct wick_board *board;
    const struct load *load;  /* while logs are read */
    int64_t first_ns, last_ns; /* of the logs; INT64_MAX, 0: none were read */
    uint64_t refused;         /* lines */
    /* NULL, or told about each record of a log, and each line of a server, after the board has it. */
    void (*seen)(void *user, const struct trackers *trackers, const struct wick_record *record);
    void *user;
};

/* Where the arguments say they are: LOG..., LINK or redis://..., and behind it a key (`any_key`: or any other word that is no file). Without a place
 * the link of WICK_STATUS_URL. 0, or an exit code after a message; trackers_end in any case. */
int trackers_begin(struct trackers *trackers, const struct settings *settings, bool any_key);
/* The same for a log that the caller reads. false: there is no memory. */
bool trackers_of_log(struct trackers *trackers, const struct settings *settings, const struct load *load);
/* Put the records of a log into the board: a wick_record_out, with `load` set before. */
int trackers_feed(void *trackers, const struct wick_record *records, size_t count);
/* Get the facts that stand anew from the server or Redis. 0, or an exit code, after a message unless `quiet`. */
int trackers_fetch(struct trackers *trackers, const struct remote_server *server, bool quiet);
/* Read them once, from wherever they are. `show`: NULL, or called with them, while the names of a log are there. An exit code, after a message. */
int trackers_read(struct trackers *trackers, int (*show)(struct trackers *trackers));
/* All of it for a command that shows them once. */
int trackers_show(const struct settings *settings, int (*show)(struct trackers *trackers));
/* The tracker that is asked for, WICK_NONE for all. false: there is none (yet). */
bool trackers_top(const struct trackers *trackers, uint32_t *top);
/* Say that there is none; an exit code. */
int trackers_missing(const struct trackers *trackers);
bool trackers_are_remote(const struct trackers *trackers);
/* Say what could not be used, and free everything. */
void trackers_end(struct trackers *trackers);

#endif
