/*
 * SPDX-License-Identifier: MIT
 * What Context's two compilers do not take of a line. See context_rules.h.
 * Invariant: a line without faults is one that both compilers read as we do.
 */
#include "input/context_rules.h"

#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "base/nearest.h"
#include "model/log/tables/kinds.h"

enum { THREADS_FIRST = 64 };

struct context_rules {
    struct context_thread **table; /* by hash, open addressing */
    uint32_t count, capacity;
    struct context_thread *first, *last;
};

struct context_rules *context_rules_create(void)
{
    struct context_rules *rules = calloc(1, sizeof *rules);
    if (rules) {
        rules->capacity = THREADS_FIRST;
        rules->table = calloc(rules->capacity, sizeof *rules->table);
    }
    if (rules && !rules->table) {
        free(rules);
        rules = NULL;
    }
    return rules;
}

void context_rules_destroy(struct context_rules *rules)
{
    for (struct context_thread *t = rules ? rules->first : NULL, *next; t; t = next) {
        next = t->next;
        while (t->depth) {
            free(t->open[--t->depth].location);
        }
        free(t->open);
        free(t->name);
        free(t);
    }
    if (rules) {
        free(rules->table);
        free(rules);
    }
}

struct context_thread *context_first_thread(const struct context_rules *rules)
{
    return rules->first;
}

static uint64_t hash_of(const char *name, size_t bytes)
{
    uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */
    for (size_t i = 0; i < bytes; i++) {
        hash = (hash ^ (unsigned char)name[i]) * 0x100000001b3u;
    }
    return hash;
}

static struct context_thread **place_of(const struct context_rules *rules, const char *name, size_t bytes)
{
    uint32_t mask = rules->capacity - 1, at = (uint32_t)hash_of(name, bytes) & mask;
    while (rules->table[at] && (strlen(rules->table[at]->name) != bytes || memcmp(rules->table[at]->name, name, bytes) != 0)) {
        at = (at + 1) & mask;
    }
    return &rules->table[at];
}

static bool grow(struct context_rules *rules)
{
    struct context_thread **table = calloc(rules->capacity * 2, sizeof *table);
    if (!table) {
        return false;
    }
    free(rules->table);
    rules->table = table;
    rules->capacity *= 2;
    for (struct context_thread *t = rules->first; t; t = t->next) {
        *place_of(rules, t->name, strlen(t->name)) = t;
    }
    return true;
}

/* The thread of these fields; NULL: no memory. */
static struct context_thread *thread_of(struct context_rules *rules, const struct text_field fields[7])
{
    const char *name = fields[1].text;
    size_t bytes = (size_t)(fields[3].text + fields[3].bytes - name);
    struct context_thread **place = place_of(rules, name, bytes);
    if (*place || (rules->count * 2 >= rules->capacity && !grow(rules))) {
        return *place;
    }
    struct context_thread *thread = calloc(1, sizeof *thread);
    if (thread && !(thread->name = strndup(name, bytes))) {
        free(thread);
        thread = NULL;
    }
    if (thread) {
        *(rules->last ? &rules->last->next : &rules->first) = thread;
        rules->last = thread;
        rules->count++;
        *place_of(rules, name, bytes) = thread;
    }
    return thread;
}

bool context_field_is(const struct text_field *field, const char *word)
{
    return strlen(word) == field->bytes && memcmp(word, field->text, field->bytes) == 0;
}

size_t context_white_bytes(const char *text, size_t left)
{
    static const char *const spaces[] = {"\xc2\x85", "\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf",
                                         "\xe2\x81\x9f", "\xe3\x80\x80", "\xef\xbb\xbf"};
    unsigned char c = (unsigned char)text[0];
    if (c <= ' ' || c == 0x7f) {
        return 1;
    }
    for (size_t i = 0; c >= 0xc2 && i < sizeof spaces / sizeof spaces[0]; i++) {
        size_t bytes = strlen(spaces[i]);
        if (left >= bytes && memcmp(text, spaces[i], bytes) == 0) {
            return bytes;
        }
    }
    return left >= 3 && memcmp(text, "\xe2\x80", 2) == 0 && (unsigned char)text[2] <= 0x8a ? 3 : 0;
}

bool context_is_bad_name(const struct text_field *field)
{
    for (size_t i = 0; i < field->bytes; i++) {
        if (context_white_bytes(field->text + i, field->bytes - i)) {
            return true;
        }
    }
    return !field->bytes;
}

static bool is_known(const struct text_field *word)
{
    return word->bytes && word->bytes < 16 && wk_kind_of_word(word->text, (uint32_t)word->bytes) != WK_KIND_NONE;
}

static bool is_capital(const struct text_field *word)
{
    return word->bytes && word->text[0] >= 'A' && word->text[0] <= 'Z';
}

/* How many words stand between the thread's first one and a known action word; 0: none follows. */
static uint32_t words_before(const struct text_field fields[7], bool capital)
{
    struct text_field next = fields[5];
    const char *end = fields[6].text + fields[6].bytes;
    for (uint32_t spaces = 1; spaces < 5; spaces++) {
        if (is_known(&next) && (is_capital(&next) || !capital)) {
            return spaces;
        }
        const char *from = next.text + next.bytes < end ? next.text + next.bytes + 1 : end;
        const char *space = memchr(from, ' ', (size_t)(end - from));
        next = (struct text_field){from, (size_t)((space ? space : end) - from)};
    }
    return 0;
}

uint32_t context_spaces(const struct text_field fields[7])
{
    if (is_known(&fields[4]) && (is_capital(&fields[4]) || !is_capital(&fields[5]))) {
        return 0; /* `thread` may be the second word of a name, too */
    }
    uint32_t spaces = words_before(fields, true);
    return spaces || is_known(&fields[4]) ? spaces : words_before(fields, false);
}

/* A word that nobody knows and that looks like one of ours or Context's: it was meant as one. */
static bool is_misspelt(const struct text_field *word)
{
    char upper[16], known[16];
    bool capitals = word->bytes > 0;
    if (is_known(word) || word->bytes >= sizeof upper) {
        return false;
    }
    for (size_t i = 0; i < word->bytes; i++) {
        char c = word->text[i];
        capitals = capitals && c >= 'A' && c <= 'Z';
        upper[i] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    }
    for (uint32_t kind = 0; kind < WK_KIND_NONE && !capitals; kind++) {
        size_t bytes = wk_kind_of(kind)->word_bytes;
        for (size_t i = 0; i <= bytes; i++) {
            char c = wk_kind_of(kind)->word[i];
            known[i] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
        }
        capitals = bytes > 2 && wk_nearest_distance(upper, word->bytes, known) <= 1;
    }
    return capitals;
}

static uint32_t lock_faults(const struct context_thread *t, const struct text_field fields[7])
{
    if (context_field_is(&fields[4], "LOCKR")) {
        const char *lock = t->holds[0] ? t->holds : t->waits; /* a wait that was given up */
        return context_field_is(&fields[5], lock) ? 0 : 1u << CONTEXT_RELEASE;
    }
    bool other = context_field_is(&fields[4], "LOCKA") && t->waits[0] && !context_field_is(&fields[5], t->waits);
    return t->holds[0] || other ? 1u << CONTEXT_NESTED : 0;
}

static bool is_lock(const struct text_field *word)
{
    return word->bytes == 5 && memcmp(word->text, "LOCK", 4) == 0 && is_known(word);
}

/* A time as Context's viewers have it. */
static double float_of(int64_t time_ns)
{
    return (double)(time_ns / 1000000000) + (double)(time_ns % 1000000000) / 1e9;
}

/* Does the viewer draw this scope, which starts or ends, inside out with the one that ended last? It takes scopes by (start
 * ascending, end descending). */
static bool is_close(const struct context_thread *t, const struct text_line *line, bool starts)
{
    double now = float_of(line->time_ns);
    return starts ? t->ended_start == now : t->ended == now && t->ended_start == float_of(t->open[t->depth - 1].start_ns);
}

static bool is_end(const struct text_field *word)
{
    return context_field_is(word, "ENDOK") || context_field_is(word, "ENDER");
}

uint32_t context_faults(struct context_rules *rules, const struct text_line *line, const struct text_field fields[7],
                        struct context_thread **thread)
{
    char pid[16];
    uint32_t spaces = context_spaces(fields);
    uint32_t faults = context_is_bad_name(&fields[1]) || context_is_bad_name(&fields[3]) ? 1u << CONTEXT_NAME : 0;
    *thread = thread_of(rules, fields);
    snprintf(pid, sizeof pid, "%.*s", fields[2].bytes < 15 ? (int)fields[2].bytes : 15, fields[2].text);
    faults |= strtoull(pid, NULL, 10) > INT32_MAX ? 1u << CONTEXT_PID : 0;
    if (spaces) {
        return faults | 1u << CONTEXT_SPACE;
    }
    faults |= is_misspelt(&fields[4]) ? 1u << CONTEXT_WORD : 0;
    if (*thread && is_lock(&fields[4])) {
        faults |= lock_faults(*thread, fields);
    } else if (*thread && (*thread)->depth && is_end(&fields[4])) {
        faults |= line->time_ns < (*thread)->open[(*thread)->depth - 1].start_ns ? 1u << CONTEXT_EARLY : 0;
        faults |= is_close(*thread, line, false) ? 1u << CONTEXT_CLOSE : 0;
    } else if (*thread && context_field_is(&fields[4], "START")) {
        faults |= is_close(*thread, line, true) ? 1u << CONTEXT_CLOSE : 0;
    }
    return faults;
}

static void keep_lock(char to[128], const struct text_field *location)
{
    snprintf(to, 128, "%.*s", location->bytes < 127 ? (int)location->bytes : 127, location->text);
}

bool context_follow(struct context_thread *t, const struct text_line *line, const struct text_field fields[7])
{
    const struct text_field *word = &fields[4];
    if (context_field_is(word, "START")) {
        if (!tool_grow(&t->open, &t->capacity, t->depth, sizeof *t->open)) {
            return false;
        }
        t->open[t->depth] = (struct context_scope){line->time_ns, strndup(fields[5].text, fields[5].bytes)};
        return t->open[t->depth++].location != NULL;
    }
    bool clears = context_field_is(word, "CLEAR");
    if (is_end(word) && t->depth) {
        t->ended_start = float_of(t->open[t->depth - 1].start_ns);
        t->ended = float_of(line->time_ns);
    }
    for (uint32_t keep = clears ? 0 : t->depth - (is_end(word) && t->depth); t->depth > keep;) {
        free(t->open[--t->depth].location);
    }
    if (context_field_is(word, "LOCKW") && !t->holds[0]) {
        keep_lock(t->waits, &fields[5]);
    } else if (context_field_is(word, "LOCKA") && !t->holds[0]) {
        keep_lock(t->holds, &fields[5]);
        t->waits[0] = 0;
    } else if (context_field_is(word, "LOCKR") && !lock_faults(t, fields)) {
        t->holds[0] = t->waits[0] = 0;
    }
    return true;
}
