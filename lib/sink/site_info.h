/*
 * SPDX-License-Identifier: MIT
 * A recorded site as the model's public structs describe it: for sinks that speak of nodes, not of lines.
 * Must not hold strings: they stay the recorder's. Invariant: an unknown site has empty names.
 */
#ifndef WICK_LIB_SINK_SITE_INFO_H
#define WICK_LIB_SINK_SITE_INFO_H

#include "model/log/ctxt/ctxt_write.h"

/* Describe a site; strings are borrowed as names->site gives them. True: a mark whose text is formatted, so
 * that without one its text is empty, not its literal. */
bool wk_site_info(const struct wk_ctxt_names *names, uint32_t site, struct wick_site_info *out);

#endif
