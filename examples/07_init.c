/* cc 07_init.c $(pkg-config --cflags --libs wick) -o 07_init && ./07_init && wick tree 07_init.ctxt
 *
 * SPDX-License-Identifier: MIT
 * introduces: wick_config_init, wick_init, wick_pause, wick_resume, wick_flush, wick_stats_read, wick_shutdown
 * Recording that the program switches on itself, for who cannot use the environment. What the
 * environment says still goes before the defaults, and WICK=off before everything.
 */
#include <stdio.h>
#include <wick/wick.h>

static void work(const char *text)
{
    WICK_SCOPEF("work %s", text);
}

/* Every error has a code to act on and a text to show. */
static int complain(const char *what, int error)
{
    fprintf(stderr, "%s: %s (%s)\n", what, wick_error_text(error), wick_error_detail());
    return 1;
}

int main(void)
{
    struct wick_config config;
    struct wick_stats stats = {.size = sizeof stats};
    int error;

    wick_config_init(&config); /* every field at its default */
    config.log_path = "07_init.ctxt";
    config.full = WICK_FULL_WAIT; /* lose nothing: wait for room instead */
    error = wick_init(&config);
    if (error < 0) {
        return complain("wick_init", error);
    }
    {
        WICK_SCOPE("main");
        work("that is recorded");
        wick_pause();
        work("that is not");
        wick_resume();
        work("that is recorded again");
    }
    error = wick_flush(1000); /* everything up to here is in the file */
    if (error < 0) {
        return complain("wick_flush", error);
    }
    error = wick_stats_read(&stats);
    if (error < 0) {
        return complain("wick_stats_read", error);
    }
    printf("recorded %llu of %llu\n", (unsigned long long)stats.recorded,
           (unsigned long long)stats.attempted);
    error = wick_shutdown(); /* also happens at exit */
    return error < 0 ? complain("wick_shutdown", error) : 0;
}
