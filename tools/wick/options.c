/*
 * SPDX-License-Identifier: MIT
 * The commands and their options: one table that the parser, --help, the man pages and the completion share.
 * Must not act on an option. Invariant: an option means the same in every command that has it.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"

#define FIELD(name) offsetof(struct settings, name)

const struct option tool_options[] = {
    {"help", 'h', FLAG, NULL, "print this help", FIELD(help), NULL},
    {"no-times", 0, FLAG, NULL, "leave out whatever varies between runs: for tests", FIELD(no_times), NULL},
    {"all", 'a', FLAG, NULL, "show everything, however much it is", FIELD(all), NULL},
    {"follow", 'F', FLAG, NULL, "go on while the log grows", FIELD(follow), NULL},
    {"depth", 'd', COUNT, "N", "show N levels", FIELD(depth), NULL},
    {"children", 0, COUNT, "N", "show the N longest scopes below each scope (default 30)", FIELD(children),
     NULL},
    {"limit", 'n', COUNT, "N", "show the first N", FIELD(limit), NULL},
    {"min", 0, TIME, "TIME", "leave out what took less in total: 10ms, 250us, 1.5 (seconds)", FIELD(min_ns),
     NULL},
    {"thread", 't', TEXT, "GLOB", "threads whose name matches: worker-*", FIELD(thread), NULL},
    {"path", 'p', TEXT, "GLOB", "scopes whose path matches: main/load/*, or whose name does: load*", FIELD(path),
     NULL},
    {"from", 0, TEXT, "TIME", "scopes that begin at or after TIME: seconds since the log's start or the epoch",
     FIELD(from), NULL},
    {"until", 0, TEXT, "TIME", "scopes that begin at or before TIME", FIELD(until), NULL},
    {"by", 'b', TEXT, "WHAT", "group by path (default), name, thread or location", FIELD(by),
     "path name thread location"},
    {"sort", 's', TEXT, "COLUMN", "order by COLUMN, the largest first; +COLUMN: the smallest", FIELD(sort), NULL},
    {"where", 0, TEXT, "CONDITION", "rows that fulfil COLUMN eq|lt|gt|lte|gte|not|lke|in VALUE [and ...]",
     FIELD(where), NULL},
    {"format", 'f', TEXT, "FORM", "text (default), csv or json", FIELD(format), "text csv json"},
    {"to", 0, TEXT, "FORM", "folded (stacks), chrome (trace), csv (one row per scope), json (the tree); ctxt or wick:"
     " the whole log in its other form", FIELD(to), "folded chrome csv json ctxt wick"},
    {"output", 'o', TEXT, "FILE", "write to FILE; -: standard output", FIELD(output), NULL},
    {"shift", 0, TEXT, "HOST=SECONDS", "add to the times of a host (comma between several)", FIELD(shift), NULL},
    {"width", 'w', COUNT, "N", "columns of the output (default: the terminal's, or 100)", FIELD(width), NULL},
    {"color", 0, TEXT, "WHEN", "auto (on a terminal), always or never", FIELD(color), "auto always never"},
    {"functions", 0, FLAG, NULL, "record every function of a program compiled with -finstrument-functions",
     FIELD(functions), NULL},
    {"live", 0, FLAG, NULL, "show the program in a live page, from a server of this tool's", FIELD(live), NULL},
    {"serve", 0, TEXT, "ADDRESS", "where the page is served (default: WICK_SERVE, or 127.0.0.1:0)", FIELD(serve), NULL},
    {"linger", 0, TIME, "TIME", "end so long after the last page was closed (view: never; run: 10s)", FIELD(linger_ns),
     NULL},
    {"no-browser", 0, FLAG, NULL, "print the link and open no browser", FIELD(no_browser), NULL},
    {"log", 'l', TEXT, "FILE", "keep the log in FILE (default: a temporary file)", FIELD(log), NULL},
};

#define SELECT "thread path from until "
#define LOOK " width color help"

const struct command tool_commands[] = {
    {"run", "run a program, record it, print its tree at the end", "[--] PROGRAM [ARGUMENT...]",
     "live serve linger no-browser functions log depth children min sort no-times all path" LOOK, cmd_run},
    {"view", "show logs, finished or growing, in a page of the browser", "LOG...", "serve linger no-browser help", cmd_view},
    {"tree", "print the tree of a log", "LOG...",
     SELECT "depth children min sort no-times all follow format" LOOK, cmd_tree},
    {"report", "print a table of scopes with their times", "LOG...",
     SELECT "by sort where limit all format" LOOK, cmd_report},
    {"hist", "print how long the calls of scopes took, as bars", "LOG...", SELECT "where format" LOOK, cmd_hist},
    {"slow", "print the slowest calls, and what other threads did meanwhile", "LOG...",
     SELECT "limit where format" LOOK, cmd_slow},
    {"timeline", "print what each thread did when, as lanes", "LOG...", SELECT "depth limit all" LOOK,
     cmd_timeline},
    {"locks", "print waits and holds of locks, and who held them while others waited", "LOG...",
     "thread path from until sort where limit all format" LOOK, cmd_locks},
    {"postmortem", "print what was open when a log ended, and the last events", "LOG...",
     "thread path from until limit all help", cmd_postmortem},
    {"check", "check that a log is whole, balanced and readable by Context", "LOG...", "format help", cmd_check},
    {"repair", "write a log that Context accepts from what a killed program left", "LOG", "output help", cmd_repair},
    {"merge", "merge logs of several processes and hosts into one, by time", "LOG...", "output shift help",
     cmd_merge},
    {"export", "write a log in the form of another tool, or in its other form", "LOG...", "to output " SELECT "help",
     cmd_export},
    {"flame", "write a log as one HTML file: the page with the log inside it", "LOG...", "output thread from until help",
     cmd_flame},
    {"doctor", "print versions, clock, settings and what may be wrong with them", "", "help", cmd_doctor},
    {NULL, NULL, NULL, NULL, NULL}};

const struct command *tool_find_command(const char *name)
{
    for (const struct command *c = tool_commands; c->name; c++) {
        if (strcmp(c->name, name) == 0) {
            return c;
        }
    }
    return NULL;
}

bool tool_has_word(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = words; (at = strstr(at, word)) != NULL; at++) {
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || !at[length])) {
            return true;
        }
    }
    return false;
}

const size_t tool_option_count = sizeof tool_options / sizeof tool_options[0];

/* Restricted edit distance: the letters that differ, were added, left out or swapped. */
static unsigned distance(const char *a, const char *b)
{
    unsigned row[3][64];
    size_t n = strlen(a), m = strlen(b);
    if (n > 60 || m > 60) {
        return 99;
    }
    for (size_t j = 0; j <= m; j++) {
        row[0][j] = (unsigned)j;
    }
    for (size_t i = 1; i <= n; i++) {
        unsigned *now = row[i % 3], *up = row[(i + 2) % 3], *far = row[(i + 1) % 3];
        now[0] = (unsigned)i;
        for (size_t j = 1; j <= m; j++) {
            unsigned cost = a[i - 1] != b[j - 1];
            unsigned best = up[j - 1] + cost;
            best = up[j] + 1 < best ? up[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && far[j - 2] + 1 < best) {
                best = far[j - 2] + 1;
            }
            now[j] = best;
        }
    }
    return row[n % 3][m];
}

const char *tool_suggest(const char *word, const char *const *words)
{
    static char text[128];
    unsigned best = 99;
    text[0] = 0;
    for (; *words; words++) {
        unsigned far = strncmp(word, *words, strlen(word)) == 0 && word[0] ? 1 : distance(word, *words);
        if (far < best && far <= 1 + strlen(*words) / 3) {
            best = far;
            snprintf(text, sizeof text, ", did you mean '%s'?", *words);
        }
    }
    return text;
}

bool tool_duration(const char *text, int64_t *duration_ns)
{
    static const struct {
        const char *unit;
        double factor;
    } units[] = {{"", 1e9}, {"s", 1e9}, {"ms", 1e6}, {"us", 1e3}, {"ns", 1}, {"m", 60e9}, {"h", 3600e9}};
    char *end;
    double number = strtod(text, &end);
    if (end == text || !(number >= 0) || number > 9e9) {
        return false;
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(end, units[i].unit) == 0) {
            double ns = number * units[i].factor;
            *duration_ns = ns > 9e18 ? INT64_MAX : (int64_t)(ns + 0.5);
            return true;
        }
    }
    return false;
}

static int store(const struct command *command, const struct option *option, const char *value,
                 struct settings *settings)
{
    void *field = (char *)settings + option->offset;
    if (option->type == FLAG) {
        *(bool *)field = true;
    } else if (option->type == COUNT) {
        char *end;
        unsigned long number = strtoul(value, &end, 10);
        if (!*value || *end || value[0] == '-' || number > UINT32_MAX / 2) {
            fprintf(stderr, "wick %s: --%s wants a whole number, not '%s'\n", command->name, option->name,
                    value);
            return EXIT_USAGE;
        }
        *(uint32_t *)field = (uint32_t)number;
    } else if (option->type == TIME) {
        if (!tool_duration(value, field)) {
            fprintf(stderr, "wick %s: --%s wants a time such as 10ms, 250us or 1.5 (seconds), not '%s'\n",
                    command->name, option->name, value);
            return EXIT_USAGE;
        }
    } else {
        if (option->choices && !tool_has_word(option->choices, value)) {
            fprintf(stderr, "wick %s: --%s is one of: %s; not '%s'\n", command->name, option->name,
                    option->choices, value);
            return EXIT_USAGE;
        }
        *(const char **)field = value;
    }
    return EXIT_FINE;
}

static const struct option *find_option(const struct command *command, const char *name, size_t length)
{
    for (size_t i = 0; i < tool_option_count; i++) {
        const struct option *o = &tool_options[i];
        bool same = length == 1 ? o->letter == name[0]
                                : strlen(o->name) == length && strncmp(o->name, name, length) == 0;
        if (same && tool_has_word(command->options, o->name)) {
            return o;
        }
    }
    return NULL;
}

static int unknown_option(const struct command *command, const char *given)
{
    const char *words[64];
    size_t count = 0;
    for (size_t i = 0; i < tool_option_count && count < 63; i++) {
        if (tool_has_word(command->options, tool_options[i].name)) {
            words[count++] = tool_options[i].name;
        }
    }
    words[count] = NULL;
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(given + 2, "="), given[1] == '-' ? given + 2 : "");
    fprintf(stderr, "wick %s: there is no option '%s'%s; `wick %s --help` lists them\n", command->name,
            given, given[1] == '-' ? tool_suggest(name, words) : "", command->name);
    return EXIT_USAGE;
}

/* One argument that begins with '-'; *used says how many it took. */
static int parse_option(const struct command *command, char **argv, int left, struct settings *settings,
                        int *used)
{
    const char *given = argv[0];
    bool is_long = given[1] == '-';
    const char *name = given + (is_long ? 2 : 1);
    size_t length = is_long ? strcspn(name, "=") : 1;
    const struct option *option = is_long && length == 1 ? NULL : find_option(command, name, length);
    if (!option) {
        return unknown_option(command, given);
    }
    const char *value = is_long ? (name[length] == '=' ? name + length + 1 : NULL)
                                : (name[1] ? name + 1 : NULL);
    *used = 1;
    if (option->type == FLAG) {
        if (value) {
            fprintf(stderr, "wick %s: --%s takes no value\n", command->name, option->name);
            return EXIT_USAGE;
        }
    } else if (!value) {
        if (left < 2) {
            fprintf(stderr, "wick %s: --%s wants a value: --%s %s\n", command->name, option->name,
                    option->name, option->argument);
            return EXIT_USAGE;
        }
        value = argv[1];
        *used = 2;
    }
    return store(command, option, value, settings);
}

int tool_parse(const struct command *command, int argc, char **argv, struct settings *settings)
{
    static char program_name[64];
    snprintf(program_name, sizeof program_name, "wick %s", command->name);
    *settings = (struct settings){.program_name = program_name};
    settings->arguments = calloc((size_t)argc + 1, sizeof(char *));
    if (!settings->arguments) {
        fprintf(stderr, "%s: out of memory\n", program_name);
        return EXIT_USAGE;
    }
    /* `wick run prog -x`: what follows the program is the program's. */
    bool stop_at_first = strcmp(command->name, "run") == 0;
    for (int i = 0; i < argc;) {
        bool plain = argv[i][0] != '-' || !argv[i][1];
        if (strcmp(argv[i], "--") == 0) {
            i++;
            stop_at_first = plain = true;
        }
        if (plain && stop_at_first) {
            while (i < argc) {
                settings->arguments[settings->argument_count++] = argv[i++];
            }
            break;
        }
        if (plain) {
            settings->arguments[settings->argument_count++] = argv[i++];
            continue;
        }
        int used = 1;
        int rc = parse_option(command, argv + i, argc - i, settings, &used);
        if (rc != EXIT_FINE) {
            return rc;
        }
        i += used;
    }
    return EXIT_FINE;
}

void tool_help(const struct command *command, FILE *to)
{
    fprintf(to, "usage: wick %s [OPTION...] %s\n\n%c%s.\n\noptions:\n", command->name, command->arguments,
            command->summary[0] - 'a' + 'A', command->summary + 1);
    for (size_t i = 0; i < tool_option_count; i++) {
        const struct option *o = &tool_options[i];
        if (!tool_has_word(command->options, o->name)) {
            continue;
        }
        char left[48];
        snprintf(left, sizeof left, "%c%c%s --%s%s%s", o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
                 o->letter ? "," : " ", o->name, o->argument ? " " : "", o->argument ? o->argument : "");
        fprintf(to, "  %-22s %s\n", left, o->help);
    }
    fprintf(to, "\nexit codes: 0 fine, 1 found something, 2 usage or input error%s\n",
            strcmp(command->name, "run") == 0 ? "; `run` ends as the program ended" : "");
}

void tool_usage(FILE *to)
{
    fprintf(to, "usage: wick COMMAND [OPTION...] [ARGUMENT...]\n\ncommands:\n");
    for (const struct command *c = tool_commands; c->name; c++) {
        fprintf(to, "  %-12s %s\n", c->name, c->summary);
    }
    fprintf(to, "\n`wick COMMAND --help` says more. A LOG is a .ctxt, .ctxt.zst, .wick or .wick.zst file, or - for standard"
                " input.\n");
}
