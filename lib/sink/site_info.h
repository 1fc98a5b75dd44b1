/*
 * SPDX-License-Identifier: MIT
 * Describes a recorded site by the model's public struct, for sinks that feed a tree. Strings stay the recorder's; an
 * unknown site has empty names.
 */
#ifndef WICK_LIB_SINK_SITE_INFO_H
#define WICK_LIB_SINK_SITE_INFO_H

#include "model/log/ctxt/ctxt_write.h"

/* Describe a site; strings are borrowed from names->site. True: a mark with a formatted text, whose records without
 * a text have an empty one instead of the literal. */
bool wk_site_info(const struct wk_ctxt_names *names, uint32_t site, struct wick_site_info *out);

#endif
