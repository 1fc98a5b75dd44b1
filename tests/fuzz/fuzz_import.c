/*
 * SPDX-License-Identifier: MIT
 * Fuzz targets of other tools' files, one per form: the input stands behind a beginning that decides the form (IMPORT_FORM), so
 * that every byte reaches its reader. Invariant: wherever the file is cut, the same is said of it; ends find starts, in order of time.
 */
#include "cuts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count);

enum { chrome, exported, speedscope, folded };
static const char *const beginnings[] = {
    [chrome] = "{\"traceEvents\":[",
    [exported] = "{\"otherData\":{\"exporter\":\"wick\"},\"traceEvents\":[", /* by wick */
    [speedscope] = "{\"shared\":{\"frames\":[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"c\"}]},\"profiles\":[",
    [folded] = "main;a 1\nmain;b 2\n",
};

static int into_tree(void *user, const struct wick_record *records, size_t count)
{
    return wick_tree_feed(user, records, count);
}

static void must_nest(const char *bytes, size_t count)
{
    struct wick_names *names = wick_names_create(&heap_allocator);
    struct wick_tree *tree = wick_tree_create(&heap_allocator);
    struct wick_record_out out = {into_tree, tree};
    struct wick_reader *reader = wick_reader_create(&heap_allocator, names, &out, WICK_VECTOR_NONE);
    struct wick_tree_stats stats;
    wick_reader_feed(reader, bytes, count);
    wick_reader_finish(reader);
    wick_tree_stats_read(tree, &stats);
    if (stats.stray_ends || stats.backwards) {
        fprintf(stderr, "%llu ends without a start, %llu before it\n", (unsigned long long)stats.stray_ends, (unsigned long long)stats.backwards);
        abort();
    }
    wick_reader_destroy(reader);
    wick_tree_destroy(tree);
    wick_names_destroy(names);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count)
{
    size_t before = strlen(beginnings[IMPORT_FORM]);
    char *bytes = malloc(before + count);
    memcpy(bytes, beginnings[IMPORT_FORM], before);
    memcpy(bytes + before, data, count);
    must_nest(bytes, before + count);
    cuts_must_not_matter(bytes, before + count);
    free(bytes);
    return 0;
}
