/*
 * SPDX-License-Identifier: MIT
 * wick slow: the calls that took longest themselves, what was in them, and the scopes of other threads that ran meanwhile.
 * Must not keep all calls, but a heap of the slowest, nor a tree: a stack per thread says all that is asked. Invariant: of two
 * equally slow calls the earlier one comes first, so that the list is the same in each run.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "base/safe_text.h"
#include "base/words.h"
#include "cmd/cmd.h"
#include "input/load.h"
#include "input/spool.h"
#include "print/show_left_out.h"
#include "print/table.h"
#include "select/select.h"

enum {
    MEANWHILE = 4,        /* scopes of other threads that are shown per call */
    MEANWHILE_MAX = 4096, /* that are told apart */
    INSIDE = 6            /* scopes in a call that are told apart */
};

/* Scopes of one site in a call. */
struct inside {
    uint32_t site, count;
    int64_t ns;
};

/* A scope's site and what is around it. Made when a path is asked for, and shared by all paths that go through the scope,
 * since a path may be a hundred thousand scopes long, and every one of them slow. */
struct path {
    struct path *around; /* NULL: nothing */
    uint32_t site;
    uint32_t uses;
};

/* An open scope. */
struct slow_frame {
    int64_t start_ns, inside_ns; /* inside_ns: of the scopes in it */
    uint64_t hash;               /* of its path */
    uint32_t site, inside_count;
    struct inside inside[INSIDE];
    struct path *path; /* NULL: nobody has asked */
    char *text; /* stays when the scope ends, for the next one of this depth */
    uint32_t text_capacity, text_bytes;
};

struct slow_stack {
    struct slow_frame *frames;
    uint32_t depth, capacity;
    struct path *base; /* of the scope of another thread that this thread's tree hangs under */
    int64_t since_ns;      /* the innermost scope has been the same */
};

struct meanwhile {
    uint32_t track;
    uint64_t hash;
    int64_t ns;
    struct path *path;
};

struct slow_call {
    int64_t start_ns, end_ns, self_ns;
    uint32_t track;
    bool failed;
    char text[200], said[200]; /* at its start, at its end */
    struct path *path;
    struct inside inside[INSIDE];
    uint32_t inside_count;
    struct meanwhile *others;
    uint32_t other_count;
};

struct slow {
    struct load *load;
    const struct settings *settings;
    struct slow_call *heap; /* the fastest of the slowest first */
    uint32_t count, limit;
    bool second;               /* the pass over the logs that looks at other threads */
    int64_t low_ns, high_ns;   /* of all slow calls, in the second pass */
    struct slow_stack *stacks; /* per track */
    uint32_t stack_count, threads; /* threads: that have scopes */
};

/* ---- paths ------------------------------------------------------------------------------------- */

static void leave_path(struct path *path)
{
    while (path && --path->uses == 0) {
        struct path *around = path->around;
        free(path);
        path = around;
    }
}

/* The path of the scope at this depth of a stack, for the caller to leave; NULL: no memory. */
static struct path *path_of(const struct slow_stack *stack, uint32_t depth)
{
    uint32_t known = depth;
    while (known && !stack->frames[known - 1].path) {
        known--;
    }
    for (struct path *around = known ? stack->frames[known - 1].path : stack->base; known < depth; known++) {
        struct path *path = malloc(sizeof *path);
        if (!path) {
            return NULL;
        }
        *path = (struct path){around, stack->frames[known].site, 1};
        if (around) {
            around->uses++;
        }
        around = stack->frames[known].path = path;
    }
    stack->frames[depth - 1].path->uses++;
    return stack->frames[depth - 1].path;
}

static void leave_frame(struct slow_stack *stack)
{
    struct slow_frame *frame = &stack->frames[--stack->depth];
    leave_path(frame->path);
    frame->path = NULL;
}

/* The names of a path; the inner end is what matters. */
static const char *path_text(const struct slow *s, const struct path *path)
{
    static char text[65536];
    size_t at = sizeof text - 1;
    text[at] = 0;
    for (; path; path = path->around) {
        const char *name = wick_names_site_name(s->load->names, path->site);
        size_t length = strlen(name), slash = text[at] ? 1 : 0;
        if (length + slash + 2 > at) {
            memcpy(text + (at -= 2), "..", 2);
            break;
        }
        at -= slash;
        text[at] = slash ? '/' : text[at];
        memcpy(text + (at -= length), name, length);
    }
    return text + at;
}

static bool is_asked_for(const struct slow *s, const struct path *path)
{
    return !s->settings->path ||
           select_path(s->settings, path_text(s, path), wick_names_site_name(s->load->names, path->site));
}

/* This thread's tree hangs under a scope of another that is open. */
static void hang_under(struct slow *s, struct slow_stack *stack, const struct wick_record *r)
{
    const struct slow_stack *parent = r->parent_track < s->stack_count ? &s->stacks[r->parent_track] : NULL;
    uint32_t depth = parent ? parent->depth : 0;
    while (depth && parent->frames[depth - 1].start_ns != r->first_ns) {
        depth--;
    }
    if (depth && parent != stack) {
        leave_path(stack->base);
        stack->base = path_of(parent, depth);
    }
}

/* ---- the slowest ------------------------------------------------------------------------------- */

static bool is_slower(const struct slow_call *x, const struct slow_call *y)
{
    return x->self_ns != y->self_ns ? x->self_ns > y->self_ns : x->start_ns < y->start_ns;
}

static void swap(struct slow_call *x, struct slow_call *y)
{
    struct slow_call kept = *x;
    *x = *y;
    *y = kept;
}

static void heap_down(struct slow *s)
{
    for (uint32_t at = 0, child; (child = 2 * at + 1) < s->count; at = child) {
        if (child + 1 < s->count && is_slower(&s->heap[child], &s->heap[child + 1])) {
            child++;
        }
        if (!is_slower(&s->heap[at], &s->heap[child])) {
            return;
        }
        swap(&s->heap[at], &s->heap[child]);
    }
}

static void heap_add(struct slow *s, const struct slow_call *call)
{
    if (s->count < s->limit) {
        uint32_t at = s->count++;
        s->heap[at] = *call;
        for (uint32_t up; at && is_slower(&s->heap[up = (at - 1) / 2], &s->heap[at]); at = up) {
            swap(&s->heap[up], &s->heap[at]);
        }
    } else {
        leave_path(s->heap[0].path);
        s->heap[0] = *call;
        heap_down(s);
    }
}

/* ---- the first pass: calls --------------------------------------------------------------------- */

static bool push(struct slow *s, struct slow_stack *stack, const struct wick_record *r)
{
    uint32_t depth = stack->depth;
    if (!tool_grow(&stack->frames, &stack->capacity, depth, sizeof *stack->frames)) {
        return false;
    }
    struct slow_frame *frame = &stack->frames[depth];
    s->threads += !depth && !frame->start_ns;
    frame->start_ns = r->time_ns;
    frame->inside_ns = 0;
    frame->inside_count = 0;
    frame->site = r->site;
    frame->hash = ((depth ? frame[-1].hash : 0) ^ r->site) * 0x9e3779b97f4a7c15u + 1;
    frame->text_bytes = r->text_bytes;
    if (r->text_bytes) {
        if (!tool_grow(&frame->text, &frame->text_capacity, r->text_bytes, 1)) {
            return false;
        }
        memcpy(frame->text, r->text, r->text_bytes);
    }
    stack->depth = depth + 1;
    return true;
}

/* Add an ended scope to what its parent has inside; what does not fit is in the parent's sum alone. */
static void add_inside(struct slow_frame *parent, uint32_t site, int64_t ns)
{
    uint32_t k = parent->inside_count;
    parent->inside_ns += ns;
    while (k-- > 0) {
        if (parent->inside[k].site == site) {
            parent->inside[k].count++;
            parent->inside[k].ns += ns;
            return;
        }
    }
    if (parent->inside_count < INSIDE) {
        parent->inside[parent->inside_count++] = (struct inside){site, 1, ns};
    }
}

/* What did not end by itself says nothing about how long it takes. */
static bool has_ended(const struct wick_record *r)
{
    return !r->unfinished || r->unfinished == WICK_UNFINISHED_UNWOUND;
}

static void consider(struct slow *s, const struct slow_stack *stack, const struct slow_frame *frame, const struct wick_record *r)
{
    struct slow_call call = {.start_ns = frame->start_ns, .end_ns = r->time_ns, .track = r->track,
                             .self_ns = r->time_ns - frame->start_ns - frame->inside_ns,
                             .failed = r->kind == WICK_RECORD_ENDER, .inside_count = frame->inside_count};
    if (s->count == s->limit && !is_slower(&call, &s->heap[0])) {
        return;
    }
    call.path = path_of(stack, stack->depth);
    if (!call.path || !is_asked_for(s, call.path)) {
        leave_path(call.path);
        return;
    }
    memcpy(call.inside, frame->inside, sizeof call.inside);
    snprintf(call.text, sizeof call.text, "%.*s", (int)frame->text_bytes, frame->text_bytes ? frame->text : "");
    snprintf(call.said, sizeof call.said, "%.*s", (int)r->text_bytes, r->text_bytes ? r->text : "");
    heap_add(s, &call);
}

static void pop(struct slow *s, struct slow_stack *stack, const struct wick_record *r)
{
    const struct slow_frame *frame = &stack->frames[stack->depth - 1];
    int64_t took_ns = r->time_ns > frame->start_ns ? r->time_ns - frame->start_ns : 0;
    if (!s->second && s->limit && (s->count < s->limit || took_ns - frame->inside_ns >= s->heap[0].self_ns) && has_ended(r)) {
        consider(s, stack, frame, r);
    }
    leave_frame(stack);
    if (stack->depth && !s->second) {
        add_inside(&stack->frames[stack->depth - 1], frame->site, took_ns);
    }
}

/* ---- the second pass: other threads ------------------------------------------------------------ */

/* Add to the time that a scope of another thread ran during a slow call. */
static void add_meanwhile(struct slow_call *slow, uint32_t track, const struct slow_stack *stack, int64_t ns)
{
    uint64_t hash = stack->frames[stack->depth - 1].hash;
    uint32_t k = 0;
    while (k < slow->other_count && (slow->others[k].track != track || slow->others[k].hash != hash)) {
        k++;
    }
    if (k == slow->other_count) {
        struct meanwhile *others = k < MEANWHILE_MAX ? realloc(slow->others, (k + 1) * sizeof *others) : NULL;
        if (!others) {
            return;
        }
        slow->others = others;
        slow->others[slow->other_count++] = (struct meanwhile){track, hash, 0, path_of(stack, stack->depth)};
    }
    slow->others[k].ns += ns;
}

/* The innermost scope of this track ran until `to_ns`: add that to the slow calls of other tracks. */
static void share(struct slow *s, uint32_t track, struct slow_stack *stack, int64_t to_ns)
{
    int64_t from_ns = stack->since_ns;
    stack->since_ns = to_ns;
    if (!stack->depth || to_ns <= s->low_ns || from_ns >= s->high_ns) {
        return;
    }
    for (uint32_t i = 0; i < s->count; i++) {
        struct slow_call *slow = &s->heap[i];
        int64_t low = from_ns > slow->start_ns ? from_ns : slow->start_ns;
        int64_t high = to_ns < slow->end_ns ? to_ns : slow->end_ns;
        if (slow->track != track && high > low) {
            add_meanwhile(slow, track, stack, high - low);
        }
    }
}

static int on_records(void *user, const struct wick_record *records, size_t count)
{
    struct slow *s = user;
    for (size_t i = 0; i < count; i++) {
        const struct wick_record *r = &records[i];
        bool is_end = r->kind == WICK_RECORD_ENDOK || r->kind == WICK_RECORD_ENDER;
        if (r->time_ns < s->load->start_ns) {
            s->load->start_ns = r->time_ns;
        }
        if ((r->kind == WICK_RECORD_PAUSE || r->kind == WICK_RECORD_LOST) && wick_tree_feed(s->load->tree, r, 1) < 0) { /* for what is said below the calls */
            return WICK_E_NOMEM;
        }
        if (!is_end && r->kind != WICK_RECORD_START && r->kind != WICK_RECORD_CLEAR && r->kind != WICK_RECORD_UNDER) {
            continue;
        }
        if (r->track >= s->stack_count && !tool_grow(&s->stacks, &s->stack_count, r->track, sizeof *s->stacks)) {
            return WICK_E_NOMEM;
        }
        struct slow_stack *stack = &s->stacks[r->track];
        if (s->second) {
            share(s, r->track, stack, r->time_ns);
        }
        if (r->kind == WICK_RECORD_START) {
            if (!push(s, stack, r)) {
                return WICK_E_NOMEM;
            }
        } else if (is_end && stack->depth) {
            pop(s, stack, r);
        } else if (r->kind == WICK_RECORD_CLEAR) {
            while (stack->depth) {
                leave_frame(stack);
            }
        } else if (r->kind == WICK_RECORD_UNDER) {
            hang_under(s, stack, r);
        }
    }
    return 0;
}

/* ---- output ------------------------------------------------------------------------------------ */

static int by_slowness(const void *x, const void *y)
{
    return is_slower(x, y) ? -1 : is_slower(y, x);
}

static int by_shared(const void *x, const void *y)
{
    const struct meanwhile *a = x, *b = y;
    return a->ns != b->ns ? (a->ns < b->ns ? 1 : -1) : (a->track > b->track) - (a->track < b->track);
}

static int by_inside(const void *x, const void *y)
{
    const struct inside *a = x, *b = y;
    return a->ns != b->ns ? (a->ns < b->ns ? 1 : -1) : (a->site > b->site) - (a->site < b->site);
}

static const struct column slow_columns[] = {
    {"start_ns", "start", COLUMN_TIME},   {"self_ns", "self", COLUMN_NS},      {"duration_ns", "took", COLUMN_NS},
    {"thread", "thread", COLUMN_TEXT},    {"status", "status", COLUMN_TEXT},   {"text", "text", COLUMN_TEXT},
    {"path", "path", COLUMN_TEXT},        {"message", "message", COLUMN_TEXT}};

static int print_table(const struct slow *s)
{
    struct table *table = table_create(s->settings, slow_columns, sizeof slow_columns / sizeof slow_columns[0]);
    for (uint32_t i = 0; i < s->count; i++) {
        const struct slow_call *call = &s->heap[i];
        table_ns(table, call->start_ns - s->load->start_ns);
        table_ns(table, call->self_ns);
        table_ns(table, call->end_ns - call->start_ns);
        table_text(table, load_thread_name(s->load, call->track));
        table_text(table, call->failed ? "failed" : "ok");
        table_text(table, call->text);
        table_text(table, path_text(s, call->path));
        table_text(table, call->said);
    }
    return table_print(table, NULL, 0);
}

static void print_inside(const struct slow *s, struct slow_call *call)
{
    int64_t rest_ns = call->end_ns - call->start_ns - call->self_ns;
    qsort(call->inside, call->inside_count, sizeof *call->inside, by_inside);
    for (uint32_t i = 0; i < call->inside_count; i++) {
        rest_ns -= call->inside[i].ns;
        safe_print(stdout, "    inside %-9s %s  %s\n", tool_ns_text(call->inside[i].ns),
                   wick_names_site_name(s->load->names, call->inside[i].site), tool_count(call->inside[i].count, "call|calls"));
    }
    if (rest_ns > 0) {
        printf("    inside %-9s other scopes\n", tool_ns_text(rest_ns));
    }
}

static void print_call(const struct slow *s, struct slow_call *call, uint32_t number)
{
    const char *name = call->text[0] ? call->text : wick_names_site_name(s->load->names, call->path->site);
    safe_print(stdout, "%2" PRIu32 ". %-9s %s%s%s%s\n", number, tool_ns_text(call->self_ns), name, call->failed ? "  FAILED" : "",
               call->said[0] ? ": " : "", call->said);
    safe_print(stdout, "    at %.6f s in %s: %s\n", (double)(call->start_ns - s->load->start_ns) / 1e9,
               load_thread_name(s->load, call->track), path_text(s, call->path));
    if (call->inside_count) {
        printf("    of %s in all\n", tool_ns_text(call->end_ns - call->start_ns));
        print_inside(s, call);
    }
    if (call->other_count) {
        qsort(call->others, call->other_count, sizeof *call->others, by_shared);
    }
    for (uint32_t i = 0; i < call->other_count && i < MEANWHILE; i++) {
        safe_print(stdout, "    meanwhile %s: %-9s %s\n", load_thread_name(s->load, call->others[i].track),
               tool_ns_text(call->others[i].ns), path_text(s, call->others[i].path));
    }
    if (call->other_count > MEANWHILE) {
        printf("    meanwhile ... and %s\n", tool_count(call->other_count - MEANWHILE, "more scope|more scopes"));
    }
}

/* ---- the command ------------------------------------------------------------------------------- */

static void free_stacks(struct slow *s)
{
    for (uint32_t i = 0; i < s->stack_count; i++) {
        while (s->stacks[i].depth) {
            leave_frame(&s->stacks[i]);
        }
        for (uint32_t k = 0; k < s->stacks[i].capacity; k++) {
            free(s->stacks[i].frames[k].text);
        }
        free(s->stacks[i].frames);
        leave_path(s->stacks[i].base);
    }
    free(s->stacks);
    s->stacks = NULL;
    s->stack_count = 0;
}

static void free_calls(struct slow *s)
{
    for (uint32_t i = 0; i < s->count; i++) {
        for (uint32_t k = 0; k < s->heap[i].other_count; k++) {
            leave_path(s->heap[i].others[k].path);
        }
        free(s->heap[i].others);
        leave_path(s->heap[i].path);
    }
    free(s->heap);
}

/* One pass over the logs; the names of the last one stay in `load`. */
static int pass(struct slow *s, struct load *load)
{
    struct wick_record_out out = {on_records, s};
    s->load = load;
    int rc = load_records(load, s->settings, &out);
    free_stacks(s);
    return rc;
}

/* Look at the other threads, if there are any. Sites and tracks have the same numbers as before: the records are the same. */
static int pass_again(struct slow *s, struct load *load)
{
    if (s->threads < 2 || !s->count) {
        return EXIT_FINE;
    }
    s->low_ns = INT64_MAX;
    for (uint32_t i = 0; i < s->count; i++) {
        s->low_ns = s->heap[i].start_ns < s->low_ns ? s->heap[i].start_ns : s->low_ns;
        s->high_ns = s->heap[i].end_ns > s->high_ns ? s->heap[i].end_ns : s->high_ns;
    }
    load_end(load);
    s->second = true;
    return pass(s, load);
}

int cmd_slow(struct settings *settings)
{
    struct slow s = {.settings = settings, .limit = settings->limit ? settings->limit : 10};
    struct load load = {0};
    if (!spool_logs(settings)) {
        return EXIT_USAGE;
    }
    s.heap = calloc(s.limit, sizeof *s.heap);
    bool text = tool_format_is(settings, "text");
    int rc = s.heap ? pass(&s, &load) : EXIT_USAGE;
    rc = rc == EXIT_FINE && text ? pass_again(&s, &load) : rc;
    if (rc == EXIT_FINE) {
        qsort(s.heap, s.count, sizeof *s.heap, by_slowness);
        for (uint32_t i = 0; text && i < s.count; i++) {
            print_call(&s, &s.heap[i], i + 1);
        }
        rc = text ? show_left_out_below(&load, settings, EXIT_FINE) : print_table(&s);
    }
    load_end(&load);
    free_calls(&s);
    return rc;
}
