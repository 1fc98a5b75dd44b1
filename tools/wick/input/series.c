/*
 * SPDX-License-Identifier: MIT
 * Several logs in the order in which they are read. See series.h.
 * Invariant: whatever order the shell gave the logs, they are read in the same one.
 */
#include "input/series.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/messages.h"
#include "base/words.h"
#include "input/lines.h"

enum { HEAD_LINES = 64 };

struct named_head {
    struct log_head head;
    char *path;
    uint32_t number; /* in its name: run.3.ctxt; UINT32_MAX: it has none, and is the last */
    int at;          /* as they were given */
};

/* The number before the suffix, by which files can be told apart that begin at the same time. */
static uint32_t number_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    for (const char *dot = strchr(name, '.'); dot; dot = strchr(dot + 1, '.')) {
        char *end;
        unsigned long number = strtoul(dot + 1, &end, 10);
        if (end > dot + 1 && *end == '.') {
            return (uint32_t)number;
        }
    }
    return UINT32_MAX;
}

/* A `run` line: `key value`. */
static void take_property(struct log_head *head, const struct text_field fields[7])
{
    char text[64];
    snprintf(text, sizeof text, "%.*s", fields[6].bytes < 60 ? (int)fields[6].bytes : 60, fields[6].text);
    if (strncmp(text, "start ", 6) == 0 && !head->run[0]) {
        snprintf(head->run, sizeof head->run, "%.*s %.*s %s", fields[1].bytes < 255 ? (int)fields[1].bytes : 255,
                 fields[1].text, fields[2].bytes < 12 ? (int)fields[2].bytes : 12, fields[2].text, text + 6);
        head->run_start_ns = lines_time(text + 6, strlen(text + 6));
    } else if (strncmp(text, "part ", 5) == 0) {
        head->part = (uint32_t)strtoul(text + 5, NULL, 10);
    }
}

static struct log_head read_head(const struct settings *settings, const char *path)
{
    struct log_head head = {.first_ns = INT64_MAX};
    struct settings quiet = *settings;
    quiet.program_name = NULL; /* what is wrong with the file is said when it is read */
    struct text_line line;
    struct text_field fields[7];
    struct line_source *source = strcmp(path, "-") == 0 || access(path, R_OK) != 0 ? NULL : lines_open(&quiet, path);
    while (source && lines_next(source, &line) && line.number <= HEAD_LINES && line.has_time && !head.part &&
           lines_split(&line, fields)) {
        bool run = fields[4].bytes == 3 && memcmp(fields[4].text, "run", 3) == 0;
        if (line.number == 1) {
            head.first_ns = line.time_ns;
            head.ours = fields[4].bytes == 5 && memcmp(fields[4].text, "BMARK", 5) == 0 && fields[6].bytes > 5 &&
                        memcmp(fields[6].text, "wick ", 5) == 0;
        }
        if (run) {
            take_property(&head, fields);
        } else if (line.number > 1) {
            break;
        }
    }
    lines_close(source);
    return head;
}

static int by_time(const void *left, const void *right)
{
    const struct named_head *a = left, *b = right;
    if (a->head.first_ns != b->head.first_ns) {
        return a->head.first_ns < b->head.first_ns ? -1 : 1;
    }
    if (a->head.part != b->head.part) {
        return a->head.part < b->head.part ? -1 : 1;
    }
    if (a->number != b->number && strcmp(a->head.run, b->head.run) == 0) {
        return a->number < b->number ? -1 : 1;
    }
    return a->at - b->at;
}

/* Is b, of a later time, the file behind a, or one further behind? A copy of a log is none. */
static bool follows(const struct log_head *a, const struct log_head *b)
{
    return a->run[0] && strcmp(a->run, b->run) == 0 &&
           (a->part || b->part ? a->part < b->part : a->first_ns < b->first_ns);
}

/* Move the files of one log behind its first one. */
static void gather(struct named_head *heads, int count)
{
    for (int last = 0; last + 1 < count; last++) {
        for (int i = last + 1; i < count; i++) {
            if (follows(&heads[last].head, &heads[i].head)) {
                struct named_head next = heads[i];
                memmove(&heads[last + 2], &heads[last + 1], sizeof *heads * (size_t)(i - last - 1));
                heads[last + 1] = next;
                heads[last + 1].head.goes_on = true;
                break;
            }
        }
    }
}

struct log_head *series_sort(const struct settings *settings, char **paths, int count)
{
    struct named_head *sorted = calloc((size_t)count + 1, sizeof *sorted);
    struct log_head *heads = calloc((size_t)count + 1, sizeof *heads);
    if (!sorted || !heads) {
        tool_error(settings, "out of memory");
        free(sorted);
        free(heads);
        return NULL;
    }
    for (int i = 0; i < count; i++) {
        sorted[i] = (struct named_head){
            .head = read_head(settings, paths[i]), .path = paths[i], .number = number_of(paths[i]), .at = i};
    }
    qsort(sorted, (size_t)count, sizeof *sorted, by_time);
    gather(sorted, count);
    for (int i = 0; i < count; i++) {
        paths[i] = sorted[i].path;
        heads[i] = sorted[i].head;
    }
    free(sorted);
    return heads;
}

int series_length(const struct log_head *heads, int at, int count)
{
    int length = 1;
    while (at + length < count && heads[at + length].goes_on) {
        length++;
    }
    return length;
}

uint32_t series_missing(const struct log_head *heads, int at)
{
    uint32_t before = heads[at].goes_on ? heads[at - 1].part : 0;
    return heads[at].part ? heads[at].part - before - 1 : 0;
}

void series_note_missing(const struct log_head *heads, int at, const char *path)
{
    uint32_t missing = series_missing(heads, at);
    if (missing) {
        tool_note("%s: %s missing: what %s held is lost", path,
                  tool_count(missing, "file of this log before this one is|files of this log before this one are"),
                  tool_plural(missing, "it|they"));
    }
}

/* What a file is called that was moved aside: run.3.ctxt for run.ctxt. */
struct rotated_name {
    const char *path, *name, *suffix; /* name, suffix: in path */
};

static struct rotated_name rotated_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *suffix = strstr(name, ".ctxt") ? strstr(name, ".ctxt") : strstr(name, ".wick");
    return (struct rotated_name){path, name, suffix ? suffix : name + strlen(name)};
}

/* The number in a name; 0: it is not the name of a file that was moved aside. */
static unsigned long rotated_number(const struct rotated_name *r, const char *name)
{
    size_t stem = (size_t)(r->suffix - r->name);
    char *end;
    if (strncmp(name, r->name, stem) != 0 || name[stem] != '.') {
        return 0;
    }
    unsigned long number = strtoul(name + stem + 1, &end, 10);
    return strcmp(end, r->suffix) == 0 ? number : 0;
}

/* The number of the file with this inode; 0: none. */
static unsigned long find_rotated(const struct rotated_name *r, ino_t inode)
{
    char directory[4200];
    snprintf(directory, sizeof directory, "%.*s", (int)(r->name - r->path), r->path);
    DIR *all = opendir(directory[0] ? directory : ".");
    unsigned long number = 0;
    for (struct dirent *entry; all && !number && (entry = readdir(all));) {
        number = entry->d_ino == inode ? rotated_number(r, entry->d_name) : 0;
    }
    if (all) {
        closedir(all);
    }
    return number;
}

void series_next_file(const char *path, int fd, char *next, size_t bytes)
{
    struct rotated_name r = rotated_name(path);
    struct stat ours;
    unsigned long number = fstat(fd, &ours) == 0 ? find_rotated(&r, ours.st_ino) : 0;
    if (number) {
        snprintf(next, bytes, "%.*s.%lu%s", (int)(r.suffix - path), path, number + 1, r.suffix);
    }
    if (!number || access(next, F_OK) != 0) {
        snprintf(next, bytes, "%s", path);
    }
}

/* ---- what was posted -------------------------------------------------------------------------- */

/* The time of a text log's last whole line; INT64_MIN: it has none. Lines are cut at 60,000 bytes. */
static int64_t last_ns(const char *path)
{
    enum { TAIL = 65536 };
    int64_t ns = INT64_MIN;
    char *bytes = malloc(TAIL);
    FILE *file = bytes ? fopen(path, "re") : NULL;
    if (file && (fseek(file, -TAIL, SEEK_END) == 0 || fseek(file, 0, SEEK_SET) == 0)) {
        size_t count = fread(bytes, 1, TAIL, file);
        while (count && bytes[count - 1] != '\n') { /* cut off */
            count--;
        }
        size_t at = count ? count - 1 : 0;
        while (at && bytes[at - 1] != '\n') {
            at--;
        }
        const char *space = count ? memchr(bytes + at, ' ', count - at) : NULL;
        ns = space ? lines_time(bytes + at, (size_t)(space - bytes) - at) : INT64_MIN;
    }
    if (file) {
        fclose(file);
    }
    free(bytes);
    return ns;
}

static bool is_one_of(char **paths, int count, const char *path)
{
    int at = 0;
    while (at < count && strcmp(paths[at], path) != 0) {
        at++;
    }
    return at < count;
}

bool series_posted(const struct settings *settings, const char *path, char posted[SERIES_PATH_BYTES])
{
    struct stat status;
    bool named = strcmp(path, "-") != 0 && strlen(path) < SERIES_PATH_BYTES - 13 && (stat(path, &status) != 0 || S_ISREG(status.st_mode));
    snprintf(posted, SERIES_PATH_BYTES, "%s%s", named ? path : "", named ? ".posted.ctxt" : "");
    if (!named || access(posted, R_OK) != 0) {
        return false;
    }
    int64_t log_ns = read_head(settings, path).first_ns;
    return log_ns != INT64_MAX && stat(posted, &status) == 0 && S_ISREG(status.st_mode) && last_ns(posted) >= log_ns;
}

char **series_with_posted(const struct settings *settings, int *count)
{
    int given = settings->argument_count;
    size_t list = (2 * (size_t)given + 1) * sizeof(char *);
    char **all = malloc(list + (size_t)given * SERIES_PATH_BYTES), *text = all ? (char *)all + list : NULL;
    *count = 0;
    if (!all) {
        tool_error(settings, "out of memory");
        return NULL;
    }
    for (int i = 0; i < given; i++, text += SERIES_PATH_BYTES) {
        if (series_posted(settings, settings->arguments[i], text) && !is_one_of(settings->arguments, given, text)) {
            all[(*count)++] = text;
        }
    }
    memcpy(all + *count, settings->arguments, (size_t)given * sizeof(char *));
    *count += given;
    all[*count] = NULL;
    return all;
}
