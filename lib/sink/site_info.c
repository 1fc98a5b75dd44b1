/*
 * SPDX-License-Identifier: MIT
 * Sites of the recorder as sites of the model. See site_info.h.
 */
#include "site_info.h"

#include "model/log/tables/kinds.h"

bool wk_site_info(const struct wk_ctxt_names *names, uint32_t site, struct wick_site_info *out)
{
    struct wk_ctxt_site info = {.location = "", .literal = "", .category = "", .file = ""};

    (void)names->site(names->user, site, &info); /* 0 is no site: an empty name */
    *out = (struct wick_site_info){.location = info.location,
                                   .literal = info.literal,
                                   .file = info.file,
                                   .category = info.category,
                                   .line = info.line,
                                   .colour = info.colour & 0x1000000u ? info.colour & 0xffffff : WICK_NONE,
                                   .kind = wk_site_kind_of(info.kind)};
    return info.kind == WICK_I_SITE_MARKF;
}
