/*
 * SPDX-License-Identifier: MIT
 * One scope with its texts, its parent, siblings and children: what the exports of the selection and the search give, too.
 * Must not compute: lib/model does.
 */
#include "engine_state.h"

static double duration_of(const struct wk_place *place)
{
    return (double)(wk_chunk_end(engine.index, place->chunk, place->at) - place->chunk->start_ns[place->at]);
}

static void fill_texts(const struct wk_place *place, struct engine_scope *scope)
{
    struct wk_detail detail = wk_chunk_detail(place->chunk, place->at);
    uint32_t bytes;
    const char *text = wk_chunk_text(place->chunk, detail.text, &bytes);
    scope->text = engine_text_of(text, bytes);
    text = wk_chunk_text(place->chunk, detail.message, &bytes);
    scope->message = engine_text_of(text, bytes);
    scope->cpu_ns = (double)detail.cpu_ns;
    const struct wick_number value = wk_detail_value(&detail);
    scope->has_value = detail.has_value;
    scope->value = value.value;
    scope->value_low = (uint32_t)value.whole;
    scope->value_high = (uint32_t)((uint64_t)value.whole >> 32);
    scope->value_is_whole = value.is_whole;
    scope->unfinished = detail.unfinished;
}

static void fill_family(const struct wk_place *place, struct engine_scope *scope)
{
    const struct wk_index *index = engine.index;
    const struct wk_row *row = &wk_index_rows(index)[scope->row];
    uint32_t first = row->base, past = row->count, child, past_child;
    uint32_t above = wk_index_above(index, scope->row);
    scope->parent_index = above == WICK_NONE ? ENGINE_NONE : place->chunk->parent[place->at];
    scope->parent_row = scope->parent_index == ENGINE_NONE ? ENGINE_NONE : above;
    if (scope->parent_row != ENGINE_NONE) {
        struct wk_place parent = wk_row_place(&wk_index_rows(index)[above], scope->parent_index);
        scope->parent_ns = parent.chunk ? duration_of(&parent) : 0;
        wk_row_children(index, above, scope->parent_index, &first, &past);
    }
    scope->previous_index = scope->index > first ? scope->index - 1 : ENGINE_NONE;
    scope->next_index = scope->index + 1 < past ? scope->index + 1 : ENGINE_NONE;
    scope->sibling_number = scope->index - first + 1;
    scope->sibling_count = past - first;
    wk_row_children(index, scope->row, scope->index, &child, &past_child);
    scope->children = past_child - child;
    scope->first_child_row = scope->children ? wk_index_below(index, scope->row) : ENGINE_NONE;
    scope->first_child_index = scope->children ? child : ENGINE_NONE;
}

int engine_fill_scope(uint32_t row, uint32_t scope_index, struct engine_scope *scope)
{
    const struct wk_index *index = engine.index;
    *scope = (struct engine_scope){.row = row, .index = scope_index};
    if (row >= index->rows.count || scope_index >= wk_index_rows(index)[row].count) {
        return 0;
    }
    const struct wk_row *r = &wk_index_rows(index)[row];
    struct wk_place place = wk_row_place(r, scope_index);
    scope->track = r->track;
    scope->depth = r->depth;
    if (!place.chunk) {
        scope->discarded = 1;
        return 1;
    }
    scope->site = place.chunk->site[place.at];
    scope->flags = wk_chunk_flags(place.chunk, place.at);
    scope->start_ns = (double)place.chunk->start_ns[place.at];
    scope->duration_ns = duration_of(&place);
    scope->end_ns = scope->start_ns + scope->duration_ns;
    scope->self_ns = (double)wk_row_self(index, row, scope_index);
    fill_texts(&place, scope);
    fill_family(&place, scope);
    return 1;
}

int ENGINE_EXPORT(engine_scope)(uint32_t row, uint32_t index)
{
    struct engine_scope *scope = engine_take_result(1, sizeof *scope);
    return scope ? engine_fill_scope(row, index, scope) : WICK_E_NOMEM;
}

int ENGINE_EXPORT(engine_scope_at)(uint32_t track, double at_ns)
{
    struct engine_scope *scope = engine_take_result(1, sizeof *scope);
    const struct wk_index *index = engine.index;
    uint32_t depth = track < index->tracks.count ? wk_index_tracks(index)[track].rows.count : 0;
    if (!scope) {
        return WICK_E_NOMEM;
    }
    while (depth--) {
        uint32_t number = ((const uint32_t *)wk_index_tracks(index)[track].rows.items)[depth];
        const struct wk_row *row = &wk_index_rows(index)[number];
        uint32_t found = wk_row_first_ending(row, wk_time_floor(at_ns));
        struct wk_place place = wk_row_place(row, found);
        if (place.chunk && (double)place.chunk->start_ns[place.at] <= at_ns) {
            return engine_fill_scope(number, found, scope);
        }
    }
    return 0;
}
