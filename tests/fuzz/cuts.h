/*
 * SPDX-License-Identifier: MIT
 * Reads bytes in one piece, cut in three, and byte by byte, for the fuzz targets of logs: everything that the reader says
 * of them must be the same. Must not check what it says.
 */
#ifndef WICK_TESTS_FUZZ_CUTS_H
#define WICK_TESTS_FUZZ_CUTS_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/heap_memory.h"
#include "wick/model.h"

/* All that a reader has said, as text. */
struct cut_transcript {
    char *text;
    size_t bytes, room;
};

__attribute__((format(printf, 2, 3))) static void cut_say(struct cut_transcript *to, const char *format, ...)
{
    for (;;) {
        va_list args;
        va_start(args, format);
        int bytes = vsnprintf(to->text + to->bytes, to->room - to->bytes, format, args);
        va_end(args);
        if ((size_t)bytes < to->room - to->bytes) {
            to->bytes += (size_t)bytes;
            return;
        }
        to->room = 2 * to->room + (size_t)bytes + 1;
        to->text = realloc(to->text, to->room);
    }
}

static int cut_take(void *user, const struct wick_record *records, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct wick_record *r = &records[i];
        cut_say(user, "%u %u %u %lld %lld %llx %u %u %.*s\n", r->kind, r->track, r->site, (long long)r->time_ns, (long long)r->first_ns,
                (unsigned long long)(r->kind == WICK_RECORD_START ? 0 : r->u.count), r->parent_track, r->unfinished, (int)r->text_bytes, r->text_bytes ? r->text : "");
    }
    return 0;
}

static void cut_say_rest(struct cut_transcript *to, const struct wick_reader *reader, const struct wick_names *names)
{
    struct wick_reader_stats stats;
    struct wick_problem_info problem;
    struct wick_property property;
    wick_reader_stats_read(reader, &stats);
    cut_say(to, "rest: %llu lines, %llu records, %d\n", (unsigned long long)stats.lines, (unsigned long long)stats.records, stats.foreign);
    for (uint32_t i = 0; i < WICK_PROBLEM_KINDS; i++) {
        cut_say(to, "%llu\n", (unsigned long long)stats.problems[i]);
    }
    for (uint32_t i = 0; wick_reader_problem(reader, i, &problem); i++) {
        cut_say(to, "problem %llu %u %s\n", (unsigned long long)problem.line, problem.kind, problem.excerpt);
    }
    for (uint32_t i = 0; wick_reader_property(reader, i, &property); i++) {
        cut_say(to, "%u %u %s %s\n", property.track, property.stat, property.key, property.value);
    }
    for (uint32_t i = 0; i < wick_names_sites(names); i++) {
        const struct wick_site_info *site = wick_names_site(names, i);
        cut_say(to, "site %u %s %s %s %s\n", site->kind, site->location, site->literal, site->file, site->category);
    }
    for (uint32_t i = 0; i < wick_names_tracks(names); i++) {
        const struct wick_track_info *track = wick_names_track(names, i);
        cut_say(to, "track %s %s %u\n", track->thread, track->label, track->process);
    }
}

static struct cut_transcript cut_read(const char *bytes, size_t count, size_t piece)
{
    struct cut_transcript said = {.text = malloc(4096), .room = 4096};
    struct wick_names *names = wick_names_create(&heap_allocator);
    struct wick_record_out out = {cut_take, &said};
    struct wick_reader *reader = wick_reader_create(&heap_allocator, names, &out, WICK_VECTOR_NONE);
    for (size_t at = 0; at < count; at += piece) {
        size_t most = count - at < piece ? count - at : piece;
        char *copy = malloc(most); /* of its own: a read beyond the piece is seen */
        memcpy(copy, bytes + at, most);
        wick_reader_feed(reader, copy, most);
        free(copy);
    }
    wick_reader_finish(reader);
    cut_say_rest(&said, reader, names);
    wick_reader_destroy(reader);
    wick_names_destroy(names);
    return said;
}

static void cuts_must_not_matter(const char *bytes, size_t count)
{
    const size_t pieces[] = {1, count / 3 + 1};
    struct cut_transcript whole = cut_read(bytes, count, count + 1);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct cut_transcript cut = cut_read(bytes, count, pieces[i]);
        if (whole.bytes != cut.bytes || memcmp(whole.text, cut.text, whole.bytes) != 0) {
            size_t at = 0;
            while (at < whole.bytes && at < cut.bytes && whole.text[at] == cut.text[at]) {
                at++;
            }
            at -= at < 40 ? at : 40;
            fprintf(stderr, "different in pieces of %zu:\n%.200s\n--- in one piece:\n%.200s\n", pieces[i], cut.text + at, whole.text + at);
            abort();
        }
        free(cut.text);
    }
    free(whole.text);
}

#endif
