/*
 * SPDX-License-Identifier: MIT
 * The identity of a run. See run_identity.h.
 */
#include "run_identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <wick/json.h>

#include "base/diag.h"
#include "base/redact.h"
#include "model/base/json.h"
#include "run.h"

enum { MEMBERS = 32, NAME_BYTES = 64 };

struct identity {
    struct wk_json given; /* WICK_IDENTITY */
    char text[WK_REDACT_BYTES];
    size_t bytes;
    struct wick_json json;
};

static int write_text(void *user, const char *bytes, size_t count)
{
    struct identity *identity = user;

    if (identity->bytes + count >= sizeof identity->text) {
        return WICK_E_LIMIT;
    }
    memcpy(identity->text + identity->bytes, bytes, count);
    identity->bytes += count;
    return 0;
}

/* What is known stands first, unless the setting has a member of this name. */
static void put_known(struct identity *identity, const char *name, const char *value)
{
    if (!wk_json_find(identity->given, name).at && *value) {
        wick_json_string(&identity->json, name, value);
    }
}

static void put_run_row(void *user, const char *key, const char *value)
{
    if (strcmp(key, "host") == 0 || strcmp(key, "pid") == 0 || strcmp(key, "program") == 0) {
        put_known(user, key, value);
    }
}

/* The members that are not null, verbatim. What is wrong with them; NULL: nothing. */
static const char *put_given(struct identity *identity)
{
    struct wk_json inside = wk_json_inside(identity->given), key, value;
    int members = 0;

    while (wk_json_member(&inside, &key, &value) > 0) {
        char name[NAME_BYTES];
        uint32_t bytes = wk_json_text(key, name, sizeof name - 1);

        name[bytes] = 0;
        if (++members > MEMBERS || !bytes || bytes >= sizeof name - 4 || strpbrk(name, "\"\\") || *value.at == '{' || *value.at == '[') {
            return "expected at most 32 names of at most 59 bytes, each with a string, a number, true, false or null";
        }
        if (*value.at != 'n') {
            wick_json_value(&identity->json, name, value.at, (size_t)(value.end - value.at));
        }
    }
    return NULL;
}

static void user_name(char *to, size_t bytes)
{
    const char *name = secure_getenv("USER");

    if (name && *name) {
        snprintf(to, bytes, "%s", name);
    } else {
        snprintf(to, bytes, "%u", (unsigned)geteuid());
    }
}

void wk_run_collect_identity(void)
{
    const char *setting = secure_getenv("WICK_IDENTITY");
    struct identity identity = {.json = {.out = {write_text, &identity}}};
    struct wk_json_error error = {.what = "expected a JSON object, such as {\"user\":\"ci\",\"host\":null}"};
    char user[128];

    if (!setting || !*setting) {
        return;
    }
    identity.given = (struct wk_json){setting, setting + strlen(setting)};
    if (*setting != '{' || wk_json_check(identity.given, 1, &error) < 0) {
        wk_diag("WICK_IDENTITY: %s; it is as if it were not set", error.what);
        return;
    }
    user_name(user, sizeof user);
    wick_json_begin(&identity.json, NULL, '{');
    put_known(&identity, "user", user);
    wk_run_each(put_run_row, &identity);
    const char *wrong = put_given(&identity);
    wick_json_end(&identity.json, '}');
    if (wrong || identity.json.error < 0) {
        wk_diag("WICK_IDENTITY: %s; it is as if it were not set", wrong ? wrong : "it is too long");
        return;
    }
    wk_run_set("identity", "%.*s", (int)identity.bytes, identity.text);
}
