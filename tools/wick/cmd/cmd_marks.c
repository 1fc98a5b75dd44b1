/*
 * SPDX-License-Identifier: MIT
 * wick marks: the latest mark of each name, with its details; or all marks.
 * Must not parse logs. Invariant: of equal times the mark that comes later in the log is the latest.
 */
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "base/messages.h"
#include "cmd/cmd.h"
#include "input/load.h"
#include "print/show_left_out.h"
#include "print/table.h"
#include "select/named.h"
#include "select/select.h"

static const struct column marks_columns[] = {
    {"mark", "mark", COLUMN_TEXT}, {"count", "count", COLUMN_COUNT}, {"time_ns", "latest", COLUMN_TIME}, {"thread", "thread", COLUMN_TEXT},
    {"details", "details", COLUMN_TEXT}};

struct mark {
    int64_t time_ns;
    uint64_t count;
    char *details;
    uint32_t site, track;
};

struct marks {
    struct load load;
    struct mark *items; /* of each name the latest; all of them with --all */
    uint32_t count, capacity;
    uint32_t *of_site;  /* place in items + 1; 0: none */
    uint32_t site_count, site_capacity;
    bool failed;        /* no memory */
};

/* The place of a mark of this site; NULL: no memory. */
static struct mark *place_of(struct marks *m, uint32_t site)
{
    while (site >= m->site_count) {
        if (!tool_grow(&m->of_site, &m->site_capacity, m->site_count, sizeof *m->of_site)) {
            return NULL;
        }
        m->of_site[m->site_count++] = 0;
    }
    if (!m->of_site[site] || m->load.settings->all) {
        if (!tool_grow(&m->items, &m->capacity, m->count, sizeof *m->items)) {
            return NULL;
        }
        m->items[m->count++] = (struct mark){.time_ns = INT64_MIN, .site = site};
        m->of_site[site] = m->count;
    }
    return &m->items[m->of_site[site] - 1];
}

static bool remember(struct marks *m, const struct wick_record *r)
{
    struct mark *mark = place_of(m, r->site);
    char *details = mark && r->time_ns >= mark->time_ns ? strndup(r->text ? r->text : "", r->text_bytes) : NULL;
    if (details) {
        free(mark->details);
        mark->details = details;
        mark->time_ns = r->time_ns;
        mark->track = r->track;
    }
    if (mark) {
        mark->count++;
    }
    return mark && mark->details;
}

static int on_records(void *user, const struct wick_record *records, size_t count)
{
    struct marks *m = user;
    int rc = 0;
    for (size_t i = 0; i < count && rc >= 0; i++) {
        const struct wick_record *r = &records[i];
        if (r->kind == WICK_RECORD_MARK && (!m->load.settings->path || select_open(&m->load, r->track)) && !remember(m, r)) {
            m->failed = true;
            return WICK_E_NOMEM;
        }
        rc = wick_tree_feed(m->load.tree, r, 1);
    }
    return rc;
}

/* A mark with a text of its own is named by its place, or by the format of the text. */
static void add_mark(struct table *table, const struct marks *m, const struct mark *mark)
{
    const struct wick_site_info *site = wick_names_site(m->load.names, mark->site);
    const char *name = wick_names_site_name(m->load.names, mark->site);
    table_text(table, name);
    table_count(table, mark->count);
    table_ns(table, mark->time_ns - m->load.start_ns);
    table_text(table, wick_names_track_name(m->load.names, mark->track));
    table_text(table, strcmp(mark->details, site->literal) == 0 ? "" : mark->details);
}

int cmd_marks(struct settings *settings)
{
    struct marks m = {.count = 0};
    const struct wick_record_out out = {on_records, &m};
    int rc = load_records_from_start(&m.load, settings, &out);
    if (rc == EXIT_FINE && !m.count) {
        tool_error(settings, "no mark in it: WICK_MARK(\"name\"), WICK_MARKF(\"name %%d\", detail)");
        rc = EXIT_FOUND;
    } else if (rc == EXIT_FINE) {
        struct table *table = table_create(settings, marks_columns, sizeof marks_columns / sizeof marks_columns[0]);
        for (uint32_t i = 0; i < m.count; i++) {
            add_mark(table, &m, &m.items[i]);
        }
        rc = show_left_out_below(&m.load, settings, table_print(table, settings->all ? NULL : "time_ns", settings->all ? 0 : 40));
    }
    for (uint32_t i = 0; i < m.count; i++) {
        free(m.items[i].details);
    }
    free(m.items);
    free(m.of_site);
    load_end(&m.load);
    return rc;
}
