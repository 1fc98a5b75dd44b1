/*
 * SPDX-License-Identifier: MIT
 * wick run: starts a program with recording on, forwards signals, prints its tree, ends as the program ended.
 * Must not change the program's environment beyond what recording needs. Invariant: the exit code or signal is that of
 * the program, whatever happens to the log.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/host.h"
#include "base/messages.h"
#include "cmd/cmd.h"
#include "input/follow.h"
#include "input/series.h"
#include "input/trackers.h"
#include "page/page.h"
#include "print/live.h"
#include "print/show_tree.h"
#include "print/status_line.h"

enum { EXIT_CANNOT_EXECUTE = 126, EXIT_NOT_FOUND = 127 };

/* The log of a process, in one file or, after rotations, in several. */
struct process_run {
    char name[RUN_BYTES];
    char **files; /* borrowed by the page */
    int count;
    bool shown;
};

struct child {
    struct settings *settings;
    char directory[4096]; /* temporary directory of the log; "": there is none */
    char log[4200];
    pid_t pid;
    int status;
    sigset_t old_mask;
    struct follow follow; /* of the log while the program runs */
    struct trackers trackers; /* that it tells */
    struct live live;     /* on a terminal */
    bool following;
    struct live_page *page;    /* --live */
    struct process_run **runs; /* whose logs were found, for the page */
    int run_count;
    int64_t look_ms;      /* for more of them */
    bool shown;           /* its link may have been seen */
    int64_t next_ms;
    struct timespec since; /* an older log belongs to another run */
    struct stat before;    /* the log of that name before the program was started; no inode: there was none */
};

static const int forwarded[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH, SIGCONT,
                                SIGTSTP, SIGALRM, SIGPIPE};

/* A log that can be read again: not standard output, not a pipe. */
static bool is_file_name(const char *name)
{
    struct stat status;
    return strcmp(name, "-") != 0 && strcmp(name, "stdout") != 0 && (stat(name, &status) != 0 || S_ISREG(status.st_mode));
}

/* The log goes to --log, to WICK_LOG if it is set, or to a temporary file. */
static int choose_log(struct child *child)
{
    const char *given = child->settings->log ? child->settings->log : getenv("WICK_LOG");
    if (given && *given) {
        if (strlen(given) >= sizeof child->log) {
            tool_error(child->settings, "the log's name is too long");
            return EXIT_USAGE;
        }
        if (!is_file_name(given)) {
            tool_error(child->settings, "%s: wick run reads the log that is written: give the name of a file", given);
            return EXIT_USAGE;
        }
        snprintf(child->log, sizeof child->log, "%s", given);
    } else {
        const char *temporary = getenv("TMPDIR");
        snprintf(child->directory, sizeof child->directory, "%s/wick-run.XXXXXX",
                 temporary && *temporary ? temporary : "/tmp");
        if (!mkdtemp(child->directory)) {
            tool_error(child->settings, "%s: %s; set TMPDIR or give --log FILE", child->directory,
                       strerror(errno));
            child->directory[0] = 0;
            return EXIT_USAGE;
        }
        /* Each process has a name of its own: one that a child executes may begin when the first one has ended. */
        snprintf(child->log, sizeof child->log, "%s/run%s.%s", child->directory,
                 child->settings->processes ? ".%p" : "", child->settings->functions ? "wick" : "ctxt");
    }
    bool follows = child->settings->processes || child->settings->functions;
    if ((follows && setenv("WICK_FORK", "follow", child->settings->processes) != 0) || setenv("WICK_LOG", child->log, 1) != 0 || setenv("WICK_CALIBRATE", "1", 0) != 0) {
        tool_error(child->settings, "out of memory");
        return EXIT_USAGE;
    }
    return EXIT_FINE;
}

/* Find the companion library in WICK_MODULE_DIR, beside the installed tool's libraries, or in the build tree. */
static bool find_companion(char *path, size_t bytes)
{
    static const char *const directories[] = {WICK_LIBDIR_FROM_BINDIR, "../lib", "../lib/functions", NULL};
    const char *directory = getenv("WICK_MODULE_DIR");
    if (directory && *directory == '/') {
        snprintf(path, bytes, "%s/%s", directory, WICK_FUNCTIONS_NAME);
        if (access(path, R_OK) == 0) {
            return true;
        }
    }
    return tool_find_beside(directories, WICK_FUNCTIONS_NAME, path, bytes);
}

/* As WICK_FUNCTIONS has them: a list without signs says what is recorded. False: no memory. */
static bool set_patterns(const char *patterns)
{
    char list[4096] = "";
    size_t used = 0;
    if (!patterns[0]) {
        return true;
    }
    for (const char *at = patterns; *at && used + 2 < sizeof list; at++) {
        if ((at == patterns || at[-1] == ',') && *at != '-' && *at != '+') {
            list[used++] = '+';
        }
        list[used++] = *at;
    }
    return setenv("WICK_FUNCTIONS", list, 1) == 0;
}

/* --functions: preload the companion library, which gets the program's calls of -finstrument-functions. */
static int preload_companion(const struct child *child)
{
    char path[8200], list[16400];
    const char *before = getenv("LD_PRELOAD");
    if (!find_companion(path, sizeof path)) {
        tool_error(child->settings, "--functions: %s was not found; set WICK_MODULE_DIR to its directory",
                   WICK_FUNCTIONS_NAME);
        return EXIT_USAGE;
    }
    if (strpbrk(path, " :")) {
        tool_error(child->settings, "--functions: %s cannot be preloaded, there is a space or a colon in its path",
                   path);
        return EXIT_USAGE;
    }
    snprintf(list, sizeof list, "%s%s%s", path, before && *before ? ":" : "", before ? before : "");
    if (setenv("LD_PRELOAD", list, 1) != 0 || !set_patterns(child->settings->functions)) {
        tool_error(child->settings, "out of memory");
        return EXIT_USAGE;
    }
    return EXIT_FINE;
}

static void exec_program(const struct child *child, int report)
{
    sigprocmask(SIG_SETMASK, &child->old_mask, NULL);
    execvp(child->settings->arguments[0], child->settings->arguments);
    int error = errno;
    ssize_t written = write(report, &error, sizeof error);
    (void)written;
    _exit(error == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXECUTE);
}

/* 0, or the exit code if the program could not be started. */
static int start(struct child *child)
{
    int report[2];
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGCHLD);
    for (size_t i = 0; i < sizeof forwarded / sizeof forwarded[0]; i++) {
        sigaddset(&mask, forwarded[i]);
    }
    if (pipe2(report, O_CLOEXEC) != 0) {
        tool_error(child->settings, "no pipe: %s", strerror(errno));
        return EXIT_USAGE;
    }
    sigprocmask(SIG_BLOCK, &mask, &child->old_mask);
    fflush(NULL);
    child->pid = fork();
    if (child->pid < 0) {
        tool_error(child->settings, "no new process: %s", strerror(errno));
        return EXIT_USAGE;
    }
    if (child->pid == 0) {
        exec_program(child, report[1]);
    }
    close(report[1]);
    int error = 0;
    ssize_t got = read(report[0], &error, sizeof error);
    close(report[0]);
    if (got != sizeof error) {
        return EXIT_FINE;
    }
    waitpid(child->pid, &child->status, 0);
    tool_error(child->settings, "%s: cannot be started: %s%s", child->settings->arguments[0], strerror(error),
               error == ENOENT ? "; is it in PATH, or do you mean ./NAME?" : "");
    return error == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXECUTE;
}

/* Has the program ended? */
static bool reap(struct child *child)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED)) > 0) {
        if (pid != child->pid) {
            continue;
        }
        if (WIFSTOPPED(status)) {
            /* The shell must see its job stop: stop, too, and continue the program when we are continued. */
            raise(SIGSTOP);
            kill(child->pid, SIGCONT);
            continue;
        }
        child->status = status;
        return true;
    }
    return pid < 0 && errno == ECHILD;
}

/* Is the name of the program's log known? */
static bool is_one(const struct child *child)
{
    return !strchr(child->log, '%');
}

static bool is_fresh(const struct child *child, const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0 || (status.st_ino == child->before.st_ino && status.st_size == child->before.st_size &&
                                     status.st_mtim.tv_sec == child->before.st_mtim.tv_sec &&
                                     status.st_mtim.tv_nsec == child->before.st_mtim.tv_nsec)) {
        return false; /* written just before the start: files are stamped with a coarse clock */
    }
    return S_ISREG(status.st_mode) && status.st_size &&
           (status.st_mtim.tv_sec > child->since.tv_sec || (status.st_mtim.tv_sec == child->since.tv_sec &&
                                                            status.st_mtim.tv_nsec >= child->since.tv_nsec));
}

enum { PATTERN_BYTES = 8400 };

/* Globs for the logs of the run: %p and %h in the name stand for pid and host, further processes of the program write
 * NAME.<pid>.SUFFIX, and rotated or compressed logs have endings of their own. */
static void log_patterns(const struct child *child, char plain[PATTERN_BYTES], char rotated[PATTERN_BYTES])
{
    size_t used = 0;
    for (const char *c = child->log; *c && used < 8000; c++) {
        if (*c == '%' && (c[1] == 'p' || c[1] == 'h')) {
            plain[used++] = '*';
            c++;
        } else {
            if (strchr("*?[\\", *c)) {
                plain[used++] = '\\';
            }
            plain[used++] = *c;
        }
    }
    plain[used] = 0;
    const char *slash = strrchr(plain, '/');
    const char *name = slash ? slash + 1 : plain;
    const char *dot = strstr(name, ".ctxt") ? strstr(name, ".ctxt") : strstr(name, ".wick");
    dot = dot ? dot : strrchr(name, '.');
    dot = dot ? dot : name + strlen(name);
    snprintf(rotated, PATTERN_BYTES, "%.*s.*[0-9]%s", (int)(dot - plain), plain, dot);
}

static bool has_file(const struct child *child, const char *path)
{
    for (int i = 0; i < child->run_count; i++) {
        for (int k = 0; k < child->runs[i]->count; k++) {
            if (strcmp(path, child->runs[i]->files[k]) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* The run of a log's head; NULL: the head is not there yet, or there is no memory. */
static struct process_run *run_of(struct child *child, char *path)
{
    struct log_head *heads = series_sort(child->settings, &path, 1);
    struct process_run *run = NULL;
    for (int i = 0; heads && i < child->run_count && !run; i++) {
        run = strcmp(child->runs[i]->name, heads->run) == 0 ? child->runs[i] : NULL;
    }
    struct process_run **grown = heads && heads->run[0] && !run ? realloc(child->runs, ((size_t)child->run_count + 1) * sizeof *grown) : NULL;
    child->runs = grown ? grown : child->runs;
    if (grown && (run = calloc(1, sizeof *run)) != NULL) {
        snprintf(run->name, sizeof run->name, "%s", heads->run);
        run->shown = strcmp(path, child->log) == 0; /* from the start */
        grown[child->run_count++] = run;
    }
    free(heads);
    return run;
}

static void keep_file(struct child *child, char *path)
{
    struct process_run *run = run_of(child, path);
    char **grown = run ? realloc(run->files, ((size_t)run->count + 1) * sizeof *grown) : NULL;
    if (grown) {
        run->files = grown;
        run->files[run->count] = strdup(path);
        run->count += run->files[run->count] != NULL;
    }
}

/* Each process that has begun since is one more in the page, with what a rotation has moved aside already. */
static void show_further(struct child *child)
{
    for (int i = 0; i < child->run_count; i++) {
        struct process_run *run = child->runs[i];
        if (!run->shown && run->count) {
            run->shown = true;
            free(series_sort(child->settings, run->files, run->count));
            if (!page_add(child->page, run->files, run->count)) {
                tool_error(child->settings, "%s: out of memory: the page does not show it", run->files[0]);
            }
        }
    }
}

static void look_for_logs(struct child *child)
{
    static char plain[PATTERN_BYTES], rotated[PATTERN_BYTES];
    const char *fork = getenv("WICK_FORK");
    glob_t found;
    if ((!(fork && strcmp(fork, "follow") == 0) && is_one(child)) || (is_one(child) && !is_fresh(child, child->log))) {
        return;
    }
    log_patterns(child, plain, rotated);
    (void)glob(plain, 0, NULL, &found);
    (void)glob(rotated, GLOB_APPEND, NULL, &found);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char *path = found.gl_pathv[i];
        if (is_fresh(child, path) && !strstr(path, ".posted.") && !has_file(child, path)) {
            keep_file(child, path);
        }
    }
    globfree(&found);
    show_further(child);
}

/* Read what the program has logged so far, for a short time only: signals must be forwarded soon. */
static void feed_page(struct child *child)
{
    int pieces = 64;
    if (tool_now_ms() >= child->look_ms) {
        child->look_ms = tool_now_ms() + 200;
        look_for_logs(child);
    }
    while (pieces-- > 0 && (!is_one(child) || is_fresh(child, child->log)) && page_poll(child->page) > 0) {
        /* on */
    }
}

static int feed(void *user, const struct wick_record *records, size_t count)
{
    struct child *child = user;
    const int rc = trackers_feed(&child->trackers, records, count);
    return rc < 0 ? rc : wick_tree_feed(child->follow.load.tree, records, count);
}

/* While the program runs: what runs, at the bottom of a terminal that is not the program's own output or where it is asked for; where there is
 * no terminal, a line now and then. */
static void show_progress(struct child *child)
{
    int64_t now_ms = tool_now_ms();
    bool terminal = isatty(STDERR_FILENO);
    if (terminal && isatty(STDOUT_FILENO) && !child->settings->progress) {
        return;
    }
    if (!child->next_ms) {
        child->next_ms = now_ms + (terminal ? 300 : 10000); /* short programs need none */
    }
    if (!child->following || now_ms < child->next_ms || !is_fresh(child, child->log) ||
        follow_poll(&child->follow) < 0) {
        return;
    }
    child->next_ms = now_ms + (terminal ? 250 : 10000);
    if (!child->follow.load.records) {
        return;
    }
    const struct board_view view = {child->trackers.board, child->settings, WICK_NONE, tool_wall_ns()};
    const bool any = wick_board_children(view.board, WICK_NONE, NULL, 0) > 0;
    if (terminal) {
        live_show(&child->live, &child->follow.load, any ? &view : NULL);
    } else {
        char line[STATUS_LINE_BYTES];
        status_line(&child->follow.load, line);
        fprintf(stderr, "%s: %s\n", child->settings->program_name, line);
        if (any) {
            show_trackers_line(&view, stderr);
        }
    }
}

static void hide_progress(struct child *child)
{
    if (child->following) {
        live_end(&child->live);
        follow_end(&child->follow);
        trackers_end(&child->trackers);
    }
}

static void wait_for(struct child *child)
{
    const struct timespec tick = {0, child->page ? 10000000 : 50000000};
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGCHLD);
    for (size_t i = 0; i < sizeof forwarded / sizeof forwarded[0]; i++) {
        sigaddset(&wanted, forwarded[i]);
    }
    for (;;) {
        siginfo_t info;
        int number = sigtimedwait(&wanted, &info, &tick);
        int error = errno;
        if (child->page) {
            feed_page(child);
        }
        if (number < 0 && error == EAGAIN) {
            show_progress(child);
        } else if (number == SIGCHLD) {
            if (reap(child)) {
                return;
            }
        } else if (number > 0 && info.si_code != SI_KERNEL) {
            /* From the keyboard (SI_KERNEL) the terminal sends it to the program too. */
            kill(child->pid, number);
        } else if (number < 0 && error != EINTR) {
            return;
        }
    }
}

static int load_run(struct load *load, const struct child *child)
{
    static char plain[PATTERN_BYTES], rotated[PATTERN_BYTES];
    glob_t found;
    log_patterns(child, plain, rotated);
    int rc = glob(plain, 0, NULL, &found);
    if (rc == 0 || rc == GLOB_NOMATCH) {
        rc = glob(rotated, rc == 0 ? GLOB_APPEND : 0, NULL, &found);
    }
    int fresh = 0;
    for (size_t i = 0; (rc == 0 || rc == GLOB_NOMATCH) && i < found.gl_pathc; i++) {
        bool again = false; /* both patterns have found it */
        for (int k = 0; k < fresh && !again; k++) {
            again = strcmp(found.gl_pathv[k], found.gl_pathv[i]) == 0;
        }
        if (!again && is_fresh(child, found.gl_pathv[i])) {
            char *path = found.gl_pathv[i];
            found.gl_pathv[i] = found.gl_pathv[fresh];
            found.gl_pathv[fresh++] = path;
        }
    }
    int result = load_begin(load, child->settings, NULL);
    free(series_sort(child->settings, found.gl_pathv, fresh));
    for (int i = 0; i < fresh && result == EXIT_FINE; i++) {
        result = load_log(load, found.gl_pathv[i]);
    }
    globfree(&found);
    load_tell_threads_apart(load);
    if (result == EXIT_FINE && wick_tree_settle(load->tree, INT64_MIN) < 0) {
        result = EXIT_USAGE;
    }
    return result;
}

static void note_off(void *off, const struct wick_setting *setting)
{
    *(bool *)off |= tool_setting_is_off(setting);
}

static void show_run(const struct child *child)
{
    struct load load;
    int rc = load_run(&load, child);
    const char *program = child->settings->arguments[0];
    bool off = false;
    if (rc == EXIT_FINE && !load.records) {
        (void)wick_config_describe(note_off, &off); /* what is wrong there, the program has said */
    }
    if (rc == EXIT_FINE && load.records) {
        show_tree(&load, child->settings, stderr);
        if (!child->directory[0]) {
            fprintf(stderr, "log: %s\n", child->log);
        }
    } else if (rc == EXIT_FINE && off) {
        tool_error(child->settings, "%s recorded nothing: WICK switches everything off (`wick doctor`)", program);
    } else if (rc == EXIT_FINE && child->settings->functions) {
        tool_error(child->settings, "%s recorded nothing: it was not compiled with -finstrument-functions, or it "
                   "is linked statically, or WICK_FUNCTIONS leaves everything out", program);
    } else if (rc == EXIT_FINE) {
        tool_error(child->settings, "%s recorded nothing: it is not instrumented with wick, or no scope ran",
                   program);
    }
    load_end(&load);
}

static void remove_directory(const struct child *child)
{
    char pattern[4200];
    glob_t found;
    if (!child->directory[0]) {
        return;
    }
    snprintf(pattern, sizeof pattern, "%s/*", child->directory);
    if (glob(pattern, 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++) {
            unlink(found.gl_pathv[i]);
        }
        globfree(&found);
    }
    rmdir(child->directory);
}

#define LINGER_NS 10000000000
#define NEVER_CAME_NS 60000000000 /* to open the link */

/* Serve the page until it is closed or a signal comes; end at once if nobody can have seen the link and nobody came. */
static void linger(struct child *child)
{
    const struct timespec tick = {0, 100000000};
    int64_t linger_ns = child->settings->linger_ns ? child->settings->linger_ns : LINGER_NS;
    int64_t never_ns = child->shown ? NEVER_CAME_NS : 0;
    sigset_t wanted;
    sigemptyset(&wanted);
    for (size_t i = 0; i < sizeof forwarded / sizeof forwarded[0]; i++) {
        if (forwarded[i] != SIGWINCH && forwarded[i] != SIGCONT) {
            sigaddset(&wanted, forwarded[i]);
        }
    }
    look_for_logs(child);
    while ((!is_one(child) || is_fresh(child, child->log)) && page_poll(child->page) > 0) {
        /* the rest of the logs */
    }
    if (!page_is_left(child->page, linger_ns, never_ns) && isatty(STDERR_FILENO)) {
        fprintf(stderr, "the page is served until it is closed; Ctrl-C ends now\n");
    }
    while (!page_is_left(child->page, linger_ns, never_ns) && sigtimedwait(&wanted, NULL, &tick) < 0) {
        look_for_logs(child);
        (void)page_poll(child->page); /* the page's clock goes on, and children of the program may still log */
    }
    page_close(child->page, "wick run has ended");
    for (int i = 0; i < child->run_count; i++) {
        for (int k = 0; k < child->runs[i]->count; k++) {
            free(child->runs[i]->files[k]);
        }
        free(child->runs[i]->files);
        free(child->runs[i]);
    }
    free(child->runs);
}

/* A name of the run, which children keep: a random UUID. */
static bool name_run(void)
{
    unsigned char b[16];
    char text[40];
    const char *given = getenv("WICK_RUN");
    if (given && *given) {
        return true;
    }
    if (getrandom(b, sizeof b, 0) != (ssize_t)sizeof b) {
        return false;
    }
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    snprintf(text, sizeof text, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3], b[4],
             b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
    return setenv("WICK_RUN", text, 1) == 0;
}

/* Where the program's children say how far they are: `curl -H "Authorization: Bearer $WICK_STATUS_TOKEN" $WICK_STATUS_URL/KEY`. */
static bool export_link(const char *link)
{
    char url[400];
    const char *token = strstr(link, "/#t=");
    return token && snprintf(url, sizeof url, "%.*s/status", (int)(token - link), link) < (int)sizeof url &&
           setenv("WICK_STATUS_URL", url, 1) == 0 && setenv("WICK_STATUS_TOKEN", token + 4, 1) == 0;
}

/* The log will be truncated: so is that of what was posted to the run before. */
static void forget_posts(const struct child *child)
{
    const char *append = getenv("WICK_LOG_APPEND");
    char posted[SERIES_PATH_BYTES];
    (void)series_posted(child->settings, child->log, posted);
    if (posted[0] && !(append && strcmp(append, "1") == 0)) {
        unlink(posted);
    }
}

/* Serve the program's log ourselves; a server of its own is not needed. */
static int open_page(struct child *child)
{
    static char *path;
    static char posts[sizeof child->directory + 16]; /* posts go beside it */
    const bool one = is_one(child);
    path = child->log;
    snprintf(posts, sizeof posts, "%s/run.ctxt", child->directory);
    forget_posts(child);
    if (!name_run()) {
        tool_error(child->settings, "no random numbers for WICK_RUN: %s", strerror(errno));
        return EXIT_USAGE;
    }
    child->page = page_open(child->settings, one ? child->log : child->directory[0] ? posts : NULL, &path, one);
    if (!child->page) {
        return EXIT_USAGE;
    }
    child->shown = page_browse(child->page) || isatty(STDERR_FILENO);
    unsetenv("WICK_SERVE");
    if (!export_link(page_link(child->page))) {
        tool_error(child->settings, "out of memory");
        return EXIT_USAGE;
    }
    return EXIT_FINE;
}

/* End with the program's exit code or signal, for the shell. */
static int end_as(const struct child *child)
{
    if (WIFEXITED(child->status)) {
        return WEXITSTATUS(child->status);
    }
    int number = WTERMSIG(child->status);
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core); /* if a core was to be dumped, the program has */
    signal(number, SIG_DFL);
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, number);
    fflush(NULL);
    kill(getpid(), number);
    sigprocmask(SIG_UNBLOCK, &mask, NULL);
    return 128 + number;
}

int cmd_run(struct settings *settings)
{
    struct child child = {.settings = settings};
    if (!settings->argument_count) {
        tool_error(settings, "give a program: wick run -- ./app");
        return EXIT_USAGE;
    }
    /* Files are stamped with the coarse clock. */
    clock_gettime(CLOCK_REALTIME_COARSE, &child.since);
    int rc = choose_log(&child);
    if (rc == EXIT_FINE && stat(child.log, &child.before) != 0) {
        child.before = (struct stat){0};
    }
    if (rc == EXIT_FINE && settings->functions) {
        rc = preload_companion(&child);
    }
    if (rc == EXIT_FINE && settings->live) {
        rc = open_page(&child);
    }
    if (rc == EXIT_FINE) {
        rc = start(&child);
    }
    if (rc != EXIT_FINE) {
        if (child.page) {
            page_close(child.page, "the program could not be started");
        }
        remove_directory(&child);
        return rc;
    }
    /* Show no progress of a compressed log, of one whose name the library makes, or beside the page. */
    if (!child.page && is_one(&child) && !strstr(child.log, ".zst")) {
        const struct wick_record_out out = {feed, &child};
        child.following = trackers_of_log(&child.trackers, settings, &child.follow.load);
        if (child.following && follow_begin(&child.follow, settings, child.log, &out) != EXIT_FINE) {
            follow_end(&child.follow);
            trackers_end(&child.trackers);
            child.following = false;
        }
    }
    wait_for(&child);
    hide_progress(&child);
    show_run(&child);
    if (child.page) {
        linger(&child);
    }
    remove_directory(&child);
    return end_as(&child);
}
