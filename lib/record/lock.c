/*
 * SPDX-License-Identifier: MIT
 * Mutex wrappers: waiting, acquired, released. The pthread call itself is always made, recorded or not,
 * and its result is the caller's. Each mutex is a lock of its own, named after the expression at its first use.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include <wick/scope.h>

#include "base/pages.h"
#include "lock.h"
#include "put.h"
#include "recorder.h"
#include "site.h"

enum {
    LOCKS = 4096,      /* known at once; of further ones only the name is known */
    NAME_MAX_BYTES = 80,
};

/* Which site a mutex has. Open addressing; entries are never removed. */
static struct {
    pthread_mutex_t lock;
    struct {
        const void *mutex;
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

static uint32_t find_site_locked(const void *mutex, const struct wick_site *place)
{
    uint32_t at = (uint32_t)((uintptr_t)mutex >> 3) * 2654435761u % LOCKS;

    if (!locks.entries) {
        locks.entries = wk_pages_alloc(LOCKS * sizeof *locks.entries);
    }
    if (!locks.entries) {
        return 0;
    }
    while (locks.entries[at].mutex && locks.entries[at].mutex != mutex) {
        at = (at + 1) % LOCKS;
    }
    if (locks.entries[at].site) {
        return locks.entries[at].site;
    }
    if (locks.count > LOCKS * 3 / 4) {
        return wk_site_intern(&(struct wick_site){.function = "(too-many-locks)", .file = "-"}, place->literal,
                              WICK_I_SITE_LOCK);
    }
    locks.entries[at].site = new_site(place->literal);
    if (locks.entries[at].site) {
        locks.entries[at].mutex = mutex;
        locks.count++;
    }
    return locks.entries[at].site;
}

static uint32_t lock_site(const void *mutex, const struct wick_site *place)
{
    struct wick_i_thread *thread = wk_put_enter(); /* a handler must not come to a lock that is held here */
    uint32_t site = 0;

    if (thread) {
        pthread_mutex_lock(&locks.lock);
        site = find_site_locked(mutex, place);
        pthread_mutex_unlock(&locks.lock);
        wk_put_leave(thread);
    }
    return site;
}

static struct wk_held_lock *held(struct wick_i_thread *thread, const void *mutex)
{
    struct wk_held_lock *table = wk_thread_of(thread)->held;

    for (int i = 0; i < WK_LOCKS_HELD; i++) {
        if (table[i].mutex == mutex) {
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

/* The thread that records, and its entry for this mutex or a free one (mutex NULL, then). */
static struct wk_held_lock *entry_of(const void *mutex)
{
    struct wick_i_thread *thread = wk_put_enter();
    struct wk_held_lock *entry = NULL;

    if (thread) {
        entry = held(thread, mutex);
        if (!entry) {
            entry = held(thread, NULL);
        }
        wk_put_leave(thread);
    }
    return entry;
}

static void acquired(struct wk_held_lock *entry, const void *mutex, uint32_t site)
{
    put_lock(WK_EVENT_LOCKA, site);
    *entry = (struct wk_held_lock){mutex, 1, site};
}

/* Lock or try: `lock` is the pthread function, `waits` whether it may block. */
static int take(pthread_mutex_t *mutex, const struct wick_site *place, int (*lock)(pthread_mutex_t *), bool waits)
{
    struct wk_held_lock *entry = entry_of(mutex);
    uint32_t site = 0;

    if (entry && !entry->mutex) {
        site = lock_site(mutex, place);
        if (site && waits) {
            put_lock(WK_EVENT_LOCKW, site);
        }
    }
    int result = lock(mutex);
    if ((result != 0 && result != EOWNERDEAD) || !entry) {
        return result;
    }
    if (entry->mutex) {
        entry->count++; /* recursion: the outermost pair alone is recorded */
    } else if (site) {
        acquired(entry, mutex, site);
    }
    return result;
}

int wick_i_mutex_lock(pthread_mutex_t *mutex, struct wick_site *site)
{
    int saved = errno;
    int result = take(mutex, site, pthread_mutex_lock, true);

    errno = saved;
    return result;
}

int wick_i_mutex_trylock(pthread_mutex_t *mutex, struct wick_site *site)
{
    int saved = errno;
    int result = take(mutex, site, pthread_mutex_trylock, false);

    errno = saved;
    return result;
}

int wick_i_mutex_unlock(pthread_mutex_t *mutex, struct wick_site *site)
{
    struct wick_i_thread *thread = wick_i_tls_v1;
    struct wk_held_lock *entry = thread ? held(thread, mutex) : NULL;
    int saved = errno;

    (void)site;
    if (entry && --entry->count == 0) {
        /* Before the unlock: the next owner's LOCKA must not be earlier than this. */
        put_lock(WK_EVENT_LOCKR, entry->site);
        *entry = (struct wk_held_lock){NULL, 0, 0};
    }
    int result = pthread_mutex_unlock(mutex);
    errno = saved;
    return result;
}

void wk_locks_lock(void)
{
    pthread_mutex_lock(&locks.lock);
}

void wk_locks_unlock(void)
{
    pthread_mutex_unlock(&locks.lock);
}
