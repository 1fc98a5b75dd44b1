/*
 * SPDX-License-Identifier: MIT
 * What `ab` needs of `compare`: a look at the runs that there are so far.
 * Must not be used by other commands. Invariant: the looks' shares of the error add up to 1.
 */
#ifndef WICK_TOOLS_WICK_CMD_COMPARE_RUNS_H
#define WICK_TOOLS_WICK_CMD_COMPARE_RUNS_H

#include "tool.h"

struct compare_look {
    double alpha_share; /* of --alpha */
    bool another;       /* follows, if this one concludes nothing: then it prints nothing */
    bool open;          /* set: it concludes nothing */
};

/* Compare the runs that the settings name. An exit code. */
int compare_runs(struct settings *settings, struct compare_look *look);

#endif
