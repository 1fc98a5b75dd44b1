/*
 * SPDX-License-Identifier: MIT
 * The fast path over lines, included once per instruction set; the includer defines LINES_FUNCTION,
 * LINES_TARGET and lines_masks(at, &spaces, &newlines): bit i of a mask is byte i of 32.
 * Must not decide anything about an unusual line: it stops there, and ctxt_line.c reads it. Invariant:
 * never reads behind `end`.
 */

#define LINES_STAMP 20u /* 1700000000.000000001 */

static inline uint64_t lines_load(const char *at)
{
    uint64_t word;
    memcpy(&word, at, 8);
    return word;
}

/* Eight digits at once; 0 when they are not digits. */
static inline int lines_digits(uint64_t word, uint32_t *value)
{
    uint64_t digits = word - 0x3030303030303030u;
    if ((digits | (digits + 0x7676767676767676u)) & 0x8080808080808080u) {
        return 0;
    }
    digits = digits * 10 + (digits >> 8);
    *value = (uint32_t)(((digits & 0x000000ff000000ffu) * 0x000f424000000064u +
                         ((digits >> 16) & 0x000000ff000000ffu) * 0x0000271000000001u) >> 32);
    return 1;
}

static inline int lines_seconds(struct wick_reader *reader, const char *at)
{
    uint64_t pid;
    if (at[10] != '.' || !wk_number_unsigned(at, 10, 9223372035u, &pid)) {
        return 0;
    }
    memcpy(reader->seconds, at, 11);
    reader->seconds_ns = (int64_t)pid * 1000000000;
    return 1;
}

/* Remember the prefix of `track`, when it fits. */
static inline void lines_remember(struct wick_reader *reader, uint32_t track)
{
    const struct wk_reader_track *t = &wk_reader_tracks(reader)[track];
    reader->prefix_bytes = 0;
    if (t->prefix_bytes <= WK_READER_PREFIX) {
        reader->last_track = track;
        reader->prefix_bytes = t->prefix_bytes;
        memset(reader->prefix, 0, sizeof reader->prefix);
        memcpy(reader->prefix, t->prefix, t->prefix_bytes);
        uint32_t tail = t->prefix_bytes & 7;
        reader->prefix_tail_mask = tail ? ~(uint64_t)0 >> (64 - 8 * tail) : 0;
    }
}

static inline int lines_prefix_matches(const struct wick_reader *reader, const char *at)
{
    uint32_t words = reader->prefix_bytes / 8;
    uint64_t difference = 0;
    for (uint32_t i = 0; i < words; i++) {
        difference |= lines_load(at + 8 * i) ^ reader->prefix[i];
    }
    difference |= (lines_load(at + 8 * words) ^ reader->prefix[words]) & reader->prefix_tail_mask;
    return difference == 0;
}

/* The line belongs to another track than the one before: find it among those that are known. */
static inline int lines_switch_track(struct wick_reader *reader, const char *at)
{
    uint32_t bytes = 1, spaces = 0;
    for (; bytes < WK_READER_PREFIX && spaces < 3; bytes++) {
        if (at[bytes] == ' ') {
            spaces++;
        } else if (at[bytes] == '\n') {
            return 0;
        }
    }
    uint32_t track = spaces == 3 ? wk_reader_find_track(reader, WICK_NONE, at, bytes) : WICK_NONE;
    if (track == WICK_NONE) {
        return 0;
    }
    lines_remember(reader, track);
    return reader->prefix_bytes > 0;
}

/* Not memcmp: where that is a call (WebAssembly), lines take twice the time. */
static inline int lines_same(const char *x, const char *y, uint32_t from, uint32_t to)
{
    uint64_t difference = 0;
    for (; from < to; from += 8) {
        difference |= lines_load(x + from) ^ lines_load(y + from);
    }
    return difference == 0;
}

static inline uint32_t lines_location(struct wick_reader *reader, const char *name, uint32_t bytes)
{
    /* At least 32 bytes are readable here. */
    uint64_t head = lines_load(name), tail = bytes >= 8 ? lines_load(name + bytes - 8) : 0;
    if (bytes < 8) {
        head &= ~(uint64_t)0 >> (64 - 8 * bytes);
    }
    uint32_t process = wk_reader_tracks(reader)[reader->last_track].process;
    uint64_t tag = (head ^ (tail * 0x9E3779B97F4A7C15u) ^ ((uint64_t)bytes << 56)) + process;
    struct wk_cached_location *cached =
        &reader->cache[(tag * 0xC2B2AE3D27D4EB4Fu) >> 54 & (WK_READER_CACHE - 1)];
    if (WICK_I_LIKELY(cached->head == head && cached->tail == tail && cached->bytes == bytes &&
                      cached->process == process) &&
        (bytes <= 16 ||
         lines_same(wk_reader_locations(reader)[cached->location].name, name, 8, bytes - 8))) {
        return cached->location;
    }
    uint32_t found = wk_reader_use_location(reader, process, name, bytes);
    if (found != WICK_NONE) {
        *cached = (struct wk_cached_location){head, tail, bytes, found, process};
    }
    return found;
}

#define LINES_WORD(a, b, c, d, e)                                                                 \
    ((uint64_t)(a) | (uint64_t)(b) << 8 | (uint64_t)(c) << 16 | (uint64_t)(d) << 24 |             \
     (uint64_t)(e) << 32 | (uint64_t)' ' << 40)

/* The three words of a scope; 0: any other one. */
static inline int lines_word(const char *word, uint32_t *kind)
{
    uint64_t letters = lines_load(word) & 0xffffffffffffu;
    if (letters == LINES_WORD('S', 'T', 'A', 'R', 'T')) {
        *kind = WICK_RECORD_START;
    } else if (letters == LINES_WORD('E', 'N', 'D', 'O', 'K')) {
        *kind = WICK_RECORD_ENDOK;
    } else if (letters == LINES_WORD('E', 'N', 'D', 'E', 'R')) {
        *kind = WICK_RECORD_ENDER;
    } else {
        return 0;
    }
    return 1;
}

/* The first newline at or behind `block`, whose mask is known; NULL: too near to the end to look, or too far. */
LINES_TARGET
static inline const char *lines_newline(const char *block, uint32_t newlines, const char *end)
{
    for (const char *from = block; !newlines;) {
        uint32_t ignored;
        block += 32;
        if (end - block < 32 || block - from > (ptrdiff_t)WK_READER_LINE_MAX / 2) {
            return NULL;
        }
        lines_masks(block, &ignored, &newlines);
    }
    return block + __builtin_ctz(newlines);
}

/* A line with another word: its time and track are known, the rest goes by the book. NULL: unusual. */
LINES_TARGET
static inline const char *lines_other(struct wick_reader *reader, const char *word, const char *end, int64_t time_ns)
{
    uint32_t spaces, newlines;
    lines_masks(word, &spaces, &newlines);
    uint32_t word_bytes = spaces ? (uint32_t)__builtin_ctz(spaces) : 32;
    spaces &= spaces - 1;
    if (!spaces || (newlines && __builtin_ctz(newlines) < __builtin_ctz(spaces))) {
        return NULL;
    }
    uint32_t text_at = (uint32_t)__builtin_ctz(spaces) + 1;
    const char *newline = lines_newline(word, newlines, end);
    if (!newline) {
        return NULL;
    }
    struct wk_line line = {.time_ns = time_ns, .track = reader->last_track, .word = word, .word_bytes = word_bytes,
                           .location = word + word_bytes + 1, .location_bytes = text_at - word_bytes - 2,
                           .text = word + text_at, .text_bytes = (uint32_t)(newline - word - text_at)};
    reader->stats.lines++;
    wk_ctxt_word(reader, &line);
    return newline + 1;
}

LINES_TARGET
const char *LINES_FUNCTION(struct wick_reader *reader, const char *at, const char *end)
{
    while (end - at >= (ptrdiff_t)(LINES_STAMP + WK_READER_PREFIX + 8 + 32) && !reader->error) {
        uint32_t decimals, word_kind;
        if ((lines_load(at) ^ lines_load(reader->seconds)) |
            (lines_load(at + 3) ^ lines_load(reader->seconds + 3))) {
            if (!lines_seconds(reader, at)) {
                return at;
            }
        }
        uint32_t last = (uint32_t)(unsigned char)at[19] - '0';
        if (!lines_digits(lines_load(at + 11), &decimals) || last > 9 || at[20] != ' ') {
            return at;
        }
        if (!lines_prefix_matches(reader, at + LINES_STAMP) || !reader->prefix_bytes) {
            if (!lines_switch_track(reader, at + LINES_STAMP)) {
                return at;
            }
        }
        const char *word = at + LINES_STAMP + reader->prefix_bytes;
        if (!lines_word(word, &word_kind)) {
            const char *next = lines_other(reader, word, end, reader->seconds_ns + (int64_t)decimals * 10 + last);
            if (!next) {
                return at;
            }
            at = next;
            continue;
        }
        const char *location = word + 6;
        uint32_t spaces, newlines;
        lines_masks(location, &spaces, &newlines);
        if (!spaces || (newlines && __builtin_ctz(newlines) < __builtin_ctz(spaces))) {
            return at;
        }
        uint32_t location_bytes = (uint32_t)__builtin_ctz(spaces);
        const char *text = location + location_bytes + 1;
        const char *newline = lines_newline(location, newlines, end);
        if (!newline) {
            return at;
        }
        struct wick_record *r = wk_reader_next_record(reader);
        r->time_ns = reader->seconds_ns + (int64_t)decimals * 10 + last;
        r->first_ns = 0;
        r->text = text;
        r->text_bytes = (uint32_t)(newline - text);
        r->track = reader->last_track;
        r->depth = 0;
        r->parent_track = 0;
        r->kind = (uint8_t)word_kind;
        r->unfinished = 0;
        if (word_kind == WICK_RECORD_START) {
            r->u.cpu_ns = -1;
            uint32_t found = location_bytes ? lines_location(reader, location, location_bytes) : WICK_NONE;
            if (WICK_I_UNLIKELY(found == WICK_NONE)) {
                reader->batch_count--;
                return at;
            }
            r->site = wk_reader_scope_site(reader, found, text, &r->text_bytes);
        } else {
            struct wk_reader_track *track = &wk_reader_tracks(reader)[reader->last_track];
            r->site = WICK_NONE;
            r->u.cpu_ns = track->cpu_ns;
            track->cpu_ns = -1;
            if (word_kind == WICK_RECORD_ENDER) {
                r->unfinished = track->unfinished;
            }
            track->unfinished = WICK_FINISHED;
        }
        reader->stats.lines++;
        at = newline + 1;
    }
    return at;
}
