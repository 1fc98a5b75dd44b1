/*
 * SPDX-License-Identifier: MIT
 * The table of functions: open addressing, grown four-fold. See function_table.h.
 * Old tables stay mapped, since a thread may still read them; together they are a third as large as the newest.
 */
#include "function_table.h"

#include <pthread.h>
#include <stddef.h>
#include <sys/mman.h>

enum { SLOTS_LOG2_FIRST = 12, FORGOTTEN = 1 }; /* no function has the address 1 */

struct wk_function_table *wk_function_table;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct wk_function_table *create(uint32_t log2)
{
    size_t slots_bytes = ((size_t)1 << log2) * sizeof(struct wk_function_slot);
    struct wk_function_table *table;
    char *block = mmap(NULL, slots_bytes + sizeof *table, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (block == MAP_FAILED) {
        return NULL;
    }
    table = (struct wk_function_table *)(void *)(block + slots_bytes);
    table->slots = (struct wk_function_slot *)(void *)block;
    table->shift = 64 - log2;
    table->mask = (uint32_t)(((size_t)1 << log2) - 1);
    return table;
}

static void insert_locked(struct wk_function_table *table, uintptr_t function, uint32_t id)
{
    uint32_t at = (uint32_t)((uint64_t)function * 0x9e3779b97f4a7c15u >> table->shift);

    while (table->slots[at & table->mask].function && table->slots[at & table->mask].function != function) {
        at++;
    }
    if (table->slots[at & table->mask].function == function) {
        return;
    }
    table->slots[at & table->mask].id = id;
    /* Pairs with the acquire in wk_function_find. */
    __atomic_store_n(&table->slots[at & table->mask].function, function, __ATOMIC_RELEASE);
    table->count++;
}

/* A larger table with what the old one holds, forgotten functions left out. */
static struct wk_function_table *grow_locked(const struct wk_function_table *old)
{
    struct wk_function_table *table = create(old ? 64 - old->shift + 2 : SLOTS_LOG2_FIRST);

    for (uint32_t i = 0; table && old && i <= old->mask; i++) {
        if (old->slots[i].function > FORGOTTEN) {
            insert_locked(table, old->slots[i].function, old->slots[i].id);
        }
    }
    if (table) { /* pairs with the acquire in wk_function_find */
        __atomic_store_n(&wk_function_table, table, __ATOMIC_RELEASE);
    }
    return table;
}

void wk_function_add(uintptr_t function, uint32_t id)
{
    pthread_mutex_lock(&lock);
    struct wk_function_table *table = wk_function_table;
    if (!table || table->count > table->mask / 2) {
        table = grow_locked(table);
    }
    if (table) {
        insert_locked(table, function, id);
    }
    pthread_mutex_unlock(&lock);
}

void wk_function_forget(uintptr_t from, uintptr_t to)
{
    pthread_mutex_lock(&lock);
    struct wk_function_table *table = wk_function_table;
    for (uint32_t i = 0; table && i <= table->mask; i++) {
        uintptr_t function = table->slots[i].function;

        /* The id stays: a thread that has just read the address still reads its id. Relaxed: no order. */
        if (function >= from && function < to && function > FORGOTTEN) {
            __atomic_store_n(&table->slots[i].function, (uintptr_t)FORGOTTEN, __ATOMIC_RELAXED);
        }
    }
    pthread_mutex_unlock(&lock);
}
