/*
 * SPDX-License-Identifier: MIT
 * Trackers as metrics. See tracker_rows.h.
 */
#include "tracker_rows.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/heap.h"
#include "board/program_board.h"
#include "sink/fleet/fleet.h"

enum { ENTRIES_AT_ONCE = 256, ROWS_AT_ONCE = 1024, STATUS_BYTES = 280 };

struct wk_tracker_row {
    uint32_t labels, label_bytes;       /* in `texts`: run and key */
    uint32_t status, status_bytes;      /* likewise: the word */
    uint32_t done, all;
    double progress;                    /* NAN: unset */
    int64_t estimate_ns, remaining_ns;
};

void wk_tracker_rows_init(struct wk_tracker_rows *all, struct wk_fleet *fleet)
{
    *all = (struct wk_tracker_rows){.fleet = fleet};
    if (!fleet) {
        return;
    }
    pthread_mutex_lock(&fleet->lock);
    for (uint32_t i = 0; i < fleet->count && !all->failed; i++) {
        const char *id = fleet->runs[i]->about.id;

        all->failed = wk_array_reserve(&all->runs, &wk_heap_allocator, i + 1, sizeof(uint32_t)) < 0;
        if (!all->failed) {
            ((uint32_t *)all->runs.items)[all->runs.count++] = all->texts.count;
            all->failed = wk_array_append(&all->texts, &wk_heap_allocator, id, strlen(id) + 1) < 0;
        }
    }
    pthread_mutex_unlock(&fleet->lock);
}

void wk_tracker_rows_fini(struct wk_tracker_rows *all)
{
    wk_array_free(&all->rows, &wk_heap_allocator, sizeof(struct wk_tracker_row));
    wk_array_free(&all->texts, &wk_heap_allocator, 1);
    wk_array_free(&all->runs, &wk_heap_allocator, sizeof(uint32_t));
}

/* ---- reading --------------------------------------------------------------------------------- */

static const char *run_of(const struct wk_tracker_rows *all)
{
    return all->owner ? (const char *)all->texts.items + ((uint32_t *)all->runs.items)[all->owner - 1] : "";
}

static void add_labels(struct wk_tracker_rows *all, struct wk_tracker_row *row, const struct wick_tracker_info *info)
{
    struct wk_exposition label = {.text = {0}};

    if (all->owner) {
        wk_sample_label(&label, "run", run_of(all), strlen(run_of(all)));
    }
    wk_sample_label(&label, "key", info->key, info->key_bytes);
    row->labels = all->texts.count;
    row->label_bytes = label.text.count;
    all->failed = all->failed || label.failed || wk_array_append(&all->texts, &wk_heap_allocator, label.text.items, label.text.count) < 0;
    wk_exposition_fini(&label);
}

static void add_row(struct wk_tracker_rows *all, struct wick_board *board, uint32_t tracker, const struct wick_tracker_info *info)
{
    struct wk_tracker_row row = {.done = info->done, .all = info->all, .progress = info->progress,
                                 .estimate_ns = info->estimate_ns, .remaining_ns = info->remaining_ns};
    char word[STATUS_BYTES] = "";

    snprintf(word, sizeof word, "%s", wick_tracker_status_word(info->status));
    if (info->status == WICK_TRACKER_OTHER) {
        (void)wick_board_text(board, tracker, "status", word, sizeof word);
    }
    add_labels(all, &row, info);
    row.status = all->texts.count;
    row.status_bytes = (uint32_t)strlen(word);
    all->failed = all->failed || wk_array_append(&all->texts, &wk_heap_allocator, word, row.status_bytes) < 0 ||
                  wk_array_reserve(&all->rows, &wk_heap_allocator, all->rows.count + 1, sizeof row) < 0;
    if (!all->failed) {
        ((struct wk_tracker_row *)all->rows.items)[all->rows.count++] = row;
    }
}

/* False: the board has no more. */
static bool read_board(struct wk_tracker_rows *all, struct wick_board *board)
{
    const uint32_t count = board ? wick_board_entries(board) : 0;
    const int64_t now_ns = wk_clock_wall_ns();
    struct wick_tracker_info info;

    for (uint32_t i = 0; i < ENTRIES_AT_ONCE && all->entry < count && !all->failed; i++, all->entry++) {
        if (!wick_board_read(board, all->entry, now_ns, &info)) {
            continue;
        }
        if (all->rows.count == WK_TRACKERS_MOST) {
            all->left_out++;
        } else {
            add_row(all, board, all->entry, &info);
        }
    }
    return all->entry < count;
}

static bool read_own(struct wk_tracker_rows *all)
{
    struct wk_visit visit;

    if (wk_board_enter_quietly(&visit) < 0) {
        return false;
    }
    bool more = read_board(all, wk_program_board.board);
    wk_board_leave(&visit);
    return more;
}

/* A run that has gone meanwhile has no more. */
static bool read_run(struct wk_tracker_rows *all)
{
    pthread_mutex_lock(&all->fleet->lock);
    const struct wk_fleet_run *run = wk_fleet_find_locked(all->fleet, run_of(all), strlen(run_of(all)));
    bool more = run && read_board(all, run->board);
    pthread_mutex_unlock(&all->fleet->lock);
    return more;
}

bool wk_tracker_rows_read(struct wk_tracker_rows *all)
{
    bool more = all->owner ? read_run(all) : read_own(all);

    if (!more) {
        all->owner++;
        all->entry = 0;
    }
    return !all->failed && all->owner <= all->runs.count;
}

/* ---- writing --------------------------------------------------------------------------------- */

static const char *text_at(const struct wk_tracker_rows *all, uint32_t place)
{
    return (const char *)all->texts.items + place;
}

static void begin(const struct wk_tracker_rows *all, const struct wk_tracker_row *row, struct wk_exposition *to)
{
    wk_sample_begin(to, "");
    wk_sample_labels(to, text_at(all, row->labels), row->label_bytes);
}

static void put_state(const struct wk_tracker_rows *all, const struct wk_tracker_row *row, struct wk_exposition *to)
{
    begin(all, row, to);
    wk_sample_label(to, "state", text_at(all, row->status), row->status_bytes);
    wk_sample_unsigned(to, 1);
    wk_sample_end(to);
}

static void put_done(const struct wk_tracker_rows *all, const struct wk_tracker_row *row, struct wk_exposition *to)
{
    begin(all, row, to);
    wk_sample_unsigned(to, row->done);
    wk_sample_end(to);
}

static void put_all(const struct wk_tracker_rows *all, const struct wk_tracker_row *row, struct wk_exposition *to)
{
    begin(all, row, to);
    wk_sample_unsigned(to, row->all);
    wk_sample_end(to);
}

static void put_progress(const struct wk_tracker_rows *all, const struct wk_tracker_row *row, struct wk_exposition *to)
{
    if (row->progress == row->progress) {
        begin(all, row, to);
        wk_sample_double(to, row->progress);
        wk_sample_end(to);
    }
}

static void put_remaining(const struct wk_tracker_rows *all, const struct wk_tracker_row *row, struct wk_exposition *to)
{
    if (row->estimate_ns) {
        begin(all, row, to);
        wk_sample_seconds(to, row->remaining_ns);
        wk_sample_end(to);
    }
}

static const struct {
    struct wk_family family;
    void (*put)(const struct wk_tracker_rows *all, const struct wk_tracker_row *row, struct wk_exposition *to);
} families[] = {
    {{"wick_tracker_state", "gauge", "", "1 for the present state of a tracker."}, put_state},
    {{"wick_tracker_done", "gauge", "", "Trackers below a tracker that are done."}, put_done},
    {{"wick_tracker_below", "gauge", "", "All trackers below a tracker."}, put_all},
    {{"wick_tracker_weighted_ratio", "gauge", "ratio", "Weighted progress of a tracker, 0 to 1."}, put_progress},
    {{"wick_tracker_remaining_seconds", "gauge", "seconds", "Estimate of a tracker without the time that has passed."}, put_remaining},
};

bool wk_tracker_rows_write(struct wk_tracker_rows *all, struct wk_exposition *to)
{
    if (!all->rows.count) {
        return false;
    }
    if (!all->written) {
        wk_exposition_family(to, &families[all->family].family);
    }
    for (uint32_t i = 0; i < ROWS_AT_ONCE && all->written < all->rows.count; i++) {
        families[all->family].put(all, (const struct wk_tracker_row *)all->rows.items + all->written++, to);
    }
    if (all->written == all->rows.count) {
        all->written = 0;
        all->family++;
    }
    return all->family < sizeof families / sizeof families[0];
}
