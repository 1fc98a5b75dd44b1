/*
 * SPDX-License-Identifier: MIT
 * What was left out, in lines for people. See wick_text_left_out.
 */
#include "model/base/printer.h"
#include "wick/print.h"

static void put_filter(struct wk_printer *to, const char *filter)
{
    wk_printer_word(to, "left out by WICK_FILTER=");
    wk_printer_name(to, filter, wk_mem_length(filter), UINT32_MAX);
    wk_printer_newline(to);
}

static void put_min(struct wk_printer *to, int64_t min_ns)
{
    char word[WICK_TEXT_BYTES];
    wick_text_duration(word, min_ns);
    wk_printer_word(to, "left out by WICK_MIN: scopes shorter than ");
    wk_printer_word(to, word);
    wk_printer_newline(to);
}

static void put_effect(struct wk_printer *to, const struct wick_left_out *left_out)
{
    wk_printer_word(to, left_out->differ ? "other runs in it left out others; " : "");
    if (left_out->scopes) {
        wk_printer_counted(to, left_out->scopes, "scope was left out|scopes were left out");
    } else {
        wk_printer_word(to, "scopes with a switched-off name were not counted");
    }
    wk_printer_word(to, "; their calls are missing, and their time is their parents' own");
    wk_printer_newline(to);
}

int wick_text_left_out(const struct wick_left_out *left_out, const struct wick_text_out *out)
{
    struct wk_printer to;
    wk_printer_init(&to, out);
    if (left_out->filter) {
        put_filter(&to, left_out->filter);
    }
    if (left_out->min_ns) {
        put_min(&to, left_out->min_ns);
    }
    if (left_out->filter || left_out->min_ns) {
        put_effect(&to, left_out);
    }
    if (left_out->pauses) {
        wk_printer_word(&to, "recording was paused ");
        wk_printer_counted(&to, left_out->pauses, "time|times");
        wk_printer_word(&to, ": what ran then is missing");
        wk_printer_newline(&to);
    }
    if (left_out->lost) {
        wk_printer_counted(&to, left_out->lost, "event|events| lost: no number here has");
        wk_printer_word(&to, left_out->lost == 1 ? " it" : " them");
        wk_printer_word(&to, "; WICK_FULL=wait loses none, `wick thin` names what to leave out");
        wk_printer_newline(&to);
    }
    return wk_printer_flush(&to);
}
