/*
 * SPDX-License-Identifier: MIT
 * A page that the kernel empties in a child. See fork_watch.h.
 */
#include "fork_watch.h"

#include <sys/mman.h>

#include "base/pages.h"
#include "recorder.h"

enum { PAGE_BYTES = 4096 };

/* A page that the kernel empties in every child with memory of its own; its first word is 1 elsewhere. */
static uint32_t *watched;

void wk_fork_watch(void)
{
    uint32_t *page = watched ? NULL : wk_pages_alloc(PAGE_BYTES);

    if (page && madvise(page, PAGE_BYTES, MADV_WIPEONFORK) == 0) {
        *page = 1;
        /* Pairs with the acquire in wk_fork_unseen: who sees the page late looks later, but never sees it empty. */
        __atomic_store_n(&watched, page, __ATOMIC_RELEASE);
    } else if (page) {
        wk_pages_free(page, PAGE_BYTES); /* a kernel before 4.14 */
    }
}

bool wk_fork_unseen(void)
{
    /* Pairs with the release in wk_fork_watch; after that only the kernel changes the word. */
    const uint32_t *page = __atomic_load_n(&watched, __ATOMIC_ACQUIRE);

    if (!page || *page) {
        return false;
    }
    __atomic_store_n(&wick_i_on_v1, WK_ON_OFF, __ATOMIC_RELAXED); /* one thread */
    __atomic_store_n(&wk_recorder.pauses, 0, __ATOMIC_RELAXED);   /* and off is no pause */
    return true;
}

void wk_fork_seen(void)
{
    if (watched) {
        *watched = 1;
    }
}
