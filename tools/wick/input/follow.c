/*
 * SPDX-License-Identifier: MIT
 * A log that grows: reads what was added, notices rotation, truncation and deletion, shows what is open.
 * Must not block: one poll reads what is there. Invariant: bytes are read once and in order; a log that
 * is replaced goes on in the same tree.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "follow.h"

#define BLOCK_BYTES (256u << 10)
#define GONE_POLLS 50 /* a second at the pace of tree --follow */
static const char closing[] = " BMARK - wick end\n";

int follow_begin(struct follow *f, const struct settings *settings, const char *path)
{
    *f = (struct follow){.settings = settings, .path = path, .fd = -1};
    f->block = malloc(BLOCK_BYTES);
    int rc = load_begin(&f->load, settings);
    return f->block ? rc : EXIT_USAGE;
}

void follow_end(struct follow *f)
{
    if (f->fd >= 0) {
        close(f->fd);
    }
    free(f->block);
    load_end(&f->load);
}

/* The file behind the name is another one now, or none. */
static bool replaced(struct follow *f, bool *gone)
{
    struct stat now, ours;
    *gone = stat(f->path, &now) != 0;
    return *gone || fstat(f->fd, &ours) != 0 || now.st_ino != ours.st_ino || now.st_dev != ours.st_dev;
}

static void remember_tail(struct follow *f, const char *bytes, size_t count)
{
    size_t keep = sizeof closing - 1;
    if (count >= keep) { /* in a wire the closing bookmark's text is the last of all */
        f->finished = memcmp(bytes + count - keep, closing, keep) == 0 || memcmp(bytes + count - 8, "wick end", 8) == 0;
    }
}

static long read_more(struct follow *f)
{
    long all = 0;
    for (;;) {
        ssize_t got = read(f->fd, f->block, BLOCK_BYTES);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return got < 0 ? -1 : all;
        }
        if (!f->offset && got >= 4 && memcmp(f->block, "\x28\xb5\x2f\xfd", 4) == 0) {
            tool_error(f->settings, "%s: compressed; a growing log can be followed only uncompressed", f->path);
            return -1;
        }
        f->offset += (uint64_t)got;
        all += got;
        remember_tail(f, f->block, (size_t)got);
        if (wick_reader_feed(f->load.reader, f->block, (size_t)got) < 0) {
            tool_error(f->settings, "out of memory");
            return -1;
        }
        f->load.records = 1;
    }
}

static bool open_log(struct follow *f)
{
    f->fd = open(f->path, O_RDONLY | O_CLOEXEC);
    f->offset = 0;
    return f->fd >= 0;
}

long follow_poll(struct follow *f)
{
    struct stat status;
    bool gone;
    if (f->fd < 0 && !open_log(f)) {
        return errno == ENOENT ? 0 : -1;
    }
    if (fstat(f->fd, &status) == 0 && S_ISREG(status.st_mode) && (uint64_t)status.st_size < f->offset) {
        tool_note("%s: was truncated: reading it again from its beginning", f->path);
        wick_reader_finish(f->load.reader);
        lseek(f->fd, 0, SEEK_SET);
        f->offset = 0;
    }
    long got = read_more(f);
    if (got == 0 && replaced(f, &gone)) {
        if (gone) { /* between two files of a rotation there is none for a moment */
            f->deleted = ++f->gone_polls >= GONE_POLLS;
            return 0;
        }
        f->gone_polls = 0;
        tool_note("%s: was replaced: going on with the new file", f->path);
        wick_reader_finish(f->load.reader);
        close(f->fd);
        return open_log(f) ? read_more(f) : -1;
    }
    return got;
}

/* What is open now: `12.3 s  1,234 scopes  2 failed  main: work > fetch http://x`. */
void follow_status(struct follow *f, char *line, size_t bytes)
{
    struct wick_tree_stats stats;
    wick_tree_stats_read(f->load.tree, &stats);
    int64_t took = stats.last_ns > stats.first_ns ? stats.last_ns - stats.first_ns : 0;
    int used = snprintf(line, bytes, "%s  %s scopes", name_duration(took), name_number(stats.scopes));
    if (stats.failed) {
        used += snprintf(line + used, bytes - (size_t)used, "  %s failed", name_number(stats.failed));
    }
    if (stats.lost) {
        used += snprintf(line + used, bytes - (size_t)used, "  %s lost", name_number(stats.lost));
    }
    for (uint32_t track = 0; track < stats.tracks; track++) {
        uint32_t depth = wick_tree_depth(f->load.tree, track);
        if (!depth) {
            continue;
        }
        used += snprintf(line + used, bytes - (size_t)used, "  %s:", name_of_track(&f->load, track));
        for (uint32_t level = 0; level < depth && (size_t)used + 100 < bytes; level++) {
            struct wick_node_info info;
            const char *text;
            uint32_t node, text_bytes;
            int64_t start_ns;
            wick_tree_open_scope(f->load.tree, track, level, &node, &start_ns);
            wick_tree_node(f->load.tree, node, &info);
            text_bytes = wick_tree_open_text(f->load.tree, track, level, &text);
            const char *name = name_of_site(&f->load, info.site);
            used += snprintf(line + used, bytes - (size_t)used, "%s%.*s", level ? " > " : " ",
                             text_bytes ? (int)text_bytes > 60 ? 60 : (int)text_bytes : 60, text_bytes ? text : name);
        }
        break; /* the first thread with work: one line is one line */
    }
    for (char *c = line; *c; c++) {
        *c = (unsigned char)*c < 0x20 || *c == 0x7f ? ' ' : *c;
    }
}
