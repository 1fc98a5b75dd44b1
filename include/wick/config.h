/*
 * SPDX-License-Identifier: MIT
 * Configuration in code. Environment variables set the same fields (wick(7), `wick doctor`); names, defaults and texts
 * come from one table, in lib/runtime/config.c.
 */
#ifndef WICK_CONFIG_H
#define WICK_CONFIG_H

#include <stdint.h>

#include "compiler.h"

/* What happens when a ring has no room. */
enum wick_full {
    WICK_FULL_DEFAULT = 0,
    WICK_FULL_DROP, /* refuse new scopes and marks, balanced and counted (the default, but where the companion library is loaded) */
    WICK_FULL_WAIT  /* wait for the drain, at most wait_ms and not after the log has failed */
};

/*
 * Size first; every zero field means its default. Strings are copied by wick_init.
 * Precedence: default < configuration file < environment < a field that is not zero; WICK=off wins.
 */
struct wick_config {
    uint32_t size;            /* sizeof(struct wick_config); wick_config_init sets it */
    uint32_t full;            /* enum wick_full                                  WICK_FULL */
    const char *log_path;     /* NULL: no log; %p pid, %h host                   WICK_LOG */
    const char *tree_path;    /* NULL: none; "stderr"; the tree at exit          WICK_TREE */
    const char *filter;       /* NULL: everything; "-NAME,-glob,+glob" of paths  WICK_FILTER */
    const char *config_path;  /* NULL: none; a file of name = value lines        WICK_CONFIG */
    uint64_t min_ns;          /* 0: keep all; leave out shorter scopes           WICK_MIN */
    uint64_t log_rotate_bytes; /* 0: one file; else a new file at this size      WICK_LOG_ROTATE */
    uint64_t log_total_bytes; /* 0: no limit; else oldest rotated files go       WICK_LOG_TOTAL */
    uint64_t ring_bytes;      /* 0: 16 MiB; largest ring of a thread             WICK_RING */
    uint32_t names_max;       /* 0: 65536; texts that may become identities      WICK_NAMES */
    uint32_t tick_us;         /* 0: 20000; longest sleep of the drain            WICK_TICK */
    uint32_t shutdown_ms;     /* 0: 2000; how long shutdown may take             WICK_SHUTDOWN */
    uint32_t wait_ms;         /* 0: 1000; longest wait for room of WICK_FULL_WAIT WICK_WAIT */
    uint8_t log_append;       /* append to an existing log                       WICK_LOG_APPEND */
    uint8_t cpu_time;         /* CPU time per scope: two system calls each       WICK_CPU */
    uint8_t calibrate;        /* say the machine's speed, a scope's cost, load    WICK_CALIBRATE */
    uint8_t fork_follow;      /* a forked child records into its own log         WICK_FORK */
    uint8_t switched_off;     /* record nothing                                  WICK */
    uint8_t no_jumbo;         /* cut long texts instead of keeping them whole    WICK_JUMBO */
    uint8_t no_tsc;           /* CLOCK_MONOTONIC even where the TSC is good      WICK_CLOCK */
    uint8_t serve_wide;       /* allow an address that other machines can reach  WICK_SERVE_WIDE */
    const char *serve;        /* NULL: no live page; else "127.0.0.1:0"          WICK_SERVE */
    const char *serve_link;   /* NULL: none; file for the page's link            WICK_SERVE_LINK */
    const char *serve_token;  /* NULL: a random one                              WICK_SERVE_TOKEN */
    const char *serve_hosts;  /* NULL: none; further names, with commas          WICK_SERVE_HOSTS */
    uint64_t serve_retain_bytes; /* 0: 64 MiB; detail kept for late pages        WICK_SERVE_RETAIN */
    uint32_t serve_clients;   /* 0: 64; pages at once                            WICK_SERVE_CLIENTS */
    uint16_t log_mode;        /* 0: 0600; permissions of new logs                WICK_LOG_MODE */
    uint8_t no_arguments;     /* leave the command line out of the log           WICK_ARGUMENTS */
    uint8_t reserved;
    const char *cpus;         /* NULL: where the program's threads may run; "0,2-5" WICK_CPUS */
    uint64_t thread_stack_bytes; /* 0: 1 MiB; stack of each thread of wick's     WICK_THREAD_STACK */
    const char *redis;        /* NULL: no mirror; redis://host:port/db           WICK_REDIS */
    const char *redis_prefix; /* NULL: "wick"; how its keys begin                WICK_REDIS_PREFIX */
    uint64_t redis_ttl_ms;    /* 0: 14 days; runs unseen for so long are removed WICK_REDIS_TTL */
    uint64_t redis_retry_ms;  /* 0: 30 s; longest pause after a failure          WICK_REDIS_RETRY */
    const char *openmetrics;  /* NULL: none; file that gets the newest metrics    WICK_OPENMETRICS */
    uint64_t openmetrics_every_ms; /* 0: 15 s; how often it is written            WICK_OPENMETRICS_EVERY */
};

/* Set every field to its default. */
WICK_I_INLINE void wick_config_init(struct wick_config *config)
{
    __builtin_memset(config, 0, sizeof *config);
    config->size = WICK_I_CAST(uint32_t, sizeof *config);
}

WICK_I_EXTERN_BEGIN

/* One setting, with its value in this environment. */
struct wick_setting {
    const char *name;    /* of the environment variable */
    const char *value;   /* in effect; "" when unset */
    const char *shown;   /* the same for people: without secrets */
    const char *source;  /* default, file or environment */
    const char *expects; /* what a value looks like */
    const char *help;    /* what it does: one sentence without a full stop */
};

/*
 * Call `row` for each setting, in the order of the manual page, with its value in this environment. Errors in the
 * environment are reported on stderr, as in a recorded program.
 *
 * row        its argument borrows until it returns
 * Threads    any     Signals   not safe
 * Errors     CONFIG when anything in the environment or the file of WICK_CONFIG is wrong
 * Since      0.1
 */
WICK_API int wick_config_describe(void (*row)(void *user, const struct wick_setting *setting), void *user);

WICK_I_EXTERN_END

#if defined(WICK_DISABLE)
#define wick_config_describe(row, user) ((void)(row), (void)(user), 0)
#endif

#endif
