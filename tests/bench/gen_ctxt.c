/*
 * SPDX-License-Identifier: MIT
 * Writes a .ctxt log of N scopes to standard output: `gen_ctxt SCOPES [THREADS] [NODES] [foreign]`.
 * Must not depend on the library. Invariant: the same arguments give the same bytes.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BURST 4096 /* lines of one thread in a row, as a drain writes them */

static uint64_t state = 88172645463325252u;

static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

static char buffer[1 << 20];
static size_t used;

static void flush(void)
{
    if (fwrite(buffer, 1, used, stdout) != used) {
        exit(1);
    }
    used = 0;
}

static void put(const char *text)
{
    size_t count = strlen(text);
    memcpy(buffer + used, text, count);
    used += count;
}

static void line(uint64_t ns, uint32_t thread, const char *action, const char *rest)
{
    char stamp[21];
    uint64_t value = ns;
    if (used > sizeof buffer - 4096) {
        flush();
    }
    for (int i = 19; i >= 0; i--) {
        if (i == 10) {
            stamp[i] = '.';
            continue;
        }
        stamp[i] = (char)('0' + value % 10);
        value /= 10;
    }
    stamp[20] = 0;
    put(stamp);
    char name[32];
    snprintf(name, sizeof name, " bench 4242 worker-%" PRIu32 " ", thread);
    put(name);
    put(action);
    put(rest);
    put("\n");
}

static void rest_of(char *rest, size_t bytes, uint64_t site, int with_text)
{
    snprintf(rest, bytes, "handle_%" PRIu64 ":%" PRIu64 " %s", site % 97, 100 + site,
             with_text ? "one step of the work" : "");
}

int main(int argc, char **argv)
{
    uint64_t scopes = argc > 1 ? strtoull(argv[1], NULL, 10) : 10000000;
    uint32_t threads = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 2;
    uint64_t sites = argc > 3 ? strtoull(argv[3], NULL, 10) : 8;
    int foreign = argc > 4 && strcmp(argv[4], "foreign") == 0;
    uint64_t ns = 1700000000000000000u, written = 0, depth = 0, stack[8];
    char rest[128];
    line(ns, 0, "BMARK - ", foreign ? "begin" : "wick 0.1.0 start");
    for (uint64_t i = 0; i < sites && !foreign; i++) {
        snprintf(rest, sizeof rest, "handle_%" PRIu64 ":%" PRIu64 " scope %" PRIu64
                 " - - bench.c one step of the work", i % 97, 100 + i, 100 + i);
        line(ns, 0, "site ", rest);
    }
    uint32_t thread = 0;
    for (uint64_t lines = 0; written < scopes || depth; lines++) {
        ns += 20 + next_random() % 4000;
        if (depth < 6 && written < scopes && (depth < 2 || next_random() % 2)) {
            stack[depth] = sites > 64 ? written % sites : (depth + next_random() % 2) % sites;
            rest_of(rest, sizeof rest, stack[depth], 1);
            line(ns, thread, "START ", rest);
            depth++;
            written++;
        } else {
            depth--;
            rest_of(rest, sizeof rest, stack[depth], 0);
            line(ns, thread, next_random() % 1000 ? "ENDOK " : "ENDER ", rest);
            if (!depth && lines >= BURST) {
                lines = 0;
                thread = (thread + 1) % threads;
            }
        }
    }
    line(ns + 1, 0, "BMARK - ", foreign ? "end" : "wick end");
    flush();
    return 0;
}
