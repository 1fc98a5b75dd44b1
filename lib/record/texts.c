/*
 * SPDX-License-Identifier: MIT
 * Texts of instances: rendered or borrowed, with the gate of the ring open, before they are put. See put.h.
 * Long ones go to blocks of the pool, whose lock is taken with the gate closed: a handler that records meanwhile is refused,
 * and never waits for its own thread.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "put.h"

enum { JUMBO_BYTES_MAX = 5 * 1024 * 1024 };

static uint32_t block_class(uint64_t bytes)
{
    return wk_pool_class(bytes + 1); /* printf ends it with a 0 */
}

void wk_thread_free_text(uint64_t reference, uint64_t bytes)
{
    wk_pool_give(reference, block_class(bytes));
}

/* Room for a text of so many bytes and its 0. NULL: no memory, or its event is refused. */
static char *take_block(struct wk_rendered *text, uint32_t bytes)
{
    struct wick_i_thread *thread = wk_put_enter();

    if (!thread) {
        text->refused = true;
        return NULL;
    }
    text->block = wk_pool_take(block_class(bytes));
    wk_put_leave(thread);
    return wk_pool_at(text->block);
}

/* No memory: as much of `start` as there is, and fits the ring. */
static void cut_text(struct wk_rendered *text, const char *start, size_t bytes)
{
    text->bytes = (uint32_t)wk_text_cut(start, bytes, bytes - 1 < WK_EVENT_TEXT_MAX ? bytes - 1 : WK_EVENT_TEXT_MAX);
    text->cut = true;
}

/* Rendered before the gate closes: printf may come to the host's malloc, which may record. */
__attribute__((format(printf, 2, 0)))
struct wk_rendered wk_rendered_render(char *stack, const char *format, va_list args)
{
    struct wk_rendered text = {.start = stack};
    va_list again;

    va_copy(again, args);
    int bytes = vsnprintf(stack, WK_TEXT_STACK_BYTES, format, args);
    if (bytes >= WK_TEXT_STACK_BYTES) {
        int most = bytes < JUMBO_BYTES_MAX ? bytes : JUMBO_BYTES_MAX;
        char *block = take_block(&text, (uint32_t)most);

        if (block) {
            int rendered = vsnprintf(block, (size_t)most + 1, format, again); /* another thread may have changed an argument */
            text.start = block;
            text.bytes = (uint32_t)(rendered < 0 ? 0 : rendered < most ? rendered : most);
            text.cut = bytes > JUMBO_BYTES_MAX;
        } else {
            cut_text(&text, stack, WK_TEXT_STACK_BYTES - 1);
        }
    } else if (bytes > 0) {
        text.bytes = (uint32_t)bytes;
    }
    va_end(again);
    return text;
}

struct wk_rendered wk_rendered_borrow(const char *start)
{
    struct wk_rendered text = {.start = start ? start : ""};
    size_t bytes = strlen(text.start);

    if (bytes <= WK_EVENT_TEXT_MAX) {
        text.bytes = (uint32_t)bytes;
        return text;
    }
    size_t most = bytes < JUMBO_BYTES_MAX ? bytes : JUMBO_BYTES_MAX;
    char *block = take_block(&text, (uint32_t)most);
    if (block) {
        memcpy(block, start, most);
        text.start = block;
        text.bytes = (uint32_t)most;
        text.cut = most < bytes;
    } else {
        cut_text(&text, start, bytes);
    }
    return text;
}

void wk_rendered_done(struct wk_rendered *text)
{
    struct wick_i_thread *thread = wick_i_tls_v1;

    if (thread && text->block) { /* taken in this thread, so the gate is open */
        thread->gate = WK_GATE_INSIDE;
        __atomic_signal_fence(__ATOMIC_SEQ_CST); /* as in wk_put_enter */
        wk_thread_free_text(text->block, text->bytes);
        wk_put_leave(thread);
    }
    if (thread && text->cut) {
        struct wk_owner *owner = wk_thread_owner(thread);

        __atomic_store_n(&owner->text_cut, owner->text_cut + 1, __ATOMIC_RELAXED); /* a count */
    }
}
