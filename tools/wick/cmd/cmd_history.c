/*
 * SPDX-License-Identifier: MIT
 * wick history: what was said of trackers, in the order in which it was said. A server and Redis know only what still stands.
 */
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "base/json_stream.h"
#include "base/messages.h"
#include "cmd/cmd.h"
#include "input/trackers.h"
#include "model/base/json.h"
#include "print/plain_rows.h"

/* One saying: facts of a tracker at a time. */
struct saying {
    int64_t time_ns;
    uint32_t order;
    char *key, *facts; /* facts: a JSON object; null: the tracker was removed */
};

struct history {
    struct saying *items;
    uint32_t count, capacity;
    bool failed; /* no memory */
};

static void add(struct history *h, int64_t time_ns, char *key, char *facts)
{
    if (!key || !facts || !tool_grow(&h->items, &h->capacity, h->count, sizeof *h->items)) {
        h->failed = true;
        free(key);
        free(facts);
        return;
    }
    h->items[h->count] = (struct saying){time_ns, h->count, key, facts};
    h->count++;
}

/* A line of a log, or of a server, which says of each its version. */
static void on_line(void *user, const struct trackers *t, const struct wick_record *line)
{
    const char *end = line->text + line->text_bytes;
    const char *blank = line->kind == WICK_RECORD_TRACKER ? memchr(line->text, ' ', line->text_bytes) : NULL;
    uint64_t version = (uint64_t)line->time_ns;
    (void)t;
    if (blank) {
        const struct wk_json value = {blank + 1, end};
        const bool removed = value.at < end && *value.at == 'n';
        (void)wk_json_unsigned(removed ? (struct wk_json){0} : wk_json_find(value, "@v"), &version);
        add(user, (int64_t)version, strndup(line->text, (size_t)(blank - line->text)), strndup(value.at, (size_t)(end - value.at)));
    }
}

/* The fact as an object, {"field":value}; the name of a field may be any text. NULL: no memory. */
static char *object_of(const struct wick_fact *fact)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *to = open_memstream(&text, &bytes);
    if (!to) {
        return NULL;
    }
    struct wick_json json = json_to(to); /* of the name */
    putc('{', to);
    wick_json_text(&json, NULL, fact->field, fact->field_bytes);
    fprintf(to, ":%.*s}", (int)fact->value_bytes, fact->value);
    if (fclose(to) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

/* What stands, where lines were not read. */
static void add_standing(struct history *h, const struct wick_board *board)
{
    struct wick_fact fact;
    for (uint32_t i = 0, entries = wick_board_entries(board); i < entries; i++) {
        for (uint32_t k = 0; wick_board_fact(board, i, k, &fact); k++) {
            add(h, (int64_t)fact.version, strndup(fact.key, fact.key_bytes), object_of(&fact));
        }
    }
}

static int by_time(const void *left, const void *right)
{
    const struct saying *x = left, *y = right;
    if (x->time_ns != y->time_ns) {
        return x->time_ns < y->time_ns ? -1 : 1;
    }
    return x->order < y->order ? -1 : 1;
}

static bool is_asked_for(const struct trackers *t, const char *key)
{
    const size_t bytes = t->key && !t->redis ? strlen(t->key) : 0;
    return !bytes || (strncmp(key, t->key, bytes) == 0 && (key[bytes] == '.' || !key[bytes]));
}

struct history_rows {
    const struct history *history;
    const struct trackers *trackers;
};

static void print(void *user, FILE *to)
{
    const struct history_rows *rows = user;
    struct wick_json json = json_to(to);
    char time[PLAIN_BYTES];
    wick_json_begin(&json, NULL, '[');
    for (uint32_t i = 0; i < rows->history->count; i++) {
        const struct saying *saying = &rows->history->items[i];
        if (!is_asked_for(rows->trackers, saying->key)) {
            continue;
        }
        plain_time(saying->time_ns, true, time);
        wick_json_line(&json);
        wick_json_begin(&json, NULL, '{');
        wick_json_string(&json, "time", time);
        wick_json_time(&json, "time_ns", saying->time_ns);
        wick_json_string(&json, "key", saying->key);
        wick_json_value(&json, "facts", saying->facts, strlen(saying->facts));
        wick_json_end(&json, '}');
    }
    wick_json_line(&json);
    wick_json_end(&json, ']');
    putc('\n', to);
}

int cmd_history(struct settings *settings)
{
    struct trackers t;
    struct history h = {.count = 0};
    uint32_t top;
    int rc = trackers_begin(&t, settings, false);
    t.seen = on_line;
    t.user = &h;
    rc = rc == EXIT_FINE ? trackers_read(&t, NULL) : rc;
    if (rc == EXIT_FINE && t.redis) {
        add_standing(&h, t.board);
    }
    if (rc == EXIT_FINE && h.failed) {
        tool_error(settings, "out of memory");
        rc = EXIT_USAGE;
    } else if (rc == EXIT_FINE && !trackers_top(&t, &top)) {
        rc = trackers_missing(&t);
    } else if (rc == EXIT_FINE) {
        qsort(h.items, h.count, sizeof *h.items, by_time);
        const char *form = settings->format ? settings->format : getenv("WICK_FORMAT");
        rc = plain_json(settings, form && strcmp(form, "prettyjson") == 0, print, &(struct history_rows){&h, &t});
    }
    for (uint32_t i = 0; i < h.count; i++) {
        free(h.items[i].key);
        free(h.items[i].facts);
    }
    free(h.items);
    trackers_end(&t);
    return rc;
}
