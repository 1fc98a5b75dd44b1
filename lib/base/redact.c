/*
 * SPDX-License-Identifier: MIT
 * Secrets in command lines and messages. See redact.h.
 */
#include "redact.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define STARS "***"

/* ---- names ----------------------------------------------------------------------------------- */

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_alnum(char c)
{
    return is_upper(c) || is_lower(c) || (c >= '0' && c <= '9');
}

enum name_kind { NAME_PLAIN, NAME_SECRET, NAME_USER };

static bool ends_with(const char *text, size_t bytes, const char *end)
{
    size_t end_bytes = strlen(end);

    return bytes >= end_bytes && strncasecmp(text + bytes - end_bytes, end, end_bytes) == 0;
}

/* One word of a name: `api` and `key` of `--api-key` and `apiKey`. Short words must be equal: `monkey` is no key. */
static bool word_is_secret(const char *word, size_t bytes)
{
    static const char *const equal[] = {"pass", "pw", "pwd", "key", "auth", "otp", "sig"};
    static const char *const ends[] = {"password", "passwd", "passphrase", "passcode", "secret", "token", "credential",
                                       "apikey", "authkey", "accesskey", "privatekey", "secretkey", "cookie", "jwt",
                                       "bearer", "authorization", "signature"};

    for (size_t i = 0; i < sizeof equal / sizeof equal[0]; i++) {
        if (ends_with(word, bytes, equal[i]) && bytes == strlen(equal[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (ends_with(word, bytes, ends[i])) {
            return true;
        }
    }
    return bytes > 1 && ends_with(word, bytes, "s") && !ends_with(word, bytes, "ss") && word_is_secret(word, bytes - 1);
}

/* Does a word of a name in camelCase begin here? */
static bool begins_word(const char *name, size_t i, size_t bytes)
{
    bool upper = is_upper(name[i]);

    return upper && (!is_upper(name[i - 1]) || (i + 1 < bytes && is_lower(name[i + 1])));
}

static enum name_kind kind_of(const char *name, size_t bytes)
{
    size_t begin = 0;
    bool user = bytes == 2 && name[0] == '-' && (name[1] == 'u' || name[1] == 'U');

    for (size_t i = 0; i <= bytes; i++) {
        bool ends = i == bytes || !is_alnum(name[i]);

        if (!ends && (i == begin || !begins_word(name, i, bytes))) {
            continue;
        }
        if (i > begin && word_is_secret(name + begin, i - begin)) {
            return NAME_SECRET;
        }
        user = user || ends_with(name + begin, i - begin, "user");
        begin = i + ends;
    }
    return user ? NAME_USER : NAME_PLAIN;
}

/* The name that ends before this character. */
static enum name_kind kind_before(const char *text, const char *end)
{
    const char *begin = end;

    while (begin > text && (is_alnum(begin[-1]) || strchr("-_.", begin[-1]))) {
        begin--;
    }
    return begin < end ? kind_of(begin, (size_t)(end - begin)) : NAME_PLAIN;
}

/* ---- pieces of a text ------------------------------------------------------------------------ */

/* Replace from..to by stars; the text is cut at the end of its memory. Returns what follows the stars. */
static char *hide(char *text, size_t bytes, char *from, const char *to)
{
    size_t before = (size_t)(from - text), rest = strlen(to);

    if (before + strlen(STARS) >= bytes) {
        *from = 0;
        return from;
    }
    if (before + strlen(STARS) + rest >= bytes) {
        rest = bytes - before - strlen(STARS) - 1;
    }
    memmove(from + strlen(STARS), to, rest);
    memcpy(from, STARS, strlen(STARS));
    from[strlen(STARS) + rest] = 0;
    return from + strlen(STARS);
}

void wk_redact_urls(char *text, size_t bytes)
{
    char *user = strstr(text, "://"), *at = user ? strrchr(user, '@') : NULL;

    if (at) {
        hide(text, bytes, user + 3, at);
    }
}

/* `user:password@host` without a scheme. */
static void hide_user(char *text, size_t bytes)
{
    char *at = strrchr(text, '@'), *begin = at;

    while (begin && begin > text && begin[-1] != ' ') {
        begin--;
    }
    if (at && memchr(begin, ':', (size_t)(at - begin)) && !strstr(begin, "://")) {
        hide(text, bytes, begin, at);
    }
}

/* The end of a JSON value: a text, an object or array as a whole, or a word. */
static const char *value_end(const char *value)
{
    char quote = 0;
    int depth = 0;

    for (const char *at = value; *at; at++) {
        if (quote) {
            at += *at == '\\' && at[1];
            quote = *at == quote ? 0 : quote;
        } else if (*at == '"' || *at == '\'') {
            quote = *at;
        } else if (strchr("[{", *at)) {
            depth++;
        } else if (strchr("]}", *at) ? depth-- == 0 : *at == ',' && depth == 0) {
            return at;
        }
    }
    return value + strlen(value);
}

/* "name": value, wherever it is in the text. */
static void hide_json(char *text, size_t bytes)
{
    for (char *at = strpbrk(text, "\"'"); at; at = strpbrk(at, "\"'")) {
        char *colon = at + 1 + strspn(at + 1, " \t\n");
        enum name_kind kind = kind_before(text, *colon == ':' ? at : text);

        at = kind == NAME_SECRET ? hide(text, bytes, colon + 1, value_end(colon + 1)) : at + 1;
    }
}

/* ---- arguments ------------------------------------------------------------------------------- */

static void note_program(struct wk_redaction *redaction, const char *word, size_t bytes)
{
    const char *slash = memrchr(word, '/', bytes);
    const char *name = slash ? slash + 1 : word;

    if (strncmp(name, "mysql", 5) == 0 || strncmp(name, "mariadb", 7) == 0) {
        redaction->after = WK_AFTER_MYSQL;
    } else if (strncmp(name, "sshpass", 7) == 0) {
        redaction->after = WK_AFTER_SSHPASS;
    }
}

/* Of a word that begins with a dash: how many bytes may be shown, before a value that is written without a blank. */
static size_t shown_of_option(struct wk_redaction *redaction, const char *word, size_t bytes)
{
    bool user = (word[1] == 'u' || word[1] == 'U') && memchr(word, ':', bytes);

    if (bytes > 2 && (user || (word[1] == 'p' && redaction->after != WK_AFTER_OTHER))) {
        return 2;
    }
    if (bytes == 2 && word[1] == 'p' && redaction->after == WK_AFTER_SSHPASS) {
        redaction->next = WK_NEXT_SECRET;
    } else if (!memchr(word, '=', bytes) && !memchr(word, ':', bytes)) {
        enum name_kind kind = kind_of(word, bytes);

        redaction->next = kind == NAME_SECRET ? WK_NEXT_SECRET : kind == NAME_USER ? WK_NEXT_USER : WK_NEXT_SHOWN;
    }
    return bytes;
}

/* How many bytes of a word may be shown: up to the value of a name. */
static size_t shown_of(struct wk_redaction *redaction, const char *text, const char *word, size_t bytes)
{
    bool user = redaction->next == WK_NEXT_USER && memchr(word, ':', bytes);

    if (redaction->next == WK_NEXT_SECRET || user) {
        redaction->next = kind_of(word, bytes) == NAME_SECRET && word[0] == '-' ? WK_NEXT_SECRET : WK_NEXT_SHOWN;
        return 0;
    }
    redaction->next = WK_NEXT_SHOWN;
    note_program(redaction, word, bytes);
    if (strncasecmp(word, "bearer", bytes) == 0 && bytes == 6) {
        redaction->next = WK_NEXT_SECRET;
    }
    for (size_t i = 0; i < bytes; i++) {
        bool sets = word[i] == '=' || (word[i] == ':' && word[i + 1] != '/');
        enum name_kind kind = sets ? kind_before(text, word + i) : NAME_PLAIN;

        if (kind == NAME_SECRET || (kind == NAME_USER && word[i] == '=' && strchr(word + i, ':'))) {
            redaction->next = word[i] == ':' && i + 1 == bytes ? WK_NEXT_SECRET : WK_NEXT_SHOWN;
            return i + 1;
        }
    }
    return word[0] == '-' ? shown_of_option(redaction, word, bytes) : bytes;
}

void wk_redact_argument(struct wk_redaction *redaction, const char *argument)
{
    char text[WK_REDACT_BYTES];
    size_t at = 0;

    snprintf(text, sizeof text, "%s", argument);
    hide_json(text, sizeof text);
    hide_user(text, sizeof text);
    wk_redact_urls(text, sizeof text);
    while (text[at += strspn(text + at, " \t\n'\"`(")]) {
        size_t bytes = strcspn(text + at, " \t\n");
        size_t shown = shown_of(redaction, text, text + at, bytes);

        at += shown;
        if (shown < bytes) {
            hide(text, sizeof text, text + at, "");
            break;
        }
    }
    size_t room = sizeof redaction->line - redaction->used;
    int added = snprintf(redaction->line + redaction->used, room, "%s%s", redaction->used ? " " : "", text);
    redaction->used += (size_t)added < room ? (size_t)added : room - 1;
}
