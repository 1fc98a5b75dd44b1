/*
 * SPDX-License-Identifier: MIT
 * Qualified names of C++ functions. See cxx_name.h.
 * One walk from left to right: a blank outside of brackets ends what came before the name; brackets are skipped; the name ends behind
 * the brackets of its parameters, unless `::` follows, as in a name of something local.
 */
#include "cxx_name.h"

#include <stdbool.h>
#include <string.h>

struct walk {
    const char *at;
    char *out;
    size_t used, room;
};

static void put(struct walk *walk, const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes && walk->used + 1 < walk->room; i++) {
        walk->out[walk->used++] = text[i];
    }
}

static bool follows(const struct walk *walk, const char *word)
{
    return strncmp(walk->at, word, strlen(word)) == 0;
}

/* Behind the bracket that closes the one at `at`, or the end. */
static const char *skip_brackets(const char *at)
{
    size_t depth = 0;

    for (; *at; at++) {
        if (*at == '-' && at[1] == '>') {
            at++;
        } else if (strchr("([{<", *at)) {
            depth++;
        } else if (strchr(")]}>", *at) && --depth == 0) {
            return at + 1;
        }
    }
    return at;
}

static bool is_word(char letter)
{
    unsigned char byte = (unsigned char)letter;

    return byte >= 0x80 || byte == '_' || byte == '$' || (byte >= '0' && byte <= '9') || ((byte | 32) >= 'a' && (byte | 32) <= 'z');
}

static bool at_component(const struct walk *walk)
{
    return walk->used == 0 || walk->out[walk->used - 1] == ':';
}

/* operator and what it is: its symbol, or the type to which it converts, up to its parameters. */
static void take_operator(struct walk *walk)
{
    const char *end = walk->at + strlen("operator");

    if (strncmp(end, "()", 2) == 0) {
        end += 2;
    } else if (*end == ' ' || *end == '"') {
        while (*end && *end != '(') {
            end = *end == '<' ? skip_brackets(end) : end + 1;
        }
    } else {
        end += strcspn(end, "(");
    }
    put(walk, walk->at, (size_t)(end - walk->at));
    walk->at = end;
}

/* A namespace or class without a name has none in the name. */
static void skip_nameless(struct walk *walk)
{
    walk->at = skip_brackets(walk->at);
    if (follows(walk, "::")) {
        walk->at += 2;
    }
}

/* Behind the parameters. False: the name ends there. */
static bool go_on(struct walk *walk)
{
    static const char *const qualifiers[] = {" const", " volatile", " &&", " &", " noexcept"};
    bool more = true;

    while (more) {
        more = false;
        for (size_t i = 0; i < sizeof qualifiers / sizeof qualifiers[0] && !more; i++) {
            more = follows(walk, qualifiers[i]);
            walk->at += more ? strlen(qualifiers[i]) : 0;
        }
    }
    return follows(walk, "::");
}

/* What gcc writes for a lambda. False: the name ends there. */
static bool take_lambda(struct walk *walk)
{
    put(walk, "operator()", strlen("operator()"));
    walk->at = skip_brackets(walk->at);
    return go_on(walk);
}

/* An opening round bracket. False: the name ends there. */
static bool take_round(struct walk *walk)
{
    if (follows(walk, "(anonymous ") || follows(walk, "(unnamed ")) {
        skip_nameless(walk);
    } else if (walk->used == 0 && (walk->at[1] == '*' || walk->at[1] == '&')) {
        walk->at += 2; /* what follows gives a pointer to a function */
    } else if (walk->used == 0 || (walk->used == 8 && memcmp(walk->out, "decltype", 8) == 0)) {
        walk->at = skip_brackets(walk->at);
        walk->used = 0;
    } else {
        walk->at = skip_brackets(walk->at);
        return go_on(walk);
    }
    return true;
}

size_t wk_cxx_name(char *out, size_t room, const char *pretty)
{
    struct walk walk = {.at = pretty, .out = out, .room = room};

    while (*walk.at) {
        char letter = *walk.at;

        if (at_component(&walk) && follows(&walk, "operator") && !is_word(walk.at[strlen("operator")])) {
            take_operator(&walk);
        } else if (letter == '(') {
            if (!take_round(&walk)) {
                break;
            }
        } else if (at_component(&walk) && follows(&walk, "<lambda")) {
            if (!take_lambda(&walk)) {
                break;
            }
        } else if (at_component(&walk) && (letter == '<' || letter == '{')) {
            skip_nameless(&walk);
        } else if (letter == '<' || letter == '[') {
            walk.at = skip_brackets(walk.at);
        } else if (letter == ' ' || letter == '*' || letter == '&') {
            walk.used = 0;
            walk.at++;
        } else {
            put(&walk, walk.at++, 1);
        }
    }
    if (walk.used == 0) {
        put(&walk, pretty, strlen(pretty));
    }
    out[walk.used] = 0;
    return walk.used;
}
