/*
 * SPDX-License-Identifier: MIT
 * The table of commands: their names, one line about each, the options that they take, the function that runs them.
 * Must not parse options. Invariant: each row's function is in cmd/, in the file of its name.
 */
#include "commands.h"

#include <string.h>

#include "cmd/cmd.h"

#define SELECT "thread path from until unit "
#define LOOK " width color help"

const struct command tool_commands[] = {
    {"run", "run a program, record it, print its tree at the end", "[--] PROGRAM [ARGUMENT...]",
     "progress live serve linger no-browser functions processes log depth children min sort no-times all path" LOOK, cmd_run},
    {"view", "show logs, finished or growing, in a page of the browser", "LOG...", "serve linger no-browser help", cmd_view},
    {"serve", "serve one page for all runs that programs mirror in Redis (WICK_REDIS), and take posts about what has no program", "",
     "redis amqp store serve linger no-browser help", cmd_serve},
    {"tree", "print the tree of a log", "LOG...",
     SELECT "depth children min sort no-times all follow format" LOOK, cmd_tree},
    {"report", "print a table of scopes with their times", "LOG...",
     SELECT "by sort where limit all format" LOOK, cmd_report},
    {"thin", "print the filter that leaves out the scopes whose recording costs most, and what it saves", "LOG...", "help", cmd_thin},
    {"hist", "print how long the calls of scopes took, as bars", "LOG...", SELECT "where format" LOOK, cmd_hist},
    {"slow", "print the calls that took longest themselves, and what other threads did meanwhile", "LOG...",
     SELECT "limit where format" LOOK, cmd_slow},
    {"timeline", "print what each thread did when, as lanes", "LOG...", SELECT "depth limit all" LOOK,
     cmd_timeline},
    {"status", "print the trackers of a log, a server or Redis: how far, how long, what is left; --format text: name, status, done of all",
     "LOG...|LINK|redis://... [KEY]",
     "depth follow wait timeout where sort limit format" LOOK, cmd_status},
    {"post", "say how far a tracker is, to a live page's server: progress=0.5 msg=half status=running; null removes", "[LINK] KEY FIELD=VALUE...",
     "help", cmd_post},
    {"tasks", "print tasks (trackers without others below) and their states, the most recent first", "LOG...|LINK|redis://... [KEY]",
     "limit format header help", cmd_tasks},
    {"profile", "print how long tasks waited and ran, the longest first; --all: also those that have not", "LOG...|LINK|redis://... [KEY]",
     "limit all format header help", cmd_profile},
    {"info", "print what is known of a run, or of one of its tasks (by NAME-N or key) with its attempts", "LOG...|LINK|redis://... [TASK]",
     "format header help", cmd_info},
    {"history", "print what was said of trackers, in order, as JSON", "LOG...|LINK|redis://... [KEY]", "format help", cmd_history},
    {"redis", "list the runs that programs mirror in Redis (WICK_REDIS), show one, find trackers, remove runs: what would be removed, until --yes",
     "ls|show RUN|find ID|purge [RUN...] redis://...", "age yes depth where sort limit format" LOOK, cmd_redis},
    {"locks", "print waits and holds of locks, and who held them while others waited", "LOG...",
     "thread path from until sort where limit all format" LOOK, cmd_locks},
    {"marks", "print the latest mark of each name, with its details; --all: every mark, in order", "LOG...",
     "thread path from until sort where limit all format" LOOK, cmd_marks},
    {"postmortem", "print what was open when a log ended, and the last events", "LOG...",
     "thread path from until limit all help", cmd_postmortem},
    {"check", "check that a log is whole, balanced, without losses and readable by Context", "LOG...", "format help", cmd_check},
    {"repair", "write a log that Context accepts from one that it does not, or that a killed program left", "LOG", "output resolve help", cmd_repair},
    {"merge", "merge logs of several processes and hosts into one, by time", "LOG...", "output shift resolve help",
     cmd_merge},
    {"export", "write a log in the form of another tool, or in its other form", "LOG...", "to output args resolve " SELECT "help",
     cmd_export},
    {"flame", "write a log as one HTML file: the page with the log inside it", "LOG...", "output thread from until help",
     cmd_flame},
    {"summarize", "write what `compare` needs to know of logs, a few kilobytes each", "LOG...", "ids output help", cmd_summarize},
    {"ab", "run two programs in turns, and compare them", "",
     "base cand runs sequential keep seed metric alpha threshold detect min-share floor fail-on rule map ids require-conclusive exit-zero"
     " verdict-file format output all help",
     cmd_ab},
    {"compare", "compare runs of two builds: what got slower, and whether these runs could have shown it",
     "LOG... -- LOG...",
     "base cand noise-model pair metric alpha threshold detect min-share floor fail-on rule map ids require-conclusive exit-zero verdict-file"
     " format output all help",
     cmd_compare},
    {"calibrate", "measure how much runs of one build differ, and how many of them a comparison needs", "LOG...",
     "alpha threshold detect min-share ids check format output all help", cmd_calibrate},
    {"trend", "find where costs changed for good, from summaries of many builds in order", "SUMMARY...",
     "alpha threshold min-share ids format output help", cmd_trend},
    {"doctor", "print versions, clock, settings and what may be wrong with them", "", "cost help", cmd_doctor},
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
