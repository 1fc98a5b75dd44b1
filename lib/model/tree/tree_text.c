/*
 * SPDX-License-Identifier: MIT
 * Renders the tree as text for people: two spaces per level, names and times aligned, marks in place.
 * With times, names are cut so that the numbers fit the width. An explicit stack replaces recursion.
 * Invariant: no name breaks a line or sends control codes to the terminal.
 */
#include "rows_state.h"
#include "model/base/printer.h"
#include "process_tree.h"

struct item {
    uint32_t node;
    uint32_t level;
    uint32_t above;  /* levels of processes: what --depth does not count */
    uint32_t process; /* node == WICK_NONE: of this process + 1; 0: siblings that are not shown */
    uint64_t more; /* node == WICK_NONE: number of siblings not shown */
    int64_t more_ns; /* and their total */
};

struct render {
    const struct wick_tree *tree;
    const struct wick_names *names;
    struct wick_text_options options;
    struct wk_printer text;
    struct wk_array stack;   /* struct item */
    struct wk_array sorting; /* uint32_t: children of one node */
    uint32_t name_width;     /* column where the numbers begin */
    uint32_t numbers_width;  /* of the columns of numbers that fit */
    uint32_t widest;
    int64_t whole_ns;        /* 100 % of the current thread */
    struct wk_process_tree processes; /* of several: threads are below their process; of one: empty */
    uint8_t *has_threads;    /* per process: it, or one below it, has a thread that is shown */
    uint32_t process;        /* whose threads are selected, + 1; 0: all */
    uint32_t above;          /* of the siblings that are pushed */
    uint8_t one_process;
    uint8_t measuring;
};

static int64_t time_of(const struct wick_tree *tree, const struct wk_node *node)
{
    return wk_tree_times(tree, (uint32_t)(node - tree->nodes), wk_tree_now(tree)).total_ns;
}

/* ---- selection and order ---- */

static int words_compare(const char *a, const char *b)
{
    for (;; a++, b++) {
        if (*a != *b || !*a) {
            return (unsigned char)*a - (unsigned char)*b;
        }
    }
}

/* Does x come before y? */
static int comes_before(const struct render *r, uint32_t x, uint32_t y, int by_time)
{
    const struct wk_node *a = &r->tree->nodes[x], *b = &r->tree->nodes[y];
    if (by_time) {
        int64_t a_ns = time_of(r->tree, a), b_ns = time_of(r->tree, b);
        if (a_ns != b_ns) {
            return a_ns > b_ns;
        }
    } else if (r->options.no_times && a->kind == WICK_NODE_TRACK && b->kind == WICK_NODE_TRACK) {
        /* Without times, threads are ordered by name: which one came first varies between runs. */
        int order = words_compare(wick_names_track(r->names, a->track)->thread,
                                  wick_names_track(r->names, b->track)->thread);
        if (order) {
            return order < 0;
        }
    }
    return x < y;
}

static void sink(const struct render *r, uint32_t *items, uint32_t count, uint32_t at, int by_time)
{
    for (uint32_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && comes_before(r, items[child], items[child + 1], by_time)) {
            child++;
        }
        if (!comes_before(r, items[at], items[child], by_time)) {
            return;
        }
        uint32_t swap = items[at];
        items[at] = items[child];
        items[child] = swap;
        at = child;
    }
}

/* Heap sort: needs no recursion and no memory; a million children are ordinary input. */
static void sort(const struct render *r, uint32_t *items, uint32_t count, int by_time)
{
    for (uint32_t at = count / 2; at-- > 0;) {
        sink(r, items, count, at, by_time);
    }
    for (uint32_t left = count; left > 1; left--) {
        uint32_t swap = items[0];
        items[0] = items[left - 1];
        items[left - 1] = swap;
        sink(r, items, left - 1, 0, by_time);
    }
}

/* Bring the `limit` longest to the front, in any order: they form a heap whose root is the shortest. */
static void choose(const struct render *r, uint32_t *items, uint32_t count, uint32_t limit)
{
    for (uint32_t at = limit / 2; at-- > 0;) {
        sink(r, items, limit, at, 1);
    }
    for (uint32_t i = limit; i < count; i++) {
        if (comes_before(r, items[i], items[0], 1)) {
            uint32_t swap = items[0];
            items[0] = items[i];
            items[i] = swap;
            sink(r, items, limit, 0, 1);
        }
    }
}

static int shown(const struct render *r, const struct wk_node *node)
{
    if (r->options.hidden && r->options.hidden[node - r->tree->nodes]) {
        return 0;
    }
    if (r->process && node->kind == WICK_NODE_TRACK && node->parent == WICK_NONE &&
        wick_names_track(r->names, node->track)->process != r->process - 1) {
        return 0;
    }
    if (node->kind == WICK_NODE_OUTER || (node->kind == WICK_NODE_TRACK && node->first_child == WICK_NONE)) {
        return 0;
    }
    return node->kind != WICK_NODE_SCOPE || r->options.no_times || time_of(r->tree, node) >= r->options.min_ns;
}

static int push(struct render *r, struct item item)
{
    int rc = wk_array_reserve(&r->stack, r->tree->allocator, r->stack.count + 1, sizeof item);
    if (rc >= 0) {
        ((struct item *)r->stack.items)[r->stack.count++] = item;
    }
    return rc;
}

/* Put the siblings from `first` on the stack, the one to show first on top. */
static int push_siblings(struct render *r, uint32_t first, uint32_t level, uint32_t limit)
{
    uint32_t count = 0;
    for (uint32_t node = first; node != WICK_NONE; node = r->tree->nodes[node].next_sibling) {
        if (!shown(r, &r->tree->nodes[node])) {
            continue;
        }
        if (wk_array_reserve(&r->sorting, r->tree->allocator, count + 1, sizeof(uint32_t)) < 0) {
            return WICK_E_NOMEM;
        }
        ((uint32_t *)r->sorting.items)[count++] = node;
    }
    uint32_t *items = r->sorting.items;
    int cut = limit && count > limit && !r->options.no_times;
    if (cut) {
        choose(r, items, count, limit);
        struct item rest = {.node = WICK_NONE, .level = level, .above = r->above, .more = count - limit};
        for (uint32_t i = limit; i < count; i++) {
            rest.more_ns += time_of(r->tree, &r->tree->nodes[items[i]]);
        }
        count = limit;
        if (push(r, rest) < 0) {
            return WICK_E_NOMEM;
        }
    }
    if (r->options.by_total) {
        sort(r, items, count, !r->options.no_times);
    } else if (cut || r->options.no_times) {
        sort(r, items, count, 0); /* otherwise siblings are in order already */
    }
    for (uint32_t i = count; i-- > 0;) {
        if (push(r, (struct item){.node = items[i], .level = level, .above = r->above}) < 0) {
            return WICK_E_NOMEM;
        }
    }
    return 0;
}

/* ---- one line ---- */

#define INDENT_MAX 1000u
#define NAME_MIN 24u
#define PROCESS_WIDTH 80u /* characters of a command line */
#define PROCESS_BYTES 512u
#define TRACK_WIDTH 80u /* characters of a thread's name */
/* Where the columns end, counted from name_width; a narrow terminal gets the first ones. */
#define TOTAL_END 10u
#define SHARE_END 19u
#define CALLS_END 30u
#define MEAN_END 40u
#define P99_END 50u

static void colour(struct render *r, const char *escape)
{
    if (r->options.colours) {
        wk_printer_escape(&r->text, escape);
    }
}

#define DIM "\033[2m"
#define RED "\033[31m"
#define YELLOW "\033[33m"
#define BOLD "\033[1m"
#define PLAIN "\033[0m"

static uint32_t indent_of(const struct render *r, uint32_t level)
{
    uint32_t indent = level * 2;
    uint32_t most = r->name_width - r->name_width / 3; /* very deep: names stay readable */
    if (r->options.no_times || r->measuring) {
        return indent < INDENT_MAX ? indent : INDENT_MAX; /* 100,000 levels are ordinary input */
    }
    return indent < most ? indent : most;
}

static void name_of(const struct render *r, const struct wk_node *node, const char **name, size_t *bytes)
{
    *name = wick_names_site_name(r->names, node->site);
    *bytes = wk_mem_length(*name);
    uint32_t text_bytes;
    const char *text = wk_tree_text(r->tree, node, &text_bytes);
    if (text && node->count + wk_node_open(node) == 1) {
        *name = text;
        *bytes = text_bytes;
    }
}

static void track_name(struct render *r, const struct wk_node *node)
{
    const struct wick_track_info *track = wick_names_track(r->names, node->track);
    const char *name = wick_names_track_name(r->names, node->track);
    struct wk_printer *t = &r->text;
    if (node->parent != WICK_NONE) {
        wk_printer_word(t, "[thread ");
    }
    wk_printer_name(t, name, wk_mem_length(name), TRACK_WIDTH); /* wider than its column: two threads must differ */
    if (node->parent != WICK_NONE) {
        wk_printer_word(t, "]");
    }
    if (!r->one_process && !r->processes.count && node->parent == WICK_NONE) {
        const struct wick_process_info *process = wick_names_process(r->names, track->process);
        wk_printer_word(t, " of ");
        wk_printer_name(t, process->host, wk_mem_length(process->host), 40);
        wk_printer_word(t, ":");
        wk_printer_name(t, process->pid, wk_mem_length(process->pid), 40);
    }
}

static void duration(struct render *r, int64_t duration_ns, uint32_t column)
{
    char word[WICK_TEXT_BYTES];
    uint32_t length = wick_text_duration(word, duration_ns);
    /* Units of one letter and of two stand under each other. */
    wk_printer_right(&r->text, word, word[length - 2] == ' ' ? column - 1 : column);
}

/* A single call that has ended needs no number. */
static int shows_calls(const struct wk_node *node)
{
    return node->count > 1 || (node->count && wk_node_open(node));
}

static void numbers(struct render *r, const struct wk_node *node)
{
    struct wk_printer *t = &r->text;
    uint32_t at = r->name_width;
    char word[WICK_TEXT_BYTES];
    duration(r, time_of(r->tree, node), at + TOTAL_END);
    if (r->numbers_width < CALLS_END) {
        return;
    }
    if (r->whole_ns > 0) {
        wick_text_share(word, (double)time_of(r->tree, node) / (double)r->whole_ns);
        wk_printer_right(t, word, at + SHARE_END);
    }
    if (shows_calls(node)) {
        wick_text_number(word, node->count);
        wk_printer_right(t, word, at + CALLS_END);
    }
    if (node->count > 1 && r->numbers_width >= P99_END) {
        struct wk_group sum = wk_group_of(r->tree, (uint32_t)(node - r->tree->nodes), wk_tree_now(r->tree));
        duration(r, wk_group_mean(&sum), at + MEAN_END);
        duration(r, wk_group_quantile(&sum, 990), at + P99_END);
    }
}

static void note(struct render *r, uint64_t count, const char *forms, const char *escape)
{
    if (count) {
        wk_printer_spaces(&r->text, 2);
        colour(r, escape);
        wk_printer_counted(&r->text, count, forms);
        colour(r, PLAIN);
    }
}

static void not_in_it(struct wk_printer *t, uint64_t values)
{
    char word[WICK_TEXT_BYTES];
    wick_text_number(word, values);
    wk_printer_word(t, ", not in it ");
    wk_printer_word(t, word);
    wk_printer_word(t, " NaN or infinite");
}

static void notes(struct render *r, const struct wk_node *node)
{
    struct wk_printer *t = &r->text;
    note(r, node->failed, "failed", RED);
    if (node->failed && node->extra && node->extra->message.text) {
        wk_printer_word(t, ": ");
        wk_printer_name(t, node->extra->message.text, node->extra->message.bytes, 60);
    }
    if (node->extra && node->extra->said.text) {
        wk_printer_word(t, "  said: ");
        wk_printer_name(t, node->extra->said.text, node->extra->said.bytes, 60);
    }
    note(r, node->unfinished, "unfinished", YELLOW);
    note(r, wk_node_open(node), "open", YELLOW);
    if (!r->options.no_times && node->extra && node->extra->values) {
        char word[WICK_TEXT_BYTES];
        const struct wick_number sum = wk_exact_number(&node->extra->value_sum);
        wick_text_amount(word, &sum);
        wk_printer_word(t, "  sum ");
        wk_printer_word(t, word);
        if (node->extra->values_not_finite) {
            not_in_it(t, node->extra->values_not_finite);
        }
    }
}

static void scope_line(struct render *r, const struct wk_node *node, uint32_t level)
{
    struct wk_printer *t = &r->text;
    const char *name;
    size_t bytes;
    name_of(r, node, &name, &bytes);
    if (r->measuring) {
        uint32_t end = indent_of(r, level) + wk_text_width(name, bytes);
        r->widest = end > r->widest ? end : r->widest;
        return;
    }
    wk_printer_spaces(t, indent_of(r, level));
    if (r->options.no_times) {
        wk_printer_name(t, name, bytes, UINT32_MAX);
        if (shows_calls(node)) {
            char number[WICK_TEXT_BYTES];
            wick_text_number(number, node->count);
            wk_printer_word(t, "  x");
            wk_printer_word(t, number);
        }
    } else {
        wk_printer_name(t, name, bytes, r->name_width - t->column);
        numbers(r, node);
    }
    notes(r, node);
    wk_printer_newline(t);
}

/* A named sum, and what it comes to per second of its scope. */
static void sum_line(struct render *r, const struct wk_node *node, uint32_t level)
{
    struct wk_printer *t = &r->text;
    const struct wk_extra *extra = node->extra;
    const struct wick_site_info *site = wick_names_site(r->names, node->site);
    if (r->measuring || !extra) {
        return;
    }
    wk_printer_spaces(t, indent_of(r, level));
    wk_printer_word(t, "+ ");
    wk_printer_name(t, site->literal, wk_mem_length(site->literal), 60);
    if (!r->options.no_times) {
        char word[WICK_TEXT_BYTES];
        const struct wick_number sum = wk_exact_number(&extra->value_sum);
        wick_text_sum(word, &sum, site->category, time_of(r->tree, &r->tree->nodes[node->parent]));
        wk_printer_word(t, "  ");
        wk_printer_word(t, word);
        if (extra->values_not_finite) {
            not_in_it(t, extra->values_not_finite);
        }
    }
    wk_printer_newline(t);
}

static void track_line(struct render *r, const struct wk_node *node, uint32_t level)
{
    struct wk_printer *t = &r->text;
    if (r->measuring) {
        return;
    }
    wk_printer_spaces(t, indent_of(r, level));
    colour(r, BOLD);
    track_name(r, node);
    colour(r, PLAIN);
    if (!r->options.no_times) {
        duration(r, time_of(r->tree, node), r->name_width + TOTAL_END);
        uint64_t lost = wick_tree_track_lost(r->tree, node->track);
        note(r, lost, "event|events| lost", RED);
    }
    wk_printer_newline(t);
}

/* `@absolute(relative) text`, one line per kept mark. */
static void mark_lines(struct render *r, const struct wk_node *node, uint32_t level)
{
    struct wk_printer *t = &r->text;
    const struct wk_extra *extra = node->extra;
    const struct wick_site_info *site = wick_names_site(r->names, node->site);
    for (uint32_t i = 0; extra && i < extra->mark_count && !r->measuring; i++) {
        const struct wk_mark *mark = &extra->marks[i];
        char word[WICK_TEXT_BYTES];
        wk_printer_spaces(t, indent_of(r, level));
        wk_printer_word(t, "@");
        if (!r->options.no_times) {
            wk_text_seconds(word, mark->time_ns - r->tree->stats.first_ns);
            wk_printer_word(t, word);
            wk_printer_word(t, "(");
            wk_text_seconds(word, mark->relative_ns);
            wk_printer_word(t, word);
            wk_printer_word(t, ")");
        }
        wk_printer_word(t, " ");
        if (mark->text) {
            wk_printer_name(t, mark->text, mark->text_bytes, UINT32_MAX);
        } else { /* a plain mark of a live run has no text of its own: show the literal */
            wk_printer_word(t, site->literal);
        }
        wk_printer_newline(t);
    }
    if (extra && node->count > extra->mark_count && !r->measuring) {
        char word[WICK_TEXT_BYTES];
        wk_printer_spaces(t, indent_of(r, level));
        wick_text_number(word, node->count - extra->mark_count);
        wk_printer_word(t, "@ ... and ");
        wk_printer_word(t, word);
        wk_printer_word(t, " more of the last mark");
        wk_printer_newline(t);
    }
}

static void more_line(struct render *r, const struct item *item)
{
    if (r->measuring) {
        return;
    }
    char word[WICK_TEXT_BYTES];
    wk_printer_spaces(&r->text, indent_of(r, item->level));
    colour(r, DIM);
    wick_text_number(word, item->more);
    wk_printer_word(&r->text, "... ");
    wk_printer_word(&r->text, word);
    wk_printer_word(&r->text, " more");
    duration(r, item->more_ns, r->name_width + TOTAL_END);
    colour(r, PLAIN);
    wk_printer_newline(&r->text);
}

static void process_line(struct render *r, uint32_t process, uint32_t level)
{
    char name[PROCESS_BYTES];
    struct wk_printer *t = &r->text;
    uint32_t bytes = wick_names_process_name(r->names, process, name, sizeof name);
    if (r->measuring) {
        return;
    }
    wk_printer_spaces(t, indent_of(r, level));
    colour(r, BOLD);
    wk_printer_name(t, name, bytes, PROCESS_WIDTH);
    if (!r->options.no_times) {
        const char *pid = wick_names_process(r->names, process)->pid;
        wk_printer_word(t, "  (");
        wk_printer_name(t, pid, wk_mem_length(pid), 40);
        wk_printer_word(t, ")");
    }
    colour(r, PLAIN);
    wk_printer_newline(t);
}

/* ---- the walk ---- */

static void line(struct render *r, const struct item *item)
{
    r->text.column = 0;
    if (item->node == WICK_NONE && item->process) {
        process_line(r, item->process - 1, item->level);
        return;
    }
    if (item->node == WICK_NONE) {
        more_line(r, item);
        return;
    }
    const struct wk_node *node = &r->tree->nodes[item->node];
    if (node->kind == WICK_NODE_TRACK) {
        if (node->parent == WICK_NONE) {
            r->whole_ns = time_of(r->tree, node);
        }
        track_line(r, node, item->level);
    } else if (node->kind == WICK_NODE_MARK) {
        mark_lines(r, node, item->level);
    } else if (node->kind == WICK_NODE_SUM) {
        sum_line(r, node, item->level);
    } else {
        scope_line(r, node, item->level);
    }
}

/* The processes below one, the first on top; of none: those at the top. */
static int push_processes(struct render *r, uint32_t parent, uint32_t level)
{
    int rc = 0;
    for (uint32_t i = r->processes.count; i-- > 0 && rc >= 0;) {
        uint32_t process = r->processes.order[i];
        if (r->processes.parents[process] == parent && r->has_threads[process]) {
            rc = push(r, (struct item){.node = WICK_NONE, .level = level, .process = process + 1});
        }
    }
    return rc;
}

/* The threads of a process, and below them its children. */
static int push_below_process(struct render *r, const struct item *item)
{
    int rc = push_processes(r, item->process - 1, item->level + 1);
    r->process = item->process;
    r->above = item->level + 1;
    rc = rc < 0 ? rc : push_siblings(r, r->tree->first_root, item->level + 1, r->options.tracks);
    r->process = 0;
    return rc;
}

static int walk(struct render *r)
{
    r->above = 0;
    int rc = r->processes.count ? push_processes(r, WICK_NONE, 0) : push_siblings(r, r->tree->first_root, 0, r->options.tracks);
    while (rc >= 0 && r->stack.count && !r->text.error) {
        struct item item = ((struct item *)r->stack.items)[--r->stack.count];
        line(r, &item);
        if (item.node == WICK_NONE && item.process) {
            rc = push_below_process(r, &item);
            continue;
        }
        if (item.node == WICK_NONE || (r->options.depth && item.level - item.above >= r->options.depth)) {
            continue;
        }
        r->above = item.above;
        uint32_t child = r->tree->nodes[item.node].first_child;
        if (child != WICK_NONE) {
            rc = push_siblings(r, child, item.level + 1, r->options.children);
        }
    }
    r->stack.count = 0;
    r->text.used = r->measuring ? 0 : r->text.used;
    return rc;
}

static void heading(struct render *r)
{
    struct wk_printer *t = &r->text;
    uint32_t at = r->name_width;
    colour(r, DIM);
    if (r->one_process && wick_names_tracks(r->names)) {
        const struct wick_process_info *process = wick_names_track_process(r->names, 0);
        wk_printer_name(t, process->host, wk_mem_length(process->host), r->name_width > 12 ? r->name_width - 12 : 8);
        wk_printer_word(t, ":");
        wk_printer_name(t, process->pid, wk_mem_length(process->pid), 40);
    }
    static const struct {
        const char *title;
        uint32_t end;
    } columns[] = {{"total", TOTAL_END}, {"share", SHARE_END}, {"calls", CALLS_END}, {"mean", MEAN_END}, {"p99", P99_END}};
    for (uint32_t i = 0; i < 5 && columns[i].end <= r->numbers_width; i++) {
        wk_printer_right(t, columns[i].title, at + columns[i].end);
    }
    colour(r, PLAIN);
    wk_printer_newline(t);
}

static void footer(struct render *r)
{
    struct wick_tree_stats now, *s = &now;
    char word[WICK_TEXT_BYTES];
    struct wk_printer *t = &r->text;
    wick_tree_stats_read(r->tree, s);
    wk_printer_counted(t, s->scopes + s->open, "scope|scopes| in ");
    wick_text_duration(word, s->last_ns >= s->first_ns ? s->last_ns - s->first_ns : 0);
    wk_printer_word(t, word);
    note(r, s->failed, "failed", RED);
    note(r, s->unfinished, "unfinished", YELLOW);
    note(r, s->open, "still open at the end", YELLOW);
    note(r, s->lost, "event|events| lost (WICK_FULL=wait loses none)", RED);
    note(r, s->stray_ends, "end|ends| without a start", YELLOW);
    note(r, s->backwards, "ended before it|ended before they| began", YELLOW);
    wk_printer_newline(t);
}

static int one_process(const struct wick_names *names)
{
    for (uint32_t i = 1; i < wick_names_tracks(names); i++) {
        if (wick_names_track(names, i)->process != wick_names_track(names, 0)->process) {
            return 0;
        }
    }
    return 1;
}

/* Several processes, of which the logs know the programs: they are shown, and each below the one that made it. */
static int find_processes(struct render *r)
{
    uint32_t known = 0;
    for (uint32_t i = 0; i < wick_names_processes(r->names); i++) {
        known += wick_names_process(r->names, i)->program[0] != 0;
    }
    if (r->one_process || known < 2) {
        return 0;
    }
    int rc = wk_process_tree_make(&r->processes, r->names, r->tree->allocator);
    r->has_threads = rc < 0 ? NULL : wk_mem_zeroed(r->tree->allocator, (size_t)r->processes.count + 1);
    if (!r->has_threads) {
        return WICK_E_NOMEM;
    }
    for (uint32_t node = r->tree->first_root; node != WICK_NONE; node = r->tree->nodes[node].next_sibling) {
        uint32_t process = wick_names_track(r->names, r->tree->nodes[node].track)->process;
        while (process < r->processes.count && shown(r, &r->tree->nodes[node]) && !r->has_threads[process]) {
            r->has_threads[process] = 1;
            process = r->processes.parents[process];
        }
    }
    return 0;
}

static int render(struct render *r)
{
    uint32_t width = r->options.width ? r->options.width : 100;
    int rc = 0;
    r->name_width = UINT32_MAX / 4;
    r->one_process = (uint8_t)one_process(r->names);
    rc = find_processes(r);
    if (rc >= 0 && !r->options.no_times) {
        r->measuring = 1;
        rc = walk(r);
        r->measuring = 0;
        r->numbers_width = width >= P99_END + NAME_MIN ? P99_END : width >= CALLS_END + NAME_MIN ? CALLS_END : TOTAL_END;
        uint32_t most = width > r->numbers_width + NAME_MIN ? width - r->numbers_width : NAME_MIN;
        r->name_width = r->widest < NAME_MIN ? NAME_MIN : r->widest > most ? most : r->widest;
        r->text.column = 0;
        heading(r);
    }
    if (rc >= 0) {
        rc = walk(r);
    }
    if (rc >= 0 && !r->options.no_times) {
        footer(r);
    }
    int written = wk_printer_flush(&r->text);
    return rc < 0 ? rc : written;
}

int wick_tree_render(const struct wick_tree *tree, const struct wick_names *names,
                     const struct wick_text_options *options, const struct wick_text_out *out)
{
    struct render *r = wk_mem_zeroed(tree->allocator, sizeof *r);
    if (!r) {
        return WICK_E_NOMEM;
    }
    r->tree = tree;
    r->names = names;
    if (options) {
        r->options = *options;
    }
    wk_printer_init(&r->text, out);
    int rc = render(r);
    wk_mem_free(tree->allocator, r->has_threads, (size_t)r->processes.count + 1);
    wk_process_tree_free(&r->processes, tree->allocator);
    wk_array_free(&r->stack, tree->allocator, sizeof(struct item));
    wk_array_free(&r->sorting, tree->allocator, sizeof(uint32_t));
    wk_mem_free(tree->allocator, r, sizeof *r);
    return rc;
}
