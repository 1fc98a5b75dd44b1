/*
 * SPDX-License-Identifier: MIT
 * Names as segments of keys. See board_key.h.
 */
#include "board_key.h"

#include "model/base/mem.h"
#include "model/base/number.h"
#include "model/base/utf8.h"

enum { MARK = 12 }; /* of a ~ and its number */

/* May a character stand in a segment? The dot and what keys forbid may not. */
static int fits(const char *at, uint32_t bytes, uint32_t character)
{
    return character && bytes == character && *at != '.' && !wick_board_key_error(at, bytes);
}

uint32_t wk_board_segment(char *to, const char *name, size_t name_bytes, uint32_t room)
{
    uint32_t bytes = 0;
    const char *end = name + name_bytes;
    while (name < end && *name == '_') { /* it would be a prefix */
        name++;
    }
    for (uint32_t step; name < end; name += step) {
        uint32_t code, character = wk_utf8_read(name, (size_t)(end - name), &code);
        step = character ? character : 1;
        int plain = *name == '_' || fits(name, step, character);
        if (bytes + step > room) {
            break;
        }
        if (plain) {
            memcpy(to + bytes, name, step);
            bytes += step;
        } else if (!bytes || to[bytes - 1] != '-') {
            to[bytes++] = '-';
        }
    }
    if (!bytes) {
        memcpy(to, "node", 4);
        bytes = 4;
    }
    return bytes;
}

uint32_t wk_board_new_key(char key[WICK_KEY_BYTES], uint32_t at, const char *name, size_t bytes, int (*taken)(void *user, const char *key, uint32_t bytes),
                          void *user)
{
    uint32_t number = 1;
    if (at + WICK_SEGMENT_BYTES > WICK_KEY_BYTES) {
        return 0;
    }
    uint32_t size = wk_board_segment(key + at, name, bytes, WICK_SEGMENT_BYTES), cut = size;
    if (size >= WICK_SEGMENT_BYTES - MARK) {
        char shorter[WICK_SEGMENT_BYTES];
        cut = wk_board_segment(shorter, name, bytes, WICK_SEGMENT_BYTES - MARK);
    }
    while (taken(user, key, at + size)) {
        key[at + cut] = '~';
        size = (uint32_t)(wk_number_put_unsigned(key + at + cut + 1, ++number) - (key + at));
    }
    return wick_board_key_error(key, at + size) ? 0 : at + size;
}
