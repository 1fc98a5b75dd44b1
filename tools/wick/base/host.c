/*
 * SPDX-License-Identifier: MIT
 * What the tool takes from its host: memory, processor, terminal, standard streams.
 * Must not know commands. Invariant: colours and widths are a terminal's; pipes and files get plain text.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool.h"

static void *resize(void *user, void *block, size_t old_bytes, size_t new_bytes)
{
    (void)user;
    (void)old_bytes;
    if (!new_bytes) {
        free(block);
        return NULL;
    }
    return realloc(block, new_bytes);
}

const struct wick_allocator tool_allocator = {resize, NULL};

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

uint32_t tool_columns(FILE *to)
{
    struct winsize size;
    if (isatty(fileno(to)) && ioctl(fileno(to), TIOCGWINSZ, &size) == 0 && size.ws_col) {
        return size.ws_col;
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

static int write_stream(void *user, const char *bytes, size_t count)
{
    FILE *to = user ? stderr : stdout;
    return fwrite(bytes, 1, count, to) == count ? 0 : WICK_E_IO;
}

static char standard_error_tag;
const struct wick_text_out tool_stdout = {write_stream, NULL};
const struct wick_text_out tool_stderr = {write_stream, &standard_error_tag};

void tool_error(const struct settings *settings, const char *format, ...)
{
    va_list arguments;
    fflush(stdout);
    fprintf(stderr, "%s: ", settings->program_name);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

void tool_note(const char *format, ...)
{
    va_list arguments;
    fflush(stdout);
    fputs("wick: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

bool tool_grow(void *items, uint32_t *count, uint32_t index, size_t bytes)
{
    uint32_t wanted = *count ? *count : 16;
    char *old, *grown;
    if (index < *count) {
        return true;
    }
    while (wanted <= index) {
        wanted *= 2;
    }
    memcpy(&old, items, sizeof old);
    grown = realloc(old, wanted * bytes);
    if (!grown) {
        return false;
    }
    memset(grown + *count * bytes, 0, (wanted - *count) * bytes);
    memcpy(items, &grown, sizeof grown);
    *count = wanted;
    return true;
}

bool tool_close_output(const struct settings *settings, FILE *to)
{
    bool failed = fflush(to) != 0 || ferror(to);
    int error = errno;
    if (fclose(to) == 0 && !failed) {
        return true;
    }
    tool_error(settings, "%s: cannot be written: %s", settings->output, strerror(failed ? error : errno));
    tool_remove_output(settings);
    return false;
}

void tool_remove_output(const struct settings *settings)
{
    struct stat status;
    if (lstat(settings->output, &status) == 0 && S_ISREG(status.st_mode)) {
        unlink(settings->output);
    }
}
