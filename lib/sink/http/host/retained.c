/*
 * SPDX-License-Identifier: MIT
 * Retains frames within a limit of bytes. See retained.h.
 */
#include "retained.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/heap.h"

enum {
    FLUSH_MS = 33,
    BLOCKS = 64,                /* the limit has room for so many; each costs a head */
    BLOCK_LEAST = 64 << 10,
    BLOCK_MOST = 8 << 20
};

void wk_retained_write_open(const struct wick_tree *tree, uint32_t track, struct wk_wire_writer *writer)
{
    uint32_t node;
    int64_t start_ns;

    for (uint32_t level = 0; wick_tree_open_scope(tree, track, level, &node, &start_ns); level++) {
        struct wick_record record = {.kind = WICK_RECORD_START, .time_ns = start_ns, .track = track, .depth = level + 1};
        struct wick_node_info info;

        wick_tree_node(tree, node, &info);
        record.site = info.site;
        record.text_bytes = wick_tree_open_text(tree, track, level, &record.text);
        (void)wk_wire_write(writer, &record, 1); /* on failure the scope is missing in the block's head */
    }
}

/* ---- blocks ---------------------------------------------------------------------------------- */

static bool append(struct wk_retained_block *block, const void *bytes, size_t count)
{
    if (block->used + count > block->capacity) {
        size_t capacity = block->used + count > 2 * block->capacity ? block->used + count : 2 * block->capacity;
        char *grown = realloc(block->bytes, capacity);

        if (!grown) {
            return false;
        }
        block->bytes = grown;
        block->capacity = capacity;
    }
    memcpy(block->bytes + block->used, bytes, count);
    block->used += count;
    return true;
}

static bool add_frame(struct wk_retained_block *block, const void *bytes, size_t count, const struct wk_wire_frame_info *info)
{
    if (block->frames == block->frame_capacity) {
        uint32_t capacity = block->frame_capacity ? block->frame_capacity * 2 : 64;
        uint32_t *grown = realloc(block->ends, capacity * sizeof *grown);

        if (!grown) {
            return false;
        }
        block->ends = grown;
        block->frame_capacity = capacity;
    }
    if (!append(block, bytes, count)) {
        return false;
    }
    block->ends[block->frames++] = (uint32_t)(block->used - block->head_bytes);
    if (info->kind == WK_WIRE_EVENTS) {
        block->first_ns = info->first_ns < block->first_ns ? info->first_ns : block->first_ns;
        block->last_ns = info->last_ns > block->last_ns ? info->last_ns : block->last_ns;
    }
    return true;
}

static void free_block(struct wk_retained_block *block)
{
    free(block->bytes);
    free(block->ends);
    free(block);
}

static void drop_blocks(struct wk_retained *retained)
{
    while (retained->bytes > retained->retain_bytes && retained->oldest != retained->newest) {
        struct wk_retained_block *block = retained->oldest;

        retained->bytes -= block->used;
        retained->oldest = block->next;
        retained->dropped = true;
        free_block(block);
    }
}

static int take_head(void *user, const void *bytes, size_t count, const struct wk_wire_frame_info *info)
{
    /* Definitions are left out: the stream has them already. */
    return info->kind != WK_WIRE_EVENTS || append(user, bytes, count) ? 0 : WICK_E_NOMEM;
}

static void write_head(struct wk_retained *retained, struct wk_retained_block *block)
{
    const struct wk_wire_options options = {
        .names = retained->names, .out = {take_head, block}, .unnumbered = true};
    struct wk_wire_writer *writer = wk_wire_writer_create(&options, &wk_heap_allocator);

    for (uint32_t track = 0; writer && track < wick_names_tracks(retained->names); track++) {
        wk_retained_write_open(retained->tree, track, writer);
    }
    if (!writer || wk_wire_flush(writer) < 0) {
        retained->lost++;
    }
    wk_wire_writer_destroy(writer);
    block->head_bytes = block->used;
}

static size_t block_bytes(const struct wk_retained *retained)
{
    size_t bytes = retained->retain_bytes / BLOCKS;

    return bytes < BLOCK_LEAST ? BLOCK_LEAST : bytes > BLOCK_MOST ? BLOCK_MOST : bytes;
}

static struct wk_retained_block *add_block(struct wk_retained *retained, uint64_t first_sequence)
{
    struct wk_retained_block *newest = retained->newest;
    struct wk_retained_block *block = calloc(1, sizeof *block);

    if (!block) {
        return NULL;
    }
    block->first_sequence = first_sequence;
    block->position = newest ? newest->position + newest->used - newest->head_bytes : 0;
    block->first_ns = INT64_MAX;
    block->last_ns = INT64_MIN;
    if (newest) {
        newest->next = block;
    } else {
        retained->oldest = block;
    }
    retained->newest = block;
    return block;
}

/* Begin a block between two frames, when writer and tree have taken the same records, so that its head is exact.
 * A block is at least four times as large as its head, so that deep stacks do not fill the memory with heads. */
static void maybe_begin_block(struct wk_retained *retained)
{
    struct wk_retained_block *block = retained->newest;

    if (!block || block->used < block_bytes(retained) || block->used < 4 * block->head_bytes) {
        return;
    }
    wk_retained_flush_locked(retained);
    block = add_block(retained, retained->next_sequence);
    if (!block) {
        retained->lost++;
        return;
    }
    write_head(retained, block);
    retained->bytes += block->head_bytes;
}

/* The block for a frame. After a lost frame a new one begins, since the numbers in a block are consecutive. */
static struct wk_retained_block *block_for(struct wk_retained *retained, uint64_t sequence)
{
    struct wk_retained_block *newest = retained->newest;

    return newest && newest->first_sequence + newest->frames == sequence ? newest : add_block(retained, sequence);
}

static int take_frame(void *user, const void *bytes, size_t count, const struct wk_wire_frame_info *info)
{
    struct wk_retained *retained = user;
    struct wk_retained_block *block = block_for(retained, info->sequence);

    retained->next_sequence = info->sequence + 1;
    if (!block || !add_frame(block, bytes, count, info)) {
        retained->lost++;
        return WICK_E_NOMEM;
    }
    retained->bytes += count;
    drop_blocks(retained);
    return 0;
}

/* ---- records --------------------------------------------------------------------------------- */

static bool keep_property(struct wk_retained *retained, const char *text)
{
    size_t bytes = strlen(text) + 1;
    char *grown = realloc(retained->properties, retained->property_bytes + bytes + 1);

    if (!grown) {
        return false;
    }
    memcpy(grown + retained->property_bytes, text, bytes);
    grown[retained->property_bytes + bytes] = 0;
    retained->properties = grown;
    retained->property_bytes += bytes;
    return true;
}

/* Write the run's lines that are still waiting: each line needs a track, so they wait for the first one. */
static void say_properties(struct wk_retained *retained, int64_t time_ns)
{
    while (retained->said_bytes < retained->property_bytes && wick_names_tracks(retained->names)) {
        const char *text = retained->properties + retained->said_bytes;

        if (wk_wire_write_line(retained->writer, time_ns, 0, WICK_LINE_RUN, text) < 0) {
            retained->lost++;
        }
        retained->said_bytes += strlen(text) + 1;
    }
}

void wk_retained_line(struct wk_retained *retained, int64_t time_ns, enum wick_line line, const char *text)
{
    bool run = line == WICK_LINE_RUN;

    pthread_mutex_lock(retained->lock);
    if (run && !keep_property(retained, text)) {
        retained->lost++;
    }
    say_properties(retained, time_ns);
    if (!run && wick_names_tracks(retained->names) && wk_wire_write_line(retained->writer, time_ns, 0, (uint8_t)line, text) < 0) {
        retained->lost++;
    }
    pthread_mutex_unlock(retained->lock);
}

void wk_retained_records_locked(struct wk_retained *retained, const struct wick_record *records, size_t count)
{
    maybe_begin_block(retained);
    if (count && retained->said_bytes < retained->property_bytes) {
        say_properties(retained, records[0].time_ns);
    }
    if (wk_wire_write(retained->writer, records, count) < 0) {
        retained->lost += count;
    }
}

void wk_retained_flush_locked(struct wk_retained *retained)
{
    retained->flushed_ms = wk_clock_mono_ns() / 1000000;
    (void)wk_wire_flush(retained->writer); /* take_frame counts losses */
}

bool wk_retained_tick(struct wk_retained *retained, int64_t now_ns)
{
    pthread_mutex_lock(retained->lock);
    if (!retained->start_ns) {
        retained->start_ns = now_ns;
    }
    retained->now_ns = now_ns;
    if (wk_clock_mono_ns() / 1000000 - retained->flushed_ms >= FLUSH_MS) {
        wk_retained_flush_locked(retained);
    }
    bool fresh = retained->told_sequence != retained->next_sequence;
    retained->told_sequence = retained->next_sequence;
    pthread_mutex_unlock(retained->lock);
    return fresh;
}

/* ---- for the server -------------------------------------------------------------------------- */

uint64_t wk_retained_next(struct wk_retained *retained)
{
    pthread_mutex_lock(retained->lock);
    uint64_t next = retained->next_sequence;
    pthread_mutex_unlock(retained->lock);
    return next;
}

static size_t frame_end(const struct wk_retained_block *block, uint32_t frame)
{
    return block->head_bytes + (frame ? block->ends[frame - 1] : 0);
}

/* Copy frames of one block; *from is one of its frames. */
static long copy_frames(const struct wk_retained_block *block, uint64_t *from, uint64_t until, char *to, size_t bytes)
{
    uint32_t first = (uint32_t)(*from - block->first_sequence);
    uint32_t end = first;
    size_t begin = frame_end(block, first);

    while (end < block->frames && block->first_sequence + end < until && frame_end(block, end + 1) - begin <= bytes) {
        end++;
    }
    if (end == first) {
        return block->first_sequence + first < until ? (long)(frame_end(block, first + 1) - begin) : 0;
    }
    memcpy(to, block->bytes + begin, frame_end(block, end) - begin);
    *from = block->first_sequence + end;
    return (long)(frame_end(block, end) - begin);
}

long wk_retained_frames(struct wk_retained *retained, uint64_t *from, uint64_t until, char *to, size_t bytes)
{
    long got = 0;

    pthread_mutex_lock(retained->lock);
    for (const struct wk_retained_block *block = retained->oldest; block; block = block->next) {
        if (*from < block->first_sequence) {
            *from = block->first_sequence;
            got = -1;
            break;
        }
        if (*from - block->first_sequence < block->frames) {
            got = copy_frames(block, from, until, to, bytes);
            break;
        }
    }
    pthread_mutex_unlock(retained->lock);
    return got;
}

const char *wk_retained_property_locked(const struct wk_retained *retained, const char *key)
{
    size_t length = strlen(key);

    for (const char *at = retained->properties; at && *at; at += strlen(at) + 1) {
        if (strncmp(at, key, length) == 0 && at[length] == ' ') {
            return at + length + 1;
        }
    }
    return "";
}

int64_t wk_retained_now_locked(const struct wk_retained *retained)
{
    int64_t now_ns = retained->live ? wk_clock_wall_ns() : retained->now_ns;

    return now_ns > retained->now_ns ? now_ns : retained->now_ns;
}

/* ---- life ------------------------------------------------------------------------------------ */

bool wk_retained_init(struct wk_retained *retained, struct wk_run_tree *run_tree, uint64_t retain_bytes, bool live)
{
    const struct wk_wire_options options = {.names = run_tree->names, .out = {take_frame, retained}};
    bool asked = wk_run_tree_ask(run_tree);

    *retained = (struct wk_retained){.run_tree = wk_run_tree_hold(run_tree),
                                     .lock = &run_tree->lock,
                                     .names = run_tree->names,
                                     .tree = run_tree->tree,
                                     .retain_bytes = retain_bytes,
                                     .live = live,
                                     .next_sequence = 1,
                                     .told_sequence = 1};
    retained->writer = wk_wire_writer_create(&options, &wk_heap_allocator);
    return asked && retained->writer;
}

void wk_retained_fini(struct wk_retained *retained)
{
    while (retained->oldest) {
        struct wk_retained_block *block = retained->oldest;

        retained->oldest = block->next;
        free_block(block);
    }
    wk_wire_writer_destroy(retained->writer);
    wk_run_tree_release(retained->run_tree);
    free(retained->properties);
}
