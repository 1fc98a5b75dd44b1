/*
 * SPDX-License-Identifier: MIT
 * wick ab: two programs in turns, and what differs between them. The order within a pair is drawn, as is the size of the
 * environment; addresses are the kernel's to draw. The first pair warms caches up and is not compared.
 * Must not judge: compare does. Invariant: a run that fails ends the whole, and is named.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/host.h"
#include "base/messages.h"
#include "cmd/cmd.h"
#include "cmd/compare_runs.h"

enum { RUNS = 7, MORE_RUNS = 12, RUNS_MAX = 50, PADDING_MAX = 4096 };

struct series_of_runs {
    struct settings *settings;
    const char *commands[2];
    char directory[2000];
    char *paths[2 * RUNS_MAX + 1]; /* the base's, behind them the candidate's */
    uint32_t pairs, most;          /* run so far; in all */
    uint64_t random;
    bool temporary;
};

static volatile sig_atomic_t stopped;

static void stop(int number)
{
    stopped = number;
}

/* The upper bits of a linear congruential generator (Knuth's MMIX). */
static uint32_t draw(struct series_of_runs *s, uint32_t below)
{
    s->random = s->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((s->random >> 33) % below);
}

static void exec_command(const char *command, const char *log, const char *padding)
{
    const int nowhere = open("/dev/null", O_RDWR);
    setenv("WICK_LOG", log, 1);
    setenv("WICK_CALIBRATE", "1", 0);
    setenv("AB_PADDING", padding, 1);
    if (nowhere >= 0) {
        dup2(nowhere, 0);
        dup2(nowhere, 1);
    }
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

/* Run one of the two; its log is `log`. 0, or an exit code after a message. */
static int run_once(struct series_of_runs *s, int which, const char *log)
{
    char padding[PADDING_MAX];
    struct stat written;
    const uint32_t bytes = draw(s, PADDING_MAX);
    int status;
    memset(padding, 'x', bytes);
    padding[bytes] = 0;
    fflush(NULL);
    const pid_t pid = fork();
    if (pid < 0) {
        tool_error(s->settings, "no new process: %s", strerror(errno));
        return EXIT_USAGE;
    }
    if (pid == 0) {
        exec_command(s->commands[which], log, padding);
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
        kill(pid, stopped);
    }
    if (stopped) {
        tool_error(s->settings, "stopped");
        return 128 + stopped;
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        tool_error(s->settings, "`%s` ended with %s %d", s->commands[which], WIFEXITED(status) ? "exit code" : "signal",
                   WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
        return EXIT_USAGE;
    }
    if (stat(log, &written) != 0 || !written.st_size) {
        tool_error(s->settings, "`%s` wrote no log: it records nothing, or sets WICK_LOG itself", s->commands[which]);
        return EXIT_USAGE;
    }
    return EXIT_FINE;
}

/* Long texts are beside the log. */
static void remove_log(const char *log)
{
    char text[2200];
    snprintf(text, sizeof text, "%s.text", log);
    unlink(text);
    unlink(log);
}

/* Both programs, in an order that is drawn. */
static int run_pair(struct series_of_runs *s, bool warm_up)
{
    const int first = (int)draw(s, 2);
    int rc = EXIT_FINE;
    for (int turn = 0; turn < 2 && rc == EXIT_FINE; turn++) {
        const int which = first ^ turn;
        char log[2100];
        snprintf(log, sizeof log, "%s/%s-%02u.wick", s->directory, which ? "candidate" : "base", warm_up ? 0 : s->pairs + 1);
        remove_log(log);
        rc = run_once(s, which, log);
        if (rc == EXIT_FINE && !warm_up) {
            char **path = &s->paths[which * RUNS_MAX + (int)s->pairs];
            *path = strdup(log);
            rc = *path ? EXIT_FINE : EXIT_USAGE;
        } else {
            remove_log(log);
        }
    }
    s->pairs += !warm_up;
    return rc;
}

/* The runs so far as arguments of `compare`. */
static int look_at(struct series_of_runs *s, struct compare_look *look)
{
    char *arguments[2 * RUNS_MAX + 1];
    struct settings own = *s->settings;
    for (uint32_t i = 0; i < s->pairs; i++) {
        arguments[i] = s->paths[i];
        arguments[s->pairs + i] = s->paths[RUNS_MAX + i];
    }
    own.base = own.cand = NULL;
    own.arguments = arguments;
    own.argument_count = 2 * (int)s->pairs;
    own.first_count = (int)s->pairs;
    return compare_runs(&own, look);
}

/* With --sequential two looks: at 7 pairs, and if they conclude nothing at 12. */
static int run_all(struct series_of_runs *s)
{
    const uint32_t first_look = s->settings->sequential && s->most > RUNS ? RUNS : s->most;
    int rc = run_pair(s, true);
    while (rc == EXIT_FINE && s->pairs < first_look) {
        rc = run_pair(s, false);
    }
    struct compare_look look = {.alpha_share = first_look < s->most ? 0.4 : 1, .another = first_look < s->most};
    rc = rc == EXIT_FINE ? look_at(s, &look) : rc;
    if (rc != EXIT_FINE || !look.another || !look.open) {
        return rc;
    }
    while (rc == EXIT_FINE && s->pairs < s->most) {
        rc = run_pair(s, false);
    }
    look = (struct compare_look){.alpha_share = 0.6};
    return rc == EXIT_FINE ? look_at(s, &look) : rc;
}

static int choose_directory(struct series_of_runs *s)
{
    const char *given = s->settings->keep, *temporary = getenv("TMPDIR");
    s->temporary = !given;
    if (given) {
        snprintf(s->directory, sizeof s->directory, "%s", given);
        if (mkdir(given, 0777) != 0 && errno != EEXIST) {
            tool_error(s->settings, "%s: %s", given, strerror(errno));
            return EXIT_USAGE;
        }
        return EXIT_FINE;
    }
    snprintf(s->directory, sizeof s->directory, "%s/wick-ab.XXXXXX", temporary && *temporary ? temporary : "/tmp");
    if (!mkdtemp(s->directory)) {
        tool_error(s->settings, "%s: %s; set TMPDIR or give --keep DIRECTORY", s->directory, strerror(errno));
        return EXIT_USAGE;
    }
    return EXIT_FINE;
}

static void clean_up(struct series_of_runs *s)
{
    for (int i = 0; i < 2 * RUNS_MAX; i++) {
        if (s->paths[i] && s->temporary) {
            remove_log(s->paths[i]);
        }
        free(s->paths[i]);
    }
    if (s->temporary && s->directory[0]) {
        rmdir(s->directory);
    }
}

int cmd_ab(struct settings *settings)
{
    struct series_of_runs s = {.settings = settings, .commands = {settings->base, settings->cand}};
    if (!settings->base || !settings->cand || settings->argument_count) {
        tool_error(settings, "give two commands: wick ab --base './old arguments' --cand './new arguments'");
        return EXIT_USAGE;
    }
    s.most = settings->runs ? settings->runs : settings->sequential ? MORE_RUNS : RUNS;
    if (s.most < 1 || s.most > RUNS_MAX) {
        tool_error(settings, "--runs is between 1 and %d", RUNS_MAX);
        return EXIT_USAGE;
    }
    s.random = settings->seed ? settings->seed : (uint64_t)tool_now_ms() * 2 + 1;
    const struct sigaction action = {.sa_handler = stop};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    int rc = choose_directory(&s);
    rc = rc == EXIT_FINE ? run_all(&s) : rc;
    clean_up(&s);
    return rc;
}
