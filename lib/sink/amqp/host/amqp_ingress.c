/*
 * SPDX-License-Identifier: MIT
 * The thread that takes messages, and connects again. See amqp_ingress.h.
 */
#include "amqp_ingress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wick/error.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/error.h"

enum { MS = 1000000, TIMEOUT_MS = 5000, LOOK_MS = 100, PAUSE_LEAST_MS = 100, PAUSE_MOST_MS = 10000, PREFETCH = 256 };

static const struct wk_amqp_source source = {.exchange = "progress", .queue = "wick", .prefetch = PREFETCH, .timeout_ms = TIMEOUT_MS};

static bool stops(struct wk_amqp_ingress *self)
{
    pthread_mutex_lock(&self->lock);
    bool stop = self->stop;
    pthread_mutex_unlock(&self->lock);
    return stop;
}

/* ---- the connection -------------------------------------------------------------------------- */

static void set_up(struct wk_amqp_ingress *self, bool up)
{
    pthread_mutex_lock(&self->lock);
    self->counts.up = up;
    self->counts.connections += up;
    pthread_mutex_unlock(&self->lock);
}

/* Twice as long each time. */
static void pause_before(struct wk_amqp_ingress *self)
{
    int64_t until_ns = wk_clock_mono_ns() + (int64_t)self->pause_ms * MS;

    pthread_mutex_lock(&self->lock);
    while (!self->stop && wk_condition_wait(&self->changed, &self->lock, until_ns)) {
        /* only the end is announced */
    }
    pthread_mutex_unlock(&self->lock);
    self->pause_ms = self->pause_ms * 2 < PAUSE_MOST_MS ? self->pause_ms * 2 : PAUSE_MOST_MS;
}

static void leave(struct wk_amqp_ingress *self, const char *why)
{
    if (!self->told) {
        wk_diag("%s: %s; it is tried again", self->shown, why);
    }
    self->told = true;
    if (self->client) {
        self->module->close(self->client);
        self->client = NULL;
        set_up(self, false);
    }
}

static void enter(struct wk_amqp_ingress *self)
{
    struct wk_amqp_source from = source;
    char why[256];

    from.url = self->url;
    self->client = self->module->open(&from, why, sizeof why);
    if (!self->client) {
        leave(self, why);
        pause_before(self);
        return;
    }
    set_up(self, true);
}

/* A message was settled, or there is none. */
static void is_well(struct wk_amqp_ingress *self)
{
    if (self->told) {
        wk_diag("%s: goes on", self->shown);
    }
    self->told = false;
    self->pause_ms = PAUSE_LEAST_MS;
}

/* ---- messages -------------------------------------------------------------------------------- */

static void count(struct wk_amqp_ingress *self, enum wk_amqp_post result)
{
    pthread_mutex_lock(&self->lock);
    self->counts.taken += result == WK_AMQP_TAKEN;
    self->counts.rejected += result == WK_AMQP_MALFORMED;
    pthread_mutex_unlock(&self->lock);
}

/* What cannot be taken now goes back to the server by the end of the connection, and comes again after a pause. */
static void take(struct wk_amqp_ingress *self, const struct wk_amqp_message *message)
{
    char why[256] = "";
    enum wk_amqp_post result = self->post(self->user, message, why, sizeof why);

    if (result == WK_AMQP_NOT_NOW) {
        leave(self, why);
        pause_before(self);
        return;
    }
    if (result == WK_AMQP_MALFORMED && !self->told_rejected) {
        wk_diag("%s: rejected a message with the routing key \"%.80s\": %s (wick_amqp_messages of /metrics counts them)", self->shown, message->key, why);
        self->told_rejected = true;
    }
    if (!self->module->settle(self->client, result == WK_AMQP_TAKEN)) {
        leave(self, self->module->why(self->client));
        return;
    }
    is_well(self);
    count(self, result);
}

static void *run(void *user)
{
    struct wk_amqp_ingress *self = user;

    while (!stops(self)) {
        struct wk_amqp_message message;

        if (!self->client) {
            enter(self);
            continue;
        }
        int got = self->module->next(self->client, LOOK_MS, &message);
        if (got > 0) {
            take(self, &message);
        } else if (got == 0) {
            is_well(self);
        } else {
            leave(self, self->module->why(self->client));
        }
    }
    if (self->client) {
        self->module->close(self->client);
        self->client = NULL;
    }
    pthread_mutex_lock(&self->lock);
    self->ended = true;
    wk_condition_announce(&self->changed);
    pthread_mutex_unlock(&self->lock);
    return NULL;
}

/* ---- start and stop -------------------------------------------------------------------------- */

bool wk_amqp_start(struct wk_amqp_ingress *self, const char *url)
{
    char why[512];

    /* The module's table begins with its struct wk_module. */
    self->module = (const struct wk_amqp_module *)(const void *)wk_module_load("amqp", sizeof *self->module, NULL, why, sizeof why);
    if (!self->module) {
        wk_error_set(WICK_E_UNSUPPORTED, "posts by AMQP need the module wick-amqp.so (built with librabbitmq): %s", why);
        return false;
    }
    const char *wrong = self->module->check(url, self->shown, sizeof self->shown);
    if (wrong) {
        wk_error_set(WICK_E_CONFIG, "the URL of AMQP: %s", wrong);
        return false;
    }
    self->url = strdup(url);
    self->pause_ms = PAUSE_LEAST_MS;
    pthread_mutex_init(&self->lock, NULL);
    self->worker = (struct wk_worker){.name = "wick-amqp", .run = run, .user = self};
    if (!self->url || !wk_worker_start(&self->worker)) {
        free(self->url);
        self->module = NULL;
        wk_error_set(WICK_E_NOMEM, "no thread for AMQP");
        return false;
    }
    return true;
}

bool wk_amqp_stop(struct wk_amqp_ingress *self, int64_t deadline_ns)
{
    pthread_mutex_lock(&self->lock);
    self->stop = true;
    wk_condition_announce(&self->changed);
    while (!self->ended && wk_condition_wait(&self->changed, &self->lock, deadline_ns)) {
        /* its own announcement comes back, too */
    }
    bool ended = self->ended;
    pthread_mutex_unlock(&self->lock);
    if (!ended) {
        pthread_detach(self->worker.thread); /* it waits for the server and still uses all of it */
        return false;
    }
    pthread_join(self->worker.thread, NULL);
    pthread_mutex_destroy(&self->lock);
    free(self->url);
    return true;
}

void wk_amqp_counts_read(struct wk_amqp_ingress *self, struct wk_amqp_counts *counts)
{
    pthread_mutex_lock(&self->lock);
    *counts = self->counts;
    pthread_mutex_unlock(&self->lock);
}
