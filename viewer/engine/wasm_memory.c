/*
 * SPDX-License-Identifier: MIT
 * The allocator and the four mem functions of lib/model in WebAssembly.
 * Must not keep sizes of blocks: whoever frees a block knows them. Invariant: a block's size is that of its
 * class, four classes to a doubling, so that at most a fifth of a block is wasted.
 */
#include "wasm_memory.h"

#include <string.h>

/* Instructions, not calls of themselves; a loop is faster where there is little to do. */
__attribute__((no_builtin)) void *memcpy(void *to, const void *from, size_t count)
{
    if (count > 64) {
        return __builtin_memmove(to, from, count);
    }
    for (size_t i = 0; i < count; i++) {
        ((char *)to)[i] = ((const char *)from)[i];
    }
    return to;
}

__attribute__((no_builtin)) void *memmove(void *to, const void *from, size_t count)
{
    return __builtin_memmove(to, from, count);
}

__attribute__((no_builtin)) void *memset(void *to, int value, size_t count)
{
    return __builtin_memset(to, value, count);
}

__attribute__((no_builtin)) int memcmp(const void *x, const void *y, size_t count)
{
    const unsigned char *p = x, *q = y;
    for (; count >= 8; count -= 8, p += 8, q += 8) {
        uint64_t a, b;
        memcpy(&a, p, 8);
        memcpy(&b, q, 8);
        if (a != b) {
            break;
        }
    }
    for (; count; count--, p++, q++) {
        if (*p != *q) {
            return *p - *q;
        }
    }
    return 0;
}

#define UNIT 16u /* the smallest block; all are aligned to it */
#define CLASSES 112u
#define PAGE 65536u

struct free_block {
    struct free_block *next;
};

extern unsigned char __heap_base;
static struct free_block *free_blocks[CLASSES];
static uintptr_t next_byte, end_byte;

/* 16, 32, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, ... */
static size_t class_bytes(uint32_t number)
{
    return number < 4 ? UNIT * (number + 1) : (size_t)(UNIT * (5 + (number & 3))) << (number / 4 - 1);
}

static uint32_t class_of(size_t bytes)
{
    size_t units = (bytes + UNIT - 1) / UNIT;
    if (units <= 4) {
        return units ? (uint32_t)units - 1 : 0;
    }
    uint32_t top = 31u - (uint32_t)__builtin_clz((uint32_t)units - 1); /* 4 units of step: 2^(top - 2) */
    return 4 * (top - 1) + (uint32_t)((units - 1) >> (top - 2)) - 4;
}

static void put_back(void *block, uint32_t number)
{
    ((struct free_block *)block)->next = free_blocks[number];
    free_blocks[number] = block;
}

/* Bytes that nobody needs, as the largest blocks that fit. */
static void put_rest(uintptr_t at, size_t bytes)
{
    while (bytes >= UNIT) {
        uint32_t number = class_of(bytes);
        number -= class_bytes(number) > bytes;
        put_back((void *)at, number);
        at += class_bytes(number);
        bytes -= class_bytes(number);
    }
}

static void *take_new(size_t bytes)
{
    if (!next_byte) {
        next_byte = ((uintptr_t)&__heap_base + UNIT - 1) & ~(uintptr_t)(UNIT - 1);
        end_byte = (uintptr_t)__builtin_wasm_memory_size(0) * PAGE;
    }
    if (bytes > end_byte - next_byte) {
        size_t pages = (bytes - (end_byte - next_byte) + PAGE - 1) / PAGE;
        if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1) {
            return NULL;
        }
        end_byte += pages * PAGE;
    }
    void *taken = (void *)next_byte;
    next_byte += bytes;
    return taken;
}

static void *take(size_t asked_bytes)
{
    uint32_t number = class_of(asked_bytes);
    size_t bytes = class_bytes(number);
    for (uint32_t larger = number; larger < CLASSES; larger++) {
        struct free_block *block = free_blocks[larger];
        if (block) {
            free_blocks[larger] = block->next;
            put_rest((uintptr_t)block + bytes, class_bytes(larger) - bytes);
            return block;
        }
    }
    return take_new(bytes);
}

static void *resize(void *user, void *block, size_t old_bytes, size_t new_bytes)
{
    (void)user;
    if (block && new_bytes && class_of(old_bytes) == class_of(new_bytes)) {
        return block;
    }
    void *taken = NULL;
    if (new_bytes) {
        taken = new_bytes < (size_t)1 << 31 ? take(new_bytes) : NULL;
        if (!taken) {
            return NULL;
        }
    }
    if (block) {
        if (taken) {
            memcpy(taken, block, old_bytes < new_bytes ? old_bytes : new_bytes);
        }
        put_back(block, class_of(old_bytes));
    }
    return taken;
}

const struct wick_allocator wasm_allocator = {resize, NULL};
