/*
 * SPDX-License-Identifier: MIT
 * The cost of recording. See probes.h.
 */
#include "select/probes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct probe_cost probes_cost(const struct load *load)
{
    struct probe_cost cost = {0};
    struct wick_property property;
    for (uint32_t i = 0; wick_reader_property(load->reader, i, &property); i++) {
        double *to = strcmp(property.key, "scope_inside_ns") == 0    ? &cost.inside_ns
                     : strcmp(property.key, "scope_outside_ns") == 0 ? &cost.outside_ns
                                                                     : NULL;
        double ns = to ? strtod(property.value, NULL) : 0;
        if (to && ns > *to) {
            *to = ns;
            cost.known = true;
        }
    }
    return cost;
}

double probes_share(const struct probe_cost *cost, const struct wick_row_info *row)
{
    double ns = (double)row->calls * cost->inside_ns + (double)row->inner * cost->outside_ns;
    if (!cost->known || row->self_ns <= 0) {
        return NAN;
    }
    return ns < (double)row->self_ns ? ns / (double)row->self_ns : 1;
}
