/*
 * SPDX-License-Identifier: MIT
 * What is mirrored: the process's own facts and rollups, and which of them Redis does not have yet. The drain puts them in, the
 * mirror's thread takes commands out; both hold `lock`, each for a short time.
 * Invariant: what is not queued is in Redis, or in a batch on its way; a batch that fails queues everything again.
 */
#ifndef WICK_LIB_SINK_REDIS_HOST_MIRROR_H
#define WICK_LIB_SINK_REDIS_HOST_MIRROR_H

#include <pthread.h>
#include <stdbool.h>

#include "number_queue.h"
#include "redis_link.h"

enum { WK_SCHEMA = 1, WK_ROLLUP_FORM = 1 };

/* What the mirror knows of an entry of its board. */
struct wk_mirrored_entry {
    uint64_t sent;    /* version up to which its facts are in Redis */
    bool queued;
    bool listed;      /* among its parent's children */
};

/* A scope of the run's tree. */
struct wk_mirrored_node {
    char *path;       /* NULL: not mirrored */
    char *value;      /* as in Redis */
    uint32_t path_bytes, value_bytes, value_room;
    bool queued;
};

struct wk_mirror {
    pthread_mutex_t lock;
    struct wick_board *board;     /* facts of this process alone */
    struct wick_names *names;     /* of this process */
    struct wk_array entries;      /* struct wk_mirrored_entry, by entry of the board */
    struct wk_array nodes;        /* struct wk_mirrored_node, by node of the tree */
    struct wk_number_queue dirty_entries, dirty_nodes;
    uint64_t fed;                 /* changes that came */
    uint64_t refused;             /* changes that found no place */
    char key[320];                /* `PREFIX:{RUN}` */
    uint32_t key_bytes;
    uint64_t writer;
    char writer_text[20];
};

bool wk_mirror_init(struct wk_mirror *mirror, const struct wick_process_info *process);
void wk_mirror_fini(struct wk_mirror *mirror);

/* A `tracker` line. The lock is held, as for all below. True: something is queued. */
bool wk_mirror_line_locked(struct wk_mirror *mirror, int64_t time_ns, const char *text);
/* Nodes of the run's tree that have changed. Returns how many were taken: without memory fewer than all. */
size_t wk_mirror_nodes_locked(struct wk_mirror *mirror, const struct wick_tree *tree, const struct wick_names *names,
                              const uint32_t *dirty, size_t count);
/* Queue everything. */
void wk_mirror_all_locked(struct wk_mirror *mirror);
bool wk_mirror_is_clean_locked(const struct wk_mirror *mirror);
/* How many entries and nodes wait. */
uint64_t wk_mirror_waiting_locked(const struct wk_mirror *mirror);

/* Take the next ones out, as commands, and tell them in one event of the stream. */
void wk_mirror_take_locked(struct wk_mirror *mirror, struct wk_commands *commands);

enum { WK_MIRROR_KEY_BYTES = 320 + 8 + WICK_KEY_BYTES };

/* Write `PREFIX:{RUN}` and what follows it. Returns the bytes. */
static inline uint32_t wk_mirror_key(const struct wk_mirror *mirror, const char *part, const char *key, uint32_t key_bytes, char *to)
{
    size_t part_bytes = strlen(part);
    memcpy(to, mirror->key, mirror->key_bytes);
    memcpy(to + mirror->key_bytes, part, part_bytes);
    memcpy(to + mirror->key_bytes + part_bytes, key, key_bytes);
    return mirror->key_bytes + (uint32_t)part_bytes + key_bytes;
}

/* ---- rollups (mirror_rollups.c) ---- */

void wk_mirror_take_nodes_locked(struct wk_mirror *mirror, struct wk_commands *commands);

#endif
