/*
 * SPDX-License-Identifier: MIT
 * One gzip member: compresses into its own buffer, so that the archive's lock is held for one write and
 * not while zlib works. A gzip file is any number of members, so they may be written in any order.
 */
#include <string.h>

#include "pack.h"

int pack_member_init(struct pack_member *member, struct pack_archive *archive, int level)
{
    enum { WINDOW_BITS_AND_GZIP = 15 + 16, MEMORY_LEVEL = 8 };

    memset(&member->deflate, 0, sizeof member->deflate);
    member->archive = archive;
    member->holds = false;
    member->used = 0;
    return deflateInit2(&member->deflate, level, Z_DEFLATED, WINDOW_BITS_AND_GZIP, MEMORY_LEVEL,
                        Z_DEFAULT_STRATEGY) == Z_OK
               ? 0
               : -1;
}

void pack_member_fini(struct pack_member *member)
{
    deflateEnd(&member->deflate);
}

static void write_out(struct pack_member *member)
{
    WICK_SCOPE_STYLED("write", "io", 0x4080ff);

    WICK_VALUE(member->used);
    WICK_COUNTER_ADD("bytes out", member->used);
    pack_archive_write_locked(member->archive, member->out, member->used);
    member->used = 0;
}

/* The member is larger than its buffer: from here on it holds the archive. */
static void spill(struct pack_member *member)
{
    if (!member->holds) {
        WICK_MARK("large file: holds the archive");
        wick_mutex_lock(&member->archive->mutex);
        member->holds = true;
    }
    write_out(member);
}

static void deflate_all(struct pack_member *member, int flush)
{
    int result = Z_OK;

    do {
        if (member->used == sizeof member->out) {
            spill(member);
        }
        member->deflate.next_out = member->out + member->used;
        member->deflate.avail_out = (uInt)(sizeof member->out - member->used);
        result = deflate(&member->deflate, flush);
        member->used = sizeof member->out - member->deflate.avail_out;
    } while (member->deflate.avail_in || (flush == Z_FINISH && result != Z_STREAM_END));
}

void pack_member_put(struct pack_member *member, const void *data, size_t bytes)
{
    member->deflate.next_in = data;
    member->deflate.avail_in = (uInt)bytes;
    deflate_all(member, Z_NO_FLUSH);
}

/* zlib keeps what it is given until it has enough: for a small file the work is done here. */
static void finish(struct pack_member *member)
{
    WICK_SCOPE_STYLED("finish deflate", "cpu", 0xff8040);

    deflate_all(member, Z_FINISH);
}

void pack_member_end(struct pack_member *member)
{
    finish(member);
    if (!member->holds) {
        wick_mutex_lock(&member->archive->mutex);
    }
    write_out(member);
    member->holds = false;
    wick_mutex_unlock(&member->archive->mutex);
    deflateReset(&member->deflate);
}

bool pack_member_drop(struct pack_member *member)
{
    if (member->holds) {
        return false;
    }
    member->used = 0;
    deflateReset(&member->deflate);
    return true;
}
