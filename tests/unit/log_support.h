/*
 * SPDX-License-Identifier: MIT
 * Random logs for unit tests: every kind of line, of ours and foreign, good and bad, in any order.
 * Must not be used outside tests/unit. Invariant: the same seed gives the same log.
 */
#ifndef WICK_TESTS_UNIT_LOG_SUPPORT_H
#define WICK_TESTS_UNIT_LOG_SUPPORT_H

#include "model_support.h"

static uint64_t state;

static inline uint32_t random_below(uint32_t n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % n;
}

struct log {
    char *bytes;
    size_t count;
    uint64_t now_ns;
    uint8_t declared[2][16];
};

static inline void add(struct log *log, uint32_t process, uint32_t thread, const char *rest)
{
    log->now_ns += random_below(3) ? random_below(50) : 0;
    uint64_t ns = log->now_ns - (random_below(50) ? 0 : 100);
    log->count += (size_t)snprintf(log->bytes + log->count, 400, "%llu.%09llu host %u thread-%u %s\n",
                                  (unsigned long long)(ns / 1000000000), (unsigned long long)(ns % 1000000000),
                                  100 + process, thread, rest);
}

static const char *const kinds[] = {"scope", "format", "dynamic", "scope", "format", "format"};

/* `flavour`: 0 = ours, 1 = foreign, 2 = ours with some `site` lines missing or late, 3 = sites that change */
static inline void scope_line(struct log *log, uint32_t process, uint32_t thread, uint32_t flavour)
{
    char rest[256];
    uint32_t site = random_below(16);
    int declare = !log->declared[process][site] && flavour != 1;
    if ((flavour == 2 && random_below(4) == 0) || (flavour == 3 && random_below(100) == 0)) {
        declare = !declare;
    }
    if (declare) {
        snprintf(rest, sizeof rest, "site f%u:%u %s %u - - a.c name %u%s", site, site,
                 flavour == 3 ? kinds[random_below(6)] : kinds[site % 6], site, site,
                 flavour == 3 && random_below(2) ? " changed" : "");
        log->declared[process][site] = 1;
        add(log, process, thread, rest);
    }
    snprintf(rest, sizeof rest, "START f%u:%u name %u of %u", site, site, site, random_below(5));
    add(log, process, thread, rest);
}

static inline void other_line(struct log *log, uint32_t process, uint32_t thread)
{
    static const char *const lines[] = {
        "BMARK m:1 mark ",  "BMARK - mark ",  "LOCKW 0x1 lock ", "LOCKA 0x1 lock ", "LOCKR 0x1 lock ",
        "LOCKW 0x2 other ", "LOCKA 0x2 o ",   "LOCKR 0x2 o ",    "value f1:1 3.",   "gauge g:1 -2.",
        "sum h:1 0.",       "lost - ",        "unknown x y ",    "thread - named ", "run - key ",
        "cpu f1:1 ",        "stat - number ", "torn",            "site bad ",       "tracker - a.b {} ",
        "bind - a.b ",      "intgauge g:1 -", "intsum h:1 ",     "unit g:1 bytes",  "amount f1:1 0.",
        "intvalue f1:1 3",  "shared 0x1 lock ", "call f1:1 ",     "stack - 7f00 ",   "pause - why ",    "resume - "};
    char rest[128];
    if (random_below(150) == 0) {
        add(log, process, thread, "CLEAR - ");
    } else if (random_below(40) == 0) {
        add(log, process, thread, "unfinished f:1 exit");
    } else if (random_below(60) == 0) {
        snprintf(rest, sizeof rest, "under f1:1 thread-%u %llu.%09llu", random_below(3),
                 (unsigned long long)(log->now_ns / 1000000000), (unsigned long long)(log->now_ns % 1000000000));
        add(log, process, thread, rest);
    } else {
        snprintf(rest, sizeof rest, "%s%u", lines[random_below(sizeof lines / sizeof lines[0])], random_below(9));
        add(log, process, thread, rest);
    }
}

static inline struct log random_log(uint32_t seed, uint32_t lines)
{
    struct log log = {.bytes = malloc((size_t)lines * 400), .now_ns = 1700000000000000000u};
    uint32_t flavour = seed % 4;
    state = seed;
    add(&log, 0, 0, flavour == 1 ? "BMARK - begin" : "BMARK - wick 0.1.0 start");
    for (uint32_t i = 0; i < lines; i++) {
        uint32_t process = random_below(8) == 0, thread = random_below(3), what = random_below(20);
        if (what < 9) {
            scope_line(&log, process, thread, flavour);
        } else if (what < 17) {
            add(&log, process, thread, what < 10 ? "ENDER f:1 message" : what < 12 ? "ENDER f:1 b" : "ENDOK f:1 ");
        } else {
            other_line(&log, process, thread);
        }
    }
    if (seed % 3 == 0) {
        log.count--; /* the last line has no LF */
    }
    return log;
}

#endif
