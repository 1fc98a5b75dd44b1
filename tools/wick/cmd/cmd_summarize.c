/*
 * SPDX-License-Identifier: MIT
 * wick summarize: what is kept of runs for comparisons, as JSON lines.
 * Must not compute: wick_summary_* does. Invariant: equal logs give equal bytes.
 */
#include "cmd/cmd.h"

#include "base/json_stream.h"
#include "base/messages.h"
#include "base/words.h"
#include "input/summaries.h"
#include "print/output_file.h"

static void note_not_finite(const struct wick_summary *summary)
{
    struct wick_summary_info info;
    wick_summary_info_read(summary, &info);
    if (info.not_finite) {
        tool_note("%s: %s NaN or infinite: in no sum", info.log, tool_count(info.not_finite, "value is|values are"));
    }
}

int cmd_summarize(struct settings *settings)
{
    struct summaries summaries = {0};
    struct log_output output;
    if (!settings->argument_count) {
        tool_error(settings, "give logs: wick summarize --output base.wicksum run-1.wick run-2.wick");
        return EXIT_USAGE;
    }
    int rc = summaries_load(&summaries, settings, settings->arguments, settings->argument_count);
    if (rc == EXIT_FINE && !log_output_open_bytes(&output, settings, settings->output ? settings->output : "-")) {
        rc = EXIT_USAGE;
    } else if (rc == EXIT_FINE) {
        for (uint32_t i = 0; i < summaries.count; i++) {
            struct wick_json json = json_to(output.to);
            wick_summary_write(summaries.items[i], &json);
            note_not_finite(summaries.items[i]);
        }
        rc = log_output_close(&output, rc);
    }
    summaries_free(&summaries);
    return rc;
}
