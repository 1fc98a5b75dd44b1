/*
 * SPDX-License-Identifier: MIT
 * Gives local names of the page's scripts short ones, while the page is built: a script on the standard input, the same script on the
 * standard output. A page that is sent over and over is smaller; the scripts stay readable.
 *
 * What begins in the first column is renamed by itself: a function, a constant. In it, each name that is declared there (const, let,
 * parameters) gets one new name, wherever it stands, in any block. So a name is left alone that is also one of a script's own global
 * names, or one of the browser's that the scripts use.
 * Must not know more of the language than the scripts use. Invariant: a name that is not seen as declared stays as it is.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { WORD, TEXT, SIGN };
enum braces { OF_BLOCK, OF_OBJECT, OF_CLASS }; /* an object or a pattern; the body of a class */

struct token {
    const char *at;
    size_t bytes;
    enum kind kind;
    int object;       /* enum braces; of a WORD: the bracket around it */
    size_t partner;   /* SIGN ) and ]: the bracket that it closes */
    int top;          /* stands in the first column */
};

static struct token *tokens;
static size_t count, room;

static void fail(const char *why)
{
    fprintf(stderr, "shorten: %s\n", why);
    exit(1);
}

static struct token *add(const char *at, size_t bytes, enum kind kind)
{
    if (count == room) {
        room = room ? 2 * room : 4096;
        tokens = realloc(tokens, room * sizeof *tokens);
        if (!tokens) {
            fail("no memory");
        }
    }
    tokens[count] = (struct token){.at = at, .bytes = bytes, .kind = kind};
    return &tokens[count++];
}

static int is(size_t i, const char *text)
{
    return i < count && tokens[i].bytes == strlen(text) && memcmp(tokens[i].at, text, tokens[i].bytes) == 0;
}

static int is_any(size_t i, const char *const *texts)
{
    for (; *texts; texts++) {
        if (is(i, *texts)) {
            return 1;
        }
    }
    return 0;
}

static int in_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

/* ---- tokens ---- */

static size_t open_brackets[4096], opened;

static void open_bracket(size_t i)
{
    static const char *const before_block[] = {")", ";", "{", "}", "=>", "else", "try", "finally", "do", "static", NULL};
    if (opened == sizeof open_brackets / sizeof *open_brackets) {
        fail("brackets are too deep");
    }
    if (is(i, "{") && i > 1 && (is(i - 2, "class") || is(i - 2, "extends"))) {
        tokens[i].object = OF_CLASS;
    } else {
        tokens[i].object = is(i, "{") && i > 0 && !is_any(i - 1, before_block) ? OF_OBJECT : OF_BLOCK;
    }
    open_brackets[opened++] = i;
}

static void close_bracket(size_t i)
{
    if (!opened) {
        fail("a bracket is closed that was not opened");
    }
    tokens[i].partner = open_brackets[--opened];
}

/* A regular expression can stand here, and not a division. */
static int before_regex(void)
{
    static const char *const before[] = {"(", ",", "=", ":", "[", "!", "&&", "||", "?", "{", "}", ";", "return", "=>", NULL};
    return !count || is_any(count - 1, before);
}

static const char *read_code(const char *at, int in_template);

/* A string, a regular expression or a comment, from its sign to its end. */
static const char *past_quoted(const char *at, char end)
{
    int in_class = 0;
    for (at++; *at && (*at != end || in_class); at++) {
        in_class = end == '/' && ((in_class && *at != ']') || *at == '[');
        at += *at == '\\' && at[1];
    }
    return *at ? at + 1 : at;
}

static const char *read_template(const char *at)
{
    const char *from = at++;
    while (*at && *at != '`') {
        if (*at == '$' && at[1] == '{') {
            add(from, (size_t)(at + 2 - from), TEXT);
            at = read_code(at + 2, 1);
            from = at;
        }
        at += *at == '\\' ? 2 : 1;
    }
    add(from, (size_t)(at + 1 - from), TEXT);
    return at + 1;
}

/* One token; NULL: the end of the code in a template. */
static const char *read_token(const char *at)
{
    const char *from = at;
    int top = !count || at[-1] == '\n';
    if (in_word(*at)) {
        while (in_word(*at) || (*at == '.' && isdigit((unsigned char)*from) && isdigit((unsigned char)at[1]))) {
            at++;
        }
        struct token *word = add(from, (size_t)(at - from), isdigit((unsigned char)*from) ? TEXT : WORD);
        word->top = top;
        word->object = opened ? tokens[open_brackets[opened - 1]].object : OF_BLOCK;
        return at;
    }
    if (*at == '/' && (at[1] == '/' || at[1] == '*')) {
        const char *end = at[1] == '/' ? strchr(at, '\n') : strstr(at, "*/");
        return !end ? at + strlen(at) : at[1] == '/' ? end : end + 2;
    }
    if (*at == '\'' || *at == '"' || (*at == '/' && before_regex())) {
        at = past_quoted(at, *at);
        while (*from == '/' && in_word(*at)) {
            at++;
        }
        add(from, (size_t)(at - from), TEXT);
        return at;
    }
    static const char *const signs[] = {"...", "?.", "=>", "&&", "||", NULL};
    size_t bytes = 1;
    for (const char *const *sign = signs; *sign; sign++) {
        if (strncmp(at, *sign, strlen(*sign)) == 0) {
            bytes = strlen(*sign);
            break;
        }
    }
    add(from, bytes, SIGN);
    return at + bytes;
}

static const char *read_code(const char *at, int in_template)
{
    size_t depth = opened;
    while (*at) {
        if (isspace((unsigned char)*at)) {
            at++;
        } else if (*at == '`') {
            at = read_template(at);
        } else if (*at == '}' && in_template && opened == depth) {
            return at;
        } else {
            at = read_token(at);
            if (!count || tokens[count - 1].at + tokens[count - 1].bytes != at || tokens[count - 1].kind != SIGN) {
                continue; /* no bracket: also a comment */
            }
            if (strchr("([{", *tokens[count - 1].at)) {
                open_bracket(count - 1);
            } else if (strchr(")]}", *tokens[count - 1].at)) {
                close_bracket(count - 1);
            }
        }
    }
    return at;
}

/* ---- names ---- */

struct name {
    const char *at;
    size_t bytes;
    char to[4];
};

static struct name *names;
static size_t name_count;

static struct name *name_of(size_t i)
{
    for (size_t n = 0; n < name_count; n++) {
        if (names[n].bytes == tokens[i].bytes && memcmp(names[n].at, tokens[i].at, names[n].bytes) == 0) {
            return &names[n];
        }
    }
    return NULL;
}

static const char *const kept[] = {"const", "let", "function", "async", "await", "return", "new", "of", "in", "this", "null", "undefined", "true",
                                   "false", "typeof", "instanceof", "location", "history", "document", "window", "performance", "navigator", NULL};

static int is_global(size_t i)
{
    for (size_t k = 1; k < count; k++) {
        static const char *const declares[] = {"const", "let", "function", "class", NULL};
        if (tokens[k].kind == WORD && tokens[k].bytes == tokens[i].bytes && memcmp(tokens[k].at, tokens[i].at, tokens[i].bytes) == 0 &&
            is_any(k - 1, declares) && (tokens[k - 1].top || (k > 1 && tokens[k - 2].top))) {
            return 1;
        }
    }
    return 0;
}

/* The name of a property, and not of a variable. */
static int is_property(size_t i)
{
    if (i > 0 && (is(i - 1, ".") || is(i - 1, "?."))) {
        return 1;
    }
    int first = i > 0 && (is(i - 1, "{") || is(i - 1, ",") || is(i - 1, "async"));
    return tokens[i].object == OF_CLASS || (tokens[i].object == OF_OBJECT && first && (is(i + 1, ":") || is(i + 1, "(")));
}

static void declare(size_t i)
{
    if (tokens[i].kind == WORD && tokens[i].bytes > 1 && !is_property(i) && !is_any(i, kept) && !name_of(i) && !is_global(i)) {
        names = realloc(names, (name_count + 1) * sizeof *names);
        if (!names) {
            fail("no memory");
        }
        names[name_count++] = (struct name){.at = tokens[i].at, .bytes = tokens[i].bytes};
    }
}

/* Declare the names between two brackets, of parameters or of a pattern; not those of default values. */
static void declare_pattern(size_t from, size_t to)
{
    for (size_t i = from + 1; i < to; i++) {
        int starts = is(i - 1, "{") || is(i - 1, "[") || is(i - 1, ",") || is(i - 1, "(") || is(i - 1, ":") || is(i - 1, "...");
        int ends = is(i + 1, ",") || is(i + 1, "}") || is(i + 1, "]") || is(i + 1, ")") || is(i + 1, "=");
        if (tokens[i].kind == WORD && starts && ends) {
            declare(i);
        }
    }
}

static size_t closing(size_t i)
{
    for (size_t k = i + 1; k < count; k++) {
        if (tokens[k].kind == SIGN && tokens[k].partner == i && strchr(")]}", *tokens[k].at)) {
            return k;
        }
    }
    return i;
}

static void declare_all(size_t from, size_t to)
{
    name_count = 0;
    for (size_t i = from; i < to; i++) {
        if (is(i, "=>") && is(i - 1, ")")) {
            declare_pattern(tokens[i - 1].partner, i - 1);
        } else if (tokens[i].kind == WORD && tokens[i].object != OF_BLOCK && is(i + 1, "(") && is_property(i) && is(closing(i + 1) + 1, "{")) {
            declare_pattern(i + 1, closing(i + 1)); /* a method */
        } else if (is(i, "function")) {
            size_t open = i + (is(i + 1, "*") ? 1 : 0) + (tokens[i + 1].kind == WORD || is(i + 1, "*") ? 2 : 1);
            if (is(open, "(")) {
                declare_pattern(open, closing(open));
            }
        } else if ((is(i, "const") || is(i, "let")) && !tokens[i].top) {
            if (is(i + 1, "{") || is(i + 1, "[")) {
                declare_pattern(i + 1, closing(i + 1));
            } else {
                declare(i + 1);
            }
        }
    }
}

/* The short names of the parts before, by long name: the same one again makes parts alike, which pack better. */
static struct name *before;
static size_t before_count;

static struct name *used_before(const struct name *name)
{
    for (size_t i = 0; i < before_count; i++) {
        if (before[i].bytes == name->bytes && memcmp(before[i].at, name->at, name->bytes) == 0) {
            return &before[i];
        }
    }
    return NULL;
}

/* A name that neither occurs in the part nor has been given in it. */
static int is_free(const char *name, size_t from, size_t to)
{
    static const char *const words[] = {"do", "if", "in", "of", NULL};
    for (size_t i = from; i < to; i++) {
        if (tokens[i].kind == WORD && is(i, name)) {
            return 0;
        }
    }
    for (size_t n = 0; n < name_count; n++) {
        if (strcmp(names[n].to, name) == 0) {
            return 0;
        }
    }
    for (const char *const *word = words; *word; word++) {
        if (strcmp(name, *word) == 0) {
            return 0;
        }
    }
    return 1;
}

static void name_number(unsigned number, char *name)
{
    size_t bytes = 0;
    if (number >= 26) {
        name[bytes++] = (char)('a' + number / 26 - 1);
    }
    name[bytes++] = (char)('a' + number % 26);
    name[bytes] = 0;
}

/* Give each name of the part the one that it had before, else the first free one. */
static void choose_names(size_t from, size_t to)
{
    for (size_t n = 0; n < name_count; n++) {
        const struct name *had = used_before(&names[n]);
        if (had && is_free(had->to, from, to)) {
            memcpy(names[n].to, had->to, sizeof had->to);
        }
    }
    for (size_t n = 0; n < name_count; n++) {
        char name[4];
        for (unsigned number = 0; !names[n].to[0]; number++) {
            name_number(number, name);
            if (is_free(name, from, to)) {
                memcpy(names[n].to, name, sizeof name);
            }
        }
        if (strlen(names[n].to) >= names[n].bytes) {
            memcpy(names[n].to, names[n].at, names[n].bytes);
            names[n].to[names[n].bytes] = 0;
        }
        if (!used_before(&names[n])) {
            before = realloc(before, (before_count + 1) * sizeof *before);
            if (!before) {
                fail("no memory");
            }
            before[before_count++] = names[n];
        }
    }
}

/* Write a part, from the end of what was written before. */
static const char *write_part(const char *written, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        struct name *name = tokens[i].kind == WORD && !is_property(i) ? name_of(i) : NULL;
        if (!name) {
            continue;
        }
        int first = is(i - 1, "{") || is(i - 1, ",");
        int whole = tokens[i].object == OF_OBJECT && first && (is(i + 1, ",") || is(i + 1, "}") || is(i + 1, "="));
        fwrite(written, 1, (size_t)(tokens[i].at - written), stdout);
        if (whole) {
            printf("%.*s: ", (int)tokens[i].bytes, tokens[i].at);
        }
        fputs(name->to, stdout);
        written = tokens[i].at + tokens[i].bytes;
    }
    return written;
}

int main(void)
{
    static char text[1 << 20];
    size_t bytes = fread(text, 1, sizeof text - 1, stdin);
    if (bytes == sizeof text - 1) {
        fail("the script is too long");
    }
    text[bytes] = 0;
    const char *written = text;
    read_code(text, 0);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && !tokens[to].top; to++) {
        }
        declare_all(from, to);
        choose_names(from, to);
        written = write_part(written, from, to);
    }
    fwrite(written, 1, strlen(written), stdout);
    return fflush(stdout) ? 1 : 0;
}
