/*
 * SPDX-License-Identifier: MIT
 * Runs a fuzz target over kept inputs, as a plain test: replay [--whole] DIRECTORY...
 * Must not make inputs up, except every prefix of short ones (not with --whole). Invariant: an empty corpus is a failure.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count);

static int replay_file(const char *directory, const char *name, int whole)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *from = fopen(path, "rb");
    if (!from) {
        perror(path);
        return 0;
    }
    static uint8_t buffer[1 << 20];
    size_t count = fread(buffer, 1, sizeof buffer, from);
    fclose(from);
    /* Truncated at any byte: prefixes are read from memory of their own, so that a reader that goes too
     * far is seen. */
    for (size_t at = whole || count > 3000 ? count : 0; at <= count; at++) {
        uint8_t *copy = malloc(at ? at : 1);
        for (size_t i = 0; i < at; i++) {
            copy[i] = buffer[i];
        }
        LLVMFuzzerTestOneInput(copy, at);
        free(copy);
    }
    return 1;
}

int main(int argc, char **argv)
{
    int whole = argc > 1 && strcmp(argv[1], "--whole") == 0, all = 0;
    if (argc < 2 + whole) {
        fprintf(stderr, "usage: replay [--whole] DIRECTORY...\n");
        return 2;
    }
    for (int i = 1 + whole; i < argc; i++) {
        DIR *directory = opendir(argv[i]);
        int files = 0;
        for (const struct dirent *entry; directory && (entry = readdir(directory)) != NULL;) {
            files += entry->d_name[0] != '.' && replay_file(argv[i], entry->d_name, whole);
        }
        if (!files) {
            fprintf(stderr, "%s: nothing in it\n", argv[i]);
            return 1;
        }
        closedir(directory);
        all += files;
    }
    printf("%d inputs\n", all);
    return 0;
}
