/*
 * SPDX-License-Identifier: MIT
 * What clients post about trackers. In a recording program the drain takes the facts; a server of logs has them written down by
 * its owner.
 */
#include "service.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include <wick/error.h>

#include "base/clock.h"
#include "base/error.h"
#include "board/tracker_post.h"
#include "record/line_source.h"
#include "sink/amqp/host/amqp_ingress.h"

enum { TURNS = 10000 }; /* of one post: the log's reader may hold the board meanwhile */

/* Commands go to a program that records, whose drain takes what is new. */
static bool has_drain(const struct wick_server *server)
{
    return server->options.control != NULL;
}

static void put_line(void *user, int64_t time_ns, const char *text)
{
    struct wick_server *server = user;
    if (server->options.posted(server->options.user, time_ns, text) < 0) {
        server->posts_failed = true;
    }
}

/* Pass what is new to the owner of the server. */
static void write_down(struct wick_server *server)
{
    server->posts_failed = false;
    struct wk_lines_wanted wanted = {server->posts_start_ns, wk_clock_wall_ns(), server->posts_start_ns, put_line, server, true, 0, 0, false};
    wk_line_source take = wk_line_source_get();
    for (uint32_t i = 0; take && i < TURNS && !take(&wanted); i++) {
        sched_yield();
    }
}

void wk_posts_begin(struct wick_server *server)
{
    struct wk_visit visit;
    server->posts_start_ns = wk_clock_wall_ns();
    if (!has_drain(server) && server->options.posted && wk_board_enter_quietly(&visit) == 0) {
        wk_board_leave(&visit);
        write_down(server); /* nothing yet: what comes from logs later is not told again */
    }
}

static void refuse(struct wk_http_answer *answer, int rc)
{
    answer->status = rc == WICK_E_INVAL ? 400 : rc == WICK_E_LIMIT || rc == WICK_E_NOMEM ? 503 : 409;
    snprintf(answer->text, sizeof answer->text, "%s", wick_error_detail());
}

static bool may_post(struct wick_server *server, struct wk_http_answer *answer)
{
    if (has_drain(server)) {
        return true;
    }
    if (!server->options.posted) {
        answer->status = 409;
        snprintf(answer->text, sizeof answer->text, "%s",
                 server->fleet ? "this server has no store: nothing can be posted to it (wick serve --store FILE)"
                               : "this is a log: nothing can be posted to it");
        return false;
    }
    if (!wk_posts_can(server)) {
        answer->status = 409;
        snprintf(answer->text, sizeof answer->text, "nothing can be posted here: no file can be written beside the log");
        return false;
    }
    return true;
}

/* Has the post changed something: then it is written down. */
static int finish(struct wick_server *server, int rc, struct wk_http_answer *answer)
{
    if (rc < 0) {
        refuse(answer, rc);
    } else if (!has_drain(server)) {
        write_down(server);
        if (server->posts_failed) { /* it stands here, and is written with the next one that can be */
            answer->status = 503;
            snprintf(answer->text, sizeof answer->text, "it cannot be written down now");
            return WICK_E_IO;
        }
    }
    return rc;
}

bool wk_posts_can(struct wick_server *server)
{
    pthread_mutex_lock(&server->posts_lock);
    bool can = server->options.posted(server->options.user, 0, NULL) >= 0;
    pthread_mutex_unlock(&server->posts_lock);
    return can;
}

void wk_posts_post(struct wick_server *server, const struct wk_http_question *question, struct wk_http_answer *answer)
{
    const struct wk_json body = {question->body, question->body + question->body_bytes};
    if (may_post(server, answer)) {
        pthread_mutex_lock(&server->posts_lock);
        (void)finish(server, wk_board_post(question->key, question->key_bytes, body), answer);
        pthread_mutex_unlock(&server->posts_lock);
    }
}

int wk_posts_remove(struct wick_server *server, const struct wk_http_question *question, struct wk_http_answer *answer)
{
    if (!may_post(server, answer)) {
        return -1;
    }
    pthread_mutex_lock(&server->posts_lock);
    int rc = finish(server, wk_board_remove(question->key, question->key_bytes), answer);
    pthread_mutex_unlock(&server->posts_lock);
    return rc;
}

/* ---- messages -------------------------------------------------------------------------------- */

static enum wk_amqp_post take_message(void *user, const struct wk_amqp_message *message, char *why, size_t why_bytes)
{
    const struct wk_http_question question = {.what = WK_HTTP_POST, .key = message->key, .key_bytes = (uint32_t)message->key_bytes,
                                              .body = message->body, .body_bytes = message->body_bytes};
    struct wk_http_answer answer = {.status = 413, .text = "the body is larger than 64 KiB"};

    if (message->body_bytes <= WK_HTTP_POST_BYTES) {
        answer.status = 200;
        wk_posts_post(user, &question, &answer);
    }
    snprintf(why, why_bytes, "%s", answer.text);
    return answer.status == 200 ? WK_AMQP_TAKEN : answer.status == 400 || answer.status == 413 ? WK_AMQP_MALFORMED : WK_AMQP_NOT_NOW;
}

bool wk_posts_listen(struct wick_server *server, const char *url)
{
    if (!url) {
        return true;
    }
    server->amqp = calloc(1, sizeof *server->amqp);
    if (!server->amqp) {
        wk_error_set(WICK_E_NOMEM, "no memory for posts by AMQP");
        return false;
    }
    server->amqp->post = take_message;
    server->amqp->user = server;
    if (wk_amqp_start(server->amqp, url)) {
        return true;
    }
    free(server->amqp);
    server->amqp = NULL;
    return false;
}

bool wk_posts_listen_no_more(struct wick_server *server, int64_t deadline_ns)
{
    if (server->amqp && !wk_amqp_stop(server->amqp, deadline_ns)) {
        return false;
    }
    free(server->amqp);
    server->amqp = NULL;
    return true;
}
