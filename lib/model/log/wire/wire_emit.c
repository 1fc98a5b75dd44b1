/*
 * SPDX-License-Identifier: MIT
 * A writer's buffers, and frames that go out with their header and checksum.
 */
#include "wire_writer.h"

bool wk_wire_buffer_reserve(const struct wk_wire_writer *writer, struct wk_wire_buffer *buffer, size_t capacity)
{
    size_t wanted = buffer->capacity ? buffer->capacity : 1024;

    if (capacity <= buffer->capacity) {
        return true;
    }
    while (wanted < capacity) {
        wanted *= 2;
    }
    uint8_t *bytes = wk_mem_resize(writer->allocator, buffer->bytes, buffer->capacity, wanted);
    if (!bytes) {
        return false;
    }
    buffer->bytes = bytes;
    buffer->capacity = wanted;
    return true;
}

void wk_wire_buffer_free(const struct wk_wire_writer *writer, struct wk_wire_buffer *buffer)
{
    wk_mem_free(writer->allocator, buffer->bytes, buffer->capacity);
    *buffer = (struct wk_wire_buffer){0};
}

static void seal(uint8_t *frame, size_t bytes, const struct wk_wire_frame_info *info, bool vector)
{
    struct wk_wire_frame header = {.payload_bytes = (uint32_t)(bytes - WK_WIRE_FRAME_BYTES), .kind = info->kind,
                                   .version = WK_WIRE_VERSION, .sequence = info->sequence, .first_ns = info->first_ns,
                                   .last_ns = info->last_ns};

    wk_wire_frame_put(frame, &header);
    header.crc = wk_wire_crc(0, frame + 8, bytes - 8, vector);
    wk_wire_frame_put(frame, &header);
}

int wk_wire_emit(struct wk_wire_writer *writer, const struct wk_wire_out *out, struct wk_wire_buffer *frame,
                 struct wk_wire_frame_info info)
{
    seal(frame->bytes, frame->count, &info, writer->options.vector);
    return out->frame(out->user, frame->bytes, frame->count, &info);
}

void wk_wire_seal_definitions(uint8_t *frame, size_t bytes, bool vector)
{
    seal(frame, bytes, &(struct wk_wire_frame_info){.kind = WK_WIRE_DEFINITIONS}, vector);
}
