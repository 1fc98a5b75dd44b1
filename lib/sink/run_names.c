/*
 * SPDX-License-Identifier: MIT
 * Names of a running program. See run_names.h.
 */
#include "run_names.h"

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

/* Site ids are dense, so a new one is the next. */
uint32_t wk_run_names_add(struct wick_names *names, const struct wk_run *run, const struct wick_record *record)
{
    const struct wk_ctxt_names *from = &run->names;
    uint32_t missing = 0;

    for (uint32_t site = wick_names_sites(names); site <= record->site; site++) {
        struct wk_ctxt_site info = {.location = "", .literal = "", .category = "", .file = ""};

        (void)from->site(from->user, site, &info); /* 0 is no site: an empty name */
        missing += wick_names_set_site(names, site,
                                       &(struct wick_site_info){.location = info.location,
                                                                .literal = info.literal,
                                                                .file = info.file,
                                                                .category = info.category,
                                                                .line = info.line,
                                                                .colour = info.colour & 0x1000000u
                                                                              ? info.colour & 0xffffff : WICK_NONE,
                                                                .kind = kind_of(info.kind)}) != 0;
    }
    for (uint32_t track = wick_names_tracks(names); track <= record->track; track++) {
        uint32_t bytes;
        const char *name = from->track(from->user, track, &bytes);

        missing += wick_names_set_track(names, track,
                                        &(struct wick_track_info){run->host, name, "", run->pid}) != 0;
    }
    return missing;
}
