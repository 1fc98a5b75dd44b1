/*
 * SPDX-License-Identifier: MIT
 * Reads one large file with several threads: parts of it in any order, joined in order.
 * Must not know what a line means beyond its LF. Invariant: a line belongs to the part in which it begins,
 * and at most two parts per thread wait to be joined, so that memory stays bounded.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

#define HEAD_BYTES (2u << 20)
#define PART_BYTES (16u << 20)
#define BLOCK_BYTES (256u << 10)
#define THREADS_MAX 8

struct reading {
    struct load *load;
    struct wick_seed *seed;
    int fd;
    uint64_t first, end; /* offsets: after the head, and where the file ended when we looked */
    uint64_t part_bytes;
    uint32_t parts;
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

/* Feed the lines that begin in [from, to) of the file; `from` is after a LF or in the middle of a line. */
static int feed_range(const struct reading *r, uint64_t from, uint64_t to, feed_function feed, void *target)
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

static void bounds(const struct reading *r, uint32_t part, uint64_t *from, uint64_t *to)
{
    *from = r->first + part * r->part_bytes;
    *to = part + 1 == r->parts ? r->end : *from + r->part_bytes;
}

/* Join what is ready; the lock is held, which also keeps tree and reader to one thread. */
static void join_ready_locked(struct reading *r)
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
        load_progress(r->load, r->first + number * r->part_bytes, r->end);
    }
    pthread_cond_broadcast(&r->joined);
}

static void *work(void *argument)
{
    struct reading *r = argument;
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

/* The beginning, up to a line's end, teaches the seed the sites and threads of the log. */
static int read_head(struct reading *r)
{
    r->first = r->end < HEAD_BYTES ? r->end : HEAD_BYTES;
    char *head = malloc(HEAD_BYTES);
    long got = head ? read_at(r->fd, head, (size_t)r->first, 0) : 0;
    int rc = !head ? WICK_E_NOMEM : got < 0 ? WICK_E_IO : 0;
    while (rc >= 0 && got > 0 && head[got - 1] != '\n') {
        got--;
    }
    if (rc >= 0) {
        r->first = (uint64_t)got;
        rc = wick_reader_feed(r->load->reader, head, (size_t)got);
    }
    free(head);
    return rc;
}

static int run_threads(struct reading *r, uint32_t threads)
{
    pthread_t started[THREADS_MAX];
    uint32_t count = 0;
    r->window = 2 * threads;
    while (count + 1 < threads && pthread_create(&started[count], NULL, work, r) == 0) {
        count++;
    }
    work(r); /* this thread works too: no thread at all is no error */
    for (uint32_t i = 0; i < count; i++) {
        pthread_join(started[i], NULL);
    }
    for (uint32_t i = 0; i < r->parts; i++) {
        wick_part_destroy(r->waiting[i]);
    }
    return r->error;
}

int load_file_parallel(struct load *load, int fd, uint64_t bytes, uint32_t threads)
{
    struct reading r = {.load = load, .fd = fd, .end = bytes, .part_bytes = PART_BYTES};
    const char *forced = getenv("WICK_TEST_PART_BYTES"); /* the tests cut small logs */
    if (forced && atoi(forced) > 0) {
        r.part_bytes = (uint64_t)atoi(forced);
    }
    threads = threads > THREADS_MAX ? THREADS_MAX : threads;
    int rc = read_head(&r);
    if (rc < 0 || r.first >= r.end) {
        return rc;
    }
    r.parts = (uint32_t)((r.end - r.first + r.part_bytes - 1) / r.part_bytes);
    r.seed = wick_seed_create(load->reader);
    r.waiting = calloc(r.parts, sizeof(struct wick_part *));
    r.read = calloc(r.parts, sizeof(bool));
    if (r.seed && r.waiting && r.read) {
        pthread_mutex_init(&r.lock, NULL);
        pthread_cond_init(&r.joined, NULL);
        rc = run_threads(&r, threads);
        pthread_cond_destroy(&r.joined);
        pthread_mutex_destroy(&r.lock);
    } else {
        rc = WICK_E_NOMEM;
    }
    free(r.waiting);
    free(r.read);
    wick_seed_destroy(r.seed);
    return rc;
}
