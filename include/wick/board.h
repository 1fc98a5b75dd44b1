/*
 * SPDX-License-Identifier: MIT
 * The board: trackers, and what is known of them. A tracker is a key with facts; its counts, its progress and its times are derived
 * from the facts of its subtree. Facts come from any writer, late, twice or in any order: equal facts give equal boards.
 * Part of wick/model.h.
 */
#ifndef WICK_BOARD_H
#define WICK_BOARD_H

#include "names.h"
#include "tracker.h"

WICK_I_EXTERN_BEGIN

/* Limits. */
#define WICK_KEY_BYTES 1024u     /* of a key */
#define WICK_KEY_LEVELS 64u      /* segments of a key */
#define WICK_SEGMENT_BYTES 127u  /* of a segment */
#define WICK_FACT_BYTES 32768u   /* of a value */
#define WICK_FACT_FIELDS 64u     /* fields of a tracker beside those that the board knows */

/* Return the word of a status; "" for WICK_TRACKER_OTHER. Since 0.1 */
WICK_API const char *wick_tracker_status_word(enum wick_tracker_status status);

/* A fact: the value of one field of a key, with its version and its writer. */
struct wick_fact {
    const char *key;
    uint32_t key_bytes;
    uint32_t field_bytes;
    const char *field;     /* NULL: the key is removed, and all below it */
    const char *value;     /* JSON; null removes the field */
    uint32_t value_bytes;
    uint64_t version;      /* ns since the epoch: the writer's clock, or one more than the last version it has seen */
    uint64_t writer;       /* hash of host, pid and start of a process */
};

struct wick_board;

/*
 * Create an empty board. NULL when there is no memory.
 *
 * allocator  borrows until wick_board_destroy
 * limit      of trackers, removed ones included; 0: 1,000,000
 * Threads    one at a time per board     Signals   not safe
 * Since      0.1
 */
WICK_API struct wick_board *wick_board_create(const struct wick_allocator *allocator, uint32_t limit);
WICK_API void wick_board_destroy(struct wick_board *board);

/*
 * Say what is wrong with a key: one sentence, or NULL when it is a key. Segments are joined by dots; a segment that begins with _
 * is a prefix, not a tracker. Since 0.1
 */
WICK_API const char *wick_board_key_error(const char *key, uint32_t bytes);

/*
 * Add a fact. Of two facts of one field the one with the higher version stays, of equal versions that with the higher writer;
 * of `status`, whose value is [attempt, "word"], the higher attempt, and within an attempt the earliest terminal one.
 *
 * fact       copied
 * Returns    1: it counts; 0: a newer fact stands already
 * Cost       O(depth), and O(siblings) where the newest message is removed
 * Errors     INVAL (key, field or value), LIMIT (trackers, fields, bytes), NOMEM: nothing has changed
 * Since      0.1
 */
WICK_API int wick_board_put(struct wick_board *board, const struct wick_fact *fact);

/*
 * Put the facts of a `tracker` line of a log: `KEY {"field":value,...}` or `KEY null`. "@v" in it is their version, else the
 * line's time is; "@w" their writer, else the process of its track is.
 *
 * record     of kind WICK_RECORD_TRACKER; borrows
 * Returns    1: at least one fact counts; 0: newer facts stand already
 * Errors     as wick_board_put, of the first field that was refused; others are put. A line that is not valid changes nothing
 * Since      0.1
 */
WICK_API int wick_board_feed(struct wick_board *board, const struct wick_names *names, const struct wick_record *record);

/* Hash what tells a writer of facts from others: the host, pid and start of a process. Since 0.1 */
WICK_API uint64_t wick_board_writer(const struct wick_process_info *process);

/* Find a tracker by its key; WICK_NONE: there is none. An index stays valid until the tracker is removed. Since 0.1 */
WICK_API uint32_t wick_board_find(const struct wick_board *board, const char *key, uint32_t bytes);

/* Read a tracker as of `now_ns`. 0: it has been removed, or never was. Since 0.1 */
WICK_API int wick_board_read(struct wick_board *board, uint32_t tracker, int64_t now_ns, struct wick_tracker_info *info);

/*
 * Give the children of a tracker, or the roots (WICK_NONE), in order of creation.
 *
 * out        room for `capacity` indices; filled when that is enough for all
 * Returns    how many there are
 * Errors     NOMEM
 * Since      0.1
 */
WICK_API int64_t wick_board_children(const struct wick_board *board, uint32_t tracker, uint32_t *out, uint32_t capacity);

/* Read the fact of a field, or by position (all of them, removed fields included); 0: there is none. Borrowed until the next
 * wick_board_put. Since 0.1 */
WICK_API int wick_board_field(const struct wick_board *board, uint32_t tracker, const char *field, struct wick_fact *fact);
WICK_API int wick_board_fact(const struct wick_board *board, uint32_t tracker, uint32_t index, struct wick_fact *fact);

/*
 * Read a field as a text: a string without its quotes and escapes, the word of the status, any other value as it stands.
 *
 * to         gets at most `capacity` - 1 bytes and a NUL; "" when there is no such field
 * Returns    bytes without the NUL
 * Since      0.1
 */
WICK_API uint32_t wick_board_text(const struct wick_board *board, uint32_t tracker, const char *field, char *to, uint32_t capacity);

/* Read the removal of an entry, which stays after its facts are gone; 0: it was never removed. Since 0.1 */
WICK_API int wick_board_removal(const struct wick_board *board, uint32_t tracker, struct wick_fact *fact);

/* Return the number of entries: indices are below it, removed trackers included. Since 0.1 */
WICK_API uint32_t wick_board_entries(const struct wick_board *board);

/* A tracker that was loaded from Redis. */
struct wick_loaded {
    uint32_t size;            /* sizeof(struct wick_loaded), set by the caller */
    uint32_t tracker;         /* its index; WICK_NONE: the id is that of a whole run */
    struct wick_board *board; /* it and all below it; the caller frees it with wick_board_destroy */
    char run[64];             /* where it was found */
};

/*
 * Load a tracker and all below it from Redis, where programs mirror theirs (WICK_REDIS). Detached: the board is the caller's, and
 * nothing of the program's own trackers changes.
 *
 * url          redis://[user:password@]host:port/db
 * id           RUN/KEY or RUN/FRIENDLY; RUN: all of a run; KEY or FRIENDLY: in the run of WICK_RUN, else in the newest run that
 *              has it; NULL: all of the run of WICK_RUN, else of the newest
 * deadline_ms  how long it may take
 * loaded       filled where the result is 0; gives the board
 * Threads      any     Signals   not safe
 * Errors       INVAL (a bad URL; not found), NET, TIMEOUT, NOMEM, LIMIT, UNSUPPORTED (built without hiredis)
 * Since        0.1
 */
WICK_API int wick_tracker_load(const char *url, const char *id, uint32_t deadline_ms, struct wick_loaded *loaded);

WICK_I_EXTERN_END

#endif
