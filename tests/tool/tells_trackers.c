/*
 * SPDX-License-Identifier: MIT
 * A program with trackers, for test_status.sh.
 */
#include <wick/wick.h>

/* As much as fills several files of a log that is rotated. */
static void fill(void)
{
    for (int i = 0; i < 60; i++) {
        for (int j = 0; j < 200; j++) {
            WICK_SCOPE("step");
        }
        wick_flush(10000); /* what was recorded goes into the file: it may become full */
    }
}

/* With an argument: into a log that is rotated; with two, more trackers than fit one of its files. */
int main(int argc, char **argv)
{
    static const char *const names[] = {"part 1", "part 2", "part 3"};
    struct wick_tracker *job = wick_tracker_create(NULL, "job", NULL);
    WICK_SCOPE("main");
    for (int i = 0; i < 3; i++) {
        struct wick_tracker *part = wick_tracker_create(job, names[i], NULL);
        wick_tracker_start(part, WICK_TRACKER_PARENTS, NULL);
        wick_tracker_end(part, i == 1 ? WICK_TRACKER_FAILED : WICK_TRACKER_FINISHED, "done");
    }
    if (argc > 1) {
        wick_tracker_set(job, "msg", "\"begun\"");
        wick_tracker_remove(wick_tracker_create(job, "gone", NULL));
        for (int i = 0; argc > 2 && i < 2000; i++) {
            (void)wick_tracker_create(job, "one of many", NULL);
        }
        fill();
        wick_tracker_set(job, "msg", "\"in the middle\"");
        fill();
    }
    return wick_tracker_succeed(job, argv[1]) == 0 ? 0 : 1;
}
