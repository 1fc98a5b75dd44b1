/*
 * SPDX-License-Identifier: MIT
 * The program of bad_input: it records something awkward, as its first argument says, and ends with 3.
 * It prints what it would print without wick, and ends with 1 when wick has disturbed it.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <wick/wick.h>

enum { GOOD = 3 };

static int number;

static void record(int scopes)
{
    for (int i = 0; i < scopes; i++) {
        WICK_SCOPE("scope");
        WICK_SCOPEF("number %d", i);
    }
}

static int plain(void)
{
    record(number ? number : 10);
    return GOOD;
}

/* Records, says so, waits for the end of its input, records again. */
static int waits(void)
{
    record(1);
    (void)!wick_flush(5000);
    puts("ready");
    fflush(stdout);
    (void)!getchar();
    record(number);
    return GOOD;
}

static void *waits_a_minute(void *argument)
{
    (void)!wick_flush(60000);
    return argument;
}

/* The program ends while a thread waits for its log to be written. */
static int flushes(void)
{
    pthread_t thread;

    record(number);
    if (pthread_create(&thread, NULL, waits_a_minute, NULL) != 0) {
        return 1;
    }
    usleep(100000);
    return GOOD;
}

/* The parent ends at once; its child records much later. */
static int daemonizes(void)
{
    record(5);
    if (fork() == 0) {
        usleep(300000);
        record(7);
        exit(0);
    }
    return GOOD;
}

/* Texts of `number` bytes in every place that takes a text. */
static int jumbo(void)
{
    char *text = malloc((size_t)number + 1);

    memset(text, 'x', (size_t)number);
    memcpy(text, "begin", 5);
    memcpy(text + number - 3, "end", 3);
    text[number] = 0;
    wick_thread_name(text);
    for (int i = 0; i < 3; i++) {
        WICK_SCOPEF("%s", text);
        WICK_MARKF("%s", text);
        WICK_FAILF("%s", text);
    }
    {
        WICK_SCOPE_DYN(text);
        WICK_FAIL(text);
    }
    wick_log_start(text, 0, 0);
    wick_log_ender(text);
    (void)!wick_log_msg(text, text, "BMARK");
    free(text);
    return GOOD;
}

static int nothing(void)
{
    const char *volatile null = NULL;
    const char *volatile empty = "";

    wick_thread_name(null);
    wick_thread_name(empty);
    WICK_SCOPE("");
    {
        WICK_SCOPE_DYN(null);
        WICK_FAIL(null);
    }
    {
        WICK_SCOPE_DYN(empty);
        WICK_FAIL(empty);
    }
    {
        WICK_SCOPEF("%s", empty);
        WICK_FAILF("%s", empty);
    }
    WICK_MARK("");
    WICK_MARKF("%s", empty);
    WICK_COUNTER("", 1);
    WICK_THREAD_UNDER(NULL);
    wick_log_start(null, 1, 1);
    wick_log_ender(null);
    (void)!wick_log_msg(null, null, null);
    (void)!wick_log_msg(empty, empty, empty);
    (void)!wick_log_msg(empty, null, "START");
    wick_log_endok();
    return GOOD;
}

/* Every byte value, alone and in a row, in every place that takes a text. */
static int bytes(void)
{
    char all[256];

    for (int i = 0; i < 255; i++) {
        all[i] = (char)(i + 1);
    }
    all[255] = 0;
    wick_thread_name(all);
    for (int i = 1; i < 256; i++) {
        const char one[] = {'<', (char)i, '>', 0};
        WICK_SCOPE_DYN(one);
        WICK_SCOPEF("%s", one);
        WICK_MARKF("%s", one);
        WICK_FAIL(one);
        (void)!wick_log_msg(one, one, "BMARK");
    }
    WICK_SCOPE_DYN(all);
    WICK_FAIL(all);
    return GOOD;
}

static void *short_life(void *argument)
{
    WICK_SCOPE("short life");
    return argument;
}

static long resident_kib(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    if (!file || fscanf(file, "%*d %ld", &pages) != 1) {
        exit(1);
    }
    fclose(file);
    return pages * (getpagesize() / 1024);
}

/* One thread after the other; memory must not grow after the first tenth. */
static int sequence(void)
{
    long early_kib = 0;

    for (int i = 0; i < number; i++) {
        pthread_t thread;

        if (pthread_create(&thread, NULL, short_life, NULL) != 0) {
            return 1;
        }
        pthread_join(thread, NULL);
        if (i == 0) {
            (void)wick_flush(5000); /* until its log is open, nothing can be used again */
        }
        if (i == number / 10) {
            early_kib = resident_kib();
        }
    }
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    early_kib = resident_kib(); /* the sanitizer keeps what was freed */
#endif
    if (resident_kib() > early_kib + 8192) {
        fprintf(stderr, "grew from %ld to %ld KiB\n", early_kib, resident_kib());
        return 1;
    }
    return GOOD;
}

static pthread_barrier_t barrier;

static void *long_life(void *argument)
{
    WICK_SCOPE("long life");
    pthread_barrier_wait(&barrier);
    WICK_SCOPE("all are here");
    pthread_barrier_wait(&barrier);
    return argument;
}

static int together(void)
{
    pthread_t *threads = calloc((size_t)number, sizeof *threads);
    pthread_attr_t small;

    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 65536);
    pthread_barrier_init(&barrier, NULL, (unsigned)number);
    for (int i = 0; i < number; i++) {
        if (pthread_create(&threads[i], &small, long_life, NULL) != 0) {
            return 1;
        }
    }
    for (int i = 0; i < number; i++) {
        pthread_join(threads[i], NULL);
    }
    free(threads);
    return GOOD;
}

/* As a daemon does: every descriptor is closed, then the program's own files get the numbers. */
static int closes(void)
{
    char text[64] = "";
    char *long_text = malloc(70001);
    int fds[300];

    memset(long_text, 'y', 70000);
    long_text[70000] = 0;
    record(10);
    WICK_MARKF("%s", long_text);
    (void)!wick_flush(2000);
    for (int fd = 3; fd < 400; fd++) {
        close(fd);
    }
    for (int i = 0; i < 300; i++) {
        fds[i] = open("/tmp", O_TMPFILE | O_RDWR, 0600);
        if (fds[i] < 0) {
            return 1;
        }
    }
    record(10);
    WICK_MARKF("%s", long_text);
    (void)!wick_flush(2000);
    for (int i = 0; i < 300; i++) {
        if (lseek(fds[i], 0, SEEK_END) != 0 || read(fds[i], text, 1) != 0) {
            return 1; /* wick wrote into a file of ours */
        }
    }
    free(long_text);
    return GOOD;
}

static void handler(int signal_number)
{
    (void)signal_number;
    WICK_SCOPE("in a handler");
    WICK_SCOPEF("signal %d", signal_number);
}

/* The first event of the process comes in a handler: refused, counted. */
static int handler_first(void)
{
    signal(SIGUSR1, handler);
    raise(SIGUSR1);
    record(1);
    raise(SIGUSR1);
    return GOOD;
}

static int killed(void)
{
    WICK_SCOPE("main");
    record(1000);
    (void)!wick_flush(5000);
    puts("now");
    fflush(stdout);
    raise(SIGKILL);
    return 1;
}

/* The argument of `vanish` is a directory that is removed meanwhile. */
static int vanish(const char *directory)
{
    char command[4096];

    record(10);
    (void)!wick_flush(2000);
    snprintf(command, sizeof command, "rm -rf '%s'", directory);
    if (system(command) != 0) {
        return 1;
    }
    record(10);
    (void)!wick_flush(2000);
    return GOOD;
}

/* The log is chosen by the program itself. */
static int configures(const char *path)
{
    struct wick_config config;

    wick_config_init(&config);
    config.log_path = path;
    if (wick_init(&config) != 0) {
        return 1;
    }
    record(10);
    return wick_shutdown() == 0 ? GOOD : 1;
}

/* Standard error is closed, and its number is that of a file of the program's. */
static int reuses(const char *path)
{
    close(STDERR_FILENO);
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    record(10);
    return fd == STDERR_FILENO ? GOOD : 1;
}

int main(int count, char **arguments)
{
    static const struct {
        const char *name;
        int (*run)(void);
    } modes[] = {{"plain", plain},           {"jumbo", jumbo},       {"nothing", nothing},
                 {"bytes", bytes},           {"sequence", sequence}, {"together", together},
                 {"closes", closes},         {"killed", killed},     {"handler_first", handler_first},
                 {"daemonizes", daemonizes}, {"waits", waits},       {"flushes", flushes}};
    const char *mode = count > 1 ? arguments[1] : "plain";

    number = count > 2 ? atoi(arguments[2]) : 0;
    puts(mode);
    fflush(stdout);
    if (strcmp(mode, "vanish") == 0) {
        return vanish(arguments[2]);
    }
    if (strcmp(mode, "reuses") == 0) {
        return reuses(arguments[2]);
    }
    if (strcmp(mode, "configures") == 0) {
        return configures(arguments[2]);
    }
    if (strcmp(mode, "ids") == 0) { /* are the bits of the file honoured here? */
        return geteuid() != getuid() || getegid() != getgid() ? GOOD : 1;
    }
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        if (strcmp(mode, modes[i].name) == 0) {
            return modes[i].run();
        }
    }
    return 1;
}
