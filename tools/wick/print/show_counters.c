/*
 * SPDX-License-Identifier: MIT
 * Prints the counters of a log. See show_counters.h.
 */
#include "print/show_counters.h"

#include <inttypes.h>
#include <stdbool.h>

#include "base/host.h"
#include "base/safe_text.h"
#include "base/words.h"

enum { COUNTERS_SHOWN = 30 };

/* The shortest text that is exact for integers, and shows 6 digits of other numbers. */
static const char *number_text(double number, char text[32])
{
    bool whole = number > -1e16 && number < 1e16 && number == (double)(int64_t)number;
    snprintf(text, 32, whole ? "%.0f" : "%.6g", number);
    return text;
}

void show_counters(const struct load *load, const struct settings *settings, FILE *to)
{
    struct wick_counter_info info;
    uint32_t count = 0;
    for (; !settings->thread && !settings->path && wick_tree_counter(load->tree, count, &info); count++) {
        char last[32], least[32], most[32];
        if (count >= COUNTERS_SHOWN && !settings->all) {
            continue;
        }
        safe_print(to, "counter %s  ", wick_names_site_name(load->names, info.site));
        if (info.count > info.not_finite) {
            fprintf(to, "%s (%s .. %s)  ", number_text(info.last, last), number_text(info.least, least), number_text(info.most, most));
        }
        fprintf(to, "x%" PRIu64, info.count);
        if (info.not_finite) {
            fprintf(to, ", not in it %" PRIu64 " NaN or infinite", info.not_finite);
        }
        putc('\n', to);
    }
    if (count > COUNTERS_SHOWN && !settings->all) {
        fprintf(to, "... %s\n", tool_count(count - COUNTERS_SHOWN, "more counter|more counters"));
    }
}
