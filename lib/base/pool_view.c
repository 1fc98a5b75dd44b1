/*
 * SPDX-License-Identifier: MIT
 * Mapping another process's recording memory. See pool_view.h.
 */
#include "pool_view.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <wick/error.h>

#include "error.h"

/* Is this the header of a segment that the process of `first` has made? `left`: bytes of the file from it on. */
static int check_header(const struct wk_pool_header *header, const struct wk_pool_header *first, uint64_t left, uint64_t at)
{
    unsigned long long where = at;

    if (header->magic != WK_POOL_MAGIC) {
        return wk_error_set(WICK_E_CORRUPT, "byte %llu: not wick's recording memory", where);
    }
    if (header->version != WK_POOL_VERSION) {
        return wk_error_set(WICK_E_UNSUPPORTED, "byte %llu: recording memory of version %u; this is version %d", where,
                            header->version, WK_POOL_VERSION);
    }
    if (header->bytes < sizeof *header || header->bytes > left || header->bytes % (uint64_t)sysconf(_SC_PAGESIZE) ||
        header->used < sizeof *header || header->used > header->bytes) {
        return wk_error_set(WICK_E_CORRUPT, "byte %llu: a segment of %llu bytes, %llu of them used, where %llu are left", where,
                            (unsigned long long)header->bytes, (unsigned long long)header->used, (unsigned long long)left);
    }
    if (header->segment >= WK_POOL_SEGMENTS) {
        return wk_error_set(WICK_E_CORRUPT, "byte %llu: segment %u", where, header->segment);
    }
    if (header->pid != first->pid || header->start_ns != first->start_ns) {
        return wk_error_set(WICK_E_CORRUPT, "byte %llu: a segment of process %llu among those of process %llu", where,
                            (unsigned long long)header->pid, (unsigned long long)first->pid);
    }
    return 0;
}

static void *map(int file, uint64_t bytes, uint64_t at)
{
    void *base = mmap(NULL, bytes, PROT_READ, MAP_SHARED, file, (off_t)at);

    return base == MAP_FAILED ? NULL : base;
}

/* Map the segment at byte `at`, and step over it. */
static int add_segment(struct wk_pool_view *view, int file, uint64_t file_bytes, uint64_t *at)
{
    const struct wk_pool_header *first = wk_pool_view_header(view);
    struct wk_pool_header header;

    if (pread(file, &header, sizeof header, (off_t)*at) != (ssize_t)sizeof header) {
        return wk_error_set(WICK_E_CORRUPT, "byte %llu: cut off", (unsigned long long)*at);
    }
    if (first && !header.magic) { /* its process was killed while it made this one: nothing refers to it */
        *at = file_bytes;
        return 0;
    }
    int rc = check_header(&header, first ? first : &header, file_bytes - *at, *at);
    if (rc != 0) {
        return rc;
    }
    if (view->segments[header.segment].base || (!first && header.segment)) {
        return wk_error_set(WICK_E_CORRUPT, "byte %llu: segment %u is not the next one", (unsigned long long)*at, header.segment);
    }
    view->segments[header.segment].base = map(file, header.bytes, *at);
    if (!view->segments[header.segment].base) {
        return wk_error_set(WICK_E_NOMEM, "byte %llu: cannot be mapped", (unsigned long long)*at);
    }
    view->segments[header.segment].bytes = header.bytes;
    view->segment_count++;
    *at += header.bytes;
    return 0;
}

int wk_pool_view_open(struct wk_pool_view *view, int file)
{
    struct stat status;
    uint64_t at = 0;
    int rc = 0;

    if (fstat(file, &status) != 0) {
        return wk_error_set(WICK_E_IO, "the file cannot be read");
    }
    do {
        rc = add_segment(view, file, (uint64_t)status.st_size, &at);
    } while (rc == 0 && at < (uint64_t)status.st_size);
    if (rc != 0) {
        wk_pool_view_close(view);
    }
    return rc;
}

void wk_pool_view_close(struct wk_pool_view *view)
{
    for (uint32_t i = 0; i < WK_POOL_SEGMENTS && view->segment_count; i++) {
        if (view->segments[i].base) {
            munmap((void *)(uintptr_t)view->segments[i].base, view->segments[i].bytes);
            view->segments[i].base = NULL;
            view->segments[i].bytes = 0;
            view->segment_count--;
        }
    }
}

const struct wk_pool_header *wk_pool_view_header(const struct wk_pool_view *view)
{
    return (const void *)view->segments[0].base;
}

const void *wk_pool_view_at(const struct wk_pool_view *view, uint64_t reference, uint64_t bytes)
{
    uint64_t at = reference & WK_POOL_BYTE_MASK;
    uint64_t segment_bytes = view->segments[reference >> WK_POOL_BYTE_BITS].bytes;

    if (at < sizeof(struct wk_pool_header) || at > segment_bytes || bytes > segment_bytes - at) {
        return NULL;
    }
    return view->segments[reference >> WK_POOL_BYTE_BITS].base + at;
}
