/*
 * SPDX-License-Identifier: MIT
 * The bounded queue between the walk and the workers.
 *
 * Recording the lock: pthread_cond_wait releases the mutex inside, where no wrapper sees it, and a
 * record "held for two seconds" of a thread that slept would be a lie. So whoever has to wait first
 * gives the recorded lock back, sleeps with the plain functions, and then competes for it again.
 */
#include <stdlib.h>

#include "pack.h"

void pack_queue_init(struct pack_queue *queue)
{
    pthread_mutex_init(&queue->mutex, NULL);
    pthread_cond_init(&queue->not_empty, NULL);
    pthread_cond_init(&queue->not_full, NULL);
    queue->first = queue->length = 0;
    queue->closed = false;
}

void pack_queue_fini(struct pack_queue *queue)
{
    pthread_cond_destroy(&queue->not_full);
    pthread_cond_destroy(&queue->not_empty);
    pthread_mutex_destroy(&queue->mutex);
}

static bool must_wait_to_push(const struct pack_queue *queue)
{
    return queue->length == PACK_QUEUE_SLOTS && !queue->closed;
}

static bool must_wait_to_pop(const struct pack_queue *queue)
{
    return !queue->length && !queue->closed;
}

/* Until half of it is free: woken at each free slot, the walk would switch threads for every file. */
static void sleep_until_not_full(struct pack_queue *queue)
{
    WICK_SCOPE_STYLED("queue is full", "wait", 0xc0c0c0);

    pthread_mutex_lock(&queue->mutex);
    while (queue->length > PACK_QUEUE_LOW && !queue->closed) {
        pthread_cond_wait(&queue->not_full, &queue->mutex);
    }
    pthread_mutex_unlock(&queue->mutex);
}

static void sleep_until_not_empty(struct pack_queue *queue)
{
    WICK_SCOPE_STYLED("queue is empty", "wait", 0xc0c0c0);

    pthread_mutex_lock(&queue->mutex);
    while (must_wait_to_pop(queue)) {
        pthread_cond_wait(&queue->not_empty, &queue->mutex);
    }
    pthread_mutex_unlock(&queue->mutex);
}

bool pack_queue_push(struct pack_queue *queue, char *name)
{
    bool taken;

    wick_mutex_lock(&queue->mutex);
    while (must_wait_to_push(queue)) {
        wick_mutex_unlock(&queue->mutex);
        sleep_until_not_full(queue);
        wick_mutex_lock(&queue->mutex);
    }
    taken = !queue->closed;
    if (taken) {
        queue->slots[(queue->first + queue->length++) % PACK_QUEUE_SLOTS] = name;
        WICK_COUNTER("queue length", queue->length);
        pthread_cond_signal(&queue->not_empty);
    }
    wick_mutex_unlock(&queue->mutex);
    if (!taken) {
        free(name);
    }
    return taken;
}

char *pack_queue_pop(struct pack_queue *queue)
{
    char *name = NULL;

    wick_mutex_lock(&queue->mutex);
    while (must_wait_to_pop(queue)) {
        wick_mutex_unlock(&queue->mutex);
        sleep_until_not_empty(queue);
        wick_mutex_lock(&queue->mutex);
    }
    if (queue->length) {
        name = queue->slots[queue->first];
        queue->first = (queue->first + 1) % PACK_QUEUE_SLOTS;
        queue->length--;
        WICK_COUNTER("queue length", queue->length);
        if (queue->length == PACK_QUEUE_LOW) {
            pthread_cond_signal(&queue->not_full);
        }
    }
    wick_mutex_unlock(&queue->mutex);
    return name;
}

static void close_locked(struct pack_queue *queue)
{
    queue->closed = true;
    pthread_cond_broadcast(&queue->not_empty);
    pthread_cond_broadcast(&queue->not_full);
}

void pack_queue_close(struct pack_queue *queue)
{
    wick_mutex_lock(&queue->mutex);
    close_locked(queue);
    wick_mutex_unlock(&queue->mutex);
}

void pack_queue_cancel(struct pack_queue *queue)
{
    wick_mutex_lock(&queue->mutex);
    close_locked(queue);
    for (; queue->length; queue->length--) {
        free(queue->slots[queue->first]);
        queue->first = (queue->first + 1) % PACK_QUEUE_SLOTS;
    }
    WICK_COUNTER("queue length", 0);
    wick_mutex_unlock(&queue->mutex);
}
