/*
 * SPDX-License-Identifier: MIT
 * Fills one row of the index: columns in chunks, blocks over them.
 * Invariants: all chunks but the last are full, so that an index gives its place by division; a block is valid once all
 * of its scopes have ended; only the last scope of a row is ever changed.
 */
#include "index.h"

#define FIRST_CAPACITY 16u
#define PYRAMID_SCOPES 256u /* shorter rows get no pyramid: it would cost more than it saves */
#define SCOPE_BYTES (sizeof(int64_t) + 3 * sizeof(uint32_t))

static size_t chunk_bytes(uint32_t capacity)
{
    return capacity * SCOPE_BYTES;
}

static size_t blocks_bytes(uint32_t capacity)
{
    return capacity / WK_BLOCK_SCOPES * sizeof(struct wk_block);
}

static size_t extras_bytes(uint32_t capacity)
{
    return (capacity + WK_BLOCK_SCOPES - 1) / WK_BLOCK_SCOPES * sizeof(struct wk_extras);
}

void wk_chunk_free(struct wk_index *index, struct wk_chunk *chunk)
{
    const struct wick_allocator *a = &index->allocator;
    wk_mem_free(a, chunk->start_ns, chunk_bytes(chunk->capacity));
    wk_mem_free(a, chunk->blocks, blocks_bytes(chunk->capacity));
    wk_mem_free(a, chunk->extras, extras_bytes(chunk->capacity));
    wk_array_free(&chunk->extra, a, sizeof(uint32_t));
    wk_array_free(&chunk->texts, a, 1);
    wk_array_free(&chunk->details, a, sizeof(struct wk_detail));
    wk_array_free(&chunk->amounts, a, sizeof(struct wk_amount));
    *chunk = (struct wk_chunk){0};
}

void wk_row_free(struct wk_index *index, struct wk_row *row)
{
    for (uint32_t i = 0; i < row->chunk_count; i++) {
        wk_chunk_free(index, &row->chunks[i]);
    }
    wk_mem_free(&index->allocator, row->chunks, row->chunk_capacity * sizeof *row->chunks);
    wk_pyramid_free(index, row->pyramid);
}

/* One block of memory for all columns; the widest comes first, so that each is aligned. */
static void set_columns(struct wk_chunk *chunk, char *memory, uint32_t capacity)
{
    chunk->start_ns = (int64_t *)(void *)memory;
    chunk->duration_ns = (uint32_t *)(void *)(chunk->start_ns + capacity);
    chunk->site = chunk->duration_ns + capacity;
    chunk->parent = chunk->site + capacity;
}

/* Double the room, up to a full chunk; a row that is long already gets all of it at once. Columns are copied, since
 * they move apart in their block. On failure the chunk keeps its scopes. */
static int chunk_grow(struct wk_index *index, const struct wk_row *row, struct wk_chunk *chunk)
{
    const struct wick_allocator *a = &index->allocator;
    uint32_t first = row->chunk_count > 1 ? WK_CHUNK_SCOPES : FIRST_CAPACITY;
    uint32_t capacity = chunk->capacity ? chunk->capacity * 2 : first;
    struct wk_chunk grown = *chunk;
    char *memory = wk_mem_resize(a, NULL, 0, chunk_bytes(capacity));
    if (!memory) {
        return WICK_E_NOMEM;
    }
    set_columns(&grown, memory, capacity);
    if (blocks_bytes(capacity)) {
        grown.blocks = wk_mem_resize(a, chunk->blocks, blocks_bytes(chunk->capacity), blocks_bytes(capacity));
    }
    if (grown.blocks) {
        chunk->blocks = grown.blocks;
    }
    if (chunk->extras) {
        grown.extras =
            wk_mem_resize(a, chunk->extras, extras_bytes(chunk->capacity), extras_bytes(capacity));
    }
    if (grown.extras) {
        chunk->extras = grown.extras;
    }
    if ((blocks_bytes(capacity) && !grown.blocks) || (chunk->extras && !grown.extras)) {
        wk_mem_free(a, memory, chunk_bytes(capacity));
        return WICK_E_NOMEM;
    }
    if (chunk->capacity) {
        memcpy(grown.start_ns, chunk->start_ns, chunk->count * sizeof *grown.start_ns);
        memcpy(grown.duration_ns, chunk->duration_ns, chunk->count * sizeof *grown.duration_ns);
        memcpy(grown.site, chunk->site, chunk->count * sizeof *grown.site);
        memcpy(grown.parent, chunk->parent, chunk->count * sizeof *grown.parent);
        wk_mem_free(a, chunk->start_ns, chunk_bytes(chunk->capacity));
    }
    if (grown.extras) {
        memset((char *)grown.extras + extras_bytes(chunk->capacity), 0,
               extras_bytes(capacity) - extras_bytes(chunk->capacity));
    }
    grown.capacity = capacity;
    *chunk = grown;
    return 0;
}

static int add_chunk(struct wk_index *index, struct wk_row *row)
{
    if (row->chunk_count == row->chunk_capacity) {
        uint32_t capacity = row->chunk_capacity ? row->chunk_capacity * 2 : 1;
        struct wk_chunk *chunks = wk_mem_resize(&index->allocator, row->chunks,
                                                row->chunk_capacity * sizeof *chunks, capacity * sizeof *chunks);
        if (!chunks) {
            return WICK_E_NOMEM;
        }
        row->chunks = chunks;
        row->chunk_capacity = capacity;
    }
    row->chunks[row->chunk_count++] = (struct wk_chunk){0};
    return 0;
}

/* The last chunk, with room for one more scope; NULL: no memory. May move the chunks. */
static struct wk_chunk *chunk_with_room(struct wk_index *index, struct wk_row *row)
{
    struct wk_chunk *chunk = row->chunk_count ? &row->chunks[row->chunk_count - 1] : NULL;
    if (WICK_I_UNLIKELY(!chunk || chunk->count == WK_CHUNK_SCOPES)) {
        if (add_chunk(index, row) < 0) {
            return NULL;
        }
        chunk = &row->chunks[row->chunk_count - 1];
    }
    if (WICK_I_UNLIKELY(chunk->count == chunk->capacity) && chunk_grow(index, row, chunk) < 0) {
        return NULL;
    }
    return chunk;
}

/* Add a text to the last chunk; 0: no memory. The cache finds one that was added lately. It may be stale, so its bytes
 * are compared; an entry of a dropped chunk never fits, since the index of a chunk's first scope is used once. */
static uint32_t chunk_text(struct wk_index *index, uint32_t row, struct wk_chunk *chunk, const char *text,
                           uint32_t bytes)
{
    const struct wk_row *r = &wk_index_rows(index)[row];
    bytes = bytes < WK_INDEX_TEXT_MAX ? bytes : WK_INDEX_TEXT_MAX;
    uint64_t hash = wk_mem_hash(text, bytes, row);
    struct wk_kept_cache *cached = &index->cache[hash % WK_KEPT_CACHE];
    uint32_t number = r->base + (r->chunk_count - 1) * WK_CHUNK_SCOPES, has;
    if (cached->text && cached->hash == hash && cached->row == row && cached->chunk == number) {
        const char *old = wk_kept_read(&chunk->texts, cached->text, &has);
        if (has == bytes && memcmp(old, text, bytes) == 0) {
            return cached->text;
        }
    }
    uint32_t added = wk_kept_add(&chunk->texts, &index->allocator, text, bytes);
    *cached = (struct wk_kept_cache){hash, row, number, added};
    return added;
}

/* The extra of scope `at`, made when it has none; NULL: no memory. No later scope may have one: extras are appended, so
 * that they stand in the order of scopes, and wk_chunk_find_extra finds them by counting. */
static uint32_t *need_extra(struct wk_index *index, struct wk_chunk *chunk, uint32_t at)
{
    const struct wick_allocator *a = &index->allocator;
    uint32_t *found = wk_chunk_find_extra(chunk, at);
    if (found) {
        return found;
    }
    if (!chunk->extras) {
        chunk->extras = wk_mem_zeroed(a, extras_bytes(chunk->capacity));
    }
    if (!chunk->extras ||
        wk_array_reserve(&chunk->extra, a, chunk->extra.count + 1, sizeof(uint32_t)) < 0) {
        return NULL;
    }
    struct wk_extras *extras = &chunk->extras[at / WK_BLOCK_SCOPES];
    if (!extras->has) {
        extras->before = chunk->extra.count;
    }
    extras->has |= (uint64_t)1 << (at % WK_BLOCK_SCOPES);
    found = (uint32_t *)chunk->extra.items + chunk->extra.count++;
    *found = 0;
    return found;
}

/* The detail of the last scope, made when it has none; it takes over the text of the extra. NULL: no memory. */
static struct wk_detail *need_detail(struct wk_index *index, struct wk_chunk *chunk)
{
    uint32_t *extra = need_extra(index, chunk, chunk->count - 1);
    if (!extra) {
        return NULL;
    }
    if (!(*extra & WK_DETAIL)) {
        if (wk_array_reserve(&chunk->details, &index->allocator, chunk->details.count + 1,
                             sizeof(struct wk_detail)) < 0) {
            return NULL;
        }
        ((struct wk_detail *)chunk->details.items)[chunk->details.count] =
            (struct wk_detail){.cpu_ns = -1, .end_ns = WK_OPEN, .text = *extra};
        *extra = WK_DETAIL | chunk->details.count++;
    }
    return (struct wk_detail *)chunk->details.items + (*extra & ~WK_DETAIL);
}

int wk_row_start(struct wk_index *index, uint32_t row, const struct wick_record *record, uint32_t parent)
{
    struct wk_row *r = &wk_index_rows(index)[row];
    struct wk_chunk *chunk = chunk_with_room(index, r);
    if (!chunk) {
        return WICK_E_NOMEM;
    }
    /* Not before the end of the row's last scope: that has ended, and time does not go back in a track (set_time). */
    uint32_t at = chunk->count;
    chunk->start_ns[at] = index->at_ns;
    chunk->duration_ns[at] = WK_LONG; /* without a detail: open */
    chunk->site[at] = record->site;
    chunk->parent[at] = parent;
    if (record->text_bytes) {
        uint32_t text = chunk_text(index, row, chunk, record->text, record->text_bytes);
        uint32_t *extra = text ? need_extra(index, chunk, at) : NULL;
        if (!extra) {
            return WICK_E_NOMEM;
        }
        *extra = text;
    }
    chunk->count++;
    r->count++;
    r->open = 1;
    return 0;
}

/* Sum up a block whose scopes have all ended. */
static void block_close(struct wk_chunk *chunk, uint32_t number)
{
    struct wk_block block = {.longest_ns = -1};
    struct wk_vote vote = {0, WICK_NONE};
    uint32_t from = number * WK_BLOCK_SCOPES;
    int plain = !chunk->extras || !chunk->extras[number].has;
    for (uint32_t at = from; at < from + WK_BLOCK_SCOPES; at++) {
        int64_t duration_ns = wk_chunk_recorded_end(chunk, at) - chunk->start_ns[at];
        block.busy_ns += duration_ns;
        wk_vote_add(&vote, chunk->site[at], (double)duration_ns);
        if (duration_ns > block.longest_ns) {
            block.longest_ns = duration_ns;
            block.longest = (uint16_t)at;
        }
        if (WICK_I_UNLIKELY(!plain)) {
            uint32_t flags = wk_chunk_flags(chunk, at);
            block.flags = (uint8_t)(block.flags | flags);
            block.bad = (uint8_t)(block.bad + ((flags & (WK_SCOPE_FAILED | WK_SCOPE_UNFINISHED)) != 0));
        }
    }
    block.site = vote.site;
    block.weight = vote.weight;
    chunk->blocks[number] = block;
}

static int end_detail(struct wk_index *index, uint32_t row, struct wk_chunk *chunk, const struct wick_record *r)
{
    struct wk_detail *detail = need_detail(index, chunk);
    if (!detail) {
        return WICK_E_NOMEM;
    }
    detail->end_ns = index->at_ns;
    if (r->u.cpu_ns >= 0) {
        detail->cpu_ns = r->u.cpu_ns;
    }
    if (r->kind == WICK_RECORD_ENDER) {
        detail->failed = !r->unfinished;
        detail->unfinished = r->unfinished;
        index->failed += !r->unfinished;
        index->unfinished += r->unfinished != 0;
    }
    if (r->text_bytes) {
        detail->message = chunk_text(index, row, chunk, r->text, r->text_bytes);
    }
    return 0;
}

int wk_row_end(struct wk_index *index, uint32_t row, const struct wick_record *record)
{
    struct wk_row *r = &wk_index_rows(index)[row];
    struct wk_chunk *chunk = &r->chunks[r->chunk_count - 1];
    uint32_t at = chunk->count - 1; /* the open scope is the last one */
    int64_t duration_ns = index->at_ns - chunk->start_ns[at];
    chunk->duration_ns[at] = duration_ns < WK_LONG ? (uint32_t)duration_ns : WK_LONG;
    r->busy_ns += duration_ns;
    r->last_ns = index->at_ns;
    r->open = 0;
    if (duration_ns > chunk->longest_ns) {
        chunk->longest_ns = duration_ns;
    }
    if (WICK_I_UNLIKELY(record->kind == WICK_RECORD_ENDER || record->text_bytes || record->u.cpu_ns >= 0 ||
                        duration_ns >= WK_LONG) &&
        end_detail(index, row, chunk, record) < 0) {
        return WICK_E_NOMEM;
    }
    if (WICK_I_UNLIKELY(chunk->count % WK_BLOCK_SCOPES == 0)) { /* the block's last scope: the others ended before */
        block_close(chunk, at / WK_BLOCK_SCOPES);
        return wk_row_sum(index, r, 0);
    }
    return 0;
}

struct wick_number wk_detail_value(const struct wk_detail *detail)
{
    const int64_t whole = detail->value.whole;
    if (detail->has_value <= WK_VALUE_REAL) {
        return (struct wick_number){detail->value.real, 0, WICK_NOT_WHOLE}; /* of a scope without any: 0 */
    }
    const double value = detail->has_value == WK_VALUE_WHOLE ? (double)whole : (double)(uint64_t)whole;
    return (struct wick_number){value, whole, detail->has_value - WK_VALUE_REAL};
}

__extension__ typedef __int128 wide; /* holds the sum of any two */

static wide wide_of(const struct wick_number *number)
{
    return number->is_whole == WICK_WHOLE_UNSIGNED ? (wide)(uint64_t)number->whole : number->whole;
}

int wk_row_value(struct wk_index *index, uint32_t row, const struct wick_number *value)
{
    struct wk_row *r = &wk_index_rows(index)[row];
    struct wk_chunk *chunk = &r->chunks[r->chunk_count - 1];
    struct wk_detail *detail = need_detail(index, chunk);
    if (!detail) {
        return WICK_E_NOMEM;
    }
    const struct wick_number before = wk_detail_value(detail);
    const wide sum = wide_of(&before) + wide_of(value);
    const int in_64_bits = sum == (int64_t)sum || sum >> 64 == 0;
    if (value->is_whole && detail->has_value != WK_VALUE_REAL && in_64_bits) {
        detail->value.whole = (int64_t)sum;
        detail->has_value = sum == (int64_t)sum ? WK_VALUE_WHOLE : WK_VALUE_UNSIGNED;
    } else {
        detail->value.real = before.value + value->value;
        detail->has_value = WK_VALUE_REAL;
    }
    return 0;
}

int wk_row_amount(struct wk_index *index, uint32_t row, uint32_t site, double amount)
{
    struct wk_row *r = &wk_index_rows(index)[row];
    struct wk_chunk *chunk = &r->chunks[r->chunk_count - 1];
    struct wk_detail *detail = need_detail(index, chunk);
    if (!detail || wk_array_reserve(&chunk->amounts, &index->allocator, chunk->amounts.count + 1, sizeof(struct wk_amount)) < 0) {
        return WICK_E_NOMEM;
    }
    struct wk_amount *amounts = chunk->amounts.items;
    uint32_t *at = &detail->amount;
    while (*at && amounts[*at - 1].site != site) {
        at = &amounts[*at - 1].next;
    }
    if (!*at) {
        amounts[chunk->amounts.count] = (struct wk_amount){.site = site};
        *at = ++chunk->amounts.count;
    }
    amounts[*at - 1].sum += amount - amount == 0 ? amount : 0; /* of the finite ones */
    return 0;
}

int wk_row_sum(struct wk_index *index, struct wk_row *row, int force)
{
    uint32_t ended = row->count - row->open;
    if (!row->pyramid && ended < PYRAMID_SCOPES && !force) {
        return 0;
    }
    while (row->summed < ended) { /* in order, each once: the pyramid only grows at its end */
        struct wk_place place = wk_row_place(row, row->summed);
        int rc = wk_pyramid_add(index, row, place.chunk, place.at);
        if (rc < 0) {
            return rc;
        }
        row->summed++;
    }
    return 0;
}
