/*
 * SPDX-License-Identifier: MIT
 * Hostile names and texts made safe for a line: valid UTF-8, no controls, no white space inside fields.
 * The one place where text is escaped for .ctxt.
 */
#include "ctxt_clean.h"

#include <string.h>

#include "model/base/mem.h"
#include "model/base/utf8.h"

/* White space and controls beyond ASCII, which split a field for Context's Python compiler. */
static bool wide_space(const unsigned char *text, unsigned bytes)
{
    if (bytes == 2) {
        return text[0] == 0xc2 && text[1] <= 0xa0;
    }
    if (bytes != 3) {
        return false;
    }
    return (text[0] == 0xe1 && text[1] == 0x9a && text[2] == 0x80) ||
           (text[0] == 0xe2 && text[1] == 0x80 && (text[2] <= 0x8b || text[2] == 0xa8 || text[2] == 0xa9 ||
                                                   text[2] == 0xaf)) ||
           (text[0] == 0xe2 && text[1] == 0x81 && text[2] == 0x9f) ||
           (text[0] == 0xe3 && text[1] == 0x80 && text[2] == 0x80) ||
           (text[0] == 0xef && text[1] == 0xbb && text[2] == 0xbf);
}

static char *clean(char *out, const char *text, size_t bytes, size_t most, bool field)
{
    static const char replacement[] = "\xef\xbf\xbd";
    const unsigned char *at = (const unsigned char *)text;
    char *end = out + most;

    while (bytes > 0) {
        uint32_t code, length = *at < 0x80 ? 1 : wk_utf8_read((const char *)at, bytes, &code);
        const char *from = length ? (const char *)at : replacement;
        unsigned size = length ? length : 3;

        if (length == 1 && (*at < ' ' || *at == 127 || (field && *at == ' '))) {
            from = field ? "-" : " ";
        } else if (length > 1 && wide_space(at, length) && (field || (length == 2 && at[1] < 0xa0))) {
            from = field ? "-" : " ", size = 1;
        }
        if ((size_t)(end - out) < size) {
            break;
        }
        memcpy(out, from, size);
        out += size;
        at += length ? length : 1;
        bytes -= length ? length : 1;
    }
    return out;
}

bool wk_ctxt_text_fits(const char *text, size_t bytes, size_t most)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t cleaned = 0;

    if (bytes > most || bytes <= most / 3) { /* no byte becomes more than three */
        return bytes <= most;
    }
    while (bytes > 0) {
        uint32_t code, length = *at < 0x80 ? 1 : wk_utf8_read((const char *)at, bytes, &code);

        cleaned += length ? length : 3;
        at += length ? length : 1;
        bytes -= length ? length : 1;
    }
    return cleaned <= most;
}

char *wk_ctxt_clean_field(char *out, const char *text, size_t bytes, size_t most)
{
    char *end = clean(out, text, bytes, most, true);

    if (end == out && most > 0) {
        *end++ = '-';
    }
    return end;
}

char *wk_ctxt_put_reference(char *out, const char *text, size_t bytes, const char *reference)
{
    out = wk_ctxt_clean_text(out, text, bytes, WK_CTXT_KEPT_BYTES);
    *out++ = ' ';
    return wk_ctxt_clean_text(out, reference, wk_mem_length(reference), WK_CTXT_KEPT_BYTES);
}

char *wk_ctxt_clean_text(char *out, const char *text, size_t bytes, size_t most)
{
    return clean(out, text, bytes, most, false);
}
