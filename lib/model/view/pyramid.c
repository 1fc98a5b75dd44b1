/*
 * SPDX-License-Identifier: MIT
 * A row at low resolution: sums over buckets of time, four of one level in one of the next. Only ended scopes count.
 * Invariants: buckets are aligned to the trace's time 0; on every level all but the last one are complete.
 */
#include "index.h"

#define FIRST_SHIFT 6u      /* 64 ns: finer views are drawn from the columns */
#define BUCKETS_MIN 64u
#define SCOPES_PER_BUCKET 8u

static uint32_t shift_of(const struct wk_pyramid *pyramid, uint32_t level)
{
    return pyramid->shift + 2 * level;
}

/* The number of a level's incomplete bucket: its begin >> shift. */
static int64_t open_bucket(const struct wk_pyramid *pyramid, uint32_t level)
{
    return (pyramid->base_ns >> shift_of(pyramid, level)) + pyramid->level[level].buckets.count;
}

static struct wk_pyramid *create(struct wk_index *index, int64_t base_ns)
{
    struct wk_pyramid *pyramid = wk_mem_zeroed(&index->allocator, sizeof *pyramid);
    if (pyramid) {
        pyramid->base_ns = base_ns;
        pyramid->shift = FIRST_SHIFT;
        pyramid->levels = WK_LEVELS;
        for (uint32_t i = 0; i < WK_LEVELS; i++) {
            pyramid->level[i].vote.site = WICK_NONE;
        }
    }
    return pyramid;
}

void wk_pyramid_free(struct wk_index *index, struct wk_pyramid *pyramid)
{
    if (!pyramid) {
        return;
    }
    for (uint32_t i = 0; i < pyramid->levels; i++) {
        wk_array_free(&pyramid->level[i].buckets, &index->allocator, sizeof(uint32_t));
    }
    wk_mem_free(&index->allocator, pyramid, sizeof *pyramid);
}

/* Complete the open bucket of a level and add its sums to the next level's, whose bucket may end with it, and so on. */
static int close_bucket(struct wk_index *index, struct wk_pyramid *pyramid, uint32_t number)
{
    for (;; number++) {
        struct wk_level *level = &pyramid->level[number];
        if (wk_array_reserve(&level->buckets, &index->allocator, level->buckets.count + 1,
                             sizeof(uint32_t)) < 0) {
            return WICK_E_NOMEM;
        }
        double size_ns = (double)((int64_t)1 << shift_of(pyramid, number));
        uint32_t coverage = (uint32_t)((double)level->busy_ns / size_ns * 255.0 + 0.5);
        coverage = coverage > 255 ? 255 : coverage;
        if (level->vote.site != WICK_NONE && !coverage) {
            coverage = 1; /* scopes stay visible, however short */
        }
        int64_t absolute = open_bucket(pyramid, number);
        ((uint32_t *)level->buckets.items)[level->buckets.count++] =
            wk_bucket(level->vote.site, wk_bad_code(level->bad, level->scopes), coverage);
        struct wk_level done = *level;
        level->busy_ns = 0;
        level->vote = (struct wk_vote){0, WICK_NONE};
        level->scopes = level->bad = 0;
        if (number + 1 == pyramid->levels) {
            return 0;
        }
        struct wk_level *up = level + 1;
        up->busy_ns += done.busy_ns;
        up->scopes += done.scopes;
        up->bad += done.bad;
        if (done.vote.site != WICK_NONE) {
            wk_vote_add(&up->vote, done.vote.site, (double)done.busy_ns);
        }
        if ((absolute & 3) != 3) { /* the next level's bucket ends with the fourth of this one's */
            return 0;
        }
    }
}

/* The sums of its complete buckets are in the next level already; those of its open bucket are passed on here. */
static void drop_finest(struct wk_index *index, struct wk_pyramid *pyramid)
{
    struct wk_level finest = pyramid->level[0];
    wk_array_free(&finest.buckets, &index->allocator, sizeof(uint32_t));
    pyramid->levels--;
    pyramid->shift += 2;
    memmove(pyramid->level, pyramid->level + 1, pyramid->levels * sizeof finest);
    struct wk_level *up = &pyramid->level[0];
    up->busy_ns += finest.busy_ns;
    up->scopes += finest.scopes;
    up->bad += finest.bad;
    if (finest.vote.site != WICK_NONE) {
        wk_vote_add(&up->vote, finest.vote.site, (double)finest.busy_ns);
    }
}

int wk_pyramid_add(struct wk_index *index, struct wk_row *row, const struct wk_chunk *chunk, uint32_t at)
{
    int64_t start_ns = chunk->start_ns[at], end_ns = wk_chunk_recorded_end(chunk, at);
    if (!row->pyramid && !(row->pyramid = create(index, start_ns))) {
        return WICK_E_NOMEM;
    }
    struct wk_pyramid *pyramid = row->pyramid;
    int64_t most = row->summed / SCOPES_PER_BUCKET;
    most = most > BUCKETS_MIN ? most : BUCKETS_MIN;
    /* First, so that the loop below closes at most `most` buckets, however long the scope or the gap before it. The
     * coarsest level stays at 2^60 ns. */
    while (pyramid->levels > 1 &&
           (end_ns >> pyramid->shift) - (pyramid->base_ns >> pyramid->shift) >= most) {
        drop_finest(index, pyramid);
    }
    uint32_t bad = (wk_chunk_flags(chunk, at) & (WK_SCOPE_FAILED | WK_SCOPE_UNFINISHED)) != 0;
    for (;;) { /* one bucket per turn, from the open one to that of the scope's end */
        int64_t bucket_ns = open_bucket(pyramid, 0) << pyramid->shift;
        int64_t past_ns = bucket_ns + ((int64_t)1 << pyramid->shift);
        if (start_ns < past_ns) {
            int64_t from_ns = start_ns > bucket_ns ? start_ns : bucket_ns;
            int64_t to_ns = end_ns < past_ns ? end_ns : past_ns;
            struct wk_level *level = &pyramid->level[0];
            level->busy_ns += to_ns - from_ns;
            level->scopes++;
            level->bad += bad;
            wk_vote_add(&level->vote, chunk->site[at], (double)(to_ns - from_ns));
            if (end_ns < past_ns) {
                return 0;
            }
        }
        int rc = close_bucket(index, pyramid, 0);
        if (rc < 0) {
            return rc;
        }
        if (end_ns == past_ns && start_ns < past_ns) {
            return 0;
        }
    }
}

uint32_t wk_pyramid_level(const struct wk_pyramid *pyramid, double ns)
{
    uint32_t found = WK_LEVELS;
    for (uint32_t level = 0; level < pyramid->levels; level++) {
        if ((double)((int64_t)1 << shift_of(pyramid, level)) > ns) {
            break;
        }
        found = level;
    }
    return found;
}
