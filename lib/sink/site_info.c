/*
 * SPDX-License-Identifier: MIT
 * Kinds and colours of the recorder to those of the model. See site_info.h.
 */
#include "site_info.h"

static uint8_t kind_of(uint32_t kind)
{
    switch (kind) {
    case WICK_I_SITE_FORMAT:
        return WICK_SITE_FORMAT;
    case WICK_I_SITE_DYNAMIC:
        return WICK_SITE_DYNAMIC;
    case WICK_I_SITE_MARK:
    case WICK_I_SITE_MARKF:
        return WICK_SITE_MARK;
    case WICK_I_SITE_COUNTER:
        return WICK_SITE_COUNTER;
    case WICK_I_SITE_LOCK:
        return WICK_SITE_LOCK;
    default:
        return WICK_SITE_SCOPE;
    }
}

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
                                   .kind = kind_of(info.kind)};
    return info.kind == WICK_I_SITE_MARKF;
}
