/*
 * SPDX-License-Identifier: MIT
 * Makes an archive: opens the output, starts the workers, walks the tree, waits, and says what came out.
 * It touches no file of the tree itself. The archive gets its name only when it is whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pack.h"

void pack_report_failure(struct pack_totals *totals, const char *path, const char *message)
{
    atomic_fetch_add(&totals->failed, 1);
    fprintf(stderr, "pack: %s: %s\n", path, message);
}

/* Gives how many run: fewer than asked for is slower, none at all is an error. */
static int start_workers(struct pack_run *run, pthread_t *threads)
{
    WICK_FUNCTION();

    for (int i = 0; i < run->options.workers; i++) {
        int error = pthread_create(&threads[i], NULL, pack_worker_run, run);
        if (error) {
            WICK_FAILF("worker %d: %s", i + 1, strerror(error));
            fprintf(stderr, "pack: only %d of %d workers could be started: %s\n", i,
                    run->options.workers, strerror(error));
            return i;
        }
    }
    return run->options.workers;
}

static void join_workers(pthread_t *threads, int started)
{
    WICK_SCOPE("wait for the workers");

    for (int i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
}

/* The end of a tar archive is a gzip member of its own. */
static void write_end(struct pack_run *run)
{
    struct pack_member *member = malloc(sizeof *member);

    if (!member || pack_member_init(member, &run->archive, run->options.level) < 0) {
        atomic_store(&run->archive.error, ENOMEM);
    } else {
        pack_tar_put_end(member);
        pack_member_end(member);
        pack_member_fini(member);
    }
    free(member);
}

static void print_summary(struct pack_run *run, uint64_t elapsed_ns)
{
    struct pack_totals *totals = &run->totals;
    double in = (double)atomic_load(&totals->bytes_in), out = (double)run->archive.bytes;

    printf("%s: %llu files, %llu directories, %llu links; %.1f MB packed into %.1f MB (%.0f %%)",
           run->options.output, atomic_load(&totals->files), atomic_load(&totals->directories),
           atomic_load(&totals->links), in / 1e6, out / 1e6, in > 0 ? 100 * out / in : 100.0);
    if (atomic_load(&totals->skipped)) {
        printf("; %llu left out", atomic_load(&totals->skipped));
    }
    if (atomic_load(&totals->failed)) {
        printf("; %llu FAILED", atomic_load(&totals->failed));
    }
    if (elapsed_ns) { /* 0: nothing is being recorded */
        printf("; %.2f s", (double)elapsed_ns / 1e9);
    }
    putchar('\n');
}

static int finish(struct pack_run *run)
{
    WICK_SCOPE("finish the archive");

    if (!atomic_load(&run->archive.error)) {
        write_end(run);
    }
    if (pack_archive_close(&run->archive) < 0) {
        WICK_FAIL("no archive");
        return PACK_NO_ARCHIVE;
    }
    WICK_MARK("archive complete");
    return atomic_load(&run->totals.failed) ? PACK_INCOMPLETE : PACK_FINE;
}

static int create(struct pack_run *run)
{
    pthread_t threads[PACK_WORKERS_MAX];
    int started, result;
    WICK_SCOPE_AS(whole, "pack");

    run->scope = &whole;
    started = start_workers(run, threads);
    if (started) {
        pack_walk(run);
        WICK_MARK("walk finished");
    }
    pack_queue_close(&run->queue);
    join_workers(threads, started);
    if (!started) {
        pack_archive_discard(&run->archive);
        return PACK_NO_ARCHIVE;
    }
    result = finish(run);
    WICK_END(whole);
    if (result != PACK_NO_ARCHIVE) {
        print_summary(run, wick_elapsed_ns(&whole));
    }
    return result;
}

int pack_create(const struct pack_options *options)
{
    struct pack_run *run = calloc(1, sizeof *run);
    int result = PACK_NO_ARCHIVE;

    if (!run) {
        fprintf(stderr, "pack: out of memory\n");
        return result;
    }
    wick_thread_name("main");
    run->options = *options;
    run->dir_fd = open(options->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (run->dir_fd < 0) {
        fprintf(stderr, "pack: cannot read the directory %s: %s\n", options->dir, strerror(errno));
    } else if (pack_archive_open(&run->archive, options->output) >= 0) {
        pack_queue_init(&run->queue);
        result = create(run);
        pack_queue_fini(&run->queue);
    }
    if (run->dir_fd >= 0) {
        close(run->dir_fd);
    }
    free(run);
    return result;
}
