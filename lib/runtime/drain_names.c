/*
 * SPDX-License-Identifier: MIT
 * From the recorder, the lanes and the metadata to the run's names. See drain_names.h.
 */
#include "drain_names.h"

#include <string.h>

#include "base/diag.h"
#include "drain_functions.h"
#include "model/base/names_borrow.h"
#include "model/log/ctxt/ctxt_clean.h"
#include "model/log/tables/kinds.h"
#include "record/site.h"
#include "run_tree.h"

enum { LABEL_BYTES = 256 };

static void count_lost(struct wk_drain *drain, int rc)
{
    drain->run_tree->lost += rc < 0;
}

static int add_site(struct wick_names *names, uint32_t id, bool names_functions)
{
    const struct wk_site *site = wk_site_get(id);

    if (!site) { /* 0 is no site */
        return wk_names_borrow_site(names, id, wick_names_site(names, WICK_NONE));
    }
    const struct wk_site_texts texts = wk_site_texts(site);
    struct wick_site_info info = {.location = texts.location,
                                  .literal = texts.literal,
                                  .file = texts.file,
                                  .category = texts.category,
                                  .line = site->line,
                                  .colour = site->colour & 0x1000000u ? site->colour & 0xffffff : WICK_NONE,
                                  .kind = wk_site_kind_of(site->kind),
                                  .formatted = site->kind == WICK_I_SITE_MARKF || site->kind == WICK_I_SITE_FORMAT};
    if (names_functions) {
        wk_functions_name(&info);
    }
    return wk_names_borrow_site(names, id, &info);
}

bool wk_drain_name_sites(struct wk_drain *drain)
{
    struct wick_names *names = drain->run_tree->names;
    uint32_t count = wk_site_count();

    if (wick_names_sites(names) > count || drain->run_tree->starved) {
        return !drain->run_tree->starved;
    }
    bool names_functions = wk_functions_wanted(drain->run.config);
    pthread_mutex_lock(&drain->run_tree->lock);
    while (!drain->run_tree->starved && wick_names_sites(names) <= count) {
        drain->run_tree->starved = add_site(names, wick_names_sites(names), names_functions) < 0;
    }
    pthread_mutex_unlock(&drain->run_tree->lock);
    if (drain->run_tree->starved) {
        wk_diag("no memory for the names of scopes: what follows is counted as lost");
    }
    return !drain->run_tree->starved;
}

static void keep_property(void *user, const char *key, const char *value)
{
    struct wick_process_info *process = user;
    const struct {
        const char *key;
        const char **value;
    } kept[] = {{"pid", &process->pid},
                {"program", &process->program},
                {"arguments", &process->arguments},
                {"parent", &process->parent},
                {"exec_from", &process->exec_from}};

    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        if (strcmp(kept[i].key, key) == 0) {
            *kept[i].value = value;
        }
    }
}

void wk_drain_name_process(struct wk_drain *drain)
{
    const struct wk_run *run = &drain->run;
    struct wick_process_info process = {.host = run->host, .pid = "0", .pid_number = run->pid, .start_ns = run->start_ns};

    run->each(keep_property, &process);
    pthread_mutex_lock(&drain->run_tree->lock);
    count_lost(drain, wick_names_set_process(drain->run_tree->names, 0, &process));
    pthread_mutex_unlock(&drain->run_tree->lock);
}

bool wk_drain_name_track(struct wk_drain *drain, uint32_t track, const char *name)
{
    pthread_mutex_lock(&drain->run_tree->lock);
    int rc = wick_names_set_track(drain->run_tree->names, track, &(struct wick_track_info){.thread = name});
    count_lost(drain, rc);
    pthread_mutex_unlock(&drain->run_tree->lock);
    return rc >= 0;
}

void wk_drain_name_label(struct wk_drain *drain, const struct wick_record *record)
{
    struct wick_track_info info = *wick_names_track(drain->run_tree->names, record->track);
    char label[LABEL_BYTES];

    *wk_ctxt_clean_text(label, record->text, record->text_bytes, sizeof label - 1) = 0; /* as a log has it */
    info.label = label;
    pthread_mutex_lock(&drain->run_tree->lock);
    count_lost(drain, wick_names_set_track(drain->run_tree->names, record->track, &info));
    pthread_mutex_unlock(&drain->run_tree->lock);
}
