/*
 * SPDX-License-Identifier: MIT
 * wick serve: one page for all runs that programs mirror in Redis, and a place for posts about what has no program.
 * Must not know keys of Redis: the library does. Invariant: it serves while Redis is away, and says so.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/host.h"
#include "base/messages.h"
#include "cmd/cmd.h"
#include "page/page.h"
#include "page/page_loop.h"
#include "page/store.h"

int cmd_serve(struct settings *settings)
{
    const char *url = getenv("WICK_REDIS"), *amqp = getenv("WICK_AMQP");
    char *logs[2] = {(char *)(uintptr_t)settings->store, NULL};
    if (!settings->redis && url && *url) {
        settings->redis = url;
    }
    if (!settings->amqp && amqp && *amqp) {
        settings->amqp = amqp;
    }
    if (settings->argument_count) {
        tool_error(settings, "'%s': `wick serve` takes no log; `wick view` shows logs", settings->arguments[0]);
        return EXIT_USAGE;
    }
    if (!settings->redis && !settings->store) {
        tool_error(settings, "say what: --redis redis://host:6379/0 (or set WICK_REDIS), or --store FILE for posts");
        return EXIT_USAGE;
    }
    if (settings->amqp && !settings->store) {
        tool_error(settings, "--amqp: say where posts are kept: --store FILE");
        return EXIT_USAGE;
    }
    page_catch_interrupts();
    if (settings->redis) {
        tool_find_module("wick-redis.so");
    }
    if (settings->amqp) {
        tool_find_module("wick-amqp.so");
    }
    int lock = settings->store ? store_open(settings, settings->store) : -1;
    if (settings->store && lock < 0) {
        return EXIT_USAGE;
    }
    struct live_page *page = page_open(settings, settings->store, logs, settings->store != NULL);
    int rc = page ? page_serve(page, settings) : EXIT_USAGE;
    if (page) {
        page_close(page, "wick serve has ended");
    }
    if (lock >= 0) {
        close(lock);
    }
    return rc;
}
