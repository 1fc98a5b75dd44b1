/*
 * SPDX-License-Identifier: MIT
 * Texts of instances: rendered or borrowed, with the gate of the ring open, before they are put. See put.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "put.h"

enum { JUMBO_BYTES_MAX = 5 * 1024 * 1024 };
_Static_assert(WK_TEXT_STACK_BYTES > WK_EVENT_TEXT_MAX, "what fits a ring fits the stack");

/* Rendered before the gate closes: printf may come to the host's malloc, which may record. */
__attribute__((format(printf, 2, 0)))
struct wk_rendered wk_rendered_render(char *stack, const char *format, va_list args)
{
    struct wk_rendered text = {.start = stack};
    va_list again;

    va_copy(again, args);
    int bytes = vsnprintf(stack, WK_TEXT_STACK_BYTES, format, args);
    if (bytes > (int)WK_EVENT_TEXT_MAX) {
        size_t size = (size_t)(bytes < JUMBO_BYTES_MAX ? bytes : JUMBO_BYTES_MAX) + 1;

        text.memory = malloc(size);
        if (text.memory) {
            vsnprintf(text.memory, size, format, again);
            text.start = text.memory;
            text.bytes = (uint32_t)size - 1;
            text.cut = bytes > JUMBO_BYTES_MAX;
        } else {
            text.bytes = (uint32_t)wk_text_cut(stack, WK_TEXT_STACK_BYTES - 1, WK_EVENT_TEXT_MAX);
            text.cut = true;
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

    if (bytes > WK_EVENT_TEXT_MAX) {
        size_t size = bytes < JUMBO_BYTES_MAX ? bytes : JUMBO_BYTES_MAX;

        text.cut = size < bytes;
        text.memory = malloc(size + 1);
        if (text.memory) {
            memcpy(text.memory, start, size);
            text.memory[size] = 0;
            text.start = text.memory;
            bytes = size;
        } else {
            bytes = wk_text_cut(start, bytes, WK_EVENT_TEXT_MAX);
            text.cut = true;
        }
    }
    text.bytes = (uint32_t)bytes;
    return text;
}

/* What nobody took is freed; what was cut is counted. */
void wk_rendered_done(struct wk_rendered *text)
{
    struct wick_i_thread *thread = wick_i_tls_v1;

    free(text->memory);
    if (text->cut && thread) {
        struct wk_owner *owner = wk_thread_owner(thread);

        __atomic_store_n(&owner->text_cut, owner->text_cut + 1, __ATOMIC_RELAXED); /* a count */
    }
}
