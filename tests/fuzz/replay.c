/*
 * SPDX-License-Identifier: MIT
 * Runs a fuzz target over kept inputs, as a plain test: replay DIRECTORY.
 * Must not make inputs up, except every prefix of short ones. Invariant: an empty corpus is a failure.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count);

static int replay_file(const char *directory, const char *name)
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
    for (size_t at = count > 3000 ? count : 0; at <= count; at++) {
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
    DIR *directory = argc > 1 ? opendir(argv[1]) : NULL;
    int files = 0;
    if (!directory) {
        fprintf(stderr, "usage: replay DIRECTORY\n");
        return 2;
    }
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        files += entry->d_name[0] != '.' && replay_file(argv[1], entry->d_name);
    }
    closedir(directory);
    printf("%d inputs\n", files);
    return files ? 0 : 1;
}
