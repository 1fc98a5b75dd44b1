/*
 * SPDX-License-Identifier: MIT
 * Around the calls that lock: waiting, acquired, released. The call itself is its caller's, recorded or not, and so is its result.
 * Each lock is named after the expression, or what C++ calls it, at its first use.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include <wick/locks.h>

#include "base/pages.h"
#include "lock.h"
#include "put.h"
#include "recorder.h"
#include "site.h"

enum {
    LOCKS = 4096,      /* known at once; of further ones only the name is known */
    NAME_MAX_BYTES = 80,
};

/* Which site a lock has. Open addressing; entries are never removed. */
static struct {
    pthread_mutex_t lock;
    struct {
        const volatile void *address;
        uint32_t site;
    } *entries;
    uint32_t count;
} locks = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* The lock's name: the expression without & and blanks. */
static uint32_t new_site(const char *expression)
{
    char name[NAME_MAX_BYTES + 1];
    size_t bytes = 0;

    for (const char *at = expression; *at && bytes < NAME_MAX_BYTES; at++) {
        if (*at > ' ' && *at < 127 && !(*at == '&' && bytes == 0)) {
            name[bytes++] = *at;
        }
    }
    name[bytes] = 0;
    return wk_site_add_lock(bytes ? name : "-");
}

static uint32_t find_site_locked(const volatile void *lock, const char *expression)
{
    uint32_t at = (uint32_t)((uintptr_t)lock >> 3) * 2654435761u % LOCKS;

    if (!locks.entries) {
        locks.entries = wk_pages_alloc(LOCKS * sizeof *locks.entries);
    }
    if (!locks.entries) {
        return 0;
    }
    while (locks.entries[at].address && locks.entries[at].address != lock) {
        at = (at + 1) % LOCKS;
    }
    if (locks.entries[at].site) {
        return locks.entries[at].site;
    }
    if (locks.count > LOCKS * 3 / 4) {
        return wk_site_intern(&(struct wick_site){.function = "(too-many-locks)", .file = "-"}, expression, WICK_I_SITE_LOCK);
    }
    locks.entries[at].site = new_site(expression);
    if (locks.entries[at].site) {
        locks.entries[at].address = lock;
        locks.count++;
    }
    return locks.entries[at].site;
}

static uint32_t lock_site(const volatile void *lock, const char *expression)
{
    struct wick_i_thread *thread = wk_put_enter(); /* a handler must not come to a lock that is held here */
    uint32_t site = 0;

    if (thread) {
        pthread_mutex_lock(&locks.lock);
        site = find_site_locked(lock, expression);
        pthread_mutex_unlock(&locks.lock);
        wk_put_leave(thread);
    }
    return site;
}

static struct wk_held_lock *held(struct wick_i_thread *thread, const volatile void *lock)
{
    struct wk_held_lock *table = wk_thread_of(thread)->held;

    for (int i = 0; i < WK_LOCKS_HELD; i++) {
        if (table[i].lock == lock) {
            return &table[i];
        }
    }
    return NULL;
}

static void put_lock(uint32_t kind, uint32_t site)
{
    struct wick_i_thread *thread = wk_put_enter();

    if (thread) {
        (void)wk_put_event(thread, &(struct wk_put){.kind = kind, .site = site}); /* a refusal is counted */
        wk_put_leave(thread);
    }
}

/* The entry of the thread that records for this lock, or a free one (lock NULL, then). */
static struct wk_held_lock *entry_of(const volatile void *lock)
{
    struct wick_i_thread *thread = wk_put_enter();
    struct wk_held_lock *entry = NULL;

    if (thread) {
        entry = held(thread, lock);
        if (!entry) {
            entry = held(thread, NULL);
        }
        wk_put_leave(thread);
    }
    return entry;
}

uint32_t wick_i_lock_begin(const volatile void *lock, const char *name, unsigned how)
{
    int saved = errno;
    struct wk_held_lock *entry = entry_of(lock);
    uint32_t site = entry && !entry->lock ? lock_site(lock, name) : 0;

    if (site && (how & WICK_I_LOCK_WAITS)) {
        put_lock(WK_EVENT_LOCKW, site);
    }
    errno = saved;
    return site;
}

int wick_i_lock_end(const volatile void *lock, uint32_t site, int result, unsigned how)
{
    int saved = errno;
    bool taken = result == 0 || result == EOWNERDEAD || (how & WICK_I_LOCK_AGAIN);
    struct wk_held_lock *entry = taken ? entry_of(lock) : NULL;

    if (entry && entry->lock) {
        entry->count++; /* recursion: the outermost pair alone is recorded */
    } else if (entry && site) {
        if (how & WICK_I_LOCK_SHARED) {
            put_lock(WK_EVENT_SHARED, site);
        }
        put_lock(WK_EVENT_LOCKA, site);
        *entry = (struct wk_held_lock){lock, 1, site};
    }
    errno = saved;
    return result;
}

uint32_t wick_i_lock_release(const volatile void *lock)
{
    struct wick_i_thread *thread = wick_i_tls_v1;
    struct wk_held_lock *entry = thread ? held(thread, lock) : NULL;
    int saved = errno;
    uint32_t site = 0;

    if (entry && --entry->count == 0) {
        site = entry->site;
        put_lock(WK_EVENT_LOCKR, site);
        *entry = (struct wk_held_lock){NULL, 0, 0};
    }
    errno = saved;
    return site;
}

void wk_locks_lock(void)
{
    pthread_mutex_lock(&locks.lock);
}

void wk_locks_unlock(void)
{
    pthread_mutex_unlock(&locks.lock);
}
