/*
 * SPDX-License-Identifier: MIT
 * The table of settings and the parsers of its sources. See config.h.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/diag.h"
#include "base/directory.h"
#include "base/error.h"
#include "base/nearest.h"
#include "base/redact.h"
#include "base/worker.h"
#include "model/base/glob.h"

enum type { TEXT, SECRET, SWITCH, INVERTED, COUNT, BYTES, TIME_NS, TIME_US, TIME_MS, MODE, CHOICE };

struct setting {
    const char *name;
    const char *choices; /* CHOICE: words, the first is value 0 */
    const char *help;
    enum type type;
    uint16_t offset;
    uint16_t size;
    uint64_t least;      /* smallest number that may be given */
    uint64_t most;
    uint64_t otherwise;  /* value in effect where nothing is given: the only place of a default */
};

#define FIELD(field) offsetof(struct wick_config, field), sizeof ((struct wick_config *)0)->field

static const struct setting settings[] = {
    {"WICK", NULL, "0 or off: record nothing, whatever else is set", INVERTED, FIELD(switched_off), 0, 1, 0},
    {"WICK_LOG", NULL, "log to this file; .ctxt, .wick (binary), or either with .zst; %p is the pid, %h the host; - or stdout: standard output",
     TEXT, FIELD(log_path), 0, 0, 0},
    {"WICK_LOG_APPEND", NULL, "1: append to an existing log instead of truncating it", SWITCH, FIELD(log_append), 0, 1, 0},
    {"WICK_LOG_ROTATE", NULL, "begin a new file at this size (K, M, G)", BYTES, FIELD(log_rotate_bytes), 65536,
     UINT64_MAX, 0},
    {"WICK_LOG_TOTAL", NULL, "with WICK_LOG_ROTATE: remove the oldest rotated files beyond this total (K, M, G)", BYTES,
     FIELD(log_total_bytes), 65536, UINT64_MAX, 0},
    {"WICK_LOG_MODE", NULL, "permissions of new logs, octal; 0600 unless set", MODE, FIELD(log_mode), 0600, 0666, 0},
    {"WICK_ARGUMENTS", NULL, "0: leave the command line out of the log", INVERTED, FIELD(no_arguments), 0, 1, 0},
    {"WICK_TREE", NULL, "write the tree at exit to this file, `stderr`, or - or `stdout`", TEXT, FIELD(tree_path), 0, 0, 0},
    {"WICK_SERVE", NULL, "serve the live page here: ADDRESS:PORT, 127.0.0.1:0 for any free port", TEXT, FIELD(serve),
     0, 0, 0},
    {"WICK_SERVE_LINK", NULL, "write the page's link, with its token, to this file (mode 0600)", TEXT, FIELD(serve_link), 0,
     0, 0},
    {"WICK_SERVE_TOKEN", NULL, "token of the page instead of a random one; at least 16 letters, digits, - and _", SECRET,
     FIELD(serve_token), 0, 0, 0},
    {"WICK_SERVE_HOSTS", NULL, "further names of the server in a Host header, separated by commas", TEXT,
     FIELD(serve_hosts), 0, 0, 0},
    {"WICK_SERVE_WIDE", NULL, "1: allow an address that other machines can reach", SWITCH, FIELD(serve_wide), 0, 1, 0},
    {"WICK_SERVE_CLIENTS", NULL, "how many pages may be connected at once", COUNT, FIELD(serve_clients), 1, 65536, 64},
    {"WICK_SERVE_RETAIN", NULL, "how much detail is kept for pages that come late (M, G)", BYTES,
     FIELD(serve_retain_bytes), 1048576, UINT64_MAX, 64 << 20},
    {"WICK_REDIS", NULL, "mirror trackers and totals of scopes in this server: redis://[user:password@]host:port/db", TEXT, FIELD(redis), 0, 0, 0},
    {"WICK_REDIS_PREFIX", NULL, "how the keys of the mirror begin; wick unless set", TEXT, FIELD(redis_prefix), 0, 0, 0},
    {"WICK_REDIS_TTL", NULL, "remove runs from Redis of which nothing was seen for so long (s, h, d); 14 days unless set", TIME_MS,
     FIELD(redis_ttl_ms), 1000, UINT64_MAX, 14ull * 24 * 3600 * 1000},
    {"WICK_REDIS_RETRY", NULL, "longest pause before a failed mirror is tried again (ms, s)", TIME_MS, FIELD(redis_retry_ms), 1, 3600000, 30000},
    {"WICK_OPENMETRICS", NULL, "write the newest metrics to this file, in the form of OpenMetrics; FILE.prom: Prometheus's text format; %p and %h as above",
     TEXT, FIELD(openmetrics), 0, 0, 0},
    {"WICK_OPENMETRICS_EVERY", NULL, "how often that file is written (ms, s)", TIME_MS, FIELD(openmetrics_every_ms), 100, 86400000, 15000},
    {"WICK_FILTER", NULL,
     "comma-separated patterns of names or paths, each with - (leave out) or + (keep); last match wins; -NAME: never record NAME",
     TEXT, FIELD(filter), 0, 0, 0},
    {"WICK_MIN", NULL, "leave out scopes shorter than this (ns, us, ms, s)", TIME_NS, FIELD(min_ns), 1, UINT64_MAX, 0},
    {"WICK_FULL", "default drop wait", "when a ring is full: drop (and count) or wait; default: drop, wait where the companion library records functions", CHOICE,
     FIELD(full), 0, 2, WICK_FULL_DEFAULT},
    {"WICK_WAIT", NULL, "longest wait of WICK_FULL=wait (ms, s)", TIME_MS, FIELD(wait_ms), 1, 3600000, 1000},
    {"WICK_RING", NULL, "largest ring of a thread (K, M); 4K to 16M", BYTES, FIELD(ring_bytes), 4096, 16777216, 16777216},
    {"WICK_CPU", NULL, "1: CPU time of each scope; two system calls each", SWITCH, FIELD(cpu_time), 0, 1, 0},
    {"WICK_CLOCK", "auto monotonic", "clock of the recorder", CHOICE, FIELD(no_tsc), 0, 1, 0},
    {"WICK_NAMES", NULL, "how many run-time texts may become names", COUNT, FIELD(names_max), 1, 4000000, 65536},
    {"WICK_JUMBO", NULL, "0: cut texts that are longer than a line", INVERTED, FIELD(no_jumbo), 0, 1, 0},
    {"WICK_FORK", "ignore follow", "a forked child records nothing, or into a log of its own", CHOICE,
     FIELD(fork_follow), 0, 1, 0},
    {"WICK_TICK", NULL, "longest sleep of the drain thread (us, ms)", TIME_US, FIELD(tick_us), 50, 1000000, 20000},
    {"WICK_SHUTDOWN", NULL, "longest time that shutdown may take (ms, s)", TIME_MS, FIELD(shutdown_ms), 1, 3600000, 2000},
    {"WICK_CPUS", NULL, "processors that wick's threads may use, such as 0,2-5; those of all threads of the program unless set", TEXT,
     FIELD(cpus), 0, 0, 0},
    {"WICK_THREAD_STACK", NULL, "stack of each thread of wick's (K, M)", BYTES, FIELD(thread_stack_bytes), 131072, 1 << 30,
     1 << 20},
    {"WICK_CALIBRATE", NULL, "1: the log says how fast the machine is at start and end, what a scope costs and what disturbs it", SWITCH, FIELD(calibrate), 0, 1, 0},
    {"WICK_CONFIG", NULL, "a file of `name = value` lines with these names", TEXT, FIELD(config_path), 0, 0, 0},
};

enum { SETTINGS = sizeof settings / sizeof settings[0], FILE_BYTES = 65536, WHERE_BYTES = PATH_MAX + 32 };

/* Where a value came from. */
enum source { FROM_DEFAULT, FROM_FILE, FROM_ENVIRONMENT };

/* A configuration while it is assembled, with the source of each value. */
struct config_draft {
    struct wick_config *config;
    uint8_t source[SETTINGS];
    enum source now;
    bool bad;            /* an error was reported */
};

/* Settings that other parts of wick read themselves, from the environment alone. */
static const struct {
    const char *name;
    const char *help;
    const char *expects;
    bool secret;
} foreign[] = {
    {"WICK_MODULE_DIR", "where modules are searched first", "an absolute path", false},
    {"WICK_COMMIT", "the commit that the log names", "a text", false},
    {"WICK_IDENTITY", "adds to user, host, pid and program of the run, or replaces them; null removes", "a JSON object", false},
    {"WICK_BUILD_TYPE", "the build type that the log names", "a text", false},
    {"WICK_FUNCTIONS", "which functions of -finstrument-functions are recorded", "globs, each with + or -", false},
    {"WICK_SYMBOLS", "where the tool searches files with the names of functions", "paths, separated by colons", false},
    {"WICK_RUN", "the name of this run, which children keep (`wick run --live` makes one)", "a UUID", false},
    {"WICK_AMQP", "the server whose messages `wick serve` takes as posts", "amqp://[user:password@]host:port/vhost", true},
    {"WICK_STATUS_URL", "where `wick post` and `wick status` find the trackers (set by `wick run --live`)", "http://HOST:PORT/status", false},
    {"WICK_STATUS_TOKEN", "the token of that server", "a token", true},
    {"WICK_FORMAT", "the form of what `wick tasks`, `profile` and `info` print", "csv, tsv, tabular, human, json or prettyjson", false},
    {"WICK_BUILD_DIR", "where tools/quickstart and tools/check of the source tree build", "a path", false},
};

enum { FOREIGN = sizeof foreign / sizeof foreign[0] };

/* ---- values ---------------------------------------------------------------------------------- */

static void store(struct wick_config *config, const struct setting *setting, uint64_t value)
{
    char *field = (char *)config + setting->offset;

    if (setting->size == 1) {
        *(uint8_t *)field = (uint8_t)value;
    } else if (setting->size == 2) {
        memcpy(field, &(uint16_t){(uint16_t)value}, 2);
    } else if (setting->size == 4) {
        memcpy(field, &(uint32_t){(uint32_t)value}, 4);
    } else {
        memcpy(field, &value, 8);
    }
}

static uint64_t fetch(const struct wick_config *config, const struct setting *setting)
{
    const char *field = (const char *)config + setting->offset;
    uint64_t value = 0;

    memcpy(&value, field, setting->size); /* little endian, as both platforms are */
    return value;
}

static void store_text(struct wick_config *config, const struct setting *setting, const char *value)
{
    char *copy = value && value[0] ? strdup(value) : NULL;
    char *old;

    if (value && value[0] && !copy) {
        wk_diag("no memory for %s: it is as if it were not set", setting->name);
    }
    memcpy(&old, (char *)config + setting->offset, sizeof old);
    free(old);
    memcpy((char *)config + setting->offset, &copy, sizeof copy);
}

static bool is_text(const struct setting *setting)
{
    return setting->type == TEXT || setting->type == SECRET;
}

static bool choice_of(const char *choices, const char *value, uint64_t *number)
{
    size_t bytes = strlen(value);

    for (*number = 0; *choices; (*number)++) {
        size_t word = strcspn(choices, " ");

        if (word == bytes && strncasecmp(choices, value, bytes) == 0) {
            return true;
        }
        choices += word + (choices[word] == ' ');
    }
    return false;
}

static bool switch_of(const char *value, uint64_t *number)
{
    return choice_of("0 1", value, number) || choice_of("off on", value, number) ||
           choice_of("no yes", value, number) || choice_of("false true", value, number) ||
           choice_of("disable enable", value, number);
}

bool wk_config_is_off(const char *word)
{
    uint64_t on;

    return word && switch_of(word, &on) && !on;
}

/* Integers alone: what runs in the program's threads leaves its floating-point flags as they are. */
struct unit {
    const char *name;
    uint64_t worth; /* in ns or bytes */
};

static const struct unit time_units[] = {{"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", 1000000000},
                                         {"h", 3600000000000}, {"d", 86400000000000}};
static const struct unit size_units[] = {{"k", 1 << 10}, {"m", 1 << 20}, {"g", 1 << 30}};

static uint64_t own_unit(enum type type)
{
    return type == TIME_US ? 1000 : type == TIME_MS ? 1000000 : 1;
}

/* 0 for an unknown unit; "" is the setting's own. */
static uint64_t worth_of(enum type type, const char *name)
{
    const struct unit *units = type == BYTES ? size_units : time_units;
    size_t count = type == BYTES ? sizeof size_units / sizeof size_units[0]
                 : type == COUNT ? 0 : sizeof time_units / sizeof time_units[0];

    if (!name[0]) {
        return own_unit(type);
    }
    for (size_t i = 0; i < count; i++) {
        if ((type == BYTES ? strcasecmp : strcmp)(name, units[i].name) == 0) {
            return units[i].worth;
        }
    }
    return 0;
}

static bool number_of(const struct setting *setting, const char *value, uint64_t *number)
{
    char *unit;

    if (value[0] < '0' || value[0] > '9') {
        return false;
    }
    errno = 0;
    uint64_t given = strtoull(value, &unit, 10);
    while (*unit == ' ') {
        unit++;
    }
    uint64_t worth = worth_of(setting->type, unit);
    if (errno || !worth || __builtin_mul_overflow(given, worth, number)) {
        return false;
    }
    *number /= own_unit(setting->type);
    return given == 0 || (*number >= setting->least && *number <= setting->most);
}

static bool mode_of(const char *value, uint64_t *number)
{
    char *end;

    *number = strtoul(value, &end, 8);
    return end > value && !*end && (*number & ~0066u) == 0600;
}

static const char *expected(const struct setting *setting)
{
    switch (setting->type) {
    case CHOICE:
        return setting->choices;
    case SWITCH:
    case INVERTED:
        return "0 or 1";
    case BYTES:
        return "a size such as 65536, 64K or 1M";
    case TIME_NS:
    case TIME_US:
    case TIME_MS:
        return "a time such as 500us, 20ms or 2s";
    case TEXT:
    case SECRET:
        return "a text";
    case MODE:
        return "an octal mode such as 0640";
    default:
        return "a number";
    }
}

/* Set one value; `where` is for the message. */
static bool set(struct config_draft *draft, const struct setting *setting, const char *value, const char *where)
{
    struct wick_config *config = draft->config;
    uint64_t number = 0;
    bool good;

    if (is_text(setting)) {
        store_text(config, setting, value);
        draft->source[setting - settings] = (uint8_t)draft->now;
        return true;
    }
    if (setting->type == CHOICE) {
        good = choice_of(setting->choices, value, &number);
    } else if (setting->type == SWITCH || setting->type == INVERTED) {
        good = switch_of(value, &number);
    } else if (setting->type == MODE) {
        good = mode_of(value, &number);
    } else {
        good = number_of(setting, value, &number);
    }
    if (!good) {
        draft->bad = true;
        wk_diag("%s%s=%s: expected %s%s; the default is used", where, setting->name, value, expected(setting),
                setting->least ? " within its limits (wick doctor)" : "");
        return false;
    }
    store(config, setting, setting->type == INVERTED ? !number : number);
    draft->source[setting - settings] = (uint8_t)draft->now;
    return true;
}

/* ---- sources --------------------------------------------------------------------------------- */

static const struct setting *find(const char *name, size_t bytes)
{
    for (int i = 0; i < SETTINGS; i++) {
        if (strlen(settings[i].name) == bytes && strncmp(settings[i].name, name, bytes) == 0) {
            return &settings[i];
        }
    }
    return NULL;
}

/* Report an unknown setting, with the nearest name. False: another part of wick reads it. */
static bool unknown(const char *where, const char *name, size_t bytes)
{
    const char *best = NULL;
    unsigned best_distance = 4;

    for (int i = 0; i < FOREIGN; i++) {
        if (strlen(foreign[i].name) == bytes && strncmp(foreign[i].name, name, bytes) == 0) {
            return false;
        }
    }
    for (int i = 0; i < SETTINGS; i++) {
        unsigned d = wk_nearest_distance(name, bytes, settings[i].name);

        if (d < best_distance) {
            best_distance = d;
            best = settings[i].name;
        }
    }
    if (best) {
        wk_diag("%s%.*s: unknown setting; did you mean %s?", where, (int)bytes, name, best);
    } else {
        wk_diag("%s%.*s: unknown setting; `wick doctor` lists them", where, (int)bytes, name);
    }
    return true;
}

static char *trim(char *text)
{
    char *end = text + strlen(text);

    while (end > text && strchr(" \t\r\n", end[-1])) {
        *--end = 0;
    }
    return text + strspn(text, " \t");
}

static bool load_line(struct config_draft *draft, char *line, const char *where)
{
    char *name = trim(line);
    char *value = strchr(name, '=');

    if (!name[0] || name[0] == '#') {
        return true;
    }
    if (!value) {
        wk_diag("%sexpected `name = value`", where);
        return false;
    }
    *value++ = 0;
    name = trim(name);
    value = trim(value);
    const struct setting *setting = find(name, strlen(name));
    if (!setting) {
        unknown(where, name, strlen(name));
        return false;
    }
    return set(draft, setting, value, where);
}

/* Read a regular file whole. Anything else may block, or never end. The caller frees it, and may use WHERE_BYTES more behind
 * FILE_BYTES + 1: its stack may be small. NULL: the error is told. */
static char *read_file(const char *path, size_t *bytes)
{
    int fd = wk_descriptor_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    struct stat status;
    char *text = NULL;
    const char *why = NULL;

    if (fd < 0 || fstat(fd, &status) != 0) {
        why = strerror(errno);
    } else if (!S_ISREG(status.st_mode)) {
        why = S_ISDIR(status.st_mode) ? strerror(EISDIR) : "not a regular file";
    } else if (status.st_size > FILE_BYTES) {
        why = "larger than 64 KiB";
    } else if (!(text = malloc(FILE_BYTES + 1 + WHERE_BYTES))) {
        why = strerror(ENOMEM);
    } else {
        ssize_t got = read(fd, text, FILE_BYTES);

        why = got < 0 ? strerror(errno) : NULL;
        *bytes = got < 0 ? 0 : (size_t)got;
        text[*bytes] = 0;
    }
    if (why) {
        wk_diag("WICK_CONFIG=%s: %s", path, why);
        free(text);
        text = NULL;
    }
    if (fd >= 0) {
        close(fd);
    }
    return text;
}

static bool load_file(struct config_draft *draft, const char *path)
{
    size_t bytes;
    char *text = read_file(path, &bytes);
    char *next = text;
    bool good = text != NULL;

    for (unsigned number = 1; next && next < text + bytes; number++) {
        char *where = text + FILE_BYTES + 1, *line = next;
        char *end = memchr(line, '\n', (size_t)(text + bytes - line));

        next = end ? end + 1 : text + bytes;
        *(end ? end : next) = 0;
        snprintf(where, WHERE_BYTES, "%s:%u: ", path, number);
        if (strlen(line) != (size_t)((end ? end : next) - line)) {
            wk_diag("%sa NUL byte: this is no configuration file", where);
            good = false;
            break;
        }
        good = load_line(draft, line, where) && good;
    }
    free(text);
    return good;
}

extern char **environ;

static void load_environment(struct config_draft *draft)
{
    for (char **entry = environ; entry && *entry; entry++) {
        const char *value = strchr(*entry, '=');

        if (!value || strncmp(*entry, "WICK", 4) != 0 || ((*entry)[4] != '_' && (*entry)[4] != '=')) {
            continue;
        }
        const struct setting *setting = find(*entry, (size_t)(value - *entry));
        if (!setting) {
            draft->bad = unknown("", *entry, (size_t)(value - *entry)) || draft->bad;
        } else if (value[1]) {
            set(draft, setting, value + 1, "");
        }
    }
}

/* Copy a struct of an older or newer header; fields that this library does not know must be zero. */
static int read_code(struct wick_config *out, const struct wick_config *code)
{
    wick_config_init(out);
    if (code->size < offsetof(struct wick_config, log_path)) {
        return wk_error_set(WICK_E_CONFIG, "wick_config.size is %u: call wick_config_init first", code->size);
    }
    for (size_t i = sizeof *out; i < code->size; i++) {
        if (((const char *)code)[i]) {
            return wk_error_set(WICK_E_CONFIG, "wick_config has a setting at byte %zu that this library does not know",
                                i);
        }
    }
    memcpy(out, code, code->size < sizeof *out ? code->size : sizeof *out);
    out->size = sizeof *out;
    return 0;
}

static int apply_code(struct wick_config *config, const struct wick_config *code)
{
    int rc = 0;

    for (int i = 0; i < SETTINGS; i++) {
        const struct setting *setting = &settings[i];
        uint64_t value = fetch(code, setting);

        if (!value) {
            continue;
        }
        if (is_text(setting)) {
            const char *text;

            memcpy(&text, (const char *)code + setting->offset, sizeof text);
            store_text(config, setting, text);
        } else if ((setting->least && value < setting->least) || value > setting->most) {
            rc = wk_error_set(WICK_E_CONFIG, "wick_config field of %s: %llu is out of range", setting->name,
                              (unsigned long long)value);
        } else {
            store(config, setting, value);
        }
    }
    return rc;
}

/* ---- what makes no sense --------------------------------------------------------------------- */

/* A name that asks for a form that no log has: the log would not be what its name says. */
static bool is_other_form(const char *path)
{
    static const char *const others[] = {".json", ".html", ".svg", ".csv", ".folded", ".gz", ".bz2", ".xz", ".zip", ".lz4"};
    const char *suffix = strrchr(path, '.');

    for (size_t i = 0; suffix && i < sizeof others / sizeof others[0]; i++) {
        if (strcasecmp(suffix, others[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Take a setting back: an error for the caller whose own field it is, a message otherwise. */
static int refuse(struct config_draft *draft, const struct wick_config *code, const char *name, const char *why)
{
    const struct setting *setting = find(name, strlen(name));
    bool of_code = code && fetch(code, setting);

    if (!of_code) {
        wk_diag("%s: %s", name, why);
        draft->bad = true;
    }
    if (is_text(setting)) {
        store_text(draft->config, setting, NULL);
    } else {
        store(draft->config, setting, 0);
    }
    draft->source[setting - settings] = FROM_DEFAULT;
    return of_code ? wk_error_set(WICK_E_CONFIG, "%s: %s", name, why) : 0;
}

#define UNSIGNED "each entry begins with - (leave out) or + (keep); nothing is left out"

static int refuse_nonsense(struct config_draft *draft, const struct wick_config *code)
{
    const struct wick_config *config = draft->config;
    const char *functions = secure_getenv("WICK_FUNCTIONS"); /* read by its library, which records all then, too */
    int rc = 0;

    if (config->log_path && is_other_form(config->log_path)) {
        rc = refuse(draft, code, "WICK_LOG", "a log's name ends with .ctxt, .wick, or either with .zst (wick export writes other forms); "
                                             "no log is written");
    }
    if (rc == 0 && config->log_total_bytes && config->log_total_bytes < config->log_rotate_bytes) {
        rc = refuse(draft, code, "WICK_LOG_TOTAL", "it is less than WICK_LOG_ROTATE; the log's size is not limited");
    }
    if (rc == 0 && config->log_total_bytes && !config->log_rotate_bytes) {
        rc = refuse(draft, code, "WICK_LOG_TOTAL", "it needs WICK_LOG_ROTATE; the log's size is not limited");
    }
    if (rc == 0 && config->filter && !wk_glob_list_signed(config->filter)) {
        rc = refuse(draft, code, "WICK_FILTER", UNSIGNED);
    }
    if (!wk_glob_list_signed(functions ? functions : "")) {
        wk_diag("WICK_FUNCTIONS: %s", UNSIGNED);
        draft->bad = true;
    }
    if (rc == 0 && config->cpus && !wk_worker_cpus(config->cpus, NULL)) {
        rc = refuse(draft, code, "WICK_CPUS", "expected numbers and ranges, such as 0,2-5; those of the program's threads are used");
    }
    return rc;
}

static void fill_defaults(struct wick_config *config)
{
    for (int i = 0; i < SETTINGS; i++) {
        if (settings[i].otherwise && !fetch(config, &settings[i])) {
            store(config, &settings[i], settings[i].otherwise);
        }
    }
}

uint64_t wk_config_default(const char *name)
{
    const struct setting *setting = find(name, strlen(name));

    return setting ? setting->otherwise : 0;
}

static int load(struct config_draft *draft, const struct wick_config *code)
{
    struct wick_config *out = draft->config;
    struct wick_config given;
    const char *path = secure_getenv("WICK_CONFIG");
    int rc = 0;

    wick_config_init(out);
    wick_config_init(&given);
    if (code && (rc = read_code(&given, code)) != 0) {
        return rc;
    }
    if (given.config_path) {
        path = given.config_path;
    }
    draft->now = FROM_FILE;
    if (path && path[0] && !load_file(draft, path)) {
        rc = wk_error_set(WICK_E_CONFIG, "%s: see the messages on stderr", path);
    }
    draft->now = FROM_ENVIRONMENT;
    if (!getauxval(AT_SECURE)) { /* a setuid program must not trust its caller's environment */
        load_environment(draft);
    }
    if (code) {
        int code_rc = apply_code(out, &given);

        rc = code_rc ? code_rc : rc;
    }
    int nonsense_rc = refuse_nonsense(draft, code ? &given : NULL);
    rc = nonsense_rc ? nonsense_rc : rc;
    if (wk_config_is_off(secure_getenv("WICK"))) {
        out->switched_off = 1;
    }
    fill_defaults(out);
    return rc;
}

static bool is_relative(const char *path)
{
    return path && path[0] != '/';
}

int wk_config_load(struct wick_config *out, const struct wick_config *code)
{
    struct config_draft draft = {.config = out};
    int rc = load(&draft, code);

    if (is_relative(out->log_path) || is_relative(out->tree_path) || is_relative(out->serve_link) ||
        is_relative(out->openmetrics)) {
        wk_directory_note(); /* the outputs are opened later, by another thread */
    }
    return rc;
}

void wk_config_fini(struct wick_config *config)
{
    for (int i = 0; i < SETTINGS; i++) {
        if (is_text(&settings[i])) {
            store_text(config, &settings[i], NULL);
        }
    }
}

bool wk_config_wants(const struct wick_config *config)
{
    return !config->switched_off && (config->log_path || config->tree_path || config->serve || config->redis || config->openmetrics);
}

static void format_value(char *out, size_t bytes, const struct wick_config *config, const struct setting *setting)
{
    uint64_t value = fetch(config, setting);
    const char *text;

    if (is_text(setting)) {
        memcpy(&text, (const char *)config + setting->offset, sizeof text);
        snprintf(out, bytes, "%s", text ? text : "");
    } else if (setting->type == MODE) {
        snprintf(out, bytes, "%04o", value ? (unsigned)value : 0600);
    } else if (setting->type == CHOICE) {
        const char *word = setting->choices;

        while (value-- > 0) {
            word += strcspn(word, " ") + 1;
        }
        snprintf(out, bytes, "%.*s", (int)strcspn(word, " "), word);
    } else {
        static const char *const units[] = {[TIME_NS] = "ns", [TIME_US] = "us", [TIME_MS] = "ms", [CHOICE] = NULL};

        if (setting->type == INVERTED) {
            value = !value;
        }
        snprintf(out, bytes, "%llu%s", (unsigned long long)value, units[setting->type] ? units[setting->type] : "");
    }
}

int wick_config_describe(void (*row)(void *user, const struct wick_setting *setting), void *user)
{
    static const char *const sources[] = {"default", "file", "environment"};
    struct wick_config config;
    struct config_draft draft = {.config = &config};
    char value[PATH_MAX], shown[PATH_MAX];
    int rc = load(&draft, NULL);

    for (int i = 0; i < SETTINGS; i++) {
        format_value(value, sizeof value, &config, &settings[i]);
        snprintf(shown, sizeof shown, "%s", settings[i].type == SECRET && value[0] ? "***" : value);
        wk_redact_urls(shown, sizeof shown);
        row(user, &(struct wick_setting){settings[i].name, value, shown, sources[draft.source[i]], expected(&settings[i]),
                                         settings[i].help});
    }
    for (int i = 0; i < FOREIGN; i++) {
        const char *text = getenv(foreign[i].name);

        row(user, &(struct wick_setting){foreign[i].name, !text ? "" : foreign[i].secret ? "***" : text, text ? text : "",
                                         sources[text ? FROM_ENVIRONMENT : FROM_DEFAULT], foreign[i].expects, foreign[i].help});
    }
    wk_config_fini(&config);
    return rc == 0 && draft.bad ? WICK_E_CONFIG : rc;
}
