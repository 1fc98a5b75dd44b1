/*
 * SPDX-License-Identifier: MIT
 * The recording half of Context's API under our prefix: texts and locations that are made at run time.
 * The site is the calling line; the text is the instance's.
 */
#include <errno.h>
#include <string.h>

#include <wick/control.h>

#include "base/error.h"
#include "put.h"
#include "recorder.h"
#include "site.h"

/* With the gate closed: a handler that records meanwhile must not come to the table's lock. 0: not recorded. */
static uint32_t intern(const struct wick_site *place, const char *text, uint32_t kind)
{
    struct wick_i_thread *thread = wk_put_enter();
    uint32_t site = 0;

    if (thread) {
        site = kind == WICK_I_SITE_LOCK ? wk_site_lock_at(place) : 0;
        site = site ? site : wk_site_intern(place, text, kind);
        wk_put_leave(thread);
    }
    return site;
}

/* One site for whatever happens there, so that its location is the one that was given. */
static uint32_t place_site(const char *function, uint32_t line)
{
    const struct wick_site place = {.function = function, .file = "-", .line = line};

    return intern(&place, "%s", WICK_I_SITE_FORMAT);
}

static struct wick_site known_site(uint32_t id)
{
    return (struct wick_site){.id = id};
}

void wick_i_log_mark(const char *function, uint32_t line, const char *text)
{
    int saved = errno;

    if (wick_i_is_on()) {
        struct wick_site site = known_site(place_site(function, line));

        if (site.id) {
            wick_i_markf(&site, "%s", text ? text : "");
        }
    }
    errno = saved;
}

void wick_i_log_start(const char *function, uint32_t line, const char *text, uint32_t flags)
{
    int saved = errno;

    if (wick_i_is_on()) {
        struct wick_site site = known_site(place_site(function, line));

        if (flags & 2) {
            wick_i_clear();
        }
        if (flags & 1) {
            wick_i_log_mark(function, line, text);
        }
        if (site.id) {
            (void)wick_i_beginf(&site, "%s", text ? text : "");
        }
    }
    errno = saved;
}

/* End the innermost scope, with a text. `location`: what its line has instead of the scope's; NULL: that one. */
static void end_with(uint32_t kind, const char *location, const char *text)
{
    struct wick_i_thread *thread = wick_i_tls_v1;
    struct wick_site site = known_site(0);

    if (!thread || !(uint32_t)thread->top) {
        return;
    }
    if (location) {
        site.id = place_site(location, 0);
    }
    if (site.id || kind == WK_EVENT_FAIL || (text && text[0])) {
        wk_put_one(site.id ? &site : NULL, &(struct wk_put){.kind = kind, .text = wk_rendered_borrow(text)});
    }
    (void)wick_i_end(thread->top);
}

#undef wick_log_endok /* the macro, which gives it a text */
void wick_log_endok(const char *text)
{
    int saved = errno;

    end_with(WK_EVENT_SAY, NULL, text);
    errno = saved;
}

void wick_log_ender(const char *text)
{
    int saved = errno;

    end_with(WK_EVENT_FAIL, NULL, text);
    errno = saved;
}

void wick_log_clear(void)
{
    if (wick_i_is_on()) {
        wick_i_clear();
    }
}

static void log_lock(uint32_t kind, const char *location, const char *text)
{
    const struct wick_site place = {.function = location, .file = "-"};
    uint32_t site = intern(&place, text && text[0] ? text : location, WICK_I_SITE_LOCK);
    struct wick_i_thread *thread = site ? wk_put_enter() : NULL;

    if (thread) {
        (void)wk_put_event(thread, &(struct wk_put){.kind = kind, .site = site}); /* a refusal is counted */
        wk_put_leave(thread);
    }
}

int wick_log_msg(const char *location, const char *text, const char *action)
{
    int saved = errno;
    int result = 0;

    if (!location || !location[0]) {
        location = "-";
    }
    if (!action) {
        action = "";
    }
    if (strcmp(action, "START") == 0) {
        wick_i_log_start(location, 0, text, 0);
    } else if (strcmp(action, "BMARK") == 0) {
        wick_i_log_mark(location, 0, text);
    } else if (strcmp(action, "ENDOK") == 0) {
        end_with(WK_EVENT_SAY, location, text);
    } else if (strcmp(action, "ENDER") == 0) {
        end_with(WK_EVENT_FAIL, location, text);
    } else if (strcmp(action, "CLEAR") == 0) {
        wick_log_clear();
    } else if (strcmp(action, "LOCKW") == 0) {
        log_lock(WK_EVENT_LOCKW, location, text);
    } else if (strcmp(action, "LOCKA") == 0) {
        log_lock(WK_EVENT_LOCKA, location, text);
    } else if (strcmp(action, "LOCKR") == 0) {
        log_lock(WK_EVENT_LOCKR, location, text);
    } else {
        result = wk_error_set(WICK_E_INVAL,
                              "action \"%s\": not one of START ENDOK ENDER BMARK CLEAR LOCKW LOCKA LOCKR", action);
    }
    errno = saved;
    return result;
}
