/*
 * SPDX-License-Identifier: MIT
 * The recorder around fork. See fork_state.h.
 */
#include "fork_state.h"

#include <sys/mman.h>

#include "base/descriptor.h"
#include "base/pages.h"
#include "lock.h"
#include "recorder.h"
#include "site.h"

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
    return true;
}

void wk_fork_prepare(void)
{
    wk_thread_fork_enter();
    pthread_mutex_lock(&wk_recorder.lock);
    wk_site_lock();
    wk_locks_lock();
    wk_descriptor_fork_prepare();
}

static void unlock(void)
{
    wk_locks_unlock();
    wk_site_unlock();
    pthread_mutex_unlock(&wk_recorder.lock);
    wk_thread_fork_leave();
}

void wk_fork_parent(void)
{
    wk_descriptor_fork_parent();
    unlock();
}

void wk_fork_child(void)
{
    if (watched) {
        *watched = 1;
    }
    wk_recorder.fresh = NULL; /* the parent's threads: their memory stays as it is */
    wk_recorder.wake = 0;
    wk_recorder.process++; /* its tasks begin anew */
    wk_recorder.next_serial += 1u << 16; /* no token of the parent's is one of ours */
    wk_thread_forget_owner();
    if (wk_recorder.key_good) {
        pthread_setspecific(wk_recorder.key, NULL);
    }
    wk_descriptor_fork_child();
    unlock();
}
