/*
 * SPDX-License-Identifier: MIT
 * Reads one large file with several threads: they read parts of it in any order, which are joined in order.
 * Must not know more of lines than their LF, or of frames than their size. Invariant: a line belongs to the part in
 * which it begins, a frame lies in one part, and at most two parts per thread wait to be joined, so that memory stays
 * bounded.
 */
#include "input/load_parallel.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/host.h"
#include "input/load_bar.h"

#define HEAD_BYTES (2u << 20)
#define PART_BYTES (16u << 20)
#define BLOCK_BYTES (256u << 10)
#define WIRE_HEAD_BYTES (128u << 10) /* a wire says in a twentieth of the bytes what lines say */
#define WIRE_PART_BYTES (1u << 20)
#define FRAME_HEAD_BYTES 40

struct parallel_reading {
    struct load *load;
    struct wick_seed *seed;
    int fd;
    uint64_t first, end; /* offsets: after the head, and where the file ended when we looked */
    uint64_t part_bytes;
    uint32_t parts;
    bool wire;
    uint64_t *starts; /* wire: where each part begins */
    pthread_mutex_t lock;
    pthread_cond_t joined;
    uint32_t next_part, next_join, window; /* all below: under the lock */
    struct wick_part **waiting;            /* parts that were read, by number */
    bool *read;
    int error;
};

/* Read at an offset until `bytes` are there or the file ends. */
static long read_at(int fd, char *to, size_t bytes, uint64_t at)
{
    size_t got = 0;
    while (got < bytes) {
        ssize_t n = pread(fd, to + got, bytes - got, (off_t)(at + got));
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n < 0 && !got ? -1 : (long)got;
        }
        got += (size_t)n;
    }
    return (long)got;
}

typedef int (*feed_function)(void *to, const char *bytes, size_t count);

static int feed_part(void *to, const char *bytes, size_t count)
{
    return wick_part_feed(to, bytes, count);
}

static int feed_reader(void *to, const char *bytes, size_t count)
{
    return wick_reader_feed(to, bytes, count);
}

/* Whole frames. */
static int feed_frames(const struct parallel_reading *r, uint64_t from, uint64_t to, feed_function feed, void *target)
{
    char *block = malloc(BLOCK_BYTES);
    int rc = block ? 0 : WICK_E_NOMEM;
    for (long got = 0; rc >= 0 && from < to; from += (uint64_t)got) {
        got = read_at(r->fd, block, to - from < BLOCK_BYTES ? (size_t)(to - from) : BLOCK_BYTES, from);
        if (got <= 0) {
            rc = got < 0 ? WICK_E_IO : 0;
            break;
        }
        rc = feed(target, block, (size_t)got);
    }
    free(block);
    return rc;
}

/* Feed the lines that begin in [from, to) of the file; `from` is after a LF or in the middle of a line. */
static int feed_lines(const struct parallel_reading *r, uint64_t from, uint64_t to, feed_function feed, void *target)
{
    char *block = malloc(BLOCK_BYTES);
    if (!block) {
        return WICK_E_NOMEM;
    }
    int rc = 0;
    bool begun = from == r->first, ended = false;
    uint64_t at = begun ? from : from - 1;
    while (rc >= 0 && !ended && at < r->end) {
        size_t want = r->end - at < BLOCK_BYTES ? (size_t)(r->end - at) : BLOCK_BYTES;
        long got = read_at(r->fd, block, want, at);
        if (got <= 0) {
            rc = got < 0 ? WICK_E_IO : 0;
            break;
        }
        size_t start = 0, stop = (size_t)got;
        if (!begun) {
            const char *newline = memchr(block, '\n', (size_t)got);
            start = newline ? (size_t)(newline + 1 - block) : (size_t)got;
            begun = newline != NULL;
        }
        if (at + (size_t)got >= to) {
            /* The last line ends at the first LF at or behind to - 1. */
            size_t look = to - 1 > at ? (size_t)(to - 1 - at) : 0;
            const char *newline = memchr(block + look, '\n', (size_t)got - look);
            ended = newline != NULL;
            stop = newline ? (size_t)(newline + 1 - block) : (size_t)got;
        }
        if (start < stop) {
            rc = feed(target, block + start, stop - start);
        }
        at += (size_t)got;
        if (!begun && at >= to) {
            break; /* one line goes on through the whole part */
        }
    }
    free(block);
    return rc;
}

static int feed_range(const struct parallel_reading *r, uint64_t from, uint64_t to, feed_function feed, void *target)
{
    return r->wire ? feed_frames(r, from, to, feed, target) : feed_lines(r, from, to, feed, target);
}

static void bounds(const struct parallel_reading *r, uint32_t part, uint64_t *from, uint64_t *to)
{
    if (r->wire) {
        *from = r->starts[part];
        *to = r->starts[part + 1];
        return;
    }
    *from = r->first + part * r->part_bytes;
    *to = part + 1 == r->parts ? r->end : *from + r->part_bytes;
}

/* Join what is ready; the lock is held, which also keeps tree and reader to one thread. */
static void join_ready_locked(struct parallel_reading *r)
{
    while (!r->error && r->next_join < r->parts && r->read[r->next_join]) {
        uint32_t number = r->next_join++;
        struct wick_part *part = r->waiting[number];
        int rc = wick_part_join(part, r->load->reader, r->load->tree);
        if (rc == 0) {
            uint64_t from, to;
            bounds(r, number, &from, &to);
            rc = feed_range(r, from, to, feed_reader, r->load->reader);
        }
        wick_part_destroy(part);
        r->waiting[number] = NULL;
        r->error = rc < 0 ? rc : 0;
        load_bar_show(&r->load->bar, r->first + number * r->part_bytes, r->end);
    }
    pthread_cond_broadcast(&r->joined);
}

static void *work(void *argument)
{
    struct parallel_reading *r = argument;
    pthread_mutex_lock(&r->lock);
    while (!r->error && r->next_part < r->parts) {
        if (r->next_part >= r->next_join + r->window) {
            pthread_cond_wait(&r->joined, &r->lock);
            continue;
        }
        uint32_t number = r->next_part++;
        pthread_mutex_unlock(&r->lock);
        uint64_t from, to;
        bounds(r, number, &from, &to);
        struct wick_part *part = wick_part_create(r->seed);
        int rc = part ? feed_range(r, from, to, feed_part, part) : WICK_E_NOMEM;
        if (rc >= 0 && to == r->end) {
            rc = wick_part_finish(part);
        }
        pthread_mutex_lock(&r->lock);
        r->waiting[number] = part;
        r->read[number] = rc >= 0;
        r->error = r->error ? r->error : rc < 0 ? rc : 0;
        join_ready_locked(r);
    }
    pthread_cond_broadcast(&r->joined);
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

static int feed_seed(const struct parallel_reading *r, uint64_t at, size_t bytes)
{
    char *frame = malloc(bytes);
    long got = frame ? read_at(r->fd, frame, bytes, at) : 0;
    int rc = !frame ? WICK_E_NOMEM : got < 0 ? WICK_E_IO : wick_seed_feed(r->seed, frame, (size_t)got);
    free(frame);
    return rc;
}

/* Frame by frame: where parts may begin, and what is defined on the way. Where no frame is, the last part
 * goes on to the end. */
static int find_starts(struct parallel_reading *r)
{
    uint64_t at = r->first, bytes;
    uint32_t capacity = 0, kind;
    char head[FRAME_HEAD_BYTES];
    int rc = 0;
    while (rc >= 0 && at < r->end) {
        if (!r->parts || at - r->starts[r->parts - 1] >= r->part_bytes) {
            if (!tool_grow(&r->starts, &capacity, r->parts + 1, sizeof *r->starts)) {
                return WICK_E_NOMEM;
            }
            r->starts[r->parts++] = at;
        }
        long got = read_at(r->fd, head, sizeof head, at);
        bytes = got > 0 ? wick_wire_frame(head, (size_t)got, &kind) : 0;
        if (!bytes || bytes > r->end - at) {
            break;
        }
        rc = kind == 1 ? feed_seed(r, at, (size_t)bytes) : 0;
        at += bytes;
    }
    r->starts[r->parts] = r->end;
    return rc;
}

/* How much of the head is whole frames. */
static size_t whole_frames(const char *head, size_t count)
{
    size_t at = 0;
    for (uint64_t bytes = 1; bytes && at < count; at += (size_t)bytes) {
        bytes = wick_wire_frame(head + at, count - at, NULL);
        bytes = bytes > count - at ? 0 : bytes;
    }
    return at;
}

/* The beginning, up to a line's end, teaches the seed the sites and threads of the log. */
static int read_head(struct parallel_reading *r)
{
    uint64_t head_bytes = r->wire ? WIRE_HEAD_BYTES : HEAD_BYTES;
    r->first = r->end < head_bytes ? r->end : head_bytes;
    char *head = malloc(HEAD_BYTES);
    long got = head ? read_at(r->fd, head, (size_t)r->first, 0) : 0;
    int rc = !head ? WICK_E_NOMEM : got < 0 ? WICK_E_IO : 0;
    if (rc >= 0 && r->wire) {
        got = (long)whole_frames(head, (size_t)got);
    }
    while (rc >= 0 && !r->wire && got > 0 && head[got - 1] != '\n') {
        got--;
    }
    if (rc >= 0) {
        r->first = (uint64_t)got;
        rc = wick_reader_feed(r->load->reader, head, (size_t)got);
    }
    free(head);
    return rc;
}

static int run_threads(struct parallel_reading *r, uint32_t threads)
{
    r->window = 2 * threads;
    tool_work(threads, work, r);
    for (uint32_t i = 0; i < r->parts; i++) {
        wick_part_destroy(r->waiting[i]);
    }
    return r->error;
}

int load_file_parallel(struct load *load, const struct load_file *file, uint32_t threads)
{
    struct parallel_reading r = {.load = load, .fd = file->fd, .end = file->bytes, .wire = file->wire,
                        .part_bytes = file->wire ? WIRE_PART_BYTES : PART_BYTES};
    const char *forced = getenv("WICK_TEST_PART_BYTES"); /* the tests cut small logs */
    if (forced && atoi(forced) > 0) {
        r.part_bytes = (uint64_t)atoi(forced);
    }
    int rc = read_head(&r);
    if (rc < 0 || r.first >= r.end) {
        return rc;
    }
    r.seed = wick_seed_create(load->reader);
    rc = r.seed && r.wire ? find_starts(&r) : 0;
    r.parts = r.wire ? r.parts : (uint32_t)((r.end - r.first + r.part_bytes - 1) / r.part_bytes);
    r.waiting = calloc(r.parts, sizeof(struct wick_part *));
    r.read = calloc(r.parts, sizeof(bool));
    if (rc < 0) {
        /* said below */
    } else if (r.seed && r.waiting && r.read) {
        pthread_mutex_init(&r.lock, NULL);
        pthread_cond_init(&r.joined, NULL);
        rc = run_threads(&r, threads);
        pthread_cond_destroy(&r.joined);
        pthread_mutex_destroy(&r.lock);
    } else {
        rc = WICK_E_NOMEM;
    }
    free(r.starts);
    free(r.waiting);
    free(r.read);
    wick_seed_destroy(r.seed);
    return rc;
}
