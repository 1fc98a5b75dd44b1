/*
 * SPDX-License-Identifier: MIT
 * Recording memory: places, blocks that come again, and what another process checks before it believes a file.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <wick/error.h>

#include "base/pool.h"
#include "base/pool_view.h"

static const struct wk_anchor anchor = {.ticks = 11, .mono_ns = 22, .wall_ns = 33};

Test(pool, places_are_zeroed_aligned_and_apart)
{
    uint64_t last_end = 0;

    cr_assert(wk_pool_begin(&anchor, true));
    for (uint64_t i = 1; i < 3000; i++) {
        uint64_t alignment = (uint64_t)1 << i % 13;
        uint64_t place = wk_pool_alloc(i, alignment);
        const char *memory = wk_pool_at(place);

        cr_assert_eq((uintptr_t)memory % alignment, 0);
        cr_assert(place >> WK_POOL_BYTE_BITS != last_end >> WK_POOL_BYTE_BITS || place >= last_end);
        for (uint64_t byte = 0; byte < i; byte++) {
            cr_assert_eq(memory[byte], 0);
        }
        memset(wk_pool_at(place), 0xff, i);
        last_end = place + i;
    }
    cr_assert_gt(last_end >> WK_POOL_BYTE_BITS, 3, "several segments");
    cr_assert_null(wk_pool_at(0));
}

Test(pool, large_things_have_a_segment_of_their_own)
{
    cr_assert(wk_pool_begin(&anchor, true));
    uint64_t small = wk_pool_alloc(8, 8);
    uint64_t large = wk_pool_alloc(50 << 20, 64);
    uint64_t next = wk_pool_alloc(8, 8);

    cr_assert_neq(large >> WK_POOL_BYTE_BITS, small >> WK_POOL_BYTE_BITS);
    cr_assert_eq(next, small + 8, "small things go on where they were");
    *((char *)wk_pool_at(large) + (50 << 20) - 1) = 1;
}

Test(pool, pieces_are_cut_from_chunks)
{
    struct wk_pool_pieces pieces = {0};

    cr_assert(wk_pool_begin(&anchor, true));
    uint64_t first = wk_pool_piece_locked(&pieces, 13, 64);
    uint64_t second = wk_pool_piece_locked(&pieces, 13, 64);
    uint64_t third = wk_pool_piece_locked(&pieces, 60, 64);
    uint64_t larger = wk_pool_piece_locked(&pieces, 1000, 64);
    cr_assert_eq(second, first + 16);
    cr_assert_geq(third, first + 64);
    memset(wk_pool_at(larger), 1, 1000);
}

Test(pool, classes_fit)
{
    cr_assert_eq(wk_pool_class(1), 0);
    cr_assert_eq(wk_pool_class(4096), 0);
    cr_assert_eq(wk_pool_class(4097), 1);
    cr_assert_eq(wk_pool_class(16 << 20), WK_POOL_CLASSES - 1);
    cr_assert_eq(wk_pool_class((16 << 20) + 1), WK_POOL_CLASSES);
}

Test(pool, blocks_come_again)
{
    cr_assert(wk_pool_begin(&anchor, true));
    for (uint32_t class = 0; class < WK_POOL_CLASSES; class++) {
        uint64_t bytes = wk_pool_class_bytes(class);
        uint64_t one = wk_pool_take(class);
        uint64_t two = wk_pool_take(class);

        cr_assert(one && two && one != two);
        memset(wk_pool_at(one), 1, bytes);
        memset(wk_pool_at(two), 2, bytes);
        cr_assert_eq(((char *)wk_pool_at(one))[bytes - 1], 1);
        wk_pool_give(one, class);
        wk_pool_give(two, class);
        cr_assert_eq(wk_pool_take(class), two);
        cr_assert_eq(wk_pool_take(class), one);
    }
}

Test(pool, pages_of_many_free_blocks_go_back)
{
    enum { CLASS = 9, COUNT = 20 }; /* 2 MiB each */
    uint64_t blocks[COUNT];
    unsigned char resident[512];
    uint64_t pages = 0;

    cr_assert(wk_pool_begin(&anchor, true));
    for (int i = 0; i < COUNT; i++) {
        blocks[i] = wk_pool_take(CLASS);
        memset(wk_pool_at(blocks[i]), 1, wk_pool_class_bytes(CLASS));
    }
    for (int i = 0; i < COUNT; i++) {
        wk_pool_give(blocks[i], CLASS);
    }
    for (int i = 0; i < COUNT; i++) {
        cr_assert_eq(mincore((void *)((uintptr_t)wk_pool_at(blocks[i]) & ~(uintptr_t)4095), 2 << 20, resident), 0);
        for (int page = 0; page < 512; page++) {
            pages += resident[page] & 1;
        }
    }
    cr_assert_lt(pages, 3 * 512, "%lu pages are kept", (unsigned long)pages);
    for (int i = COUNT; i-- > 0;) { /* the list survives */
        cr_assert_eq(wk_pool_take(CLASS), blocks[i]);
    }
}

/* ---- as another process sees it ------------------------------------------------------------------ */

static struct wk_pool_view view;
static int file;

static void share(void)
{
    file = memfd_create("pool", 0);
    wk_pool_share(file);
    cr_assert(wk_pool_begin(&anchor, true));
}

static void change(uint64_t at, uint64_t value, size_t bytes)
{
    cr_assert_eq(pwrite(file, &value, bytes, (off_t)at), (ssize_t)bytes);
}

static void expect_refusal(int code, const char *text)
{
    cr_assert_eq(wk_pool_view_open(&view, file), code);
    cr_assert_str_eq(wick_error_detail(), text);
    cr_assert_eq(view.segment_count, 0);
    cr_assert_null(wk_pool_view_header(&view));
    cr_assert_null(wk_pool_view_at(&view, sizeof(struct wk_pool_header), 1));
}

Test(pool_view, finds_what_was_written)
{
    share();
    uint64_t small = wk_pool_alloc(100, 64);
    uint64_t large = wk_pool_take(WK_POOL_CLASSES - 1);
    memcpy(wk_pool_at(small), "small", 6);
    memcpy((char *)wk_pool_at(large) + (16 << 20) - 6, "large", 6);
    wk_pool_set_slope(0.25);
    wk_pool_set_root(small);

    cr_assert_eq(wk_pool_view_open(&view, file), 0, "%s", wick_error_detail());
    cr_assert_str_eq(wk_pool_view_at(&view, small, 100), "small");
    cr_assert_neq(wk_pool_view_at(&view, small, 100), wk_pool_at(small));
    cr_assert_str_eq((const char *)wk_pool_view_at(&view, large, 16 << 20) + (16 << 20) - 6, "large");
    const struct wk_pool_header *header = wk_pool_view_header(&view);
    cr_assert_eq(header->pid, (uint64_t)getpid());
    cr_assert_eq(header->root, small);
    cr_assert(header->clock.anchor_ticks == 11 && header->clock.anchor_mono_ns == 22 && header->clock.anchor_wall_ns == 33);
    cr_assert(header->clock.ns_per_tick > 0.2 && header->clock.is_counter == 1);
    wk_pool_view_close(&view);
}

Test(pool_view, follows_no_reference_out_of_its_segment)
{
    share();
    cr_assert_eq(wk_pool_view_open(&view, file), 0);
    uint64_t bytes = wk_pool_view_header(&view)->bytes;
    const uint64_t other = (uint64_t)1 << WK_POOL_BYTE_BITS;

    cr_assert_not_null(wk_pool_view_at(&view, bytes - 16, 16));
    cr_assert_null(wk_pool_view_at(&view, bytes - 16, 17));
    cr_assert_null(wk_pool_view_at(&view, bytes - 16, UINT64_MAX));
    cr_assert_null(wk_pool_view_at(&view, bytes + 1, 0));
    cr_assert_null(wk_pool_view_at(&view, WK_POOL_BYTE_MASK, 2));
    cr_assert_null(wk_pool_view_at(&view, 0, 1));
    cr_assert_null(wk_pool_view_at(&view, 8, 1), "the header is not to be referred to");
    cr_assert_null(wk_pool_view_at(&view, other | 128, 1), "there is no such segment");
    cr_assert_null(wk_pool_view_at(&view, UINT64_MAX, 1));
    wk_pool_view_close(&view);
}

Test(pool_view, refuses_another_file)
{
    share();
    change(0, 0x7f454c46, 8);
    expect_refusal(WICK_E_CORRUPT, "byte 0: not wick's recording memory");
}

Test(pool_view, refuses_an_empty_file)
{
    file = memfd_create("pool", 0);
    expect_refusal(WICK_E_CORRUPT, "byte 0: cut off");
}

Test(pool_view, refuses_another_version)
{
    share();
    change(8, 7, 4);
    expect_refusal(WICK_E_UNSUPPORTED, "byte 0: recording memory of version 7; this is version 1");
}

Test(pool_view, refuses_lengths_beyond_the_file)
{
    share();
    change(16, 2 << 20, 8);
    expect_refusal(WICK_E_CORRUPT, "byte 0: a segment of 2097152 bytes, 128 of them used, where 1048576 are left");
}

Test(pool_view, refuses_more_used_than_there_is)
{
    share();
    change(24, UINT64_MAX, 8);
    expect_refusal(WICK_E_CORRUPT,
                   "byte 0: a segment of 1048576 bytes, 18446744073709551615 of them used, where 1048576 are left");
}

Test(pool_view, refuses_a_file_that_is_cut_off)
{
    share();
    cr_assert_eq(ftruncate(file, 4096), 0);
    expect_refusal(WICK_E_CORRUPT, "byte 0: a segment of 1048576 bytes, 128 of them used, where 4096 are left");
}

Test(pool_view, refuses_segments_of_two_processes)
{
    share();
    cr_assert_neq(wk_pool_take(4), 0);
    change((1 << 20) + 32, 1, 8);
    cr_assert_eq(wk_pool_view_open(&view, file), WICK_E_CORRUPT);
    cr_assert_not_null(strstr(wick_error_detail(), "byte 1048576: a segment of process 1 among those of process "));
}

Test(pool_view, refuses_a_segment_twice)
{
    share();
    cr_assert_neq(wk_pool_take(4), 0);
    change((1 << 20) + 12, 0, 4);
    expect_refusal(WICK_E_CORRUPT, "byte 1048576: segment 0 is not the next one");
}

Test(pool_view, ends_before_a_segment_that_is_being_made)
{
    share();
    cr_assert_neq(wk_pool_take(4), 0);
    change(1 << 20, 0, 8);
    cr_assert_eq(wk_pool_view_open(&view, file), 0);
    cr_assert_eq(view.segment_count, 1);
    wk_pool_view_close(&view);
}
