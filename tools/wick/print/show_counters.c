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

void show_counters(const struct load *load, const struct settings *settings, FILE *to)
{
    struct wick_counter_info info;
    uint32_t count = 0;
    for (; !settings->thread && !settings->path && wick_tree_counter(load->tree, count, &info); count++) {
        char last[WICK_TEXT_BYTES], least[WICK_TEXT_BYTES], most[WICK_TEXT_BYTES];
        if (count >= COUNTERS_SHOWN && !settings->all) {
            continue;
        }
        safe_print(to, "counter %s  ", wick_names_site_name(load->names, info.site));
        if (info.count > info.not_finite) {
            const char *unit = wick_names_site(load->names, info.site)->category;
            wick_text_amount(last, &info.last);
            wick_text_amount(least, &info.least);
            wick_text_amount(most, &info.most);
            safe_print(to, *unit ? "%s %s (%s .. %s)  " : "%s%s (%s .. %s)  ", last, unit, least, most);
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
