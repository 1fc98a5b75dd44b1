/*
 * SPDX-License-Identifier: MIT
 * Fuzz target of the tool: any bytes as a file that each command that reads logs is given, in one process.
 * Must not check what a command prints. Invariant: nothing crashes, and every command ends with one of its three exit codes.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The tool's main, under another name: this program has one of its own. */
#define main wick_main
int wick_main(int argc, char **argv);
#include "../../tools/wick/main.c"
#undef main

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count);

/* LOG stands for the file. */
static const char *const commands[][12] = {
    {"tree", "LOG"},
    {"tree", "--all", "--no-times", "--depth=3", "LOG"},
    {"tree", "--format=json", "LOG", "LOG"},
    {"report", "LOG"},
    {"report", "--all", "--by=thread", "--format=csv", "LOG"},
    {"hist", "--format=json", "LOG"},
    {"hist", "LOG"},
    {"slow", "LOG"},
    {"slow", "--format=csv", "--path=**a*", "LOG"},
    {"marks", "LOG"},
    {"marks", "--all", "--format=json", "--path=**a*", "LOG"},
    {"timeline", "--all", "LOG"},
    {"locks", "--all", "LOG"},
    {"postmortem", "--all", "LOG"},
    {"check", "LOG"},
    {"check", "--format=json", "LOG", "LOG"},
    {"repair", "--output=/dev/null", "LOG"},
    {"merge", "--output=/dev/null", "LOG", "LOG"},
    {"export", "--to=folded", "LOG"},
    {"export", "--to=chrome", "LOG"},
    {"export", "--to=csv", "LOG"},
    {"export", "--to=json", "--thread=m*", "LOG"},
    {"export", "--to=ctxt", "LOG"},
    {"export", "--to=wick", "LOG"},
    {"flame", "--output=/dev/null", "LOG"},
    {"summarize", "--output=/dev/null", "LOG"},
    {"compare", "LOG", "--", "LOG"},
    {"calibrate", "--min-share=0", "LOG", "LOG", "LOG"},
    {"trend", "--min-share=0", "LOG", "LOG", "LOG", "LOG", "LOG", "LOG", "LOG", "LOG"},
    {"compare", "--format=json", "--min-share=0", "LOG", "--", "LOG"},
    {"thin", "LOG"},
    {"tasks", "LOG"},
    {"profile", "--all", "LOG"},
    {"info", "--format=prettyjson", "LOG", "LOG"},
    {"history", "LOG"},
    {"status", "LOG"},
    {"status", "--format=json", "LOG", "LOG"},
};

/* All that read logs, but `view`, which serves until it is ended. */
static void must_be_every_command(void)
{
    for (const struct command *c = tool_commands; c->name; c++) {
        size_t i = 0;
        while (i < sizeof commands / sizeof *commands && strcmp(commands[i][0], c->name) != 0) {
            i++;
        }
        if (i == sizeof commands / sizeof *commands && strstr(c->arguments, "LOG") && strcmp(c->name, "view") != 0) {
            fprintf(stderr, "%s reads logs and is not tried\n", c->name);
            abort();
        }
    }
}

static char directory[64];

static void remove_directory(void)
{
    rmdir(directory);
}

/* A file of this name in a directory of its own: the tool looks at its neighbours. */
static const char *write_log(const uint8_t *data, size_t count)
{
    static char path[80];
    if (!directory[0]) {
        must_be_every_command();
        snprintf(directory, sizeof directory, "%s/wick-fuzz-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
        if (!mkdtemp(directory) || !freopen("/dev/null", "w", stdout)) {
            abort();
        }
        atexit(remove_directory);
        stderr = fopen("/dev/null", "w"); /* of stdio alone: a sanitizer writes to the descriptor */
    }
    snprintf(path, sizeof path, "%s/log", directory);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(data, 1, count, file) != count || fclose(file) != 0) {
        abort();
    }
    return path;
}

/* All commands take half a second with sanitizers. */
static bool is_turn(const uint8_t *data, size_t count, size_t command)
{
#if defined(WICK_FUZZ_TWO_COMMANDS)
    size_t sum = count;
    for (size_t i = 0; i < count; i++) {
        sum += data[i];
    }
    return (command + sum) % (sizeof commands / sizeof *commands) < 2;
#else
    (void)data;
    (void)count;
    (void)command;
    return true;
#endif
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count)
{
    const char *path = write_log(data, count);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (!is_turn(data, count, i)) {
            continue;
        }
        char program[] = "wick", *arguments[14] = {program};
        int given = 1;
        for (; commands[i][given - 1]; given++) {
            const char *word = commands[i][given - 1];
            arguments[given] = strdup(strcmp(word, "LOG") == 0 ? path : word);
        }
        int code = wick_main(given, arguments);
        if (code < EXIT_FINE || code > EXIT_USAGE) {
            abort();
        }
        while (given-- > 1) {
            free(arguments[given]);
        }
    }
    unlink(path);
    return 0;
}
