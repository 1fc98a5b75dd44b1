/*
 * SPDX-License-Identifier: MIT
 * Characters as UTF-8; see utf8.h.
 */
#include "utf8.h"

uint32_t wk_utf8_read(const char *at, size_t left, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t first = (unsigned char)at[0], bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    *code = first;
    if (first < 0x80) {
        return 1;
    }
    if (first < 0xc2 || first > 0xf4 || left < bytes) {
        return 0;
    }
    uint32_t value = first & (0x7fu >> bytes);
    for (uint32_t i = 1; i < bytes; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return 0;
        }
        value = value << 6 | (at[i] & 0x3f);
    }
    if (value < least[bytes] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) {
        return 0;
    }
    *code = value;
    return bytes;
}

uint32_t wk_utf8_put(char *to, uint32_t code)
{
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    uint32_t bytes = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (uint32_t i = bytes - 1; i > 0; i--, code >>= 6) {
        to[i] = (char)(0x80 | (code & 63));
    }
    to[0] = (char)((0xf0u << (4 - bytes)) | code);
    return bytes;
}
