/*
 * SPDX-License-Identifier: MIT
 * Trackers on their way to Redis: a hash of facts for each, sets of children, events. See mirror.h.
 */
#include "mirror.h"

#include <stdio.h>
#include <string.h>

#include "base/heap.h"
#include "model/base/number.h"
#include "model/tree/board_state.h"

enum {
    ENTRIES_MOST = 1000,       /* of a batch */
    BATCH_BYTES = 1 << 20,     /* it ends with the entry that goes beyond */
    EVENT_KEYS_MOST = 64       /* more are told as `*`: load it all */
};

static struct wk_mirrored_entry *entry_at(const struct wk_mirror *mirror, uint32_t entry)
{
    return (struct wk_mirrored_entry *)mirror->entries.items + entry;
}

/* ---- what comes in --------------------------------------------------------------------------- */

static bool have_entries(struct wk_mirror *mirror)
{
    uint32_t count = wick_board_entries(mirror->board), before = mirror->entries.count;
    if (wk_array_reserve(&mirror->entries, &wk_heap_allocator, count, sizeof(struct wk_mirrored_entry)) < 0) {
        return false;
    }
    if (count > before) {
        memset(entry_at(mirror, before), 0, (count - before) * sizeof(struct wk_mirrored_entry));
        mirror->entries.count = count;
    }
    return true;
}

static bool queue_entry(struct wk_mirror *mirror, uint32_t entry)
{
    struct wk_mirrored_entry *e = entry_at(mirror, entry);
    e->queued = e->queued || wk_queue_push(&mirror->dirty_entries, entry);
    return e->queued;
}

bool wk_mirror_line_locked(struct wk_mirror *mirror, int64_t time_ns, const char *text)
{
    const struct wick_record record = {.kind = WICK_RECORD_TRACKER, .time_ns = time_ns, .text = text, .text_bytes = (uint32_t)strlen(text)};
    const char *space = strchr(text, ' ');
    int rc = wick_board_feed(mirror->board, mirror->names, &record);
    uint32_t entry = rc > 0 && space ? wk_board_entry(mirror->board, text, (uint32_t)(space - text)) : WICK_NONE;
    mirror->fed++;
    if (rc == 0) {
        return false; /* it is known already */
    }
    if (entry == WICK_NONE || !have_entries(mirror) || !queue_entry(mirror, entry)) {
        mirror->refused++;
        return false;
    }
    return true;
}

void wk_mirror_all_locked(struct wk_mirror *mirror)
{
    for (uint32_t i = 0; i < mirror->entries.count; i++) {
        entry_at(mirror, i)->sent = 0;
        entry_at(mirror, i)->listed = false;
        (void)queue_entry(mirror, i);
    }
    for (uint32_t i = 0; i < mirror->nodes.count; i++) {
        struct wk_mirrored_node *node = (struct wk_mirrored_node *)mirror->nodes.items + i;
        node->queued = node->queued || (node->path && wk_queue_push(&mirror->dirty_nodes, i));
    }
}

uint64_t wk_mirror_waiting_locked(const struct wk_mirror *mirror)
{
    return (uint64_t)(mirror->dirty_entries.items.count - mirror->dirty_entries.at) + (mirror->dirty_nodes.items.count - mirror->dirty_nodes.at);
}

bool wk_mirror_is_clean_locked(const struct wk_mirror *mirror)
{
    return wk_mirror_waiting_locked(mirror) == 0;
}

/* ---- what goes out --------------------------------------------------------------------------- */

/* `<writer>.<field>` */
static void add_field_name(struct wk_commands *commands, uint64_t writer, const char *field, uint32_t field_bytes)
{
    char text[20 + WICK_SEGMENT_BYTES + 1], *end = wk_number_put_hex(text, writer);
    *end++ = '.';
    memcpy(end, field, field_bytes);
    wk_command_word(commands, text, (size_t)(end - text) + field_bytes);
}

static bool put(struct wk_array *to, const char *bytes, size_t count)
{
    return wk_array_append(to, &wk_heap_allocator, bytes, count) == 0;
}

static bool put_version(struct wk_array *to, const struct wick_fact *fact)
{
    char text[24], *end = wk_number_put_unsigned(text, fact->version);
    *end++ = ' ';
    return put(to, text, (size_t)(end - text)) && put(to, fact->value, fact->value_bytes);
}

/* `<version> <json>`; of a status, of which a writer's older and newer one may both stand, a line for each. */
static void add_value(struct wk_mirror *mirror, struct wk_commands *commands, uint32_t entry, const struct wick_fact *fact)
{
    struct wk_array text = {0};
    struct wick_fact other;
    bool good = true, several = fact->field_bytes == 6 && memcmp(fact->field, "status", 6) == 0;
    for (uint32_t i = 0; several && wick_board_fact(mirror->board, entry, i, &other); i++) {
        if (other.writer == fact->writer && other.version != fact->version && other.field_bytes == 6 && memcmp(other.field, "status", 6) == 0) {
            good = put_version(&text, &other) && put(&text, "\n", 1) && good;
        }
    }
    if (!put_version(&text, fact) || !good) {
        commands->failed = true;
    } else {
        wk_command_word(commands, text.items, text.count);
    }
    wk_array_free(&text, &wk_heap_allocator, 1);
}

/* What Redis does not have of an entry; gives the least version of its facts, and brings `sent` up to date. */
static uint64_t take_facts(struct wk_mirror *mirror, uint32_t entry, struct wk_commands *commands)
{
    struct wk_mirrored_entry *e = entry_at(mirror, entry);
    const struct wk_tracker *t = wk_tracker_at(mirror->board, entry);
    char key[WK_MIRROR_KEY_BYTES], number[24];
    uint64_t sent = e->sent, least = UINT64_MAX;
    struct wick_fact fact;
    wk_command_begin(commands, "HSET", key, wk_mirror_key(mirror, ":n:", t->key, t->key_bytes, key));
    if (wick_board_removal(mirror->board, entry, &fact)) {
        least = fact.version;
        if (fact.version > e->sent) {
            add_field_name(commands, fact.writer, "-", 1);
            wk_command_word(commands, number, (size_t)(wk_number_put_unsigned(number, fact.version) - number));
        }
        sent = fact.version > sent ? fact.version : sent;
    }
    for (uint32_t i = 0; wick_board_fact(mirror->board, entry, i, &fact); i++) {
        least = fact.version < least ? fact.version : least;
        if (fact.version > e->sent) {
            add_field_name(commands, fact.writer, fact.field, fact.field_bytes);
            add_value(mirror, commands, entry, &fact);
            sent = fact.version > sent ? fact.version : sent;
        }
    }
    if (commands->count > 2) {
        (void)wk_command_end(commands);
    }
    e->sent = sent;
    return least;
}

/* Put it among its parent's children, and those above it, by creation: the earliest time that any writer knows. */
static void list_entry(struct wk_mirror *mirror, uint32_t entry, uint64_t least, struct wk_commands *commands)
{
    char key[WK_MIRROR_KEY_BYTES];
    while (entry != WICK_NONE && !entry_at(mirror, entry)->listed) {
        const struct wk_tracker *t = wk_tracker_at(mirror->board, entry);
        const struct wk_tracker *parent = t->parent == WICK_NONE ? NULL : wk_tracker_at(mirror->board, t->parent);
        int64_t created_ns = t->created_ns ? t->created_ns : (int64_t)least;
        wk_command_begin(commands, "ZADD", key, wk_mirror_key(mirror, ":c:", parent ? parent->key : "", parent ? parent->key_bytes : 0, key));
        wk_command_text(commands, "LT");
        wk_command_number(commands, created_ns);
        wk_command_word(commands, t->key, t->key_bytes);
        (void)wk_command_end(commands);
        entry_at(mirror, entry)->listed = true;
        entry = t->parent;
    }
}

/* Which keys have changed. */
struct event {
    struct wk_array keys; /* char */
    uint32_t count;
};

static void note_key(struct wk_mirror *mirror, struct event *event, uint32_t entry)
{
    const struct wk_tracker *t = wk_tracker_at(mirror->board, entry);
    if (event->count++ < EVENT_KEYS_MOST) {
        (void)(put(&event->keys, t->key, t->key_bytes) && put(&event->keys, "\n", 1));
    }
}

static void end_event(struct wk_mirror *mirror, struct event *event, struct wk_commands *commands)
{
    char key[WK_MIRROR_KEY_BYTES];
    static const char *const words[] = {"MAXLEN", "~", "10000", "*", "w"};
    wk_command_begin(commands, "XADD", key, wk_mirror_key(mirror, ":e", "", 0, key));
    commands->optional = true; /* who follows without events asks now and then */
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        wk_command_text(commands, words[i]);
    }
    wk_command_text(commands, mirror->writer_text);
    wk_command_text(commands, "k");
    if (event->count > EVENT_KEYS_MOST) {
        wk_command_text(commands, "*");
    } else {
        wk_command_word(commands, event->keys.items ? event->keys.items : "", event->keys.count ? event->keys.count - 1 : 0);
    }
    (void)wk_command_end(commands);
    wk_array_free(&event->keys, &wk_heap_allocator, 1);
}

void wk_mirror_take_locked(struct wk_mirror *mirror, struct wk_commands *commands)
{
    struct event event = {0};
    uint32_t entry;
    for (uint32_t i = 0; i < ENTRIES_MOST && commands->bytes.count < BATCH_BYTES && wk_queue_pop(&mirror->dirty_entries, &entry); i++) {
        entry_at(mirror, entry)->queued = false;
        uint64_t least = take_facts(mirror, entry, commands);
        if (least != UINT64_MAX) {
            list_entry(mirror, entry, least, commands);
            note_key(mirror, &event, entry);
        }
    }
    wk_mirror_take_nodes_locked(mirror, commands);
    if (commands->list.count) {
        end_event(mirror, &event, commands);
    } else {
        wk_array_free(&event.keys, &wk_heap_allocator, 1);
    }
}

/* ---- life ------------------------------------------------------------------------------------ */

bool wk_mirror_init(struct wk_mirror *mirror, const struct wick_process_info *process)
{
    pthread_mutex_init(&mirror->lock, NULL);
    mirror->board = wick_board_create(&wk_heap_allocator, 0);
    mirror->names = wick_names_create(&wk_heap_allocator);
    mirror->writer = wick_board_writer(process);
    *wk_number_put_hex(mirror->writer_text, mirror->writer) = 0;
    return mirror->board && mirror->names && wick_names_set_process(mirror->names, 0, process) == 0 &&
           wick_names_set_track(mirror->names, 0, &(struct wick_track_info){.thread = "", .label = ""}) == 0;
}

void wk_mirror_fini(struct wk_mirror *mirror)
{
    for (uint32_t i = 0; i < mirror->nodes.count; i++) {
        struct wk_mirrored_node *node = (struct wk_mirrored_node *)mirror->nodes.items + i;
        wk_mem_free(&wk_heap_allocator, node->path, node->path_bytes);
        wk_mem_free(&wk_heap_allocator, node->value, node->value_room);
    }
    wk_array_free(&mirror->nodes, &wk_heap_allocator, sizeof(struct wk_mirrored_node));
    wk_array_free(&mirror->entries, &wk_heap_allocator, sizeof(struct wk_mirrored_entry));
    wk_array_free(&mirror->dirty_entries.items, &wk_heap_allocator, sizeof(uint32_t));
    wk_array_free(&mirror->dirty_nodes.items, &wk_heap_allocator, sizeof(uint32_t));
    wick_names_destroy(mirror->names);
    wick_board_destroy(mirror->board);
    pthread_mutex_destroy(&mirror->lock);
}
