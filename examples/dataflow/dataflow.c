/* cc dataflow.c futures.c $(pkg-config --cflags --libs wick) -pthread -o dataflow && WICK_LOG=run.ctxt ./dataflow 5 && wick profile --header run.ctxt
 *
 * SPDX-License-Identifier: MIT
 * introduces: wick_tracker_create, WICK_SCOPE_TRACKER, attempts, `parallel`, `after`, time-outs
 * (x + 1) * 2 as two tasks, one after the other, and a delay beside them. `dataflow X late`: the delay takes longer than it may.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "futures.h"

/* A service that answers at the third attempt. */
static bool increment(int argument, unsigned attempt, int *value, const char **why)
{
    *why = "the service did not answer";
    *value = argument + 1;
    usleep(2000);
    return attempt >= 3;
}

static bool twice(int argument, unsigned attempt, int *value, const char **why)
{
    (void)attempt;
    (void)why;
    *value = argument * 2;
    usleep(5000);
    return true;
}

static bool delay(int argument, unsigned attempt, int *value, const char **why)
{
    (void)attempt;
    (void)why;
    *value = 0;
    usleep((useconds_t)argument);
    return true;
}

int main(int argc, char **argv)
{
    int x = argc > 1 ? atoi(argv[1]) : 0, value = 0, nothing;
    bool late = argc > 2 && strcmp(argv[2], "late") == 0;
    struct wick_tracker *flow = wick_tracker_create(NULL, "dataflow", &(struct wick_tracker_options){.size = sizeof(struct wick_tracker_options), .parallel = 1});

    wick_tracker_start(flow, 0, NULL);
    struct pool *pool = pool_create(3, flow);
    if (!pool) {
        return 1;
    }
    struct future *more = pool_schedule(pool, &(struct future_options){.name = "increment", .compute = increment, .argument = x, .retries = 2});
    struct future *result = pool_schedule(pool, &(struct future_options){.name = "double", .compute = twice, .after = more});
    struct future *beside = pool_schedule(
        pool, &(struct future_options){.name = "delay", .compute = delay, .argument = late ? 2000000 : 20000, .timeout_s = late ? 0.05 : 60});
    bool good = more && result && beside && future_get(result, &value) && future_get(beside, &nothing);
    if (good) {
        printf("(%d + 1) * 2 = %d\n", x, value);
    } else {
        printf("(%d + 1) * 2 = %d, and the delay took too long\n", x, value);
    }
    pool_destroy(pool);
    wick_tracker_end(flow, good ? WICK_TRACKER_FINISHED : WICK_TRACKER_FAILED, good ? NULL : "a task has failed");
    return good || late ? 0 : 1;
}
