/*
 * SPDX-License-Identifier: MIT
 * The offline tool `wick`: finds the command, parses its options, runs it.
 * Must not know what a command does. Invariant: an unknown command gets a suggestion and exit code 2.
 */
#include <stdlib.h>
#include <string.h>

#include "base/words.h"
#include "commands.h"
#include "options.h"
#include "select/select.h"
#include "wick/version.h"

static int unknown(const char *word)
{
    const char *words[64];
    size_t count = 0;
    for (const struct command *c = tool_commands; c->name && count < 63; c++) {
        words[count++] = c->name;
    }
    words[count] = NULL;
    fprintf(stderr, "wick: there is no command '%s'%s; `wick help` lists them\n", word,
            tool_suggest(word, words));
    return EXIT_USAGE;
}

static int help(const char *topic)
{
    if (topic && strcmp(topic, "--man") == 0) {
        tool_man(stdout);
        return EXIT_FINE;
    }
    if (topic && strcmp(topic, "--completion") == 0) {
        tool_completion(stdout);
        return EXIT_FINE;
    }
    const struct command *command = topic ? tool_find_command(topic) : NULL;
    if (topic && !command) {
        return unknown(topic);
    }
    if (command) {
        tool_help(command, stdout);
    } else {
        tool_usage(stdout);
    }
    return EXIT_FINE;
}

static int run(int argc, char **argv)
{
    if (argc < 2) {
        tool_usage(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        return help(argc > 2 ? argv[2] : NULL);
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "version") == 0) {
        printf("wick %d.%d.%d\n", WICK_VERSION_MAJOR, WICK_VERSION_MINOR, WICK_VERSION_PATCH);
        return EXIT_FINE;
    }
    const struct command *command = tool_find_command(argv[1]);
    if (!command) {
        return unknown(argv[1]);
    }
    struct settings settings;
    int rc = tool_parse(command, argc - 2, argv + 2, &settings);
    if (rc == EXIT_FINE && settings.help) {
        tool_help(command, stdout);
    } else if (rc == EXIT_FINE) {
        rc = command->run(&settings);
        if (rc == EXIT_FINE) {
            select_say_unmatched(&settings);
        }
    }
    const struct option_values *lists[] = {&settings.rules, &settings.maps, &settings.formats, &settings.outputs};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        free(lists[i]->items);
    }
    free(settings.arguments);
    return rc;
}

int main(int argc, char **argv)
{
    int code = run(argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("wick: standard output");
        code = code ? code : EXIT_USAGE;
    }
    return code;
}
