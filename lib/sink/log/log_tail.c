/*
 * SPDX-License-Identifier: MIT
 * Reads the beginning and the end of existing logs. See log_tail.h.
 */
#include "log_tail.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/heap.h"
#include "model/log/wire/wire_format.h"

enum { TAIL_BYTES = 65536, /* longer than any line */ HEAD_BYTES = 16384 };

/* Are there only zeros from `at` on? A file may end so after a power failure. */
static bool only_zeros(int fd, uint64_t at)
{
    char bytes[4096];
    ssize_t got;

    while ((got = pread(fd, bytes, sizeof bytes, (off_t)at)) > 0) {
        for (ssize_t i = 0; i < got; i++) {
            if (bytes[i]) {
                return false;
            }
        }
        at += (uint64_t)got;
    }
    return got == 0;
}

/* ---- text ------------------------------------------------------------------------------------ */

/* The first line begins `time host pid`. */
static bool text_owner(int fd, char *owner, size_t owner_bytes)
{
    char line[256];
    char time[32] = "";
    char host[64] = "";
    char pid[16] = "";
    ssize_t bytes = pread(fd, line, sizeof line - 1, 0);

    line[bytes > 0 ? bytes : 0] = 0;
    if (sscanf(line, "%31s %63s %15s", time, host, pid) != 3 || time[0] < '0' || time[0] > '9') {
        return false;
    }
    snprintf(owner, owner_bytes, "%s %s %s", host, pid, time);
    return true;
}

/* Does the first line say that wick has begun this log? */
static bool text_is_ours(int fd)
{
    char line[1024];
    ssize_t bytes = pread(fd, line, sizeof line - 1, 0);

    line[bytes > 0 ? bytes : 0] = 0;
    line[strcspn(line, "\n")] = 0;
    return strstr(line, " BMARK - wick ") != NULL;
}

/* Is this the beginning of a line, cut off: a time, perhaps in part, and what follows it? */
static bool is_torn_line(const char *tail)
{
    size_t digits = strspn(tail, "0123456789.");

    return digits > 0 && (tail[digits] == ' ' || !tail[digits]);
}

static int64_t time_of(const char *line)
{
    long long seconds = 0;
    long nanoseconds = 0;

    if (sscanf(line, "%lld.%9ld", &seconds, &nanoseconds) != 2 || seconds < 0 || seconds >= INT64_MAX / 1000000000) {
        return INT64_MAX;
    }
    return seconds * 1000000000 + nanoseconds;
}

/* Only what looks like a torn line of ours may be cut off; a file that does not end like a log is left alone. */
static uint64_t text_end(int fd, uint64_t all, int64_t *end_ns)
{
    char *tail = malloc(TAIL_BYTES + 1);
    off_t from = all > TAIL_BYTES ? (off_t)(all - TAIL_BYTES) : 0;
    ssize_t bytes = tail ? pread(fd, tail, TAIL_BYTES, from) : 0;
    char *line_end = bytes > 0 ? memrchr(tail, '\n', (size_t)bytes) : NULL;

    *end_ns = all ? INT64_MAX : 0;
    if (line_end) {
        char *line = memrchr(tail, '\n', (size_t)(line_end - tail));
        uint64_t whole = (uint64_t)(from + (line_end + 1 - tail));

        tail[bytes] = 0;
        if (whole == all || (text_is_ours(fd) && (is_torn_line(line_end + 1) || only_zeros(fd, whole)))) {
            *line_end = 0;
            *end_ns = time_of(line ? line + 1 : tail);
            all = whole;
        }
    }
    free(tail);
    return all;
}

/* ---- wire ------------------------------------------------------------------------------------ */

static int keep_first(void *user, const struct wick_record *records, size_t count)
{
    struct wick_record *first = user;

    if (count > 0 && first->track == WICK_NONE) {
        *first = records[0];
    }
    return 0;
}

/* The time of the first record, and the host and pid of its thread. */
static bool wire_owner(int fd, char *owner, size_t owner_bytes)
{
    struct wick_record first = {.track = WICK_NONE};
    const struct wick_record_out out = {keep_first, &first};
    struct wick_names *names = wick_names_create(&wk_heap_allocator);
    struct wick_reader *reader = names ? wick_reader_create(&wk_heap_allocator, names, &out, WICK_VECTOR_NONE) : NULL;
    char *head = malloc(HEAD_BYTES);
    ssize_t bytes = head ? pread(fd, head, HEAD_BYTES, 0) : 0;

    if (reader && bytes > 0 && wick_reader_feed(reader, head, (size_t)bytes) == 0 && first.track != WICK_NONE) {
        const struct wick_process_info *process = wick_names_track_process(names, first.track);

        snprintf(owner, owner_bytes, "%.63s %.20s %" PRId64 ".%09" PRId64, process->host, process->pid,
                 first.time_ns / 1000000000, first.time_ns % 1000000000);
    }
    free(head);
    wick_reader_destroy(reader);
    wick_names_destroy(names);
    return first.track != WICK_NONE;
}

/* Is the frame at `at` whole? After a power failure its bytes may never have reached the disk. */
static bool is_whole(int fd, uint64_t at, const struct wk_wire_frame *frame)
{
    size_t bytes = WK_WIRE_FRAME_BYTES + frame->payload_bytes;
    char *copy = malloc(bytes);
    bool whole = copy && pread(fd, copy, bytes, (off_t)at) == (ssize_t)bytes &&
                 wk_wire_crc(0, copy + 8, bytes - 8, WICK_VECTOR_NONE) == frame->crc;

    free(copy);
    return whole;
}

/* Is there from `at` on one frame whose end is missing? */
static bool is_torn_frame(int fd, uint64_t at, uint64_t all)
{
    uint8_t head[WK_WIRE_FRAME_BYTES];
    ssize_t got = pread(fd, head, sizeof head, (off_t)at);
    uint64_t bytes = got > 0 ? wick_wire_frame(head, (size_t)got, NULL) : 0;
    size_t magic = got < (ssize_t)sizeof wk_wire_frame_magic ? (size_t)(got > 0 ? got : 0) : sizeof wk_wire_frame_magic;

    return got > 0 && memcmp(head, wk_wire_frame_magic, magic) == 0 && (bytes > all - at || got < (ssize_t)sizeof head);
}

/* Step from frame to frame, reading only the headers (40 bytes). */
static uint64_t wire_end(int fd, uint64_t all, int64_t *end_ns)
{
    struct wk_wire_frame last = {0};
    uint64_t at = 0;
    uint64_t last_at = 0;
    uint8_t head[WK_WIRE_FRAME_BYTES];
    uint64_t bytes;

    *end_ns = 0;
    for (;; at += bytes) {
        ssize_t got = pread(fd, head, sizeof head, (off_t)at);
        struct wk_wire_frame frame;

        bytes = got > 0 ? wick_wire_frame(head, (size_t)got, NULL) : 0;
        if (!bytes || bytes > all - at) {
            break;
        }
        if (bytes != WK_WIRE_STREAM_BYTES && wk_wire_frame_get(head, &frame)) {
            last = frame;
            last_at = at;
            *end_ns = frame.last_ns > *end_ns ? frame.last_ns : *end_ns;
        }
    }
    if (at < all && (at == 0 || !(is_torn_frame(fd, at, all) || only_zeros(fd, at)))) {
        *end_ns = INT64_MAX; /* not a log of this form, or not at its end: must not be appended to */
    } else if (at > 0 && last.kind && !is_whole(fd, last_at, &last)) {
        at = last_at;
    }
    return at;
}

/* ---- either ---------------------------------------------------------------------------------- */

bool wk_log_tail_owner(int fd, bool wire, char *owner, size_t owner_bytes)
{
    return wire ? wire_owner(fd, owner, owner_bytes) : text_owner(fd, owner, owner_bytes);
}

uint64_t wk_log_tail_end(int fd, bool wire, uint64_t bytes, int64_t *end_ns)
{
    return wire ? wire_end(fd, bytes, end_ns) : text_end(fd, bytes, end_ns);
}

size_t wk_log_tail_whole(const char *data, size_t bytes, bool wire)
{
    const char *last = wire ? NULL : memrchr(data, '\n', bytes);
    size_t at = last ? (size_t)(last + 1 - data) : 0;

    while (wire && at < bytes) {
        uint64_t frame = wick_wire_frame(data + at, bytes - at, NULL);

        if (!frame || frame > bytes - at) {
            break;
        }
        at += (size_t)frame;
    }
    return at;
}
