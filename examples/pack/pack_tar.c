/*
 * SPDX-License-Identifier: MIT
 * tar's headers in GNU form: any path length, any size, any time. It knows nothing of files or threads.
 */
#include <stdio.h>
#include <string.h>

#include "pack.h"

/* Where the fields of a header are, and how wide. */
enum {
    TAR_NAME = 0,
    TAR_NAME_BYTES = 100,
    TAR_MODE = 100,
    TAR_UID = 108,
    TAR_GID = 116,
    TAR_ID_BYTES = 8,
    TAR_SIZE = 124,
    TAR_TIME = 136,
    TAR_SIZE_BYTES = 12,
    TAR_SUM = 148,
    TAR_SUM_BYTES = 8,
    TAR_TYPE = 156,
    TAR_LINK = 157,
    TAR_LINK_BYTES = 100,
    TAR_MAGIC = 257
};

/* Octal digits and a NUL; what does not fit, or is negative, in base 256 with the first bit set. */
static void put_number(unsigned char *field, size_t width, int64_t number)
{
    uint64_t rest = (uint64_t)number;
    bool fits = number >= 0 && (width > 21 || !(rest >> (3 * (width - 1))));

    if (fits) {
        field[width - 1] = 0;
        for (size_t i = width - 1; i-- > 0; rest >>= 3) {
            field[i] = (unsigned char)('0' + (rest & 7));
        }
        return;
    }
    for (size_t i = width; i-- > 0;) {
        field[i] = (unsigned char)(rest & 0xff);
        rest = rest >> 8 | (number < 0 ? 0xffull << 56 : 0);
    }
    field[0] |= 0x80;
}

bool pack_tar_parse_number(const unsigned char *field, size_t width, uint64_t *number)
{
    uint64_t value = 0;
    size_t i = 0;

    if (field[0] & 0x80) { /* base 256; a size is never negative */
        for (i = 1; i < width; i++) {
            if (value >> 56) {
                return false;
            }
            value = value << 8 | field[i];
        }
        *number = value;
        return field[0] == 0x80;
    }
    while (i < width && field[i] == ' ') {
        i++;
    }
    for (; i < width && field[i] >= '0' && field[i] <= '7'; i++) {
        value = value << 3 | (uint64_t)(field[i] - '0');
    }
    *number = value;
    return i == width || field[i] == 0 || field[i] == ' ';
}

/* The sum of all bytes, its own field read as blanks. */
static unsigned checksum(const unsigned char *block)
{
    unsigned sum = 0;

    for (int i = 0; i < PACK_TAR_BLOCK; i++) {
        sum += i >= TAR_SUM && i < TAR_SUM + TAR_SUM_BYTES ? ' ' : block[i];
    }
    return sum;
}

bool pack_tar_checksum_is_right(const unsigned char *block)
{
    uint64_t sum;

    return pack_tar_parse_number(block + TAR_SUM, TAR_SUM_BYTES, &sum) && sum == checksum(block);
}

static void put_block(struct pack_member *member, unsigned char *block)
{
    put_number(block + TAR_SUM, TAR_SUM_BYTES - 1, checksum(block));
    block[TAR_SUM + TAR_SUM_BYTES - 1] = ' ';
    pack_member_put(member, block, PACK_TAR_BLOCK);
}

/* A name that does not fit its field goes before the header, as the content of a member of its own. */
static void put_long_name(struct pack_member *member, char type, const char *name)
{
    unsigned char block[PACK_TAR_BLOCK] = "././@LongLink";
    size_t bytes = strlen(name) + 1;

    put_number(block + TAR_MODE, TAR_ID_BYTES, 0644);
    put_number(block + TAR_UID, TAR_ID_BYTES, 0);
    put_number(block + TAR_GID, TAR_ID_BYTES, 0);
    put_number(block + TAR_SIZE, TAR_SIZE_BYTES, (int64_t)bytes);
    put_number(block + TAR_TIME, TAR_SIZE_BYTES, 0);
    block[TAR_TYPE] = (unsigned char)type;
    memcpy(block + TAR_MAGIC, "ustar  ", 8);
    put_block(member, block);
    pack_member_put(member, name, bytes);
    pack_tar_put_padding(member, bytes);
}

void pack_tar_put_header(struct pack_member *member, const struct pack_entry *entry)
{
    unsigned char block[PACK_TAR_BLOCK] = {0};
    bool is_file = S_ISREG(entry->stat->st_mode);
    char type = is_file ? '0' : S_ISDIR(entry->stat->st_mode) ? '5' : '2';

    if (strlen(entry->name) > TAR_NAME_BYTES) {
        put_long_name(member, 'L', entry->name);
    }
    if (entry->link && strlen(entry->link) > TAR_LINK_BYTES) {
        put_long_name(member, 'K', entry->link);
    }
    memcpy(block + TAR_NAME, entry->name, strnlen(entry->name, TAR_NAME_BYTES));
    if (entry->link) {
        memcpy(block + TAR_LINK, entry->link, strnlen(entry->link, TAR_LINK_BYTES));
    }
    put_number(block + TAR_MODE, TAR_ID_BYTES, entry->stat->st_mode & 07777);
    put_number(block + TAR_UID, TAR_ID_BYTES, entry->stat->st_uid);
    put_number(block + TAR_GID, TAR_ID_BYTES, entry->stat->st_gid);
    put_number(block + TAR_SIZE, TAR_SIZE_BYTES, is_file ? entry->stat->st_size : 0);
    put_number(block + TAR_TIME, TAR_SIZE_BYTES, entry->stat->st_mtime);
    block[TAR_TYPE] = (unsigned char)type;
    memcpy(block + TAR_MAGIC, "ustar  ", 8);
    put_block(member, block);
}

void pack_tar_put_padding(struct pack_member *member, uint64_t content_bytes)
{
    static const unsigned char zeros[PACK_TAR_BLOCK];
    size_t rest = (size_t)(content_bytes % PACK_TAR_BLOCK);

    if (rest) {
        pack_member_put(member, zeros, PACK_TAR_BLOCK - rest);
    }
}

void pack_tar_put_end(struct pack_member *member)
{
    static const unsigned char zeros[2 * PACK_TAR_BLOCK];

    pack_member_put(member, zeros, sizeof zeros);
}
