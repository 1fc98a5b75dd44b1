/* cc -O2 -D_GNU_SOURCE -o pack pack_*.c $(pkg-config --cflags --libs wick zlib) -pthread
 *
 * SPDX-License-Identifier: MIT
 * introduces: a whole program, instrumented as its author would want to read it later.
 * The command line. Must not do any work itself.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pack.h"

static const char usage[] =
    "usage: pack [-j N] [-l LEVEL] DIR OUTPUT   compress a directory tree into OUTPUT (.tar.gz)\n"
    "       pack --list ARCHIVE                 what is inside\n"
    "       pack --test ARCHIVE                 verify every check sum\n"
    "\n"
    "  -j, --jobs N     worker threads, 1 to 256 (default: one per processor)\n"
    "  -l, --level N    0 (store) to 9 (smallest); default 6\n"
    "  -h, --help       this text\n"
    "\n"
    "Symbolic links are stored, not followed; sockets, pipes and devices are left out.\n"
    "Exit code: 0 everything is packed (or right), 1 a file is not (or the archive is damaged),\n"
    "2 there is no archive (usage, output not writable, disk full).\n";

static int usage_error(const char *message, const char *what)
{
    fprintf(stderr, "pack: %s%s (pack --help shows the usage)\n", message, what);
    return PACK_NO_ARCHIVE;
}

/* A whole number in [min, max], and nothing after it. */
static bool parse_number(const char *text, int min, int max, int *number)
{
    char *end;
    long value = strtol(text, &end, 10);

    if (end == text || *end || value < min || value > max) {
        return false;
    }
    *number = (int)value;
    return true;
}

static int default_workers(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    if (processors < 1) {
        return 1;
    }
    return processors > PACK_WORKERS_MAX ? PACK_WORKERS_MAX : (int)processors;
}

int main(int argc, char **argv)
{
    static const struct option long_options[] = {
        {"jobs", required_argument, NULL, 'j'}, {"level", required_argument, NULL, 'l'},
        {"list", no_argument, NULL, 'L'},       {"test", no_argument, NULL, 'T'},
        {"help", no_argument, NULL, 'h'},       {NULL, 0, NULL, 0}};
    struct pack_options options = {.workers = default_workers(), .level = 6};
    int mode = 0, option;

    while ((option = getopt_long(argc, argv, "j:l:h", long_options, NULL)) >= 0) {
        switch (option) {
        case 'j':
            if (!parse_number(optarg, 1, PACK_WORKERS_MAX, &options.workers)) {
                return usage_error("-j takes a number from 1 to 256, not ", optarg);
            }
            break;
        case 'l':
            if (!parse_number(optarg, 0, 9, &options.level)) {
                return usage_error("-l takes a number from 0 to 9, not ", optarg);
            }
            break;
        case 'L':
        case 'T':
            mode = option;
            break;
        case 'h':
            fputs(usage, stdout);
            return PACK_FINE;
        default: /* getopt has said what is wrong */
            return usage_error("see above", "");
        }
    }
    if (argc - optind != (mode ? 1 : 2)) {
        return usage_error(mode ? "one ARCHIVE is needed" : "DIR and OUTPUT are needed", "");
    }
    if (mode) {
        return mode == 'L' ? pack_list(argv[optind]) : pack_test(argv[optind]);
    }
    options.dir = argv[optind];
    options.output = argv[optind + 1];
    return pack_create(&options);
}
