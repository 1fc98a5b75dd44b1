/*
 * SPDX-License-Identifier: MIT
 * What the tool takes from its host. See host.h.
 * Invariant: colours and the width of a terminal are for terminals; pipes and files get plain text.
 */
#include "base/host.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/program.h"

uint32_t tool_vector(void)
{
    const char *forced = getenv("WICK_TEST_VECTOR"); /* the tests compare the forms */
    if (forced) {
        return (uint32_t)atoi(forced);
    }
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2") ? WICK_VECTOR_AVX2 : WICK_VECTOR_SSE2;
#else
    return WICK_VECTOR_NONE;
#endif
}

uint32_t tool_threads(void)
{
    const char *forced = getenv("WICK_TEST_THREADS");
    long count = forced ? atol(forced) : sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > TOOL_THREADS_MAX ? TOOL_THREADS_MAX : (uint32_t)count;
}

void tool_work(uint32_t threads, void *(*work)(void *), void *argument)
{
    pthread_t started[TOOL_THREADS_MAX];
    uint32_t count = 0;
    while (count + 1 < threads && count < TOOL_THREADS_MAX && pthread_create(&started[count], NULL, work, argument) == 0) {
        count++;
    }
    (void)work(argument);
    for (uint32_t i = 0; i < count; i++) {
        pthread_join(started[i], NULL);
    }
}

bool tool_terminal(FILE *to, uint32_t *rows, uint32_t *columns)
{
    struct winsize size;
    if (!isatty(fileno(to)) || ioctl(fileno(to), TIOCGWINSZ, &size) != 0 || !size.ws_col) {
        return false;
    }
    *rows = size.ws_row;
    *columns = size.ws_col;
    return true;
}

uint32_t tool_columns(FILE *to)
{
    uint32_t rows, of_terminal;
    if (tool_terminal(to, &rows, &of_terminal)) {
        return of_terminal;
    }
    const char *columns = getenv("COLUMNS");
    int number = columns ? atoi(columns) : 0;
    return number > 0 ? (uint32_t)number : 100;
}

bool tool_colours(const struct settings *settings, FILE *to)
{
    if (settings->color && strcmp(settings->color, "auto") != 0) {
        return strcmp(settings->color, "always") == 0;
    }
    const char *none = getenv("NO_COLOR"), *term = getenv("TERM");
    return isatty(fileno(to)) && !(none && *none) && !(term && strcmp(term, "dumb") == 0);
}

bool tool_format_is(const struct settings *settings, const char *format)
{
    return strcmp(settings->format ? settings->format : "text", format) == 0;
}

bool tool_grow(void *items, uint32_t *count, uint32_t index, size_t bytes)
{
    if (index < *count) {
        return true;
    }
    uint32_t wanted = *count ? *count : 16;
    while (wanted <= index) {
        wanted *= 2;
    }
    char *old;
    memcpy(&old, items, sizeof old);
    char *grown = realloc(old, wanted * bytes);
    if (!grown) {
        return false;
    }
    memset(grown + *count * bytes, 0, (wanted - *count) * bytes);
    memcpy(items, &grown, sizeof grown);
    *count = wanted;
    return true;
}

int64_t tool_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t tool_wall_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

bool tool_find_beside(const char *const *directories, const char *name, char *path, size_t bytes)
{
    char own[4096];
    wk_program_directory(own, sizeof own);
    for (; own[0] && *directories; directories++) {
        snprintf(path, bytes, "%s/%s/%s", own, *directories, name);
        if (access(path, R_OK) == 0) {
            return true;
        }
    }
    return false;
}

bool tool_setting_is_off(const struct wick_setting *setting)
{
    return strcmp(setting->name, "WICK") == 0 && strcmp(setting->value, "0") == 0;
}

void tool_find_module(const char *name)
{
    static const char *const directories[] = {WICK_LIBDIR_FROM_BINDIR "/wick", "../lib/wick", "../lib", NULL};
    char path[8300];
    if (tool_find_beside(directories, name, path, sizeof path)) {
        *strrchr(path, '/') = 0;
        (void)setenv("WICK_MODULE_DIR", path, 0);
    }
}
