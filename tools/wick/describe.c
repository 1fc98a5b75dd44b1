/*
 * SPDX-License-Identifier: MIT
 * Prints help, the man page wick(1) and the completion for bash from the tables of commands and options.
 * Must not be edited when a command or option is added: the tables are. Invariant: all three list the same options.
 */
#include <string.h>

#include <wick/version.h>

#include "commands.h"
#include "options.h"

void tool_help(const struct command *command, FILE *to)
{
    fprintf(to, "usage: wick %s [OPTION...] %s\n\n%c%s.\n\noptions:\n", command->name, command->arguments,
            command->summary[0] - 'a' + 'A', command->summary + 1);
    for (size_t i = 0; i < tool_option_count; i++) {
        const struct option *o = &tool_options[i];
        if (!tool_takes(command, o)) {
            continue;
        }
        char left[48];
        snprintf(left, sizeof left, "%c%c%s --%s%s%s", o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
                 o->letter ? "," : " ", o->name, o->argument ? " " : "", o->argument ? o->argument : "");
        fprintf(to, "  %-22s %s\n", left, o->help);
    }
    fprintf(to, "\nexit codes: 0 fine, 1 found something, 2 usage or input error%s\n",
            strcmp(command->name, "run") == 0       ? "; `run` ends as the program ended"
            : strcmp(command->name, "compare") == 0 || strcmp(command->name, "ab") == 0 ? ", 3 no conclusion (with --require-conclusive), 4 no base"
                                                    : "");
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

/* roff: a leading dot or quote, and every backslash and minus, would mean something else. */
static void roff(FILE *to, const char *text)
{
    if (*text == '.' || *text == '\'') {
        fputs("\\&", to);
    }
    for (; *text; text++) {
        if (*text == '-') {
            fputs("\\-", to);
        } else if (*text == '\\') {
            fputs("\\e", to);
        } else {
            putc(*text, to);
        }
    }
}

static void man_option(FILE *to, const struct option *o)
{
    fprintf(to, ".TP\n");
    if (o->letter) {
        fprintf(to, "\\fB\\-%c\\fR, ", o->letter);
    }
    fprintf(to, "\\fB\\-\\-");
    roff(to, o->name);
    fprintf(to, "\\fR");
    if (o->argument) {
        fprintf(to, " \\fI%s\\fR", o->argument);
    }
    fprintf(to, "\n");
    roff(to, o->help);
    if (o->choices) {
        fprintf(to, " (one of: %s)", o->choices);
    }
    fprintf(to, "\n");
}

static void man_command(FILE *to, const struct command *c)
{
    fprintf(to, ".SS wick ");
    roff(to, c->name);
    fprintf(to, " [OPTION...] ");
    roff(to, c->arguments);
    fprintf(to, "\n");
    putc(c->summary[0] - 'a' + 'A', to);
    roff(to, c->summary + 1);
    fprintf(to, ".\nOptions:");
    const char *separator = " ";
    for (size_t i = 0; i < tool_option_count; i++) {
        if (tool_takes(c, &tool_options[i])) {
            fprintf(to, "%s\\fB\\-\\-", separator);
            roff(to, tool_options[i].name);
            fprintf(to, "\\fR");
            separator = ", ";
        }
    }
    fprintf(to, ".\n");
}

static const char man_tail[] =
    ".SH CONDITIONS\n"
    "\\fB\\-\\-where\\fR takes \\fICOLUMN CODE VALUE\\fR, several joined by \\fBand\\fR. The codes are \\fBeq\\fR, "
    "\\fBlt\\fR, \\fBgt\\fR, \\fBlte\\fR, \\fBgte\\fR, \\fBnot\\fR, \\fBlke\\fR (a pattern) and \\fBin\\fR (a list with "
    "commas). Columns are those of the CSV form; the unit may be left out, and a time may have its own: "
    "\\fBtotal gt 5ms and failed gt 0\\fR.\n"
    ".SH PATTERNS\n"
    "\\fB\\-\\-path\\fR, \\fB\\-\\-thread\\fR and \\fBlke\\fR take the patterns that \\fBwick\\fR(7) describes: \\fB*\\fR within a "
    "name, \\fB**\\fR across names, \\fB?\\fR and \\fB[...]\\fR; without / a pattern matches a name at any depth. One that "
    "matches nothing is reported.\n"
    ".SH NUMBERS\n"
    "\\fBcalls\\fR, \\fBmean\\fR, \\fBmin\\fR and the quantiles (\\fBp50\\fR, \\fBp90\\fR, \\fBp99\\fR) are of calls that have "
    "ended; when none has they are unknown: null in JSON, empty elsewhere. A call that is still open is counted apart "
    "(\\fB1 open\\fR) and adds its time so far to \\fBtotal\\fR, \\fBself\\fR and \\fBmax\\fR. \\fBmean\\fR is the sum of "
    "the durations of all calls by their number; \\fBtotal\\fR leaves out calls inside another call of the same row. "
    "\\fBshare\\fR is the total as a part of the time of all threads, in \\fBtree\\fR of the thread.\n"
    ".SH EXIT STATUS\n"
    ".TP\n0\nfine\n.TP\n1\nsomething was found: a broken log, open scopes, no match, a regression\n.TP\n2\nusage or input error\n"
    ".TP\n3\n\\fB\\-\\-timeout\\fR has passed; \\fBcompare\\fR and \\fBab\\fR: no conclusion, with \\fB\\-\\-require\\-conclusive\\fR\n"
    ".TP\n4\n\\fBcompare\\fR: there is no base\n"
    ".PP\n\\fBwick run\\fR ends as its program ended: with its exit code, or by its signal; 127 and 126 when it cannot "
    "be found or started.\n"
    ".SH EXAMPLES\n.nf\nwick run \\-\\- ./app\nwick tree run.ctxt\nwick report \\-\\-by name \\-\\-where 'failed gt 0' run.ctxt\n"
    "wick slow \\-\\-limit 5 \\-\\-thread 'worker*' run.ctxt.zst\nwick export \\-\\-to chrome \\-o trace.json run.ctxt\nwick export \\-\\-to ctxt \\-o run.ctxt run.wick\n.fi\n"
    ".SH SEE ALSO\n.BR wick (7)\n";

void tool_man(FILE *to)
{
    fprintf(to, ".\\\" SPDX-License-Identifier: MIT\n.TH WICK 1 \"" WICK_VERSION_DATE "\" \"wick %d.%d.%d\" \"Profiling C and C++\"\n.SH NAME\n"
                "wick \\- record programs and read their logs\n.SH SYNOPSIS\n.B wick\n\\fICOMMAND\\fR [\\fIOPTION\\fR...] "
                "[\\fIARGUMENT\\fR...]\n.SH DESCRIPTION\n"
                "Starts programs that are instrumented with wick, and reads the logs that they leave. A \\fILOG\\fR is "
                "a .ctxt or .wick file, also compressed (.zst), another tool's trace (Chrome trace JSON, speedscope JSON, folded "
                "stacks), or \\- for standard input. Lines that cannot be used are left out, "
                "counted and reported; no log is ever changed.\n.SH COMMANDS\n",
            WICK_VERSION_MAJOR, WICK_VERSION_MINOR, WICK_VERSION_PATCH);
    for (const struct command *c = tool_commands; c->name; c++) {
        man_command(to, c);
    }
    fprintf(to, ".SH OPTIONS\nAn option means the same in every command that has it.\n");
    for (size_t i = 0; i < tool_option_count; i++) {
        man_option(to, &tool_options[i]);
    }
    fputs(man_tail, to);
}

void tool_completion(FILE *to)
{
    fprintf(to, "# SPDX-License-Identifier: MIT\n# bash completion for wick; made by `wick help --completion`.\n"
                "_wick()\n{\n    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} options=\n"
                "    COMPREPLY=()\n    if [ \"$COMP_CWORD\" = 1 ]; then\n        COMPREPLY=($(compgen -W '");
    for (const struct command *c = tool_commands; c->name; c++) {
        fprintf(to, "%s ", c->name);
    }
    fprintf(to, "help version' -- \"$cur\"))\n        return\n    fi\n"
                "    if [ \"$COMP_CWORD$prev\" = 2redis ]; then\n        COMPREPLY=($(compgen -W 'ls show find purge' -- \"$cur\"))\n"
                "        return\n    fi\n    case $prev in\n");
    for (size_t i = 0; i < tool_option_count; i++) {
        if (tool_options[i].choices && !tool_options[i].command) {
            fprintf(to, "    --%s) COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;\n", tool_options[i].name,
                    tool_options[i].choices);
        }
    }
    fprintf(to, "    esac\n    case ${COMP_WORDS[1]} in\n");
    for (const struct command *c = tool_commands; c->name; c++) {
        fprintf(to, "    %s) options='", c->name);
        for (size_t i = 0; i < tool_option_count; i++) {
            if (tool_takes(c, &tool_options[i])) {
                fprintf(to, "--%s ", tool_options[i].name);
            }
        }
        fprintf(to, "' ;;\n");
    }
    fprintf(to, "    esac\n    if [ \"${cur:0:1}\" = - ]; then\n"
                "        COMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n    else\n"
                "        COMPREPLY=($(compgen -f -- \"$cur\"))\n    fi\n}\ncomplete -o filenames -F _wick wick\n");
}
