/*
 * SPDX-License-Identifier: MIT
 * wick post: says how far a tracker is, to a server: `wick run --live`, `wick view`, or a program's own.
 * Must not judge values: the server does. Invariant: what it refuses has changed nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "base/messages.h"
#include "cmd/cmd.h"
#include "input/remote.h"
#include "model/base/json.h"
#include "wick/json.h"

static int put(void *user, const char *bytes, size_t count)
{
    return fwrite(bytes, 1, count, user) == count ? 0 : WICK_E_NOMEM;
}

/* Fields whose value is a text, whatever it looks like. */
static bool is_text(const char *name)
{
    static const char *const names[] = {"msg", "name", "status", "friendly", "source"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* FIELD=VALUE: the value is JSON, or else a text. */
static int put_field(const struct settings *settings, struct wick_json *json, char *argument)
{
    char *equals = strchr(argument, '=');
    if (!equals || equals == argument || strcspn(argument, "\"\\") < (size_t)(equals - argument)) {
        tool_error(settings, "'%s': expected FIELD=VALUE, such as progress=0.5 or msg=\"half of it\"", argument);
        return EXIT_USAGE;
    }
    *equals = 0;
    const char *value = equals + 1;
    struct wk_json_error error;
    bool plain = wk_json_check((struct wk_json){value, value + strlen(value)}, 0, &error) == 0;
    if (plain && (!is_text(argument) || strcmp(value, "null") == 0)) {
        wick_json_value(json, argument, value, strlen(value));
    } else {
        wick_json_string(json, argument, value);
    }
    return EXIT_FINE;
}

/* The body for the fields; NULL after a message. */
static char *body_of(const struct settings *settings, char **fields, size_t *bytes)
{
    char *body = NULL;
    FILE *to = open_memstream(&body, bytes);
    if (!to) {
        tool_error(settings, "out of memory");
        return NULL;
    }
    struct wick_json json = {.out = {put, to}};
    int rc = EXIT_FINE;
    wick_json_begin(&json, NULL, '{');
    for (; *fields && rc == EXIT_FINE; fields++) {
        rc = put_field(settings, &json, *fields);
    }
    wick_json_end(&json, '}');
    if (fclose(to) != 0 || rc != EXIT_FINE) {
        free(body);
        return NULL;
    }
    return body;
}

static int ask(const struct settings *settings, const struct remote_server *server, const struct remote_question *question)
{
    struct remote_answer answer;
    int rc = remote_ask(settings, server, question, &answer);
    if (rc == EXIT_FINE && answer.status != 200) {
        rc = remote_refused(settings, &answer);
    } else if (rc == EXIT_FINE && strstr(answer.body, "\"missing\":true")) {
        tool_error(settings, "no tracker has the key '%s'", question->key);
        rc = EXIT_FOUND;
    }
    free(answer.body);
    return rc;
}

int cmd_post(struct settings *settings)
{
    char **at = settings->arguments;
    const char *link = *at && remote_is_link(*at) ? *at++ : NULL;
    struct remote_server server;
    struct remote_question question = {.method = "POST", .key = *at, .query = ""};
    if (!*at || !at[1]) {
        tool_error(settings, "give a key and what is to be said of it: wick post job.load progress=0.5 (or null: remove it)");
        return EXIT_USAGE;
    }
    const char *wrong = wick_board_key_error(*at, (uint32_t)strlen(*at));
    if (wrong) {
        tool_error(settings, "'%s': %s", *at, wrong);
        return EXIT_USAGE;
    }
    int rc = remote_read_link(settings, link, &server);
    if (rc != EXIT_FINE) {
        return rc;
    }
    if (strcmp(at[1], "null") == 0 && !at[2]) {
        question.method = "DELETE";
        return ask(settings, &server, &question);
    }
    char *body = body_of(settings, at + 1, &question.body_bytes);
    question.body = body;
    rc = body ? ask(settings, &server, &question) : EXIT_USAGE;
    free(body);
    return rc;
}
