/*
 * SPDX-License-Identifier: MIT
 * The options of all commands in one table, and their parser. See options.h.
 * Must not act on an option. Invariant: an option means the same in every command that has it.
 */
#include "options.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "base/messages.h"
#include "base/words.h"

#define FIELD(name) offsetof(struct settings, name)

const struct option tool_options[] = {
    {"help", 'h', FLAG, NULL, "print this help", FIELD(help), NULL, NULL},
    {"no-times", 0, FLAG, NULL, "leave out whatever varies between runs: for tests", FIELD(no_times), NULL, NULL},
    {"all", 'a', FLAG, NULL, "show everything, however much it is", FIELD(all), NULL, NULL},
    {"follow", 'F', FLAG, NULL, "go on while the log grows", FIELD(follow), NULL, NULL},
    {"wait", 0, FLAG, NULL, "return when it is done: 0 finished, 1 failed, canceled or timed out, 3 --timeout has passed", FIELD(wait), NULL, NULL},
    {"timeout", 0, TIME, "TIME", "wait so long at most (default: for ever)", FIELD(timeout_ns), NULL, NULL},
    {"age", 0, TIME, "TIME", "runs of which nothing was seen for so long: 3600 (seconds), 90m, 14d", FIELD(age_ns), NULL, NULL},
    {"yes", 0, FLAG, NULL, "do it; without it only what would be done is shown", FIELD(yes), NULL, NULL},
    {"depth", 'd', COUNT, "N", "show N levels", FIELD(depth), NULL, NULL},
    {"children", 0, COUNT, "N", "show the N longest scopes below each scope (default 30)", FIELD(children),
     NULL, NULL},
    {"limit", 'n', COUNT, "N", "show the first N", FIELD(limit), NULL, NULL},
    {"min", 0, TIME, "TIME", "leave out what took less in total: 10ms, 250us, 1.5 (seconds)", FIELD(min_ns),
     NULL, NULL},
    {"thread", 't', TEXT, "GLOB", "threads whose name matches: worker-*", FIELD(thread), NULL, NULL},
    {"path", 'p', TEXT, "GLOB", "scopes whose path matches: main/load/*, or whose name does: load*", FIELD(path),
     NULL, NULL},
    {"from", 0, TEXT, "TIME", "scopes that begin at or after TIME: seconds since the log's start or the epoch",
     FIELD(from), NULL, NULL},
    {"until", 0, TEXT, "TIME", "scopes that begin at or before TIME", FIELD(until), NULL, NULL},
    {"by", 'b', TEXT, "WHAT", "group by path (default), name, thread or location", FIELD(by),
     "path name thread location", NULL},
    {"sort", 's', TEXT, "COLUMN", "order by COLUMN, the largest first; +COLUMN: the smallest", FIELD(sort), NULL, NULL},
    {"where", 0, TEXT, "CONDITION", "rows that fulfil COLUMN eq|lt|gt|lte|gte|not|lke|in VALUE [and ...]",
     FIELD(where), NULL, NULL},
    {"format", 'f', MANY, "FORM", "text (default), md (Markdown), json, junit (XML), github (annotations), html (the page) or folded (stacks with both"
     " times); several", FIELD(formats), "text md json junit github html folded", "compare ab"},
    {"format", 'f', TEXT, "FORM", "text (default) or json", FIELD(format), "text json", "calibrate trend"},
    {"format", 'f', TEXT, "FORM", "tabular (default, or what WICK_FORMAT says), csv, tsv, human (a line per column), json or prettyjson", FIELD(format),
     "csv tsv tabular human json prettyjson", "tasks profile info"},
    {"format", 'f', TEXT, "FORM", "json (default) or prettyjson", FIELD(format), "json prettyjson", "history"},
    {"header", 0, FLAG, NULL, "print the titles of the columns; of JSON: objects instead of arrays", FIELD(header), NULL, NULL},
    {"format", 'f', TEXT, "FORM", "text (default), csv or json", FIELD(format), "text csv json", NULL},
    {"to", 0, TEXT, "FORM", "folded (stacks), chrome (trace), csv (one row per scope), json (the tree); ctxt or wick:"
     " the whole log in its other form; context: lines that the viewers of Context draw right", FIELD(to),
     "folded chrome csv json ctxt wick context", NULL},
    {"resolve", 0, FLAG, NULL, "write functions by their names instead of MODULE+0xOFFSET (--to context: always)", FIELD(resolve), NULL, NULL},
    {"cost", 0, FLAG, NULL, "measure what a scope costs on this machine: time, bytes in each form of a log, memory, threads", FIELD(cost), NULL, NULL},
    {"args", 0, FLAG, NULL, "of chrome: the text of each instance among its arguments", FIELD(args), NULL, NULL},
    {"unit", 0, TEXT, "UNIT", "what the numbers of folded stacks are: ns, us, ms, s, or what they count (default: samples)",
     FIELD(unit), NULL, NULL},
    {"output", 'o', FILE_OF_FORM, "FILE", "write the form before it to FILE; -: standard output", FIELD(outputs), NULL, "compare ab"},
    {"output", 'o', TEXT, "FILE", "write to FILE; -: standard output", FIELD(output), NULL, NULL},
    {"shift", 0, TEXT, "HOST=SECONDS", "add to the times of a host (comma between several)", FIELD(shift), NULL, NULL},
    {"width", 'w', COUNT, "N", "columns of the output (default: the terminal's, or 100)", FIELD(width), NULL, NULL},
    {"color", 0, TEXT, "WHEN", "auto (on a terminal), always or never", FIELD(color), "auto always never", NULL},
    {"functions", 0, OPTIONAL, "[=PATTERNS]", "record every function of a program compiled with -finstrument-functions; PATTERNS: WICK_FUNCTIONS",
     FIELD(functions), NULL, NULL},
    {"processes", 0, FLAG, NULL, "record the program's children, too (WICK_FORK=follow); with --functions always", FIELD(processes), NULL, NULL},
    {"progress", 0, FLAG, NULL, "show what runs at the bottom of the terminal also where the program writes to it", FIELD(progress), NULL, NULL},
    {"live", 0, FLAG, NULL, "show the program in a live page, from a server of this tool's", FIELD(live), NULL, NULL},
    {"serve", 0, TEXT, "ADDRESS", "where the page is served (default: WICK_SERVE, or 127.0.0.1:0)", FIELD(serve), NULL, NULL},
    {"redis", 0, TEXT, "URL", "follow the runs in it: redis://[user:password@]host:port/db (default: WICK_REDIS)", FIELD(redis), NULL, NULL},
    {"amqp", 0, TEXT, "URL", "take the messages of its queue `wick` as posts: amqp://[user:password@]host:port/vhost (default: WICK_AMQP)", FIELD(amqp),
     NULL, NULL},
    {"store", 0, TEXT, "FILE", "keep what is posted in it, and read it again when it starts", FIELD(store), NULL, NULL},
    {"linger", 0, TIME, "TIME", "end so long after the last page was closed (view and serve: never; run: 10s)", FIELD(linger_ns),
     NULL, NULL},
    {"no-browser", 0, FLAG, NULL, "print the link and open no browser", FIELD(no_browser), NULL, NULL},
    {"base", 0, TEXT, "COMMAND", "the base: a command of the shell", FIELD(base), NULL, "ab"},
    {"cand", 0, TEXT, "COMMAND", "the candidate", FIELD(cand), NULL, "ab"},
    {"runs", 'n', COUNT, "N", "run each so often (default 7; with --sequential 12 at most)", FIELD(runs), NULL, NULL},
    {"sequential", 0, FLAG, NULL, "look at 7 runs, and only if they conclude nothing at 12", FIELD(sequential), NULL, NULL},
    {"keep", 0, TEXT, "DIRECTORY", "leave the logs there (default: a temporary directory, which is removed)", FIELD(keep), NULL, NULL},
    {"seed", 0, COUNT, "N", "draw the order of the runs from N (default: the time)", FIELD(seed), NULL, NULL},
    {"base", 0, TEXT, "GLOB", "logs or summaries of the base, instead of arguments before --", FIELD(base), NULL, NULL},
    {"cand", 0, TEXT, "GLOB", "logs or summaries of the candidate, instead of arguments after --", FIELD(cand), NULL, NULL},
    {"check", 0, FLAG, NULL, "compare halves of the runs with each other as well: exit 1 if equal builds are flagged too often", FIELD(check), NULL, NULL},
    {"alpha", 0, SHARE, "SHARE", "how often equal builds may be flagged, all places together (default 1%)", FIELD(alpha), NULL, NULL},
    {"threshold", 0, SHARE, "SHARE", "changes up to this are not flagged (default 2%)", FIELD(threshold), NULL, NULL},
    {"detect", 0, SHARE, "SHARE", "the verdict is pass only if such a change would have been seen everywhere (default 2.5 times the threshold)",
     FIELD(detect), NULL, NULL},
    {"min-share", 0, SHARE, "SHARE", "places with less of the self time are not tested (default 0.1%)", FIELD(min_share), NULL, NULL},
    {"floor", 0, TIME, "TIME", "changes that cost a run less are not flagged (default 1us)", FIELD(floor_ns), NULL, NULL},
    {"fail-on", 0, TEXT, "LIST", "what fails: regression,count (default), tail, uniform, new>SHARE", FIELD(fail_on), NULL, NULL},
    {"rule", 0, MANY, "RULE", "'GLOB: threshold=SHARE | budget=TIME | ignore | warn | exact'; several; as lines of .wick-compare",
     FIELD(rules), NULL, NULL},
    {"map", 0, MANY, "OLD=NEW", "a place of this name in the base has that name in the candidate; several", FIELD(maps), NULL, NULL},
    {"ids", 0, TEXT, "WHAT", "strip (default): numbers and ids in names of other tools' logs are #; keep: they are part of the name", FIELD(ids),
     "strip keep", NULL},
    {"pair", 0, TEXT, "HOW", "order (default): the runs' times say whether they were run in turns; index: they were, the n-th beside the n-th;"
     " none: their order says nothing", FIELD(pair), "order index none", NULL},
    {"metric", 0, TEXT, "WHAT", "compare this alone: self (time of a call without those in it), total (with them), count (calls and failures),"
     " tail (slowest calls) or locks (time waited); default: self, count and tail", FIELD(metric), "self total count tail locks", NULL},
    {"noise-model", 0, TEXT, "FILE", "logs or summaries of ten or more runs of the base: one run of the candidate is held against them",
     FIELD(noise_model), NULL, NULL},
    {"require-conclusive", 0, FLAG, NULL, "exit 3 when there is no conclusion", FIELD(require_conclusive), NULL, NULL},
    {"exit-zero", 0, FLAG, NULL, "exit 0 whatever the verdict is", FIELD(exit_zero), NULL, NULL},
    {"verdict-file", 0, TEXT, "FILE", "write the last line, with the verdict, to FILE as well", FIELD(verdict_file), NULL, NULL},
    {"log", 'l', TEXT, "FILE", "keep the log in FILE (default: a temporary file)", FIELD(log), NULL, NULL},
};
const size_t tool_option_count = sizeof tool_options / sizeof tool_options[0];

static bool has_word(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = words; (at = strstr(at, word)) != NULL; at++) {
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || !at[length])) {
            return true;
        }
    }
    return false;
}

bool tool_takes(const struct command *command, const struct option *option)
{
    bool other = false; /* has the command a row of its own? */
    for (size_t i = 0; i < tool_option_count; i++) {
        const struct option *o = &tool_options[i];
        other |= o->command && has_word(o->command, command->name) && strcmp(o->name, option->name) == 0;
    }
    return has_word(command->options, option->name) && (option->command ? has_word(option->command, command->name) : !other);
}

static bool add_value(struct option_values *values, const char *value, const struct settings *settings)
{
    const char **grown = realloc(values->items, ((size_t)values->count + 1) * sizeof *grown);
    if (!grown) {
        tool_error(settings, "out of memory");
        return false;
    }
    values->items = grown;
    values->items[values->count++] = value;
    return true;
}

static int store(const struct option *option, const char *value, struct settings *settings)
{
    void *field = (char *)settings + option->offset;
    if (option->choices && !has_word(option->choices, value)) {
        tool_error(settings, "--%s is one of: %s; not '%s'", option->name, option->choices, value);
        return EXIT_USAGE;
    }
    if (option->type == FLAG) {
        *(bool *)field = true;
    } else if (option->type == COUNT) {
        char *end;
        unsigned long number = strtoul(value, &end, 10);
        if (!*value || *end || value[0] == '-' || number > UINT32_MAX / 2) {
            tool_error(settings, "--%s wants a whole number, not '%s'", option->name, value);
            return EXIT_USAGE;
        }
        *(uint32_t *)field = (uint32_t)number;
    } else if (option->type == TIME) {
        if (!tool_duration(value, field)) {
            tool_error(settings, "--%s wants a time such as 10ms, 250us or 1.5 (seconds), not '%s'", option->name,
                       value);
            return EXIT_USAGE;
        }
    } else if (option->type == SHARE) {
        double *share = field;
        if (!tool_share(value, share)) {
            tool_error(settings, "--%s wants a share such as 2%% or 0.02, not '%s'", option->name, value);
            return EXIT_USAGE;
        }
        *share = *share > 0 ? *share : DBL_MIN; /* 0: it was not given */
    } else if (option->type == MANY || option->type == FILE_OF_FORM) {
        struct option_values *values = field;
        while (option->type == FILE_OF_FORM && values->count + 1 < settings->formats.count) {
            if (!add_value(values, NULL, settings)) {
                return EXIT_USAGE;
            }
        }
        return add_value(values, value, settings) ? EXIT_FINE : EXIT_USAGE;
    } else {
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
        if (same && tool_takes(command, o)) {
            return o;
        }
    }
    return NULL;
}

static int unknown_option(const struct command *command, const char *given, const struct settings *settings)
{
    const char *words[64];
    size_t count = 0;
    for (size_t i = 0; i < tool_option_count && count < 63; i++) {
        if (tool_takes(command, &tool_options[i])) {
            words[count++] = tool_options[i].name;
        }
    }
    words[count] = NULL;
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(given + 2, "="), given[1] == '-' ? given + 2 : "");
    tool_error(settings, "there is no option '%s'%s; `wick %s --help` lists them", given,
               given[1] == '-' ? tool_suggest(name, words) : "", command->name);
    return EXIT_USAGE;
}

/* The option at *argv, which is moved to the last argument that it takes; NULL ends the arguments. */
static int parse_option(const struct command *command, char ***argv, struct settings *settings)
{
    const char *given = **argv;
    bool is_long = given[1] == '-';
    const char *name = given + (is_long ? 2 : 1);
    size_t length = is_long ? strcspn(name, "=") : 1;
    const struct option *option = is_long && length == 1 ? NULL : find_option(command, name, length);
    if (!option) {
        return unknown_option(command, given, settings);
    }
    const char *value = is_long ? (name[length] == '=' ? name + length + 1 : NULL)
                                : (name[1] ? name + 1 : NULL);
    if (option->type == OPTIONAL) {
        value = value ? value : "";
    } else if (option->type == FLAG) {
        if (value) {
            tool_error(settings, "--%s takes no value", option->name);
            return EXIT_USAGE;
        }
    } else if (!value) {
        value = (*argv)[1];
        if (!value) {
            tool_error(settings, "--%s wants a value: --%s %s", option->name, option->name, option->argument);
            return EXIT_USAGE;
        }
        (*argv)++;
    }
    return store(option, value, settings);
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
    /* `wick run prog -x`: what follows the program belongs to the program. */
    bool options_end = false, first_ends = strcmp(command->name, "run") == 0;
    settings->first_count = -1;
    int rc = EXIT_FINE;
    for (; *argv && rc == EXIT_FINE; argv++) {
        bool plain = argv[0][0] != '-' || !argv[0][1];
        if (!options_end && strcmp(*argv, "--") == 0) {
            options_end = true;
            settings->first_count = settings->argument_count;
        } else if (options_end || plain) {
            settings->arguments[settings->argument_count++] = *argv;
            options_end = options_end || first_ends;
        } else {
            rc = parse_option(command, &argv, settings);
        }
    }
    settings->first_count = settings->first_count < 0 ? settings->argument_count : settings->first_count;
    return rc;
}
