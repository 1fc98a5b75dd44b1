/*
 * SPDX-License-Identifier: MIT
 * Text for people, without printf or a locale. See printer.h.
 */
#include "printer.h"

#include "number.h"
#include "utf8.h"

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */
static const char ellipsis[] = "\xE2\x80\xA6";

void wk_printer_init(struct wk_printer *text, const struct wick_text_out *out)
{
    text->out = out;
    text->used = text->column = 0;
    text->error = 0;
}

int wk_printer_flush(struct wk_printer *text)
{
    if (text->used && !text->error) {
        int rc = text->out->write(text->out->user, text->buffer, text->used);
        text->error = rc < 0 ? rc : 0;
    }
    text->used = 0;
    return text->error;
}

static void raw(struct wk_printer *text, const char *bytes, size_t count)
{
    while (count) {
        if (text->used == sizeof text->buffer) {
            wk_printer_flush(text);
        }
        size_t room = sizeof text->buffer - text->used;
        size_t part = count < room ? count : room;
        memcpy(text->buffer + text->used, bytes, part);
        text->used += (uint32_t)part;
        bytes += part;
        count -= part;
    }
}

void wk_printer_put(struct wk_printer *text, const char *bytes, size_t count)
{
    raw(text, bytes, count);
    for (size_t i = 0; i < count; i++) {
        text->column += ((unsigned char)bytes[i] & 0xc0) != 0x80;
    }
}

void wk_printer_word(struct wk_printer *text, const char *word)
{
    wk_printer_put(text, word, wk_mem_length(word));
}

void wk_printer_counted(struct wk_printer *text, uint64_t count, const char *forms)
{
    char word[WICK_TEXT_BYTES];
    wick_text_number(word, count);
    wk_printer_word(text, word);
    wk_printer_word(text, " ");
    wick_text_plural(word, count, forms);
    wk_printer_word(text, word);
}

void wk_printer_spaces(struct wk_printer *text, uint32_t count)
{
    static const char blank[] = "                                ";
    while (count) {
        uint32_t part = count < sizeof blank - 1 ? count : (uint32_t)sizeof blank - 1;
        wk_printer_put(text, blank, part);
        count -= part;
    }
}

static void to_column(struct wk_printer *text, uint32_t column)
{
    if (column > text->column) {
        wk_printer_spaces(text, column - text->column);
    }
}

void wk_printer_newline(struct wk_printer *text)
{
    raw(text, "\n", 1);
    text->column = 0;
}

void wk_printer_escape(struct wk_printer *text, const char *escape)
{
    raw(text, escape, wk_mem_length(escape));
}

/* C0, DEL, C1, and what changes the direction of the text around it: terminals obey these. */
static int is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x61c || code == 0x200e || code == 0x200f ||
           (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

/* One character as it is shown: itself, an escape for a control, U+FFFD for a byte that is none. */
struct shown {
    char text[8];
    uint32_t bytes, width;
};

static uint32_t show(const char *from, size_t left, struct shown *shown)
{
    static const char digit[] = "0123456789abcdef";
    uint32_t code, bytes = wk_utf8_read(from, left, &code);
    shown->width = 1;
    if (!bytes || !is_control(code)) {
        shown->bytes = bytes ? bytes : sizeof replacement - 1;
        memcpy(shown->text, bytes ? from : replacement, shown->bytes);
        return bytes ? bytes : 1;
    }
    uint32_t digits = code < 0x80 ? 2 : 4;
    shown->text[0] = '\\';
    shown->text[1] = code < 0x80 ? 'x' : 'u';
    for (uint32_t i = 0; i < digits; i++) {
        shown->text[2 + i] = digit[code >> 4 * (digits - 1 - i) & 15];
    }
    shown->bytes = shown->width = 2 + digits;
    return bytes;
}

size_t wick_text_safe(char *to, size_t capacity, const char *text, size_t bytes)
{
    size_t used = 0;
    for (size_t at = 0; at < bytes;) {
        struct shown shown = {.text = {text[at]}, .bytes = 1};
        at += text[at] == '\n' || text[at] == '\t' ? 1 : show(text + at, bytes - at, &shown);
        if (used + shown.bytes <= capacity) {
            memcpy(to + used, shown.text, shown.bytes);
        } else {
            capacity = 0; /* nothing comes behind a gap */
        }
        used += shown.bytes;
    }
    return used;
}

uint32_t wk_text_width(const char *bytes, size_t count)
{
    uint32_t width = 0;
    for (size_t at = 0; at < count;) {
        struct shown shown;
        at += show(bytes + at, count - at, &shown);
        width += shown.width;
    }
    return width;
}

/* What does not fit is left out in the middle: names of one array or one path differ at their ends. */
uint32_t wk_printer_name(struct wk_printer *text, const char *bytes, size_t count, uint32_t limit)
{
    uint32_t all = wk_text_width(bytes, count), width = 0, passed = 0;
    uint32_t head = all <= limit ? limit : limit / 2, tail = all <= limit ? 0 : limit - head - (limit > 0);
    uint32_t cut = 0;
    for (size_t at = 0; at < count;) {
        struct shown shown;
        at += show(bytes + at, count - at, &shown);
        if (passed + shown.width <= head || all - passed <= tail) {
            wk_printer_put(text, shown.text, shown.bytes);
            width += shown.width;
        } else if (!cut && limit) {
            wk_printer_put(text, ellipsis, 3);
            width++;
            cut = 1;
        }
        passed += shown.width;
    }
    return width;
}

uint32_t wk_text_seconds(char *to, int64_t time_ns)
{
    uint32_t used = 0;
    if (time_ns < 0) {
        to[used++] = '-';
    }
    uint64_t us = ((time_ns < 0 ? -(uint64_t)time_ns : (uint64_t)time_ns) + 500) / 1000;
    used = (uint32_t)(wk_number_put_unsigned(to + used, us / 1000000) - to);
    uint64_t fraction = us % 1000000;
    if (fraction) {
        to[used++] = '.';
        for (uint64_t place = 100000; place && fraction; place /= 10) {
            to[used++] = (char)('0' + fraction / place);
            fraction %= place;
        }
    }
    to[used] = 0;
    return used;
}

void wk_printer_right(struct wk_printer *text, const char *word, uint32_t column)
{
    uint32_t length = (uint32_t)wk_mem_length(word);
    if (column > text->column + length) {
        to_column(text, column - length);
    } else if (text->column) {
        wk_printer_spaces(text, 1);
    }
    wk_printer_put(text, word, length);
}
