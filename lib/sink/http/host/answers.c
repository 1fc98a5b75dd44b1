/*
 * SPDX-License-Identifier: MIT
 * Answers the module's questions: streams of frames, the rollup, counters, long texts, commands.
 * Must not know HTTP beyond a status. Invariant: a body of frames holds a position, never memory of a block; when the
 * block is dropped before it is read, the body ends as torn.
 */
#include "service.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wick/error.h>
#include <wick/json.h>

#include "model/base/json.h"
#include "answer_board.h"
#include "answer_fleet.h"
#include "sink/amqp/host/amqp_ingress.h"
#include "sink/openmetrics/metrics.h"

enum { PIECE_BYTES = 65536, BLOB_MOST = 16 << 20 };

struct answer_body {
    enum { TEXT, FRAMES, ROLLUP, LOG, BOARD, FLEET, METRICS } kind;
    struct wk_growing text;   /* TEXT: all; FRAMES: the beginning; the others: the current piece */
    struct wick_json json;    /* TEXT, ROLLUP: writes to `text` */
    size_t at;
    uint64_t position, until; /* FRAMES: in bytes of all frames ever made */
    bool trackers;            /* FRAMES: they follow; then it is the piece that counts */
    uint32_t tracker;         /* the next */
    struct wk_rollup rollup;  /* ROLLUP */
    bool ended;
    struct wk_log_range *range;
    struct wk_board_answer *board;
    struct wk_fleet_answer *fleet;
    struct wk_metrics *metrics;
};

static void refuse(struct wk_http_answer *answer, unsigned status, const char *text)
{
    answer->status = status;
    snprintf(answer->text, sizeof answer->text, "%s", text);
}

static struct answer_body *give_body(struct wk_http_answer *answer, const char *type)
{
    struct answer_body *body = calloc(1, sizeof *body);

    if (!body) {
        refuse(answer, 503, "no memory");
        return NULL;
    }
    body->json.out = (struct wick_text_out){wk_growing_put, &body->text};
    answer->status = 200;
    answer->type = type;
    answer->body = body;
    return body;
}

static void close_body(struct answer_body *body)
{
    wk_growing_fini(&body->text);
    wk_growing_fini(&body->rollup.depths);
    wk_log_range_destroy(body->range);
    wk_board_answer_destroy(body->board);
    wk_fleet_answer_destroy(body->fleet);
    wk_metrics_destroy(body->metrics);
    free(body);
}

/* Refuse when memory ran out: an error, not a short answer. */
static void check(struct wk_http_answer *answer, struct answer_body *body)
{
    if (body->text.failed) {
        close_body(body);
        answer->body = NULL;
        refuse(answer, 503, "no memory");
    }
}

/* ---- frames ---------------------------------------------------------------------------------- */

static int put_frame(void *user, const void *bytes, size_t count, const struct wk_wire_frame_info *info)
{
    (void)info;
    return wk_growing_put(user, bytes, count);
}

/* The first block of a snapshot: skip the oldest ones, which would be dropped while the snapshot is read. */
static const struct wk_retained_block *first_block(const struct wk_retained *retained)
{
    const struct wk_retained_block *block = retained->oldest;
    uint64_t left = retained->bytes;

    while (retained->dropped && block && block->next && left > retained->retain_bytes / 8 * 7) {
        left -= block->used;
        block = block->next;
    }
    return block;
}

/* Header, definitions, the scopes that are open where `block` begins; then the frames from `block` to `last`. */
static void begin_frames(struct wk_retained *retained, struct answer_body *body, const struct wk_retained_block *block, const struct wk_retained_block *last)
{
    const struct wk_wire_out out = {put_frame, &body->text};

    body->kind = FRAMES;
    (void)wk_growing_put(&body->text, (const char *)wk_wire_stream_header, sizeof wk_wire_stream_header);
    if (wk_wire_writer_definitions(retained->writer, &out) < 0) {
        body->text.failed = true;
    }
    if (block) {
        (void)wk_growing_put(&body->text, (const char *)block->bytes, block->head_bytes);
        body->position = block->position;
        body->until = last->position + last->used - last->head_bytes;
    }
}

static void add_header(struct wk_http_answer *answer, const char *name, uint64_t value)
{
    int i = answer->headers[0].name != NULL;

    answer->headers[i].name = name;
    snprintf(answer->headers[i].value, sizeof answer->headers[i].value, "%" PRIu64, value);
}

static void answer_snapshot(struct wk_retained *retained, struct wk_http_answer *answer)
{
    struct answer_body *body = give_body(answer, "application/octet-stream");

    if (!body) {
        return;
    }
    body->trackers = true;
    pthread_mutex_lock(retained->lock);
    wk_retained_flush_locked(retained);
    const struct wk_retained_block *first = first_block(retained);
    begin_frames(retained, body, first, retained->newest);
    add_header(answer, "Wick-Sequence", retained->next_sequence - 1);
    add_header(answer, "Wick-Retained-From-Ns",
               first && (retained->dropped || first != retained->oldest) && first->first_ns != INT64_MAX ? (uint64_t)first->first_ns : 0);
    pthread_mutex_unlock(retained->lock);
    check(answer, body);
}

/* The blocks from the range's beginning to its end; false: its beginning was dropped. */
static bool range_is_retained(struct wk_retained *retained, const struct wk_http_question *question, struct answer_body *body)
{
    const struct wk_retained_block *first, *last;

    pthread_mutex_lock(retained->lock);
    wk_retained_flush_locked(retained);
    first = last = retained->oldest;
    for (const struct wk_retained_block *block = first; block; block = block->next) {
        first = block->first_ns <= question->from_ns ? block : first;
        last = block->first_ns <= question->to_ns ? block : last;
    }
    bool good = !retained->dropped || (retained->oldest && retained->oldest->first_ns <= question->from_ns);
    if (good) {
        begin_frames(retained, body, first, last);
    }
    pthread_mutex_unlock(retained->lock);
    return good;
}

static void answer_range(struct wick_server *server, const struct wk_http_question *question, struct wk_http_answer *answer)
{
    struct answer_body *body = give_body(answer, "application/octet-stream");

    if (!body || range_is_retained(&server->retained, question, body)) {
        if (body) {
            check(answer, body);
        }
        return;
    }
    body->kind = LOG;
    body->range = wk_log_range_create(&server->options, question->from_ns, question->to_ns);
    if (!body->range) {
        close_body(body);
        answer->body = NULL;
        refuse(answer, 410, "the detail of this time was discarded, and there is no log on disk that has it");
    }
}

static long read_frames(struct wk_retained *retained, struct answer_body *body, char *to, size_t bytes)
{
    long got = body->position < body->until ? -2 : -1;

    pthread_mutex_lock(retained->lock);
    for (const struct wk_retained_block *block = retained->oldest; block && got == -2; block = block->next) {
        uint64_t size = block->used - block->head_bytes;
        uint64_t at = body->position - block->position;

        if (body->position < block->position) {
            break; /* dropped */
        }
        if (at >= size) {
            continue;
        }
        uint64_t left = body->until - body->position < size - at ? body->until - body->position : size - at;
        got = (long)(left < bytes ? left : bytes);
        memcpy(to, block->bytes + block->head_bytes + at, (size_t)got);
        body->position += (uint64_t)got;
    }
    pthread_mutex_unlock(retained->lock);
    return got;
}

/* ---- a fleet --------------------------------------------------------------------------------- */

static void answer_fleet_rollups(struct wick_server *server, const struct wk_http_question *question, struct wk_http_answer *answer)
{
    struct answer_body *body = give_body(answer, "application/json");

    if (!body) {
        return;
    }
    if (!wk_fleet_rollups_write(server->fleet, question->run, &body->text)) {
        close_body(body);
        answer->body = NULL;
        refuse(answer, 404, "there is no such run");
        return;
    }
    check(answer, body);
}

static void answer_fleet_roots(struct wick_server *server, const struct wk_http_question *question, struct wk_http_answer *answer)
{
    struct answer_body *body = question->lines ? NULL : give_body(answer, "application/json");

    if (question->lines) { /* keys of several runs would be taken for one tracker */
        refuse(answer, 400, "these are the trackers of many runs: ask for one run, /status/RUN/");
    } else if (body) {
        body->kind = FLEET;
        body->fleet = wk_fleet_answer_create(server->fleet, question->depth);
        body->text.failed = !body->fleet;
        check(answer, body);
    }
}

/* ---- texts ----------------------------------------------------------------------------------- */

static void answer_rollup(struct wk_retained *retained, struct wk_http_answer *answer)
{
    struct answer_body *body = give_body(answer, "application/json");

    if (!body) {
        return;
    }
    body->kind = ROLLUP;
    pthread_mutex_lock(retained->lock);
    body->rollup.now_ns = wk_retained_now_locked(retained);
    wk_answer_tree_begin(retained, &body->json);
    pthread_mutex_unlock(retained->lock);
    check(answer, body);
}

static void more_rollup(struct wk_retained *retained, struct answer_body *body)
{
    pthread_mutex_lock(retained->lock);
    while (!body->ended && body->text.used < PIECE_BYTES && !body->text.failed) {
        body->ended = !wk_answer_tree_node(retained, &body->rollup, &body->json);
        body->text.failed = body->text.failed || body->rollup.depths.failed;
    }
    pthread_mutex_unlock(retained->lock);
    if (body->ended) {
        wick_json_line(&body->json);
        wick_json_end(&body->json, ']');
        wick_json_end(&body->json, '}');
        (void)wk_growing_put(&body->text, "\n", 1);
    }
}

/* A failure as long as the Redis that it follows, or the store of posts, is not there. */
static void answer_health(struct wick_server *server, struct wk_http_answer *answer)
{
    char why[200];
    bool up = !server->fleet || wk_fleet_is_up(server->fleet, why, sizeof why);
    if (up && server->options.store && !wk_posts_can(server)) {
        up = false;
        snprintf(why, sizeof why, "what is posted cannot be written down");
    }
    struct answer_body *body = up ? give_body(answer, "application/json") : NULL;

    if (!up) {
        refuse(answer, 503, why);
    } else if (body) {
        wick_json_begin(&body->json, NULL, '{');
        wick_json_unsigned(&body->json, "v", 1);
        wick_json_string(&body->json, "status", "ok");
        wick_json_end(&body->json, '}');
        (void)wk_growing_put(&body->text, "\n", 1);
        check(answer, body);
    }
}

void wick_serve_counts_read(struct wick_server *server, struct wick_serve_counts *counts)
{
    struct wk_http_counts now = {.size = sizeof now};
    /* Relaxed: the server's thread may call this before `start` has returned the handle. */
    void *handle = __atomic_load_n(&server->handle, __ATOMIC_RELAXED);

    if (handle) {
        server->module->counts(handle, &now);
    }
    counts->clients = now.clients;
    counts->streams = now.streams;
    counts->quiet_ms = now.quiet_ms;
    counts->dead = now.dead;
}

static void answer_stats(struct wick_server *server, struct wk_http_answer *answer)
{
    struct answer_body *body = give_body(answer, "application/json");

    if (!body) {
        return;
    }
    server->retained.counts.size = sizeof server->retained.counts;
    wick_serve_counts_read(server, &server->retained.counts);
    pthread_mutex_lock(server->retained.lock);
    wk_answer_stats(&server->retained, NULL, &body->json);
    pthread_mutex_unlock(server->retained.lock);
    (void)wk_growing_put(&body->text, "\n", 1);
    check(answer, body);
}

static void answer_blob(struct wick_server *server, const struct wk_http_question *question, struct wk_http_answer *answer)
{
    size_t bytes = question->bytes < BLOB_MOST ? (size_t)question->bytes : BLOB_MOST;
    char *text = server->options.log.text && bytes ? malloc(bytes) : NULL;
    long got = text ? server->options.log.text(server->options.user, question->offset, text, bytes) : -1;
    struct answer_body *body;

    if (got < 0) {
        refuse(answer, 404, bytes ? "there is no such text" : "?bytes= says how long the text is");
    } else {
        body = give_body(answer, "application/octet-stream");
        if (body) {
            (void)wk_growing_put(&body->text, text, (size_t)got);
            check(answer, body);
        }
    }
    free(text);
}

/* ---- commands -------------------------------------------------------------------------------- */

/* Read a member that is a string of at most `bytes` - 1 bytes without NUL, "" when there is none. */
static bool text_member(struct wk_json object, const char *name, char *to, size_t bytes)
{
    struct wk_json value = wk_json_find(object, name);
    uint32_t count = wk_json_text(value, to, (uint32_t)bytes);

    to[count < bytes ? count : 0] = 0;
    return (!value.at || *value.at == '"') && count + 4 <= bytes && strlen(to) == count;
}

static void answer_control(struct wick_server *server, const struct wk_http_question *question, struct wk_http_answer *answer)
{
    const struct wk_json body = {question->body, question->body + question->body_bytes};
    struct wk_json_error error;
    char command[32];
    char text[2048];
    int rc = 0;

    if (wk_json_check(body, true, &error) < 0) {
        answer->status = 400;
        snprintf(answer->text, sizeof answer->text, "the body is not JSON: %s, at byte %zu", error.what, error.at);
        return;
    }
    if (!text_member(body, "text", text, sizeof text) || !text_member(body, "command", command, sizeof command)) {
        refuse(answer, 400, "expected {\"command\":\"pause|resume|mark|snapshot\",\"text\":\"...\"}");
        return;
    }
    if (strcmp(command, "pause") != 0 && strcmp(command, "resume") != 0 && strcmp(command, "mark") != 0 &&
        strcmp(command, "snapshot") != 0) {
        refuse(answer, 400, "the commands are pause, resume, mark and snapshot");
        return;
    }
    if (strcmp(command, "snapshot") != 0) {
        if (!server->options.control) {
            refuse(answer, 409, "this is a log: nothing can be changed in it");
            return;
        }
        rc = server->options.control(server->options.user, command, text);
    }
    if (rc < 0) {
        refuse(answer, 409, wick_error_detail());
        return;
    }
    pthread_mutex_lock(server->retained.lock);
    wk_retained_flush_locked(&server->retained);
    uint64_t sequence = server->retained.next_sequence - 1;
    pthread_mutex_unlock(server->retained.lock);
    struct answer_body *done = give_body(answer, "application/json");
    if (done) {
        wick_json_begin(&done->json, NULL, '{');
        wick_json_string(&done->json, "done", command);
        wick_json_unsigned(&done->json, "sequence", sequence);
        wick_json_end(&done->json, '}');
        check(answer, done);
    }
}

/* ---- trackers -------------------------------------------------------------------------------- */

/* A key that has no tracker is an answer like another. */
static void answer_missing(const struct wk_http_question *question, struct wk_http_answer *answer)
{
    struct answer_body *body = give_body(answer, question->lines ? "text/plain; charset=utf-8" : "application/json");

    if (body && !question->lines) {
        wick_json_begin(&body->json, NULL, '{');
        wick_json_text(&body->json, "key", question->key, question->key_bytes);
        wick_json_word(&body->json, "missing", "true");
        wick_json_end(&body->json, '}');
        (void)wk_growing_put(&body->text, "\n", 1);
        check(answer, body);
    }
}

static void answer_board(const struct wk_http_question *question, const struct wk_board_owner *owner, struct wk_http_answer *answer)
{
    struct wk_board_answer *board = wk_board_answer_create(question, owner, answer);
    struct answer_body *body = board ? give_body(answer, question->lines ? "text/plain; charset=utf-8" : "application/json") : NULL;

    if (body) {
        body->kind = BOARD;
        body->board = board;
    } else if (board) {
        wk_board_answer_destroy(board);
    } else if (answer->status == 200) {
        answer_missing(question, answer);
    }
}

static void answer_status(struct wick_server *server, const struct wk_http_question *asked, struct wk_http_answer *answer)
{
    struct wk_http_question question = *asked;
    struct wk_board_owner owner = {.fleet = NULL};
    enum wk_fleet_place place = server->fleet ? wk_fleet_place(server->fleet, &question, &owner) : WK_FLEET_OWN;

    if (question.key && memchr(question.key, 0, question.key_bytes)) {
        refuse(answer, 400, "a key has no NUL in it");
        return;
    }
    if (place == WK_FLEET_OWN) {
        memcpy(owner.run, server->run, sizeof owner.run);
    }
    if (place == WK_FLEET_NONE) {
        answer_missing(&question, answer);
    } else if (place == WK_FLEET_LIST) {
        answer->status = 200;
        answer->type = "application/json";
        snprintf(answer->text, sizeof answer->text, "{}\n");
    } else if (place == WK_FLEET_ALL) {
        answer_fleet_roots(server, &question, answer);
    } else {
        answer_board(&question, &owner, answer);
    }
}

static void answer_done(struct wk_http_answer *answer, const char *word)
{
    answer->status = 200;
    answer->type = "application/json";
    snprintf(answer->text, sizeof answer->text, "{\"status\":\"%s\"}\n", word);
}

static void answer_post(struct wick_server *server, const struct wk_http_question *question, struct wk_http_answer *answer)
{
    answer->status = 200;
    wk_posts_post(server, question, answer);
    if (answer->status == 200) {
        answer_done(answer, "published");
    }
}

static void answer_delete(struct wick_server *server, const struct wk_http_question *question, struct wk_http_answer *answer)
{
    int rc = wk_posts_remove(server, question, answer);

    if (rc > 0) {
        answer_done(answer, "removed");
    } else if (rc == 0) {
        answer_missing(question, answer);
    }
}

/* A process of the run, or of the logs; what is known of the first track's process is told by its properties. */
static void put_run_locked(const struct wick_server *server, const struct wick_process_info *process, struct wick_json *json)
{
    const struct wk_retained *retained = &server->retained;
    bool first = process == wick_names_track_process(retained->names, 0);
    const char *pid = first ? wk_retained_property_locked(retained, "pid") : "";
    const char *program = first ? wk_retained_property_locked(retained, "program") : "";

    wick_json_begin(json, NULL, '{');
    wick_json_string(json, "run", server->run);
    wick_json_string(json, "program", *program ? program : process->program);
    wick_json_unsigned(json, "pid", *pid ? strtoull(pid, NULL, 10) : process->pid_number);
    wick_json_string(json, "host", process->host);
    wick_json_word(json, "live", retained->live ? "true" : "false");
    wick_json_time(json, "start_ns", first ? retained->start_ns : process->start_ns);
    wick_json_end(json, '}');
}

/* The runs that are known here: this one, or those of the logs. */
static void answer_runs(struct wick_server *server, struct wk_http_answer *answer)
{
    struct answer_body *body = give_body(answer, "application/json");

    if (!body) {
        return;
    }
    if (server->fleet) {
        wk_fleet_runs_write(server->fleet, &body->json);
        (void)wk_growing_put(&body->text, "\n", 1);
        check(answer, body);
        return;
    }
    pthread_mutex_lock(server->retained.lock);
    const struct wick_process_info *own = wick_names_track_process(server->retained.names, 0);
    wick_json_begin(&body->json, NULL, '[');
    put_run_locked(server, own, &body->json);
    for (uint32_t i = 0; i < wick_names_processes(server->retained.names); i++) {
        const struct wick_process_info *process = wick_names_process(server->retained.names, i);
        if (process != own) {
            put_run_locked(server, process, &body->json);
        }
    }
    wick_json_end(&body->json, ']');
    pthread_mutex_unlock(server->retained.lock);
    (void)wk_growing_put(&body->text, "\n", 1);
    check(answer, body);
}

static void answer_metrics(struct wick_server *server, const struct wk_http_question *question, struct wk_http_answer *answer)
{
    struct answer_body *body = give_body(answer, wk_metrics_type(question->openmetrics));
    struct wk_metrics_about about = {.run_tree = server->retained.run_tree, .fleet = server->fleet, .log = server->log, .open = question->openmetrics};
    struct wk_amqp_counts amqp;

    if (!body) {
        return;
    }
    pthread_mutex_lock(server->retained.lock);
    about.stats = server->retained.stats;
    pthread_mutex_unlock(server->retained.lock);
    if (server->amqp) {
        wk_amqp_counts_read(server->amqp, &amqp);
        about.amqp = &amqp;
    }
    body->kind = METRICS;
    body->metrics = wk_metrics_create(&about);
    body->text.failed = !body->metrics;
    check(answer, body);
}

/* ---- the module's questions ------------------------------------------------------------------ */

void wk_answers_ask(void *user, const struct wk_http_question *question, struct wk_http_answer *answer)
{
    struct wick_server *server = user;

    switch (question->what) {
    case WK_HTTP_HEALTH:
        answer_health(server, answer);
        return;
    case WK_HTTP_SNAPSHOT:
        answer_snapshot(&server->retained, answer);
        return;
    case WK_HTTP_RANGE:
        answer_range(server, question, answer);
        return;
    case WK_HTTP_ROLLUP:
        if (server->fleet && question->run) {
            answer_fleet_rollups(server, question, answer);
        } else {
            answer_rollup(&server->retained, answer);
        }
        return;
    case WK_HTTP_STATS:
        answer_stats(server, answer);
        return;
    case WK_HTTP_BLOB:
        answer_blob(server, question, answer);
        return;
    case WK_HTTP_CONTROL:
        answer_control(server, question, answer);
        return;
    case WK_HTTP_STATUS:
        answer_status(server, question, answer);
        return;
    case WK_HTTP_POST:
        answer_post(server, question, answer);
        return;
    case WK_HTTP_DELETE:
        answer_delete(server, question, answer);
        return;
    case WK_HTTP_RUNS:
        answer_runs(server, answer);
        return;
    case WK_HTTP_METRICS:
        answer_metrics(server, question, answer);
        return;
    }
}

/* Send what is ready; when nothing is, make the next piece. */
/* The next bytes of the text; 0: it is read. */
static long take_text(struct answer_body *body, char *to, size_t bytes)
{
    size_t part = body->text.used - body->at < bytes ? body->text.used - body->at : bytes;

    if (part) {
        memcpy(to, body->text.bytes + body->at, part);
        body->at += part;
    }
    return (long)part;
}

long wk_answers_read(void *user, void *handle, char *to, size_t bytes)
{
    struct wick_server *server = user;
    struct answer_body *body = handle;

    if (body->at == body->text.used && body->kind != FRAMES && body->kind != TEXT && !body->ended) {
        body->at = body->text.used = 0;
        if (body->kind == ROLLUP) {
            more_rollup(&server->retained, body);
        } else if (body->kind == BOARD) {
            body->ended = !wk_board_answer_step(body->board, &body->text);
        } else if (body->kind == METRICS) {
            int rc = wk_metrics_step(body->metrics, &body->json.out);
            body->ended = rc <= 0;
            body->text.failed = rc < 0;
        } else if (body->kind == FLEET) {
            body->ended = !wk_fleet_answer_step(body->fleet, &body->text);
        } else {
            body->ended = !wk_log_range_step(body->range, &body->text);
        }
        if (body->text.failed) {
            return -2;
        }
        if (body->at == body->text.used) {
            return body->ended ? -1 : 0;
        }
    }
    long got = take_text(body, to, bytes);
    if (got) {
        return got;
    }
    got = body->kind == FRAMES ? read_frames(&server->retained, body, to, bytes) : -1;
    if (got == -1 && body->trackers) {
        body->at = body->text.used = 0;
        body->trackers = wk_snapshot_trackers(&body->tracker, &body->text);
        got = body->text.failed ? -2 : body->text.used ? take_text(body, to, bytes) : -1;
    }
    return got;
}

void wk_answers_close(void *user, void *body)
{
    (void)user;
    close_body(body);
}

/* ---- messages -------------------------------------------------------------------------------- */

static void put_hello(const struct wick_server *server, struct wick_json *json)
{
    const struct wk_retained *retained = &server->retained;
    const struct wick_process_info *process = wick_names_track_process(retained->names, 0);
    const char *pid = wk_retained_property_locked(retained, "pid");
    char version[24];

    snprintf(version, sizeof version, "%d.%d.%d", WICK_VERSION_MAJOR, WICK_VERSION_MINOR, WICK_VERSION_PATCH);
    wick_json_begin(json, NULL, '{');
    wick_json_unsigned(json, "protocol", 1);
    wick_json_string(json, "version", version);
    wick_json_string(json, "program", wk_retained_property_locked(retained, "program"));
    wick_json_unsigned(json, "pid", *pid ? strtoull(pid, NULL, 10) : process->pid_number);
    wick_json_string(json, "host", process->host);
    wick_json_word(json, "live", retained->live ? "true" : "false");
    wick_json_time(json, "start_ns", retained->start_ns);
    wick_json_time(json, "now_ns", wk_retained_now_locked(retained));
    if (server->fleet) {
        wick_json_word(json, "fleet", "true");
    }
    wick_json_time(json, "retained_from_ns", retained->dropped && retained->oldest ? retained->oldest->first_ns : 0);
    wick_json_end(json, '}');
}

size_t wk_answers_message(void *user, enum wk_http_message what, const struct wk_http_values *values, char *to, size_t bytes)
{
    struct wick_server *server = user;
    struct wk_growing text = {0};
    struct wick_json json = {.out = {wk_growing_put, &text}};

    server->retained.counts.size = sizeof server->retained.counts;
    wick_serve_counts_read(server, &server->retained.counts);
    pthread_mutex_lock(server->retained.lock);
    switch (what) {
    case WK_HTTP_HELLO:
        put_hello(server, &json);
        break;
    case WK_HTTP_STAT:
        wk_answer_stats(&server->retained, NULL, &json);
        break;
    default:
        wick_json_begin(&json, NULL, '{');
        if (what == WK_HTTP_GAP) {
            wick_json_unsigned(&json, "from", values->from);
            wick_json_unsigned(&json, "to", values->to);
        } else if (what == WK_HTTP_ERROR) {
            wick_json_string(&json, "error", values->text);
            wick_json_string(&json, "message", values->text);
            wick_json_unsigned(&json, "status", values->status);
        } else {
            wick_json_string(&json, "reason", server->reason);
        }
        wick_json_end(&json, '}');
        break;
    }
    pthread_mutex_unlock(server->retained.lock);
    size_t used = text.failed || text.used > bytes ? 0 : text.used;
    memcpy(to, used ? text.bytes : "{}", used ? used : 2);
    wk_growing_fini(&text);
    return used ? used : 2;
}
