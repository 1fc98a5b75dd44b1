/*
 * SPDX-License-Identifier: MIT
 * e2e: configuration in code: sizes of the struct, precedence, errors, a log that cannot be opened, and many
 * runs in one process. With WICK=off nothing may be written.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wick/wick.h>

#define CHECK(number, condition)                                                                  \
    do {                                                                                          \
        if (!(condition)) {                                                                       \
            fprintf(stderr, "check %d failed: %s: %s\n", number, #condition, wick_error_detail()); \
            exit(number);                                                                         \
        }                                                                                         \
    } while (0)

static void record(int scopes)
{
    for (int i = 0; i < scopes; i++) {
        WICK_SCOPE("counted");
    }
}

/* Structs of other headers: shorter is older, longer is newer. */
static void sizes(const char *path)
{
    struct {
        struct wick_config config;
        char beyond[64];
    } newer;

    memset(&newer, 0, sizeof newer);
    wick_config_init(&newer.config);
    newer.config.size = sizeof newer;
    newer.config.switched_off = 1;
    CHECK(1, wick_init(&newer.config) == 0);
    newer.beyond[7] = 1;
    CHECK(2, wick_init(&newer.config) == WICK_E_CONFIG && strstr(wick_error_detail(), "does not know"));
    newer.config.size = 24; /* before `filter` */
    newer.config.filter = (const char *)1;
    newer.config.switched_off = 0;
    newer.config.log_path = path;
    CHECK(3, wick_init(&newer.config) == 0);
    CHECK(4, wick_shutdown() == 0);
    newer.config.size = 0;
    CHECK(5, wick_init(&newer.config) == WICK_E_CONFIG && strstr(wick_error_detail(), "wick_config_init"));
    CHECK(6, wick_i_init(NULL, WICK_VERSION + 0x100) == WICK_E_INVAL && strstr(wick_error_detail(), "newer"));
}

static void values(struct wick_config *config)
{
    config->tick_us = 7;
    CHECK(10, wick_init(config) == WICK_E_CONFIG && strstr(wick_error_detail(), "WICK_TICK"));
    config->tick_us = 0;
    config->config_path = "/no/such/file";
    CHECK(11, wick_init(config) == WICK_E_CONFIG);
    config->config_path = NULL;
}

static void unopened(struct wick_config *config, const char *good)
{
    config->log_path = "/no/such/directory/run.ctxt";
    CHECK(20, wick_init(config) == 0);
    record(1);
    CHECK(21, wick_flush(2000) == WICK_E_IO);
    CHECK(22, wick_shutdown() == WICK_E_IO);
    config->log_path = good;
}

int main(void)
{
    const char *off = getenv("WICK");
    struct wick_config config;
    struct wick_stats stats = {.size = sizeof stats};
    char path[4096];

    if (off && strcmp(off, "off") == 0) {
        wick_config_init(&config);
        config.log_path = "must-not-exist.ctxt";
        record(3);
        if (wick_init(&config) != 0) {
            return 99;
        }
        record(3);
        return wick_shutdown();
    }
    snprintf(path, sizeof path, "%s", getenv("WICK_LOG"));
    unsetenv("WICK_LOG");
    record(5); /* nothing is configured yet */
    setenv("WICK_LOG", "/no/such/directory/of/the/environment.ctxt", 1); /* the field wins */
    wick_config_init(&config);
    config.log_path = path;
    sizes(path);
    values(&config);
    unopened(&config, path);
    for (int run = 1; run <= 20; run++) {
        CHECK(30, wick_init(&config) == 0);
        CHECK(31, wick_init(&config) == WICK_E_STATE);
        record(run);
        CHECK(32, wick_flush(2000) == 0);
        CHECK(33, wick_stats_read(&stats) == 0);
        CHECK(34, stats.recorded == (uint64_t)run && stats.attempted == (uint64_t)run);
        CHECK(35, wick_shutdown() == 0);
        record(2);
    }
    CHECK(36, wick_set_log(NULL, 0) == 0);
    CHECK(37, wick_set_log("http://x/y", 0) == WICK_E_UNSUPPORTED);
    return 0;
}
