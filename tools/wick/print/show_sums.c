/*
 * SPDX-License-Identifier: MIT
 * Prints named sums. See show_sums.h.
 */
#include "print/show_sums.h"

#include <inttypes.h>

#include "base/safe_text.h"
#include "base/words.h"
#include "select/selected_rows.h"

enum { SUMS_SHOWN = 30 };

void show_sums(const struct load *load, const struct settings *settings, const struct wick_rows *rows, FILE *to)
{
    const uint32_t by = rows_by(settings->by);
    uint32_t count = 0;
    for (uint32_t row = 0; rows && row < wick_rows_count(rows); row++) {
        struct wick_row_info info;
        struct wick_sum_info sum;
        wick_rows_read(rows, row, &info);
        for (uint32_t cursor = 0; wick_rows_sum(rows, row, &cursor, &sum); count++) {
            char word[WICK_TEXT_BYTES];
            if (count >= SUMS_SHOWN && !settings->all) {
                continue;
            }
            wick_text_sum(word, &sum.sum, wick_names_site(load->names, sum.site)->category, info.total_ns);
            safe_print(to, "+ %s of %s  %s", wick_names_site_name(load->names, sum.site), rows_key(load, by, info.node), word);
            if (sum.not_finite) {
                fprintf(to, ", not in it %" PRIu64 " NaN or infinite", sum.not_finite);
            }
            putc('\n', to);
        }
    }
    if (count > SUMS_SHOWN && !settings->all) {
        fprintf(to, "... %s\n", tool_count(count - SUMS_SHOWN, "more sum|more sums"));
    }
}

char *sums_of_row(const struct load *load, const struct wick_rows *rows, uint32_t row)
{
    struct wick_sum_info sum;
    char *text = NULL;
    size_t bytes;
    FILE *to = open_memstream(&text, &bytes);
    for (uint32_t cursor = 0, first = 1; to && wick_rows_sum(rows, row, &cursor, &sum); first = 0) {
        const struct wick_site_info *site = wick_names_site(load->names, sum.site);
        fprintf(to, first ? "%s " : "; %s ", site->literal);
        if (sum.sum.is_whole == WICK_WHOLE) {
            fprintf(to, "%" PRId64, sum.sum.whole);
        } else {
            fprintf(to, "%.17g", sum.sum.value);
        }
        fprintf(to, *site->category ? " %s" : "%s", site->category);
    }
    if (to) {
        fclose(to);
    }
    return text;
}
