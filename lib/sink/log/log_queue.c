/*
 * SPDX-License-Identifier: MIT
 * The writer thread. See log_queue.h.
 * There is one lock. The file, the codec and the side file are used by the writer thread only.
 */
#include "log_queue.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/condition.h"
#include "base/descriptor.h"
#include "base/diag.h"
#include "base/worker.h"

enum {
    TEXT_QUEUED_MAX = 16 * 1024 * 1024,
    PROBE_WRITES = 256, /* one write in so many tries the slower way again */
    SPARE_BUFFERS = 2, /* kept beyond the limit: the rest of a batch sometimes takes one more, which an unmap costs */
};

/* One way of writing full buffers, with a decaying average of its speed. */
struct way {
    double bytes_per_ns;      /* 0: not tried yet */
};

struct wk_log_queue {
    pthread_mutex_t lock;
    struct wk_condition work; /* the writer waits: something is queued */
    struct wk_condition idle; /* flush and destroy wait: something is written, or the thread has ended */
    struct wk_worker writer;
    struct wk_log_buffer *first; /* oldest queued; being written by the writer */
    struct wk_log_buffer **end;
    struct wk_log_buffer *free;
    uint32_t buffers;         /* in existence */
    uint32_t out;             /* taken or queued */
    uint64_t queued;          /* buffers put so far */
    uint64_t written;         /* of these, buffers that the writer is done with */
    bool stop;
    bool ended;
    bool failed;              /* written under the lock; the drain also reads it without (relaxed) */
    uint64_t text_offset;     /* end of the side file; used by the drain only */
    bool text_failed;
    char text_path[PATH_MAX + 8];
    uint64_t text_queued;
    uint64_t lines_lost;
    uint64_t bytes;
    uint64_t cpu_ns;
    /* Used by the writer only. */
    struct wk_log_file file;
    const struct wk_codec *codec;
    void *compressor;
    char *packed;
    struct way ways[2];       /* through the page cache, past it */
    uint32_t writes;
    uint64_t total_bytes;
    int file_rc;
};

/* ---- the writer thread ----------------------------------------------------------------------- */

static int write_packed(struct wk_log_queue *queue, const struct wk_log_buffer *buffer)
{
    size_t room = queue->codec->bound(WK_LOG_BUFFER_BYTES) + 4096;
    bool end = buffer->rotate || buffer->last;

    if (!buffer->bytes && !end) {
        return 0;
    }
    size_t bytes = queue->codec->compress(queue->compressor, queue->packed, room, buffer->data, buffer->bytes, end);
    return bytes ? wk_log_file_write(&queue->file, queue->packed, bytes) : -EIO;
}

/* Opened for each text, so that a host that closes all descriptors cannot break a descriptor kept open. */
static int write_text(struct wk_log_queue *queue, const struct wk_log_buffer *buffer)
{
    int begin = buffer->offset ? 0 : O_TRUNC;
    int fd = wk_descriptor_create(queue->text_path, O_WRONLY | begin | O_NOFOLLOW, queue->file.mode);
    size_t done = 0;
    int rc = 0;

    if (fd < 0) {
        return -errno;
    }
    while (rc == 0 && done < buffer->bytes) {
        /* At the offset in the log's reference, even if texts before it were lost. */
        ssize_t part = pwrite(fd, buffer->data + done, buffer->bytes - done, (off_t)(buffer->offset + done));

        if (part < 0 && errno != EINTR) {
            rc = -errno;
        }
        done += part > 0 ? (size_t)part : 0;
    }
    close(fd);
    return rc;
}

/* The page cache costs a copy and, when clean pages are short, waiting; O_DIRECT may be faster or slower. Full buffers
 * measure both ways and take the faster one. */
static int write_plain(struct wk_log_queue *queue, const struct wk_log_buffer *buffer)
{
    const bool possible = wk_log_file_can_direct(&queue->file, buffer->data, buffer->bytes);
    struct way *ways = queue->ways;
    bool direct = possible && ways[0].bytes_per_ns > 0 && ways[1].bytes_per_ns >= ways[0].bytes_per_ns;
    int64_t start_ns = wk_clock_mono_ns();
    double rate;

    if (possible && (ways[!direct].bytes_per_ns == 0 || ++queue->writes % PROBE_WRITES == 0)) {
        direct = !direct;
    }
    struct way *way = &ways[direct];
    int rc = direct ? wk_log_file_write_direct(&queue->file, buffer->data, buffer->bytes)
                    : wk_log_file_write(&queue->file, buffer->data, buffer->bytes);
    if (rc == 0 && buffer->bytes >= WK_LOG_BUFFER_BYTES / 2) {
        rate = (double)buffer->bytes / (double)(wk_clock_mono_ns() - start_ns + 1);
        way->bytes_per_ns = way->bytes_per_ns > 0 ? way->bytes_per_ns * 0.75 + rate * 0.25 : rate;
    }
    return rc;
}

static int write_one(struct wk_log_queue *queue, const struct wk_log_buffer *buffer)
{
    if (buffer->text) {
        return write_text(queue, buffer);
    }
    int rc = queue->codec ? write_packed(queue, buffer) : write_plain(queue, buffer);
    if (rc == 0 && buffer->rotate) {
        rc = wk_log_file_rotate(&queue->file, queue->total_bytes);
    }
    return rc;
}

static void free_buffer(struct wk_log_buffer *buffer)
{
    if (buffer->text) {
        free(buffer->data);
    } else {
        munmap(buffer->data, WK_LOG_BUFFER_BYTES);
    }
    free(buffer);
}

/* Return a buffer to the free list; free it if it was a text, or beyond the limit. */
static void finish_locked(struct wk_log_queue *queue, struct wk_log_buffer *buffer)
{
    if (buffer->text) {
        queue->text_queued -= buffer->bytes;
        free_buffer(buffer);
        return;
    }
    queue->out--;
    if (queue->buffers > WK_LOG_BUFFERS + SPARE_BUFFERS) {
        queue->buffers--;
        free_buffer(buffer);
    } else {
        buffer->next = queue->free;
        queue->free = buffer;
    }
}

/* The first failure of the file, and that of the texts. Without the lock: only this thread changes what is read here. */
static void say_failure(const struct wk_log_queue *queue, const struct wk_log_buffer *buffer, int rc)
{
    if (rc == 0 || queue->failed) {
        return;
    }
    if (!buffer->text) {
        wk_diag("%s: %s: the log ends here; what follows is counted as lost", queue->file.path, strerror(-rc));
    } else if (!queue->text_failed) {
        wk_diag("%s: %s: long texts are lost, and counted", queue->text_path, strerror(-rc));
    }
}

static uint64_t lines_in(const struct wk_log_buffer *buffer)
{
    return buffer->text ? 1 : buffer->lines;
}

static void write_next_locked(struct wk_log_queue *queue)
{
    struct wk_log_buffer *buffer = queue->first;
    int rc = queue->file_rc;

    pthread_mutex_unlock(&queue->lock);
    if (rc == 0) {
        rc = write_one(queue, buffer);
    }
    say_failure(queue, buffer, rc);
    pthread_mutex_lock(&queue->lock);
    queue->first = buffer->next;
    if (!queue->first) {
        queue->end = &queue->first;
    }
    queue->written++;
    wk_condition_announce(&queue->idle);
    if (rc != 0 && !buffer->text) {
        queue->file_rc = rc;
        __atomic_store_n(&queue->failed, true, __ATOMIC_RELAXED); /* a hint for the drain */
    }
    queue->text_failed = queue->text_failed || (rc != 0 && buffer->text);
    if (rc != 0) {
        queue->lines_lost += lines_in(buffer);
    } else {
        queue->bytes += buffer->bytes;
    }
    queue->cpu_ns = (uint64_t)wk_clock_cpu_ns();
    finish_locked(queue, buffer);
}

static void *writer(void *argument)
{
    struct wk_log_queue *queue = argument;

    pthread_mutex_lock(&queue->lock);
    while (!queue->stop || queue->first) {
        if (queue->first) {
            write_next_locked(queue);
        } else {
            (void)wk_condition_wait(&queue->work, &queue->lock, INT64_MAX);
        }
    }
    queue->ended = true;
    wk_condition_announce(&queue->idle);
    pthread_mutex_unlock(&queue->lock);
    return NULL;
}

/* ---- the drain's side ------------------------------------------------------------------------ */

static bool start_writer(struct wk_log_queue *queue)
{
    queue->writer = (struct wk_worker){.name = "wick-log", .run = writer, .user = queue};
    return wk_worker_start(&queue->writer);
}

static void free_queue(struct wk_log_queue *queue)
{
    while (queue->free) {
        struct wk_log_buffer *buffer = queue->free;

        queue->free = buffer->next;
        free_buffer(buffer);
    }
    if (queue->compressor) {
        queue->codec->destroy(queue->compressor);
    }
    wk_log_file_close(&queue->file);
    pthread_mutex_destroy(&queue->lock);
    free(queue->packed);
    free(queue);
}

struct wk_log_queue *wk_log_queue_create(const struct wk_log_file *file, const struct wk_codec *codec,
                                         uint64_t total_bytes)
{
    struct wk_log_queue *queue = calloc(1, sizeof *queue);
    struct stat status;

    if (!queue) {
        return NULL;
    }
    queue->file = *file;
    queue->codec = codec;
    queue->total_bytes = total_bytes;
    snprintf(queue->text_path, sizeof queue->text_path, "%s.text", file->path);
    if (file->bytes > 0 && stat(queue->text_path, &status) == 0) { /* appending: keep the referenced texts */
        queue->text_offset = (uint64_t)status.st_size;
    }
    queue->end = &queue->first;
    pthread_mutex_init(&queue->lock, NULL);
    if (codec) {
        queue->compressor = codec->create();
        queue->packed = malloc(codec->bound(WK_LOG_BUFFER_BYTES) + 4096);
    }
    if ((codec && (!queue->compressor || !queue->packed)) || !start_writer(queue)) {
        free_queue(queue);
        return NULL;
    }
    return queue;
}

static struct wk_log_buffer *new_buffer(void)
{
    struct wk_log_buffer *buffer = calloc(1, sizeof *buffer);

    if (!buffer) {
        return NULL;
    }
    buffer->data = mmap(NULL, WK_LOG_BUFFER_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (buffer->data == MAP_FAILED) {
        free(buffer);
        return NULL;
    }
    return buffer;
}

bool wk_log_queue_ready(struct wk_log_queue *queue, uint32_t count)
{
    struct wk_log_buffer *buffer;
    uint32_t found = 0;
    bool returning; /* some buffers are queued and will come back */

    if (__atomic_load_n(&queue->failed, __ATOMIC_RELAXED)) { /* a hint: lines taken after a failure count as lost */
        return true;
    }
    pthread_mutex_lock(&queue->lock);
    for (buffer = queue->free; buffer && found < count; buffer = buffer->next) {
        found++;
    }
    bool ready = queue->out < WK_LOG_BUFFERS + (count == 1);
    returning = queue->out > (count == 1);
    pthread_mutex_unlock(&queue->lock);
    while (ready && found < count) {
        buffer = new_buffer();
        if (!buffer) {
            return !returning; /* if none will come back: lines that need a buffer count as lost */
        }
        pthread_mutex_lock(&queue->lock);
        buffer->next = queue->free;
        queue->free = buffer;
        queue->buffers++;
        pthread_mutex_unlock(&queue->lock);
        found++;
    }
    return ready;
}

struct wk_log_buffer *wk_log_queue_take(struct wk_log_queue *queue)
{
    bool made = false;

    pthread_mutex_lock(&queue->lock);
    struct wk_log_buffer *buffer = queue->free;
    if (buffer) {
        queue->free = buffer->next;
    }
    pthread_mutex_unlock(&queue->lock);
    if (!buffer) {
        buffer = new_buffer();
        if (!buffer) {
            return NULL;
        }
        made = true;
    }
    pthread_mutex_lock(&queue->lock);
    queue->buffers += made;
    queue->out++;
    pthread_mutex_unlock(&queue->lock);
    *buffer = (struct wk_log_buffer){.data = buffer->data};
    return buffer;
}

void wk_log_queue_put(struct wk_log_queue *queue, struct wk_log_buffer *buffer)
{
    pthread_mutex_lock(&queue->lock);
    buffer->next = NULL;
    queue->queued++;
    *queue->end = buffer;
    queue->end = &buffer->next;
    wk_condition_announce(&queue->work);
    pthread_mutex_unlock(&queue->lock);
}

int64_t wk_log_queue_text(struct wk_log_queue *queue, const char *text, size_t bytes)
{
    struct wk_log_buffer *buffer;
    int64_t offset = (int64_t)queue->text_offset;

    pthread_mutex_lock(&queue->lock);
    bool full = queue->failed || queue->text_queued + bytes > TEXT_QUEUED_MAX;
    if (!full) {
        queue->text_queued += bytes;
    }
    pthread_mutex_unlock(&queue->lock);
    buffer = full ? NULL : calloc(1, sizeof *buffer);
    if (!buffer) {
        return -1;
    }
    buffer->data = malloc(bytes);
    if (!buffer->data) {
        free(buffer);
        return -1;
    }
    memcpy(buffer->data, text, bytes);
    buffer->bytes = bytes;
    buffer->text = true;
    buffer->offset = queue->text_offset;
    queue->text_offset += bytes;
    wk_log_queue_put(queue, buffer);
    return offset;
}

bool wk_log_queue_flush(struct wk_log_queue *queue, int64_t deadline_ns)
{
    bool in_time = true;

    pthread_mutex_lock(&queue->lock);
    uint64_t upto = queue->queued; /* do not wait for buffers that are put later */
    while (queue->written < upto && in_time) {
        in_time = wk_condition_wait(&queue->idle, &queue->lock, deadline_ns);
    }
    bool done = queue->written >= upto && !queue->failed;
    pthread_mutex_unlock(&queue->lock);
    return done;
}

void wk_log_queue_stats_read(struct wk_log_queue *queue, struct wk_log_queue_stats *out)
{
    pthread_mutex_lock(&queue->lock);
    *out = (struct wk_log_queue_stats){queue->lines_lost, queue->bytes, queue->cpu_ns, queue->failed};
    pthread_mutex_unlock(&queue->lock);
}

bool wk_log_queue_destroy(struct wk_log_queue *queue, int64_t deadline_ns, struct wk_log_queue_stats *last)
{
    bool in_time = true;

    pthread_mutex_lock(&queue->lock);
    queue->stop = true;
    wk_condition_announce(&queue->work);
    while (!queue->ended && in_time) {
        in_time = wk_condition_wait(&queue->idle, &queue->lock, deadline_ns);
    }
    bool ended = queue->ended;
    bool complete = ended && !queue->failed;
    uint64_t lost = queue->lines_lost;
    *last = (struct wk_log_queue_stats){lost, queue->bytes, queue->cpu_ns, queue->failed};
    for (const struct wk_log_buffer *left = queue->first; left; left = left->next) {
        last->lines_lost += lines_in(left);
    }
    pthread_mutex_unlock(&queue->lock);
    if (!ended) {
        wk_diag("%s: the last %" PRIu64 " lines could not be written in time: they are lost, and counted (WICK_SHUTDOWN)",
                queue->file.path, last->lines_lost - lost);
        pthread_detach(queue->writer.thread); /* it hangs in the kernel and still uses the queue, which is never freed */
        return false;
    }
    pthread_join(queue->writer.thread, NULL);
    if (wk_log_file_removed(&queue->file)) {
        wk_diag("%s: was removed while it was written: the log is lost", queue->file.path);
        complete = false;
    }
    free_queue(queue);
    return complete;
}

void wk_log_queue_abandon(struct wk_log_queue *queue)
{
    wk_log_file_close(&queue->file);
}
