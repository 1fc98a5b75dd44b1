/*
 * SPDX-License-Identifier: MIT
 * Passes the batch of records on, and keeps problems: every problem is counted, the first WK_READER_PROBLEMS are kept
 * with their place.
 */
#include "reader_state.h"

int wk_reader_flush(struct wick_reader *reader)
{
    uint32_t count = reader->batch_count;
    reader->batch_count = 0;
    reader->scratch.count = 0;
    if (count && !reader->error) {
        reader->stats.records += count;
        int rc = reader->out.records(reader->out.user, reader->batch, count);
        if (rc < 0) {
            reader->error = rc;
        }
    }
    return reader->error;
}

char *wk_reader_scratch(struct wick_reader *reader, uint32_t bytes)
{
    struct wk_array *scratch = &reader->scratch;
    if (bytes > scratch->capacity - scratch->count) {
        wk_reader_flush(reader); /* what points into it has been handed out before it moves */
    }
    if (wk_array_reserve(scratch, reader->allocator, scratch->count + bytes, 1) < 0) {
        reader->error = WICK_E_NOMEM;
        return NULL;
    }
    char *room = (char *)scratch->items + scratch->count;
    scratch->count += bytes;
    return room;
}

void wk_reader_say(struct wick_reader *reader, const char *text)
{
    struct wk_array *remark = &reader->remark;
    remark->count -= remark->count > 0; /* its NUL */
    if (wk_array_append(remark, reader->allocator, text, wk_mem_length(text) + 1) < 0) {
        reader->error = WICK_E_NOMEM;
    }
}

void wk_reader_problem(struct wick_reader *reader, uint8_t kind, const char *excerpt, size_t bytes)
{
    reader->stats.problems[kind]++;
    if (reader->problem_count == WK_READER_PROBLEMS) {
        return;
    }
    struct wick_problem_info *problem = &reader->problems[reader->problem_count++];
    problem->line = reader->stats.wire ? reader->frames : reader->stats.lines;
    problem->kind = kind;
    size_t keep = bytes < sizeof problem->excerpt - 1 ? bytes : sizeof problem->excerpt - 1;
    for (size_t i = 0; i < keep; i++) {
        problem->excerpt[i] = excerpt[i] >= ' ' && excerpt[i] < 127 ? excerpt[i] : '?';
    }
    problem->excerpt[keep] = 0;
}

const char *wick_problem_text(enum wick_problem kind)
{
#define TEXT(name, text) text,
    static const char *const texts[] = {WICK_I_PROBLEMS(TEXT)};
#undef TEXT
    return texts[kind];
}
