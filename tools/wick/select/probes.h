/*
 * SPDX-License-Identifier: MIT
 * What recording has cost the scopes of a log, by what the log says that one costs (run lines scope_inside_ns, scope_outside_ns).
 * That is a scope without a text: texts, CPU times and instrumented functions cost more, so the numbers are the least.
 */
#ifndef WICK_TOOLS_WICK_SELECT_PROBES_H
#define WICK_TOOLS_WICK_SELECT_PROBES_H

#include "input/load.h"

struct probe_cost {
    bool known;        /* the log says it */
    double inside_ns;  /* part of the scope's own time */
    double outside_ns; /* part of the time of the scope around it */
};

/* Of several runs: the greatest. */
struct probe_cost probes_cost(const struct load *load);
/* The part of a row's self time that the probes took, 0 .. 1; NAN: not known. */
double probes_share(const struct probe_cost *cost, const struct wick_row_info *row);

#endif
