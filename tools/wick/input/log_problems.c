/*
 * SPDX-License-Identifier: MIT
 * Messages about lines and frames of a log that could not be used. See log_problems.h.
 * Invariant: a few examples, then counts, so that a broken log is no flood of messages.
 */
#include "input/log_problems.h"

#include <inttypes.h>

#include "base/messages.h"
#include "base/words.h"

enum { EXAMPLES = 3 };

void problems_note_wire(const char *path, const struct wick_reader_stats *stats)
{
    if (stats->frames_lost) {
        tool_note("%s: %s held is lost", path,
                  tool_count(stats->frames_lost,
                             "frame is missing between others: what it|frames are missing between others: what they"));
    }
    if (stats->frames_repeated) {
        tool_note("%s: %s there before, and left out", path, tool_count(stats->frames_repeated, "frame was|frames were"));
    }
    if (stats->cut_ends) {
        tool_note("%s: %s left out", path,
                  tool_count(stats->cut_ends, "scope began before what is left of the log: its end was|"
                                              "scopes began before what is left of the log: their ends were"));
    }
}

void problems_report(const struct wick_reader *reader, const char *path)
{
    struct wick_reader_stats stats;
    wick_reader_stats_read(reader, &stats);
    uint64_t all = 0, shown = 0;
    for (int i = 0; i < WICK_PROBLEM_KINDS; i++) {
        all += i == WICK_PROBLEM_WORD ? 0 : stats.problems[i];
    }
    struct wick_problem_info problem;
    for (uint32_t i = 0; shown < EXAMPLES && wick_reader_problem(reader, i, &problem); i++) {
        if (problem.kind == WICK_PROBLEM_WORD) {
            continue;
        }
        shown++;
        if (problem.kind < WICK_PROBLEM_CHECKSUM) {
            tool_note("%s:%" PRIu64 ": left out: %s: %s", path, problem.line, wick_problem_text((enum wick_problem)problem.kind),
                      problem.excerpt);
        } else {
            bool excerpt = problem.kind == WICK_PROBLEM_VERSION;
            tool_note("%s: frame %" PRIu64 ": %s%s%s", path, problem.line, excerpt ? problem.excerpt : "",
                      excerpt ? ": " : "", wick_problem_text((enum wick_problem)problem.kind));
        }
    }
    if (all > shown) {
        tool_note("%s: %s more of its %s %s left out; `wick check %s` says why", path, tool_number_text(all - shown),
                  tool_count(stats.wire ? stats.frames + all : stats.lines, stats.wire ? "frame|frames" : "line|lines"),
                  tool_plural(all - shown, "was|were"), path);
    }
    if (stats.wire) {
        problems_note_wire(path, &stats);
    }
    if (wick_reader_remark(reader)[0]) {
        tool_note("%s: %s", path, wick_reader_remark(reader));
    }
}
