/*
 * SPDX-License-Identifier: MIT
 * What recording has cost the scopes of a log, by what the log says that one costs (run lines scope_inside_ns, scope_outside_ns).
 * That is a scope without a text: texts, CPU times and instrumented functions cost more, so the numbers are the least.
 */
#ifndef WICK_TOOLS_WICK_SELECT_PROBES_H
#define WICK_TOOLS_WICK_SELECT_PROBES_H

#include "input/load.h"

/* Do the logs say what a scope costs? */
static inline bool probes_known(const struct load *load)
{
    return load->scope_inside_ns > 0 && load->scope_outside_ns > 0;
}
/* The part of a row's self time that the probes took, 0 .. 1; NAN: not known. */
double probes_share(const struct load *load, const struct wick_row_info *row);

#endif
