/*
 * SPDX-License-Identifier: MIT
 * Names of a run for the model. See run_names.h.
 */
#include "run_names.h"

#include <string.h>

#include "site_info.h"

static void keep_property(void *user, const char *key, const char *value)
{
    struct wick_process_info *process = user;
    const struct {
        const char *key;
        const char **value;
    } kept[] = {{"pid", &process->pid},             {"program", &process->program}, {"arguments", &process->arguments}, {"parent", &process->parent},
                {"exec_from", &process->exec_from}};

    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        if (strcmp(kept[i].key, key) == 0) {
            *kept[i].value = value;
        }
    }
}

void wk_run_process(const struct wk_run *run, struct wick_process_info *process)
{
    *process = (struct wick_process_info){.host = run->host, .pid = "0", .pid_number = run->pid, .start_ns = run->start_ns};
    run->each(keep_property, process);
}

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
    if (!wick_names_processes(names)) {
        struct wick_process_info process;

        wk_run_process(run, &process);
        missing += wick_names_set_process(names, 0, &process) != 0;
    }
    for (uint32_t track = wick_names_tracks(names); track <= record->track; track++) {
        uint32_t bytes;
        const char *name = from->track(from->user, track, &bytes);

        missing += wick_names_set_track(names, track,
                                        &(struct wick_track_info){.thread = name, .label = "", .process = 0}) != 0;
    }
    return missing;
}
