/*
 * SPDX-License-Identifier: MIT
 * The cost of recording. See probes.h.
 */
#include "select/probes.h"

#include <math.h>

double probes_share(const struct load *load, const struct wick_row_info *row)
{
    double ns = (double)row->calls * load->scope_inside_ns + (double)row->inner * load->scope_outside_ns;
    if (!probes_known(load) || row->self_ns <= 0) {
        return NAN;
    }
    return ns < (double)row->self_ns ? ns / (double)row->self_ns : 1;
}
