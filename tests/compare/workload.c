/*
 * SPDX-License-Identifier: MIT
 * A program of some 300 places whose costs are known, to be compared with itself: places that compute, that walk through memory,
 * that are called often or seldom, that sometimes take a slow path. WICK_SLOW=PATH:FACTOR makes one of them slower, also one of
 * `calls` (more calls of the place) and `fail` (a share of its calls fails); PATH is `group/place`, as `g07/p3`, or `*`, all of
 * them. `*:bimodal=SHARE`: so many of the places are a fifth slower in one run of two, each by a draw of its own.
 * Invariant: without WICK_SLOW every run does the same work.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <wick/wick.h>

enum { GROUPS = 30, PLACES = 10, WORDS = 1 << 20 };

static struct {
    char path[64], what[16];
    double factor;
} slow;

static uint64_t run_seed;
static volatile uint64_t sink;
static uint64_t *memory;

static void compute(uint32_t steps)
{
    uint64_t x = sink | 1;
    for (uint32_t i = 0; i < steps; i++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        x ^= x >> 29;
    }
    sink = x;
}

/* Dependent reads all over the memory, of a call always the same: what was done before must not decide where they lead. */
static void walk(uint64_t call, uint32_t steps)
{
    uint64_t at = call * 2654435761u % WORDS;
    for (uint32_t i = 0; i < steps; i++) {
        at = memory[at];
    }
    sink = at;
}

static bool is_slowed(const char *group, const char *place, const char *what)
{
    char path[32];
    snprintf(path, sizeof path, "%s/%s", group, place);
    return (strcmp(path, slow.path) == 0 || strcmp(slow.path, "*") == 0) && strcmp(slow.what, what) == 0;
}

static uint32_t drawn(uint64_t seed)
{
    return (uint32_t)((seed * 0x9e3779b97f4a7c15u ^ seed >> 7) * 0x9e3779b97f4a7c15u >> 40);
}

/* The places that have two modes are the same in every run; which of them a run gets is not. */
static double mode_of(int place)
{
    const bool bimodal = strcmp(slow.what, "bimodal") == 0 && drawn((uint64_t)place + 1) % 1000 < 1000 * slow.factor;
    return bimodal && drawn(run_seed + (uint64_t)place) % 2 ? 1.2 : 1;
}

static void run_place(const char *group, int g, int p)
{
    char name[8];
    snprintf(name, sizeof name, "p%d", p);
    const double factor = is_slowed(group, name, "time") ? slow.factor : mode_of(g * PLACES + p);
    const int calls = (int)((20 + 10 * (p % 4)) * (is_slowed(group, name, "calls") ? slow.factor : 1));
    const double failing = is_slowed(group, name, "fail") ? slow.factor : 0;
    const uint32_t steps = (uint32_t)((1000 + 700 * ((g * PLACES + p) % 13)) * factor);
    for (int i = 0; i < calls; i++) {
        WICK_SCOPE_DYN(name);
        if (p == 9) {
            walk((uint64_t)((g * PLACES + p) * 100 + i), steps / 16);
        } else {
            compute(p == 8 && i % 10 == 0 ? steps * 3 : steps);
        }
        if (i < calls * failing) {
            WICK_FAIL("made to");
        }
    }
}

static void run_group(int g)
{
    char group[8];
    snprintf(group, sizeof group, "g%02d", g);
    WICK_SCOPE_DYN(group);
    for (int p = 0; p < PLACES; p++) {
        run_place(group, g, p);
    }
}

/* PATH:FACTOR, PATH:calls=FACTOR, PATH:fail=SHARE, *:bimodal=SHARE */
static void read_slow(const char *text)
{
    char value[40] = "";
    if (!text || sscanf(text, "%63[^:]:%39s", slow.path, value) != 2) {
        return;
    }
    const char *equals = strchr(value, '=');
    snprintf(slow.what, sizeof slow.what, "%.*s", equals ? (int)(equals - value) : 4, equals ? value : "time");
    slow.factor = atof(equals ? equals + 1 : value);
}

int main(void)
{
    read_slow(getenv("WICK_SLOW"));
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    run_seed = (uint64_t)now.tv_nsec << 20 ^ (uint64_t)now.tv_sec;
    unsetenv("WICK_SLOW"); /* it is no setting of the library's */
    memory = malloc(WORDS * sizeof *memory);
    if (!memory) {
        return 1;
    }
    for (uint64_t i = 0; i < WORDS; i++) { /* one round through all words, in steps that no prefetcher follows */
        memory[i] = (i * 5 + 12345) % WORDS;
    }
    WICK_SCOPE("workload");
    for (int g = 0; g < GROUPS; g++) {
        run_group(g);
    }
    free(memory);
    return 0;
}
