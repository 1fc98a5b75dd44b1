/*
 * SPDX-License-Identifier: MIT
 * The slow ways into a ring, and every recording function but locks. No sink is known here.
 * Each function keeps errno, and works with the gate closed: a handler or a malloc hook that records
 * meanwhile is refused and counted, never mixed in.
 */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include <wick/control.h>

#include "base/clock.h"
#include "bound.h"
#include "put.h"
#include "recorder.h"
#include "site.h"

/* ---- putting events -------------------------------------------------------------------------- */

static uint32_t depth_of(const struct wick_i_thread *thread)
{
    return (uint32_t)thread->top;
}

/* Slots that a text takes, and the flag that goes with it. */
static uint32_t text_slots(const struct wk_rendered *text, uint32_t *flags)
{
    if (text->bytes > WK_EVENT_TEXT_MAX) {
        *flags |= WK_EVENT_JUMBO;
        return 1;
    }
    return (text->bytes + (uint32_t)sizeof(struct wick_event) - 1) / (uint32_t)sizeof(struct wick_event);
}

static void write_text(struct wick_i_thread *thread, uint32_t at, struct wk_rendered *text)
{
    union wk_event_more more;

    if (text->bytes > WK_EVENT_TEXT_MAX) {
        memset(&more, 0, sizeof more);
        more.jumbo.reference = text->block;
        more.jumbo.bytes = text->bytes;
        thread->ring[at & thread->mask] = more.event;
        text->block = 0; /* the drain gives it back */
        return;
    }
    for (uint32_t done = 0; done < text->bytes; done += sizeof more, at++) {
        uint32_t part = text->bytes - done < sizeof more ? text->bytes - done : (uint32_t)sizeof more;

        memset(&more, 0, sizeof more);
        memcpy(more.text, text->start + done, part);
        thread->ring[at & thread->mask] = more.event;
    }
}

/* Write first slot, [CPU], [one more], [text], and publish them together. Room was made before. */
static uint64_t put(struct wick_i_thread *thread, struct wk_put *put)
{
    uint32_t at = thread->head + 1;
    uint64_t ticks = wk_clock_ticks(wk_recorder.tsc);

    if (put->flags & WK_EVENT_CPU) {
        thread->ring[at++ & thread->mask] = (union wk_event_more){.cpu = {put->cpu_ns, 0}}.event;
    }
    if (put->has_more) {
        thread->ring[at++ & thread->mask] = put->more.event;
    }
    if (put->text.bytes) {
        uint32_t flags = 0;
        uint32_t slots = text_slots(&put->text, &flags);

        write_text(thread, at, &put->text);
        put->flags |= flags;
        at += slots;
    }
    thread->ring[thread->head & thread->mask] = (struct wick_event){
        ticks, put->site, wk_event_info(put->kind | put->flags, at - thread->head - 1, put->depth)};
    /* Pairs with the acquire in wk_drain: all slots are whole before they are seen. */
    __atomic_store_n(&thread->head, at, __ATOMIC_RELEASE);
    return ticks;
}

static uint32_t slots_of(const struct wk_put *put)
{
    uint32_t flags = 0;

    return 1 + (put->flags & WK_EVENT_CPU ? 1u : 0u) + put->has_more +
           (put->text.bytes ? text_slots(&put->text, &flags) : 0);
}

/* `kept`: slots that must stay free behind the event: the ends of the open scopes, and one for EXIT. */
static bool room(struct wick_i_thread *thread, const struct wk_put *put, uint32_t kept)
{
    uint32_t need = slots_of(put) + kept + 1;

    return (int32_t)(thread->limit - thread->head) >= (int32_t)need || wk_thread_make_room_owner(thread, need);
}

bool wk_put_event(struct wick_i_thread *thread, struct wk_put *what)
{
    struct wk_owner *owner = wk_thread_owner(thread);
    uint32_t kept = what->kind == WK_EVENT_FAIL ? owner->end_slots : owner->reserve;

    what->depth = depth_of(thread);
    if (what->kind == WK_EVENT_FAIL) {
        wk_bound_fail(thread, &what->text);
    }
    if (!room(thread, what, kept * depth_of(thread))) {
        return false;
    }
    put(thread, what);
    return true;
}

/* A fiber may go on in another thread, whose clock says nothing about this one's. */
static int64_t cpu_ns_of(struct wick_i_thread *thread)
{
    return wk_thread_of(thread)->is_fiber ? -1 : wk_clock_cpu_ns();
}

static struct wick_i_begun put_start(struct wick_i_thread *thread, struct wk_put *what)
{
    struct wick_i_begun begun = {0, 0};
    struct wk_owner *owner = wk_thread_owner(thread);
    uint32_t depth = depth_of(thread) + 1;

    what->kind = WK_EVENT_START;
    if (WK_SETTING(cpu_time)) {
        what->flags |= WK_EVENT_CPU;
        what->cpu_ns = cpu_ns_of(thread);
    }
    if (depth >= WICK_I_DEPTH_MAX) {
        wk_thread_refuse_owner(thread);
    }
    if (depth >= WICK_I_DEPTH_MAX || !room(thread, what, owner->reserve * depth)) {
        begun.ticks = wk_clock_ticks(wk_recorder.tsc); /* a named scope still knows its time */
        return begun;
    }
    what->depth = depth;
    thread->top++;
    begun.token = thread->top;
    begun.ticks = put(thread, what);
    return begun;
}

static bool is_off(uint32_t site)
{
    return (int32_t)site < 0;
}

/* The site's id; is_off: its scopes are not recorded; 0: no memory. */
static uint32_t site_id(struct wick_site *site)
{
    /* Pairs with the release in wk_site_register. */
    uint32_t id = __atomic_load_n(&site->id, __ATOMIC_ACQUIRE);

    if (is_off(id)) {
        return wk_site_look_again(site);
    }
    return id ? id : wk_site_register(site);
}

/* Begin with a text that is already rendered; closes and opens the gate. */
static struct wick_i_begun begin(struct wick_site *site, struct wk_put *what)
{
    struct wick_i_begun begun = {0, 0};
    struct wick_i_thread *thread = wk_put_enter_with(&what->text);

    if (!thread) {
        return begun;
    }
    if (what->name) {
        what->site = wk_site_intern(site, what->name, WICK_I_SITE_DYNAMIC);
    } else if (!what->site) {
        what->site = site_id(site);
    }
    if (is_off(what->site)) {
        what->site = 0;
    } else if (what->site) {
        begun = put_start(thread, what);
    } else { /* no memory for its name; a named scope still knows its time */
        wk_thread_refuse_owner(thread);
        begun.ticks = wk_clock_ticks(wk_recorder.tsc);
    }
    wk_put_leave(thread);
    return begun;
}

struct wick_i_begun wick_i_begin_slow(struct wick_site *site)
{
    struct wk_put what = {0};
    int saved = errno;
    struct wick_i_begun begun = begin(site, &what);

    errno = saved;
    return begun;
}

void wick_i_refuse(void)
{
    int saved = errno;
    struct wick_i_thread *thread = wk_put_enter();

    if (thread) {
        wk_thread_refuse_owner(thread);
        wk_put_leave(thread);
    }
    errno = saved;
}

/* ---- ends ------------------------------------------------------------------------------------ */

struct ending {
    const unsigned *uncaught; /* where C++ counts its exceptions; NULL: not asked */
    uint32_t by_exception;    /* out: 1, or 0 */
    int64_t cpu_ns;           /* out, when CPU time is recorded */
};

/* Destructors whose scopes are deeper were left by a jump, or have ended. */
static struct wk_destructor *destructor_at(struct wk_thread *thread, uint32_t depth)
{
    while (thread->destructor_count && thread->destructors[thread->destructor_count - 1].depth > depth) {
        thread->destructor_count--;
    }
    return thread->destructor_count ? &thread->destructors[thread->destructor_count - 1] : NULL;
}

/* Is the scope at `depth` left by an exception? Not by one that runs the destructor around it. */
static bool leaves(struct wick_i_thread *hot, uint32_t depth, const unsigned *uncaught)
{
    struct wk_thread *thread = wk_thread_of(hot);
    const struct wk_destructor *destructor = destructor_at(thread, depth);
    uint32_t before = destructor ? destructor->uncaught : 0;

    hot->uncaught = uncaught; /* from now on the inline path knows */
    if (destructor && destructor->depth == depth) {
        thread->destructor_count--;
    }
    return *uncaught > before;
}

static uint64_t put_end(struct wick_i_thread *thread, uint32_t depth, struct ending *ending)
{
    struct wk_put what = {.kind = WK_EVENT_END, .site = ending->by_exception, .depth = depth};

    if (wk_thread_owner(thread)->end_slots == 2) {
        what.flags = WK_EVENT_CPU;
        what.cpu_ns = cpu_ns_of(thread);
        ending->cpu_ns = what.cpu_ns;
    }
    thread->top = (thread->top & ~(uint64_t)UINT32_MAX) | (depth - 1);
    return put(thread, &what);
}

/* The END of a scope whose room was kept: recorded even while recording is paused or shut down. */
static uint64_t end(uint64_t token, struct ending *ending)
{
    struct wick_i_thread *thread = wick_i_tls_v1;
    uint64_t ticks = 0;

    if (!token || !thread) {
        return 0;
    }
    struct wk_owner *owner = wk_thread_owner(thread);
    if (token >> 32 != thread->top >> 32 || (uint32_t)token > depth_of(thread)) {
        __atomic_store_n(&owner->stale_end, owner->stale_end + 1, __ATOMIC_RELAXED); /* a count */
        return 0;
    }
    if (thread->gate == WK_GATE_INSIDE) {
        /* A handler ends a scope that it did not begin: the scope is closed by its parent's end. */
        __atomic_store_n(&owner->dropped_signal, owner->dropped_signal + 1, __ATOMIC_RELAXED); /* a count */
        return 0;
    }
    thread->gate = WK_GATE_INSIDE;
    __atomic_signal_fence(__ATOMIC_SEQ_CST); /* as in wk_put_enter */
    if (ending->uncaught) {
        ending->by_exception = leaves(thread, (uint32_t)token, ending->uncaught);
    }
    if (ending->by_exception) {
        wk_bound_thrown(thread, token);
    }
    ticks = put_end(thread, (uint32_t)token, ending);
    wk_put_leave(thread);
    wk_bound_leave(thread, token, "unfinished: unwound");
    return ticks;
}

uint64_t wick_i_end_slow(uint64_t token)
{
    struct ending ending = {0};
    int saved = errno;
    uint64_t ticks = end(token, &ending);

    errno = saved;
    return ticks;
}

uint64_t wick_i_leave(uint64_t token, const unsigned *uncaught)
{
    struct ending ending = {.uncaught = uncaught};
    int saved = errno;
    uint64_t ticks = end(token, &ending);

    errno = saved;
    return ticks;
}

void wick_i_enter_destructor(uint64_t token, const unsigned *uncaught)
{
    struct wick_i_thread *hot = wick_i_tls_v1;
    struct wk_thread *thread = wk_thread_of(hot);
    uint32_t depth = (uint32_t)token;

    hot->uncaught = uncaught;
    (void)destructor_at(thread, depth - 1);
    if (*uncaught && thread->destructor_count < WK_DESTRUCTORS) {
        thread->destructors[thread->destructor_count++] = (struct wk_destructor){depth, *uncaught};
    }
}

/* ---- scopes with a text ------------------------------------------------------------------------ */

/* Before its text is rendered. */
static bool is_known_off(const struct wick_site *site)
{
    return wick_i_site_is_off(__atomic_load_n(&site->id, __ATOMIC_RELAXED)); /* nothing of its entry is read */
}

uint64_t wick_i_beginf(struct wick_site *site, const char *format, ...)
{
    char stack[WK_TEXT_STACK_BYTES];
    struct wk_put what = {0};
    int saved = errno;
    va_list args;

    if (is_known_off(site)) {
        return 0;
    }
    va_start(args, format);
    what.text = wk_rendered_render(stack, format, args);
    va_end(args);
    struct wick_i_begun begun = begin(site, &what);
    wk_rendered_done(&what.text);
    errno = saved;
    return begun.token;
}

uint64_t wick_i_begin_text(struct wick_site *site, const char *text)
{
    struct wk_put what = {0};
    int saved = errno;

    what.name = text ? text : "(null)";
    if (strlen(what.name) > WK_SITE_NAME_MAX) { /* whole at least in each instance */
        what.text = wk_rendered_borrow(what.name);
    }
    struct wick_i_begun begun = begin(site, &what);
    wk_rendered_done(&what.text);
    errno = saved;
    return begun.token;
}

/* ---- named scopes ---------------------------------------------------------------------------- */

static void begin_named(struct wick_scope *scope, struct wick_site *site, struct wk_put *what)
{
    struct wick_i_begun begun = begin(site, what);

    *scope = (struct wick_scope){.token = begun.token,
                                 .start_ticks = begun.ticks,
                                 .start_cpu_ns = what->flags & WK_EVENT_CPU ? what->cpu_ns : -1,
                                 .end_cpu_ns = -1,
                                 .site = what->site};
}

void wick_begin(struct wick_scope *scope, struct wick_site *site)
{
    struct wk_put what = {0};
    int saved = errno;

    begin_named(scope, site, &what);
    errno = saved;
}

void wick_i_begin_named(struct wick_scope *scope, struct wick_site *site)
{
    if (wick_i_is_on()) {
        wick_begin(scope, site);
    }
}

void wick_i_begin_namedf(struct wick_scope *scope, struct wick_site *site, const char *format, ...)
{
    char stack[WK_TEXT_STACK_BYTES];
    struct wk_put what = {0};
    int saved = errno;
    va_list args;
    if (is_known_off(site)) {
        wick_i_begin_nothing(scope);
        return;
    }
    va_start(args, format);
    what.text = wk_rendered_render(stack, format, args);
    va_end(args);
    begin_named(scope, site, &what);
    wk_rendered_done(&what.text);
    errno = saved;
}

/* The clock of the recorder is unknown before it begins: what it does not record is timed by another. */
enum { TIMED_BY_MONOTONIC = 1 };

void wick_i_begin_timed(struct wick_scope *scope, struct wick_site *site)
{
    wick_i_begin_named(scope, site);
    if (!scope->start_ticks) {
        scope->clock = TIMED_BY_MONOTONIC;
        scope->start_ticks = (uint64_t)wk_clock_mono_ns();
    }
}

static uint64_t ticks_now(const struct wick_scope *scope)
{
    return scope->clock == TIMED_BY_MONOTONIC ? (uint64_t)wk_clock_mono_ns() : wk_clock_ticks(wk_recorder.tsc);
}

/* By the slope of now, which becomes more exact: the time of a scope that has ended is computed once. */
static uint64_t time_until(const struct wick_scope *scope, uint64_t ticks)
{
    ticks -= scope->start_ticks;
    int64_t elapsed_ns = scope->clock == TIMED_BY_MONOTONIC ? (int64_t)ticks : wk_recorder_ticks_ns(ticks);
    return elapsed_ns > 0 ? (uint64_t)elapsed_ns : 0;
}

void wick_end(struct wick_scope *scope)
{
    wick_i_leave_named(scope, NULL);
}

void wick_i_leave_named(struct wick_scope *scope, const unsigned *uncaught)
{
    struct ending ending = {.uncaught = uncaught, .cpu_ns = -1};
    int saved = errno;

    if (!scope->start_ticks || scope->took_ns) {
        return;
    }
    uint64_t ticks = end(scope->token, &ending);
    scope->end_cpu_ns = ending.cpu_ns;
    scope->took_ns = time_until(scope, ticks ? ticks : ticks_now(scope)) + 1;
    scope->token = 0;
    errno = saved;
}

uint64_t wick_elapsed_ns(const struct wick_scope *scope)
{
    int saved = errno;
    uint64_t elapsed_ns = !scope->start_ticks ? 0 : scope->took_ns ? scope->took_ns - 1 : time_until(scope, ticks_now(scope));

    errno = saved;
    return elapsed_ns;
}

int64_t wick_cpu_ns(const struct wick_scope *scope)
{
    if (scope->start_cpu_ns < 0 || (scope->took_ns && scope->end_cpu_ns < 0)) {
        return -1;
    }
    return (scope->took_ns ? scope->end_cpu_ns : wk_clock_cpu_ns()) - scope->start_cpu_ns;
}

/* ---- one event each -------------------------------------------------------------------------- */

void wk_put_one(struct wick_site *site, struct wk_put *what)
{
    int saved = errno;
    struct wick_i_thread *thread = wk_put_enter_with(&what->text);

    if (thread) {
        if (site) {
            what->site = site_id(site);
        }
        if (is_off(what->site)) {
            /* a bookmark's */
        } else if (!site || what->site) {
            (void)wk_put_event(thread, what); /* a refusal is counted */
        } else {
            wk_thread_refuse_owner(thread); /* no memory for its name */
        }
        wk_put_leave(thread);
    }
    wk_rendered_done(&what->text);
    errno = saved;
}

void wick_i_mark(struct wick_site *site)
{
    wk_put_one(site, &(struct wk_put){.kind = WK_EVENT_MARK});
}

void wick_i_markf(struct wick_site *site, const char *format, ...)
{
    char stack[WK_TEXT_STACK_BYTES];
    struct wk_put what = {.kind = WK_EVENT_MARK};
    int saved = errno;
    va_list args;

    va_start(args, format);
    what.text = wk_rendered_render(stack, format, args);
    va_end(args);
    wk_put_one(site, &what);
    errno = saved;
}

void wick_i_fail(const char *text)
{
    int saved = errno;

    wk_put_one(NULL, &(struct wk_put){.kind = WK_EVENT_FAIL, .text = wk_rendered_borrow(text)});
    errno = saved;
}

void wick_i_failf(const char *format, ...)
{
    char stack[WK_TEXT_STACK_BYTES];
    struct wk_put what = {.kind = WK_EVENT_FAIL};
    int saved = errno;
    va_list args;

    va_start(args, format);
    what.text = wk_rendered_render(stack, format, args);
    va_end(args);
    wk_put_one(NULL, &what);
    errno = saved;
}

static void put_number(struct wick_site *site, uint32_t kind, double number)
{
    wk_put_one(site, &(struct wk_put){.kind = kind, .has_more = 1, .more.number = {number, 0}});
}

void wick_i_counter_set(struct wick_site *site, double value)
{
    put_number(site, WK_EVENT_GAUGE, value);
}

void wick_i_counter_add(struct wick_site *site, double value)
{
    put_number(site, WK_EVENT_SUM, value);
}

void wick_i_value(double value)
{
    put_number(NULL, WK_EVENT_VALUE, value);
}

void wick_i_amount(struct wick_site *site, double value)
{
    put_number(site, WK_EVENT_AMOUNT, value);
}

/* An integer up to 2^53 is written as a double, which every reader knows. */
static void put_whole(struct wick_site *site, uint32_t kind, uint32_t whole_kind, int64_t number)
{
    if (number >= -((int64_t)1 << 53) && number <= (int64_t)1 << 53) {
        put_number(site, kind, (double)number);
    } else {
        wk_put_one(site, &(struct wk_put){.kind = whole_kind, .has_more = 1, .more.integer = {number, 0}});
    }
}

void wick_i_counter_set_whole(struct wick_site *site, int64_t value)
{
    put_whole(site, WK_EVENT_GAUGE, WK_EVENT_GAUGE_INT, value);
}

void wick_i_counter_add_whole(struct wick_site *site, int64_t value)
{
    put_whole(site, WK_EVENT_SUM, WK_EVENT_SUM_INT, value);
}

void wick_i_value_whole(int64_t value)
{
    put_whole(NULL, WK_EVENT_VALUE, WK_EVENT_VALUE_INT, value);
}

/* Beyond 2^63 - 1: the compiler's inline code takes no others here. */
static void put_unsigned(struct wick_site *site, uint32_t kind, uint64_t number)
{
    wk_put_one(site, &(struct wk_put){.kind = kind, .has_more = 1, .more.integer = {(int64_t)number, 0}});
}

void wick_i_counter_set_unsigned(struct wick_site *site, uint64_t value)
{
    put_unsigned(site, WK_EVENT_GAUGE_UINT, value);
}

void wick_i_counter_add_unsigned(struct wick_site *site, uint64_t value)
{
    put_unsigned(site, WK_EVENT_SUM_UINT, value);
}

void wick_i_value_unsigned(uint64_t value)
{
    put_unsigned(NULL, WK_EVENT_VALUE_UINT, value);
}

void wick_i_thread_under(const struct wick_scope *parent)
{
    struct wk_put what = {.kind = WK_EVENT_UNDER, .has_more = 1};
    int saved = errno;
    struct wick_i_thread *hot = parent && parent->token ? wk_put_enter() : NULL;

    if (hot) {
        struct wk_thread *thread = wk_thread_of(hot);

        what.site = parent->site;
        what.more.under.start_ticks = parent->start_ticks;
        what.more.under.serial = parent->token >> 32;
        /* Relaxed: the event's release orders it. The drain reads such threads before their parents. */
        __atomic_store_n(&thread->unders, thread->unders + 1, __ATOMIC_RELAXED);
        if (!wk_put_event(hot, &what)) {
            __atomic_store_n(&thread->unders, thread->unders - 1, __ATOMIC_RELAXED); /* refused, and counted */
        }
        wk_put_leave(hot);
    }
    errno = saved;
}

bool wk_bound_begin(struct wk_bound *bound, struct wick_scope *scope, struct wick_site *site, const char *key, uint32_t attempt)
{
    wick_begin(scope, site);
    struct wick_i_thread *track = wick_i_tls_v1;

    if (!scope->token || !track) {
        return false;
    }
    struct wk_thread *thread = wk_thread_of(track);

    wk_put_one(NULL, &(struct wk_put){.kind = WK_EVENT_BIND, .text = wk_rendered_borrow(key), .has_more = 1,
                                      .more.count = {attempt, 0}});
    bound->token = scope->token;
    bound->outer = thread->bound;
    thread->bound = bound;
    return true;
}

void wick_unwind_to(const struct wick_scope *scope)
{
    struct wick_i_thread *thread = wick_i_tls_v1;
    int saved = errno;

    if (scope->token && thread && thread->gate != WK_GATE_INSIDE && scope->token >> 32 == thread->top >> 32 &&
        (uint32_t)scope->token < depth_of(thread)) {
        struct wk_put what = {.kind = WK_EVENT_UNWIND, .depth = (uint32_t)scope->token};

        thread->gate = WK_GATE_INSIDE;
        __atomic_signal_fence(__ATOMIC_SEQ_CST); /* as in wk_put_enter */
        thread->top = scope->token;
        put(thread, &what); /* in the room of the ends that will not come */
        wk_put_leave(thread);
        wk_bound_leave(thread, scope->token, "unfinished: unwound");
    }
    errno = saved;
}

void wick_i_clear(void)
{
    int saved = errno;
    struct wick_i_thread *thread = wk_put_enter();

    if (thread) {
        struct wk_put what = {.kind = WK_EVENT_CLEAR};

        if (wk_put_event(thread, &what)) {
            thread->top &= ~(uint64_t)UINT32_MAX; /* their ends are stale from here on */
        }
        wk_put_leave(thread);
        wk_bound_leave(thread, thread->top, "unfinished: clear");
    }
    errno = saved;
}

void wick_thread_name(const char *name)
{
    int saved = errno;
    struct wk_put what = {.kind = WK_EVENT_NAME, .text = wk_rendered_borrow(name)};
    struct wick_i_thread *thread = wk_put_enter_with(&what.text);

    if (thread) {
        wk_thread_rename(thread, name); /* before the event: a lane is made at a thread's first event */
        (void)wk_put_event(thread, &what); /* a refusal is counted */
        wk_put_leave(thread);
    }
    wk_rendered_done(&what.text);
    errno = saved;
}

uint64_t wick_i_begin_bookmark(struct wick_site *site)
{
    if (!wick_i_is_on()) {
        return 0;
    }
    wick_i_mark(site);
    return wick_i_begin(site).token;
}

uint64_t wick_i_begin_clear(struct wick_site *site)
{
    if (!wick_i_is_on()) {
        return 0;
    }
    wick_i_clear();
    return wick_i_begin(site).token;
}
