/*
 * SPDX-License-Identifier: MIT
 * Boards: keys, and facts for them. See wick/board.h and board_state.h.
 */
#include "board_state.h"
#include "model/base/json.h"
#include "model/base/order.h"
#include "model/base/utf8.h"

#define TRACKERS_MAX 1000000u

static const struct wk_field_name known_fields[] = {
#define KNOWN_FIELD(name) {#name, sizeof #name - 1},
    WK_FIELDS(KNOWN_FIELD)
#undef KNOWN_FIELD
};

/* ---- life ------------------------------------------------------------------------------------- */

struct wick_board *wick_board_create(const struct wick_allocator *allocator, uint32_t limit)
{
    struct wick_board *board = wk_mem_zeroed(allocator, sizeof *board);
    if (board) {
        board->allocator = allocator;
        board->limit = limit ? limit : TRACKERS_MAX;
        board->first_root = board->last_root = WICK_NONE;
        wk_arena_init(&board->names, allocator);
    }
    return board;
}

void wick_board_destroy(struct wick_board *board)
{
    if (!board) {
        return;
    }
    for (uint32_t i = 0; i < board->trackers.count; i++) {
        wk_mem_free(board->allocator, wk_tracker_at(board, i)->facts, wk_tracker_at(board, i)->facts_room);
    }
    wk_array_free(&board->trackers, board->allocator, sizeof(struct wk_tracker));
    wk_array_free(&board->fields, board->allocator, sizeof(struct wk_field_name));
    wk_table_free(&board->keys, board->allocator);
    wk_arena_fini(&board->names);
    wk_mem_free(board->allocator, board, sizeof *board);
}

/* ---- keys ------------------------------------------------------------------------------------- */

static int is_forbidden(char c)
{
    return (unsigned char)c <= ' ' || c == 0x7f || c == '/' || c == '?' || c == '#' || c == '%' || c == '{' || c == '}';
}

const char *wick_board_key_error(const char *key, uint32_t bytes)
{
    uint32_t levels = 1;
    const char *segment = key, *end = key + bytes;
    if (!bytes || bytes > WICK_KEY_BYTES) {
        return "a key has 1 to 1024 bytes";
    }
    for (const char *at = key; at < end;) {
        uint32_t code, character = wk_utf8_read(at, (size_t)(end - at), &code);
        if (!character) {
            return "a key is valid UTF-8";
        }
        if (is_forbidden(*at) || (code >= 0x80 && code < 0xa0)) {
            return "a key has no white space, no control characters and none of / ? # % { }";
        }
        if (*at == '.') {
            levels++;
            segment = at + 1;
        }
        at += character;
        if (segment == at && (at == end || *at == '.')) {
            return "a key has no empty segments";
        }
        if (at - segment > (int)WICK_SEGMENT_BYTES) {
            return "a segment of a key has at most 127 bytes";
        }
    }
    return *key == '.'                ? "a key has no empty segments"
           : levels > WICK_KEY_LEVELS ? "a key has at most 64 segments"
           : *segment == '_' ? "a key does not end with a segment that begins with _" : NULL;
}

/* The bytes of the parent's key; 0: a root. */
static uint32_t parent_bytes(const char *key, uint32_t bytes)
{
    while (bytes && key[bytes - 1] != '.') {
        bytes--;
    }
    bytes -= bytes != 0;
    uint32_t last = bytes;
    while (last && key[last - 1] != '.') {
        last--;
    }
    return key[last] == '_' ? 0 : bytes;
}

static uint64_t key_hash(const char *key, uint32_t bytes)
{
    return wk_mem_hash(key, bytes, 0);
}

uint32_t wk_board_entry(const struct wick_board *board, const char *key, uint32_t bytes)
{
    uint32_t probe = 0, at;
    while ((at = wk_table_next(&board->keys, key_hash(key, bytes), &probe)) != WICK_NONE) {
        const struct wk_tracker *t = wk_tracker_at(board, at);
        if (t->key_bytes == bytes && memcmp(t->key, key, bytes) == 0) {
            return at;
        }
    }
    return WICK_NONE;
}

static int64_t add_entry(struct wick_board *board, const char *key, uint32_t bytes, uint32_t parent)
{
    uint32_t at = board->trackers.count;
    if (at >= board->limit) {
        return WICK_E_LIMIT;
    }
    char *copy = wk_arena_text(&board->names, key, bytes);
    if (!copy || wk_array_reserve(&board->trackers, board->allocator, at + 1, sizeof(struct wk_tracker)) < 0 ||
        wk_table_add(&board->keys, board->allocator, key_hash(key, bytes), at) < 0) {
        return WICK_E_NOMEM;
    }
    struct wk_tracker *t = wk_tracker_at(board, at);
    *t = (struct wk_tracker){.key = copy, .key_bytes = bytes, .parent = parent, .first_child = WICK_NONE,
                             .last_child = WICK_NONE, .next = WICK_NONE, .newest_in = at};
    wk_facts_decode(t);
    t->progress = t->own_progress;
    board->trackers.count++;
    uint32_t *last = &board->last_root, *first = &board->first_root;
    if (parent != WICK_NONE) {
        struct wk_tracker *p = wk_tracker_at(board, parent);
        t->gone = p->gone;
        last = &p->last_child;
        first = &p->first_child;
    }
    *(*last == WICK_NONE ? first : &wk_tracker_at(board, *last)->next) = at;
    *last = at;
    return at;
}

/* Find or make the entry of a key and those above it; < 0: an error, and entries that were made stay, dead. */
static int64_t entry_of(struct wick_board *board, const char *key, uint32_t bytes)
{
    uint32_t sizes[WICK_KEY_LEVELS], missing = 0;
    int64_t at = WICK_NONE;
    for (uint32_t size = bytes; size; size = parent_bytes(key, size)) {
        at = wk_board_entry(board, key, size);
        if (at != WICK_NONE) {
            break;
        }
        sizes[missing++] = size;
    }
    while (missing && at >= 0) {
        at = add_entry(board, key, sizes[--missing], (uint32_t)at);
    }
    return at;
}

uint32_t wick_board_find(const struct wick_board *board, const char *key, uint32_t bytes)
{
    uint32_t at = wk_board_entry(board, key, bytes);
    return at != WICK_NONE && wk_tracker_at(board, at)->alive ? at : WICK_NONE;
}

/* ---- fields ----------------------------------------------------------------------------------- */

static struct wk_field_name field_name(const struct wick_board *board, uint32_t field)
{
    return field < WK_FIELD_OTHER ? known_fields[field]
                                  : ((const struct wk_field_name *)board->fields.items)[field - WK_FIELD_OTHER];
}

static uint32_t find_field(const struct wick_board *board, const char *text, uint32_t bytes)
{
    for (uint32_t i = 0; i < WK_FIELD_OTHER + board->fields.count; i++) {
        struct wk_field_name name = field_name(board, i);
        if (name.bytes == bytes && memcmp(name.text, text, bytes) == 0) {
            return i;
        }
    }
    return WICK_NONE;
}

static int64_t field_of(struct wick_board *board, const char *text, uint32_t bytes)
{
    uint32_t found = find_field(board, text, bytes);
    if (found != WICK_NONE) {
        return found;
    }
    struct wk_field_name name = {wk_arena_text(&board->names, text, bytes), bytes};
    if (!name.text || wk_array_reserve(&board->fields, board->allocator, board->fields.count + 1, sizeof name) < 0) {
        return WICK_E_NOMEM;
    }
    ((struct wk_field_name *)board->fields.items)[board->fields.count++] = name;
    return WK_FIELD_OTHER + board->fields.count - 1;
}

/* ---- putting facts ----------------------------------------------------------------------------- */

/* The entry behind `at` in a walk through the subtree of `top`, parents first; WICK_NONE: the walk is over. */
static uint32_t next_in_subtree(const struct wick_board *board, uint32_t top, uint32_t at)
{
    if (wk_tracker_at(board, at)->first_child != WICK_NONE) {
        return wk_tracker_at(board, at)->first_child;
    }
    while (at != top && wk_tracker_at(board, at)->next == WICK_NONE) {
        at = wk_tracker_at(board, at)->parent;
    }
    return at == top ? WICK_NONE : wk_tracker_at(board, at)->next;
}

static int remove_key(struct wick_board *board, uint32_t top, struct wk_stamp stamp)
{
    struct wk_tracker *removed = wk_tracker_at(board, top);
    if (!wk_stamp_later(stamp, removed->own_removal)) {
        return 0;
    }
    removed->own_removal = stamp;
    if (!wk_stamp_later(stamp, removed->gone)) {
        return 0; /* it went with one above it */
    }
    for (uint32_t at = top; at != WICK_NONE; at = next_in_subtree(board, top, at)) {
        struct wk_tracker *t = wk_tracker_at(board, at);
        if (wk_stamp_later(stamp, t->gone)) {
            t->gone = stamp;
            wk_facts_drop(t);
            wk_facts_decode(t);
            wk_board_climb(board, at, stamp);
        }
    }
    return 1;
}

static int check_value(const struct wick_fact *fact)
{
    const struct wk_json value = {fact->value, fact->value + fact->value_bytes};
    struct wk_json_error error;
    return fact->value_bytes > WICK_FACT_BYTES || !fact->field_bytes || fact->field_bytes > WICK_SEGMENT_BYTES ||
                   wk_json_check(value, 1, &error) < 0
               ? WICK_E_INVAL : 0;
}

static int has_field(const struct wk_tracker *t, uint32_t field)
{
    struct wk_fact_head head = {.field = WICK_NONE};
    const char *value;
    for (uint32_t at = 0; wk_fact_next(t, &at, &head, &value) && head.field < field;) {
    }
    return head.field == field;
}

static int put_value(struct wick_board *board, uint32_t at, const struct wick_fact *fact)
{
    struct wk_fact_head head = {.stamp = {fact->version, fact->writer}, .bytes = fact->value_bytes};
    if (!wk_stamp_later(head.stamp, wk_tracker_at(board, at)->gone)) {
        return 0;
    }
    int64_t field = field_of(board, fact->field, fact->field_bytes);
    if (field < 0) {
        return (int)field;
    }
    struct wk_tracker *t = wk_tracker_at(board, at);
    head.field = (uint32_t)field;
    if (field >= WK_FIELD_OTHER && t->others >= WICK_FACT_FIELDS && !has_field(t, head.field)) {
        return WICK_E_LIMIT;
    }
    int rc = wk_fact_put(board, t, &head, fact->value);
    if (rc > 0) {
        wk_facts_decode(t);
        int outdates = field == WK_FIELD_progress || field == WK_FIELD_weight || field == WK_FIELD_created;
        wk_board_climb(board, at, outdates ? head.stamp : (struct wk_stamp){0, 0});
    }
    return rc;
}

int wick_board_put(struct wick_board *board, const struct wick_fact *fact)
{
    if (wick_board_key_error(fact->key, fact->key_bytes) || (fact->field && check_value(fact) < 0)) {
        return WICK_E_INVAL;
    }
    int64_t at = entry_of(board, fact->key, fact->key_bytes);
    if (at < 0) {
        return (int)at;
    }
    board->newest = fact->version > board->newest ? fact->version : board->newest;
    return fact->field ? put_value(board, (uint32_t)at, fact)
                       : remove_key(board, (uint32_t)at, (struct wk_stamp){fact->version, fact->writer});
}

/* ---- reading ---------------------------------------------------------------------------------- */

static void fact_of(const struct wick_board *board, const struct wk_tracker *t, const struct wk_fact_head *head,
                    const char *value, struct wick_fact *fact)
{
    struct wk_field_name name = field_name(board, head->field);
    *fact = (struct wick_fact){t->key, t->key_bytes, name.bytes, name.text, value, head->bytes, head->stamp.version,
                               head->stamp.writer};
}

int wick_board_fact(const struct wick_board *board, uint32_t tracker, uint32_t index, struct wick_fact *fact)
{
    struct wk_fact_head head;
    const char *value;
    for (uint32_t at = 0; tracker < board->trackers.count && wk_fact_next(wk_tracker_at(board, tracker), &at, &head, &value);) {
        if (!index--) {
            fact_of(board, wk_tracker_at(board, tracker), &head, value, fact);
            return 1;
        }
    }
    return 0;
}

int wick_board_field(const struct wick_board *board, uint32_t tracker, const char *field, struct wick_fact *fact)
{
    uint32_t wanted = find_field(board, field, (uint32_t)wk_mem_length(field));
    struct wk_fact_head head;
    const char *value;
    for (uint32_t at = 0; tracker < board->trackers.count && wk_fact_next(wk_tracker_at(board, tracker), &at, &head, &value);) {
        if (head.field == wanted && !wk_value_is_null(value, head.bytes) &&
            (wanted != WK_FIELD_status || wk_stamp_same(head.stamp, wk_tracker_at(board, tracker)->status_stamp))) {
            fact_of(board, wk_tracker_at(board, tracker), &head, value, fact);
            return 1;
        }
    }
    return 0;
}

uint32_t wick_board_text(const struct wick_board *board, uint32_t tracker, const char *field, char *to, uint32_t capacity)
{
    struct wick_fact fact = {.value = ""};
    (void)wick_board_field(board, tracker, field, &fact);
    struct wk_json value = {fact.value, fact.value + fact.value_bytes};
    if (fact.value_bytes && *fact.value == '[' && find_field(board, field, (uint32_t)wk_mem_length(field)) == WK_FIELD_status) {
        struct wk_json inside = wk_json_inside(value);
        (void)wk_json_element(&inside, &value); /* the attempt */
        (void)wk_json_element(&inside, &value);
    }
    uint32_t bytes = fact.value_bytes ? wk_json_text(value, to, capacity - 1) : 0;
    to[bytes] = 0;
    return bytes;
}

int wick_board_removal(const struct wick_board *board, uint32_t tracker, struct wick_fact *fact)
{
    const struct wk_tracker *t = tracker < board->trackers.count ? wk_tracker_at(board, tracker) : NULL;
    if (!t || !t->own_removal.version) {
        return 0;
    }
    *fact = (struct wick_fact){.key = t->key, .key_bytes = t->key_bytes, .version = t->own_removal.version,
                               .writer = t->own_removal.writer};
    return 1;
}

uint32_t wick_board_entries(const struct wick_board *board)
{
    return board->trackers.count;
}

/* ---- children --------------------------------------------------------------------------------- */

static int created_before(const void *user, const void *x, const void *y)
{
    const struct wk_tracker *a = wk_tracker_at(user, *(const uint32_t *)x), *b = wk_tracker_at(user, *(const uint32_t *)y);
    if (a->created_ns != b->created_ns) {
        return a->created_ns < b->created_ns;
    }
    uint32_t bytes = a->key_bytes < b->key_bytes ? a->key_bytes : b->key_bytes;
    int order = memcmp(a->key, b->key, bytes);
    return order ? order < 0 : a->key_bytes < b->key_bytes;
}

int64_t wick_board_children(const struct wick_board *board, uint32_t tracker, uint32_t *out, uint32_t capacity)
{
    uint32_t at = tracker == WICK_NONE                  ? board->first_root
                  : tracker < board->trackers.count ? wk_tracker_at(board, tracker)->first_child : WICK_NONE;
    uint32_t count = 0;
    for (; at != WICK_NONE; at = wk_tracker_at(board, at)->next) {
        if (wk_tracker_at(board, at)->alive) {
            if (count < capacity) {
                out[count] = at;
            }
            count++;
        }
    }
    const struct wk_order order = {created_before, board};
    int rc = count <= capacity ? wk_order_sort(board->allocator, out, count, sizeof *out, &order) : 0;
    return rc < 0 ? rc : (int64_t)count;
}
