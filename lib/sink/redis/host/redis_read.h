/*
 * SPDX-License-Identifier: MIT
 * Reads trackers and rollups of a run from Redis. Nothing here changes anything there.
 */
#ifndef WICK_LIB_SINK_REDIS_HOST_REDIS_READ_H
#define WICK_LIB_SINK_REDIS_HOST_REDIS_READ_H

#include "redis_runs.h"

enum { WK_REDIS_KEY_BYTES = 64 + 64 + 16 + WICK_KEY_BYTES };

/* `PREFIX:{RUN}PARTKEY`; returns the bytes. */
uint32_t wk_redis_key(const struct wk_redis_runs *runs, const char *id, const char *part, const char *key, char to[WK_REDIS_KEY_BYTES]);
/* Run commands whose replies are lists of texts; appends them, each with its NUL. How many; < 0: an error, in link->why. */
int64_t wk_redis_texts(struct wk_redis_link *link, const struct wk_commands *commands, struct wk_array *texts);
/* The keys below those of a level, of one array of texts into another; likewise. */
int64_t wk_redis_children(const struct wk_redis_runs *runs, const char *id, const struct wk_array *level, struct wk_array *below);

/* Read the facts of a tracker and of all below it into a board ("": of all trackers). 1: there are some, 0: none; < 0: an error. */
int wk_redis_load(const struct wk_redis_runs *runs, const char *id, const char *key, struct wick_board *board);
/* Read the facts of these trackers alone (texts with NUL, one after the other). 0, or an error. */
int wk_redis_load_keys(const struct wk_redis_runs *runs, const char *id, const struct wk_array *keys, struct wick_board *board);

#endif
