/*
 * SPDX-License-Identifier: MIT
 * wick thin: the filter that leaves out the scopes whose recording cost most, and what it saves.
 * Must not compute times: wick_rows_* does. Invariant: what is printed without a # can be used as it is.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/messages.h"
#include "base/safe_text.h"
#include "base/words.h"
#include "cmd/cmd.h"
#include "select/probes.h"
#include "select/selected_rows.h"

/* What the probes that stay may take of the program's own time, and the least part of a scope's time for which it is worth losing it. */
#define KEPT_SHARE 0.05
#define WORTH_SHARE 0.001

/* The scopes of one name. */
struct noisy {
    const struct wick_site_info *site;
    const char *name;
    uint64_t calls;
    double cost_ns, total_ns;
    bool is_function; /* instrumented by the compiler */
    bool left_out;
};

struct thinning {
    const struct load *load;
    struct noisy *rows; /* the noisiest first */
    uint32_t count, left_out;
    double whole_ns, cost_ns, saved_ns; /* of all threads; of all probes; of those left out */
    uint64_t calls, calls_left_out;
};

static bool has_function(const struct wick_site_info *site)
{
    return site->kind == WICK_SITE_SCOPE && !site->line && site->file[0] == '/';
}

/* What a list of patterns takes as this very name. */
static bool can_be_said(const struct noisy *row)
{
    return row->name[0] && !strpbrk(row->name, row->is_function ? "*?[,'" : "/*?[,'") && row->name[strlen(row->name) - 1] != ' ';
}

static int by_cost(const void *left, const void *right)
{
    const struct noisy *a = left, *b = right;
    return a->cost_ns < b->cost_ns ? 1 : a->cost_ns > b->cost_ns ? -1 : strcmp(a->name, b->name);
}

static bool read_rows(struct thinning *t, const struct wick_rows *rows)
{
    t->count = wick_rows_count(rows);
    t->rows = calloc((size_t)t->count + 1, sizeof *t->rows);
    for (uint32_t i = 0; t->rows && i < t->count; i++) {
        struct wick_row_info row;
        struct wick_node_info node;
        wick_rows_read(rows, i, &row);
        wick_tree_node(t->load->tree, row.node, &node);
        const struct wick_site_info *site = wick_names_site(t->load->names, node.site);
        struct noisy *to = &t->rows[i];
        *to = (struct noisy){.site = site, .calls = row.calls, .is_function = has_function(site), .total_ns = (double)row.total_ns};
        /* The companion knows symbols, which are the locations of functions of C++. */
        to->name = to->is_function && strncmp(site->location, "_Z", 2) == 0 ? site->location : wick_names_site_name(t->load->names, node.site);
        to->cost_ns = (double)row.calls * (t->load->scope_inside_ns + t->load->scope_outside_ns);
        t->cost_ns += to->cost_ns;
        t->whole_ns += (double)row.self_ns;
        t->calls += row.calls;
    }
    return t->rows != NULL;
}

/* The noisiest go until what stays costs little. */
static void choose(struct thinning *t)
{
    double own_ns = t->whole_ns > t->cost_ns ? t->whole_ns - t->cost_ns : 0;
    qsort(t->rows, t->count, sizeof *t->rows, by_cost);
    for (uint32_t i = 0; i < t->count && t->cost_ns - t->saved_ns > KEPT_SHARE * own_ns; i++) {
        struct noisy *row = &t->rows[i];
        row->left_out = can_be_said(row) && row->cost_ns > WORTH_SHARE * row->total_ns;
        if (row->left_out) {
            t->left_out++;
            t->saved_ns += row->cost_ns;
            t->calls_left_out += row->calls;
        }
    }
}

/* What the run left out already stays left out. */
static const char *filter_before(const struct thinning *t)
{
    const char *found = "";
    struct wick_property property;
    for (uint32_t i = 0; wick_reader_property(t->load->reader, i, &property); i++) {
        found = strcmp(property.key, "filter") == 0 && property.value[0] ? property.value : found;
    }
    return strchr(found, '\'') ? "" : found;
}

static void print_list(const struct thinning *t, bool functions, const char *setting, const char *before)
{
    const char *separator = before[0] ? "," : "";
    bool any = false;
    for (uint32_t i = 0; i < t->count; i++) {
        if (t->rows[i].left_out && t->rows[i].is_function == functions) {
            if (!any) {
                safe_print(stdout, "%s='%s", setting, before);
            }
            safe_print(stdout, "%s-%s", separator, t->rows[i].name);
            separator = ",";
            any = true;
        }
    }
    if (any) {
        puts("'");
    }
}

/* gcc leaves out functions whose names, as people read them, contain one of these. */
static void print_exclude_list(const struct thinning *t)
{
    const char *separator = "'-finstrument-functions-exclude-function-list=";
    bool any = false;
    for (uint32_t i = 0; i < t->count; i++) {
        const char *name = t->rows[i].site->literal;
        if (t->rows[i].left_out && t->rows[i].is_function && !strchr(name, '\'') && !strstr(name, "+0x")) {
            fputs(separator, stdout);
            for (; *name; name++) {
                safe_print(stdout, *name == ',' ? "\\%c" : "%c", *name);
            }
            separator = ",";
            any = true;
        }
    }
    if (any) {
        puts("'");
    }
}

static void print_saving(const struct thinning *t)
{
    if (!t->left_out) {
        printf("# nothing to leave out: recording takes %s of %s\n", tool_ns_text((int64_t)t->cost_ns), tool_ns_text((int64_t)t->whole_ns));
        return;
    }
    printf("# saves at least %s of %s: leaves out %s of %s, %s of %s\n", tool_ns_text((int64_t)t->saved_ns), tool_ns_text((int64_t)t->whole_ns),
           tool_number_text(t->left_out), tool_count(t->count, "name|names"), tool_number_text(t->calls_left_out),
           tool_count(t->calls, "call|calls"));
    for (uint32_t i = 0; i < t->count; i++) {
        if (t->rows[i].left_out) {
            safe_print(stdout, "# %14s calls %10s  %s\n", tool_number_text(t->rows[i].calls), tool_ns_text((int64_t)t->rows[i].cost_ns),
                       t->rows[i].name);
        }
    }
}

int cmd_thin(struct settings *settings)
{
    struct load load;
    int rc = load_all(&load, settings);
    struct thinning t = {.load = &load};
    struct wick_rows *rows = NULL;
    if (rc == EXIT_FINE) {
        rows = probes_known(&load) ? rows_select(&load, WICK_ROWS_NAME) : NULL;
        if (!probes_known(&load)) {
            tool_error(settings, "%s: the log does not say what a scope costs: record it with this version of wick", settings->arguments[0]);
            rc = EXIT_USAGE;
        } else if (!rows || !read_rows(&t, rows)) {
            tool_error(settings, "no memory");
            rc = EXIT_USAGE;
        }
    }
    if (rc == EXIT_FINE) {
        choose(&t);
        print_list(&t, false, "WICK_FILTER", filter_before(&t));
        print_list(&t, true, "WICK_FUNCTIONS", "");
        print_exclude_list(&t);
        print_saving(&t);
    }
    free(t.rows);
    wick_rows_destroy(rows);
    load_end(&load);
    return rc;
}
