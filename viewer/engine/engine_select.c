/*
 * SPDX-License-Identifier: MIT
 * Exports of the selection: what is selected, its statistics, search.
 * Must not compute: lib/model does. Invariant: nothing is told of statistics that are not finished.
 */
#include "engine_state.h"

struct wk_dim engine_dimming(uint32_t dim)
{
    (void)dim;
    return (struct wk_dim){.from_ns = -1e300, .to_ns = 1e300};
}
