/*
 * SPDX-License-Identifier: MIT
 * Fractions of seconds without their zeros. See fractions.h. Original clients of Context print them: `%d.%d`, with milliseconds
 * or microseconds.
 * Invariant: they are padded only if that leaves no thread with a time before its last one, and some had such times.
 */
#include "input/fractions.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/messages.h"
#include "base/words.h"

enum { AS_IT_IS, TO_3, TO_6, WAYS, REMEMBERED = 8 };

/* The last time of a thread in microseconds, as each way has it. */
struct thread_times {
    char *name;
    int64_t last_us[WAYS];
};

struct scan {
    void *threads; /* a tree of tsearch */
    uint64_t back[WAYS];
    uint32_t narrowest, widest;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct thread_times *)a)->name, ((const struct thread_times *)b)->name);
}

static void free_thread(void *node)
{
    free(((struct thread_times *)node)->name);
    free(node);
}

/* NULL: no memory. */
static struct thread_times *thread_of(struct scan *s, char *name)
{
    const struct thread_times key = {.name = name};
    struct thread_times **found = tfind(&key, &s->threads, by_name);
    if (found) {
        return *found;
    }
    struct thread_times *made = calloc(1, sizeof *made);
    if (made && (!(made->name = strdup(name)) || !tsearch(made, &s->threads, by_name))) {
        free_thread(made);
        made = NULL;
    }
    return made;
}

/* Look at a line. False: this is no log of such a client, or there is no memory. */
static bool look_at(struct scan *s, char *line)
{
    static const int64_t units[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
    size_t seconds = strspn(line, "0123456789");
    size_t digits = line[seconds] == '.' ? strspn(line + seconds + 1, "0123456789") : 0;
    char *name = line + seconds + 1 + digits;
    if (!seconds || seconds > 11 || digits > 6) {
        return false;
    }
    if (!digits || *name != ' ') {
        return true; /* it has no time, or one that says itself */
    }
    for (int i = 0, space = 0; name[i]; i++) {
        space += name[i] == ' ';
        name[i] = space == 4 ? '\0' : name[i];
        if (!name[i]) {
            break;
        }
    }
    struct thread_times *t = thread_of(s, name);
    if (!t) {
        return false;
    }
    int64_t whole_us = strtoll(line, NULL, 10) * 1000000, fraction = strtoll(line + seconds + 1, NULL, 10);
    const int64_t us[WAYS] = {whole_us + fraction * units[digits], whole_us + fraction * 1000, whole_us + fraction};
    for (int way = 0; way < WAYS; way++) {
        s->back[way] += us[way] < t->last_us[way];
        t->last_us[way] = us[way];
    }
    s->narrowest = digits < s->narrowest ? (uint32_t)digits : s->narrowest;
    s->widest = digits > s->widest ? (uint32_t)digits : s->widest;
    return true;
}

static uint32_t judge(const struct scan *s, const char *path)
{
    if (s->narrowest >= s->widest || !s->back[AS_IT_IS]) {
        return 0;
    }
    const char *back = tool_count(s->back[AS_IT_IS], "time|times");
    bool mends = (s->widest == 3 && !s->back[TO_3]) || (s->widest == 6 && !s->back[TO_6]);
    if (mends) {
        tool_note("%s: %s before the last one of the thread, by fractions without their zeros: they are padded to %u digits", path, back,
                  s->widest);
    } else {
        tool_note("%s: %s before the last one of the thread, and fractions of 1 to %u digits: padding would not mend it, so they stay", path,
                  back, s->widest);
    }
    return mends ? s->widest : 0;
}

/* Where a file is read beside its own position. */
struct position {
    int fd;
    off_t at;
};

static ssize_t read_on(void *cookie, char *to, size_t bytes)
{
    struct position *p = cookie;
    ssize_t got = pread(p->fd, to, bytes, p->at);
    p->at += got > 0 ? got : 0;
    return got;
}

static uint32_t scan_file(int fd, const char *path)
{
    struct position p = {fd, 0};
    struct scan s = {.narrowest = 9};
    char line[600];
    FILE *file = fopencookie(&p, "r", (cookie_io_functions_t){.read = read_on});
    bool good = file != NULL, whole = true;
    while (good && fgets(line, sizeof line, file)) {
        bool begins = whole;
        whole = strchr(line, '\n') != NULL;
        good = !begins || look_at(&s, line);
    }
    if (file) {
        fclose(file);
    }
    tdestroy(s.threads, free_thread);
    return good ? judge(&s, path) : 0;
}

uint32_t fractions_width(int fd, const struct stat *status, const char *path)
{
    static struct {
        dev_t device;
        ino_t inode;
        off_t bytes;
        uint32_t width;
    } known[REMEMBERED];
    static uint32_t next;
    for (uint32_t i = 0; i < REMEMBERED; i++) {
        if (known[i].bytes && known[i].device == status->st_dev && known[i].inode == status->st_ino && known[i].bytes == status->st_size) {
            return known[i].width;
        }
    }
    uint32_t width = scan_file(fd, path), place = next++ % REMEMBERED;
    known[place].device = status->st_dev;
    known[place].inode = status->st_ino;
    known[place].bytes = status->st_size;
    known[place].width = width;
    return width;
}

size_t fractions_pad(struct fractions *f, const char *from, size_t bytes, char *to)
{
    char *at = to;
    for (size_t i = 0; i < bytes; i++) {
        char c = from[i];
        bool digit = c >= '0' && c <= '9';
        if (f->at == FRACTIONS_BEGUN && digit && f->digits < f->width) {
            f->fraction[f->digits++] = c;
            continue;
        }
        if (f->at == FRACTIONS_BEGUN) {
            for (uint32_t zeros = f->digits; f->digits && zeros < f->width; zeros++) {
                *at++ = '0';
            }
            at = (char *)mempcpy(at, f->fraction, f->digits);
        }
        f->digits = 0;
        f->at = c == '\n' ? FRACTIONS_SECONDS : f->at != FRACTIONS_SECONDS ? FRACTIONS_REST : c == '.' ? FRACTIONS_BEGUN : digit ? FRACTIONS_SECONDS : FRACTIONS_REST;
        *at++ = c;
    }
    return (size_t)(at - to);
}
