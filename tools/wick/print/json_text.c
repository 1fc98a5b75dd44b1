/*
 * SPDX-License-Identifier: MIT
 * Texts as JSON strings. See json_text.h.
 */
#include "print/json_text.h"

#include <string.h>

#include "base/words.h"

void json_bytes(FILE *to, const char *bytes, size_t count)
{
    fputc('"', to);
    for (size_t i = 0, length; i < count; i += length ? length : 1) {
        unsigned char c = (unsigned char)bytes[i];
        length = tool_utf8_length(bytes + i, count - i);
        if (!length) {
            fputs("\\ufffd", to);
        } else if (c == '"' || c == '\\') {
            fprintf(to, "\\%c", c);
        } else if (c < 0x20 || c == 0x7f) {
            fprintf(to, "\\u%04x", c);
        } else {
            fwrite(bytes + i, 1, length, to);
        }
    }
    fputc('"', to);
}

void json_text(FILE *to, const char *text)
{
    json_bytes(to, text, strlen(text));
}
