/*
 * SPDX-License-Identifier: MIT
 * Names of a run for the model. See run_names.h.
 */
#include "run_names.h"

#include "site_info.h"

/* Site ids are dense, so a new one is the next. */
uint32_t wk_run_names_add(struct wick_names *names, const struct wk_run *run, const struct wick_record *record)
{
    const struct wk_ctxt_names *from = &run->names;
    uint32_t missing = 0;

    for (uint32_t site = wick_names_sites(names); site <= record->site; site++) {
        struct wick_site_info info;

        (void)wk_site_info(from, site, &info); /* 0 is no site: an empty name */
        missing += wick_names_set_site(names, site, &info) != 0;
    }
    for (uint32_t track = wick_names_tracks(names); track <= record->track; track++) {
        uint32_t bytes;
        const char *name = from->track(from->user, track, &bytes);

        missing += wick_names_set_track(names, track,
                                        &(struct wick_track_info){run->host, name, "", run->pid}) != 0;
    }
    return missing;
}
