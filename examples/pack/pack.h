/*
 * SPDX-License-Identifier: MIT
 * What the parts of pack share: options, the queue of jobs, the archive, one member of it.
 * Must not know how the parts work. Lock order: a thread never holds the queue's and the archive's
 * mutex at once.
 */
#ifndef WICK_EXAMPLES_PACK_H
#define WICK_EXAMPLES_PACK_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#define ZLIB_CONST /* deflate reads its input only */
#include <zlib.h>

#include <wick/wick.h>

enum {
    PACK_WORKERS_MAX = 256,
    PACK_QUEUE_SLOTS = 1024,
    PACK_QUEUE_LOW = PACK_QUEUE_SLOTS / 2, /* who waited for room goes on from here */
    PACK_CHUNK_BYTES = 256 * 1024
};

struct pack_options {
    const char *dir;
    const char *output;
    int workers; /* 1 .. PACK_WORKERS_MAX */
    int level;   /* of zlib: 0 .. 9 */
};

/* What was done, counted by all threads. */
struct pack_totals {
    atomic_ullong files, directories, links, failed, skipped, bytes_in;
};
void pack_report_failure(struct pack_totals *totals, const char *path, const char *message);

/* A bounded queue of member names. `pop` gives NULL once the queue is closed and empty. */
struct pack_queue {
    pthread_mutex_t mutex;
    pthread_cond_t not_empty, not_full;
    char *slots[PACK_QUEUE_SLOTS];
    unsigned first, length;
    bool closed;
};
void pack_queue_init(struct pack_queue *queue);
void pack_queue_fini(struct pack_queue *queue);
bool pack_queue_push(struct pack_queue *queue, char *name); /* keeps name; false: closed, name freed */
char *pack_queue_pop(struct pack_queue *queue);             /* gives the name (free) */
void pack_queue_close(struct pack_queue *queue);            /* no more names; what is inside is popped */
void pack_queue_cancel(struct pack_queue *queue);           /* no more names; what is inside is freed */

/* The output: written to `part`, which gets its name when the archive is whole. */
struct pack_archive {
    pthread_mutex_t mutex; /* held while a member is written */
    const char *path;
    char *part; /* NULL: the output is no regular file and is written in place */
    int fd;
    atomic_int error; /* errno of the first write that failed */
    uint64_t bytes;
    struct stat id; /* device and inode, so that it does not pack itself */
};
int pack_archive_open(struct pack_archive *archive, const char *path);
bool pack_archive_is(const struct pack_archive *archive, const struct stat *file);
void pack_archive_write_locked(struct pack_archive *archive, const void *data, size_t bytes);
int pack_archive_close(struct pack_archive *archive);  /* names it; 0 or -1 with a message */
void pack_archive_discard(struct pack_archive *archive);

/* One gzip member of the archive: header and content of one file. Small ones are compressed in memory
 * and written at once; one whose compressed form does not fit `out` holds the archive from then on. */
struct pack_member {
    z_stream deflate;
    struct pack_archive *archive;
    bool holds; /* the archive's mutex: a part of this member is written already */
    size_t used;
    unsigned char out[1024 * 1024];
};
int pack_member_init(struct pack_member *member, struct pack_archive *archive, int level);
void pack_member_fini(struct pack_member *member);
void pack_member_put(struct pack_member *member, const void *data, size_t bytes);
void pack_member_end(struct pack_member *member);
bool pack_member_drop(struct pack_member *member); /* false: too late, a part of it is written */

/* tar's form of a member: GNU headers of 512 bytes. */
enum { PACK_TAR_BLOCK = 512 };
struct pack_entry {
    const char *name;
    const char *link; /* target of a symbolic link, else NULL */
    const struct stat *stat;
};
void pack_tar_put_header(struct pack_member *member, const struct pack_entry *entry);
void pack_tar_put_padding(struct pack_member *member, uint64_t content_bytes);
void pack_tar_put_end(struct pack_member *member);
bool pack_tar_parse_number(const unsigned char *field, size_t width, uint64_t *number);
bool pack_tar_checksum_is_right(const unsigned char *block);

/* Everything that one run of pack shares. */
struct pack_run {
    struct pack_options options;
    struct pack_totals totals;
    struct pack_queue queue;
    struct pack_archive archive;
    int dir_fd;
    const struct wick_scope *scope; /* the workers' trees hang under it */
};
void pack_walk(struct pack_run *run);
void *pack_worker_run(void *run);

/* The three things that pack does; each gives the exit code. */
enum { PACK_FINE = 0, PACK_INCOMPLETE = 1, PACK_NO_ARCHIVE = 2 };
int pack_create(const struct pack_options *options);
int pack_list(const char *archive);
int pack_test(const char *archive);

#endif
