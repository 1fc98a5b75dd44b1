/*
 * SPDX-License-Identifier: MIT
 * A program with trackers, for test_status.sh.
 */
#include <wick/wick.h>

int main(void)
{
    static const char *const names[] = {"part 1", "part 2", "part 3"};
    struct wick_tracker *job = wick_tracker_create(NULL, "job", NULL);
    WICK_SCOPE("main");
    for (int i = 0; i < 3; i++) {
        struct wick_tracker *part = wick_tracker_create(job, names[i], NULL);
        wick_tracker_start(part, WICK_TRACKER_PARENTS, NULL);
        wick_tracker_end(part, i == 1 ? WICK_TRACKER_FAILED : WICK_TRACKER_FINISHED, "done");
    }
    return wick_tracker_succeed(job, NULL) == 0 ? 0 : 1;
}
