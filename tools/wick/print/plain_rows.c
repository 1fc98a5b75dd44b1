/*
 * SPDX-License-Identifier: MIT
 * Rows as scripts take them. See plain_rows.h.
 * The layout of `tabular` is that of the format "plain" of Python's tabulate, which tools for Amazon's workflows use: columns are joined by two
 * blanks and as wide as their longest cell, or, with headers, their header and two more; blanks at the end of a line are left out.
 */
#include "print/plain_rows.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json_stream.h"
#include "base/messages.h"
#include "base/safe_text.h"
#include "print/cut_names.h"

const char *plain_form(const struct settings *settings)
{
    static const char *const forms[] = {"csv", "tsv", "tabular", "human", "json", "prettyjson"};
    const char *form = settings->format ? settings->format : getenv("WICK_FORMAT");
    if (!form || !*form) {
        return "tabular";
    }
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (strcmp(form, forms[i]) == 0) {
            return form;
        }
    }
    tool_error(settings, "WICK_FORMAT is one of: csv tsv tabular human json prettyjson; not '%s'", form);
    return NULL;
}

/* ---- aligned ---------------------------------------------------------------------------------- */

/* `blanks` are due before the next text of the line. */
static void put_aligned(const char *text, int width, bool right, int *blanks)
{
    const int pad = width - cut_width(text);
    *blanks += right ? pad : 0;
    if (*text) {
        printf("%*s%s", *blanks, "", text);
        *blanks = 0;
    }
    *blanks += right ? 0 : pad;
}

static void one_line(char *text)
{
    for (; *text; text++) {
        *text = *text == '\n' || *text == '\t' ? ' ' : *text;
    }
}

/* A cell as it is shown. */
static void shown_cell(const struct plain_rows *rows, uint32_t row, uint32_t column, char text[PLAIN_BYTES])
{
    bool plain = true;
    rows->cell(rows->user, row, column, text);
    one_line(text);
    for (const char *at = text; *at; at++) {
        plain = plain && *at >= ' ' && *at < 0x7f;
    }
    if (!plain) {
        char *safe = safe_copy(text, strlen(text));
        snprintf(text, PLAIN_BYTES, "%s", safe ? safe : "");
        free(safe);
    }
}

static int print_tabular(const struct plain_rows *rows, bool header)
{
    char text[PLAIN_BYTES];
    int *widths = calloc(rows->column_count, sizeof *widths);
    if (!widths) {
        return WICK_E_NOMEM;
    }
    for (uint32_t c = 0; c < rows->column_count; c++) {
        widths[c] = header ? cut_width(rows->columns[c].title) + 2 : 0;
        for (uint32_t r = 0; r < rows->row_count; r++) {
            shown_cell(rows, r, c, text);
            int width = cut_width(text);
            widths[c] = width > widths[c] ? width : widths[c];
        }
    }
    for (uint32_t r = header ? 0 : 1; r < rows->row_count + 1; r++) {
        int blanks = 0;
        for (uint32_t c = 0; c < rows->column_count; c++) {
            if (r) {
                shown_cell(rows, r - 1, c, text);
            }
            blanks += c ? 2 : 0;
            put_aligned(r ? text : rows->columns[c].title, widths[c], rows->columns[c].number, &blanks);
        }
        putchar('\n');
    }
    free(widths);
    return 0;
}

static void print_human(const struct plain_rows *rows)
{
    char text[PLAIN_BYTES];
    for (uint32_t r = 0; r < rows->row_count; r++) {
        if (r) {
            putchar('\n');
        }
        for (uint32_t c = 0; c < rows->column_count; c++) {
            shown_cell(rows, r, c, text);
            printf("%s%s%s\n", rows->columns[c].title, *text ? " " : "", text);
        }
    }
}

/* ---- separated -------------------------------------------------------------------------------- */

/* A tab cannot stand in a field of TSV. */
static void put_separated(char *text, bool number, char separator)
{
    if (separator == '\t' || number) {
        one_line(text);
        safe_print(stdout, "%s", text);
    } else {
        safe_csv(stdout, text, strlen(text), false);
    }
}

static void print_separated(const struct plain_rows *rows, bool header, char separator)
{
    char text[PLAIN_BYTES];
    for (uint32_t r = header ? 0 : 1; r < rows->row_count + 1; r++) {
        for (uint32_t c = 0; c < rows->column_count; c++) {
            if (c) {
                putchar(separator);
            }
            if (r) {
                rows->cell(rows->user, r - 1, c, text);
            } else {
                snprintf(text, sizeof text, "%s", rows->columns[c].title);
            }
            put_separated(text, r && rows->columns[c].number, separator);
        }
        putchar('\n');
    }
}

/* ---- JSON ------------------------------------------------------------------------------------- */

static void put_value(struct wick_json *json, const struct plain_column *column, bool header, const char *text)
{
    const char *name = header ? column->title : NULL;
    if (!*text || column->number) {
        wick_json_word(json, name, *text ? text : "null");
    } else {
        wick_json_string(json, name, text);
    }
}

/* Objects with a header, arrays without. */
static void print_json(const struct plain_rows *rows, bool header, FILE *to)
{
    char text[PLAIN_BYTES];
    struct wick_json json = json_to(to);
    wick_json_begin(&json, NULL, '[');
    for (uint32_t r = 0; r < rows->row_count; r++) {
        wick_json_line(&json);
        wick_json_begin(&json, NULL, header ? '{' : '[');
        for (uint32_t c = 0; c < rows->column_count; c++) {
            rows->cell(rows->user, r, c, text);
            put_value(&json, &rows->columns[c], header, text);
        }
        wick_json_end(&json, header ? '}' : ']');
    }
    wick_json_line(&json);
    wick_json_end(&json, ']');
    putc('\n', to);
}

/* What is in brackets on lines of its own, four blanks deeper. */
static void print_indented(const char *at, FILE *to)
{
    int depth = 0;
    bool quoted = false;
    for (; *at; at++) {
        if (quoted) {
            putc(*at, to);
            if (*at == '\\') {
                putc(*++at, to);
            }
            quoted = *at != '"' || at[-1] == '\\';
        } else if (*at != ' ' && *at != '\n') {
            const bool opens = *at == '[' || *at == '{', closes = *at == ']' || *at == '}';
            const char *next = at + 1 + strspn(at + 1, " \n");
            const bool empty = opens && (*next == ']' || *next == '}');
            depth -= closes;
            if (closes) {
                fprintf(to, "\n%*s", 4 * depth, "");
            }
            putc(*at, to);
            quoted = *at == '"';
            depth += opens && !empty;
            if (empty) {
                putc(*next, to);
                at = next;
            } else if (opens || *at == ',') {
                fprintf(to, "\n%*s", 4 * depth, "");
            } else if (*at == ':') {
                putc(' ', to);
            }
        }
    }
    putc('\n', to);
}

int plain_json(const struct settings *settings, bool pretty, void (*print)(void *user, FILE *to), void *user)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *to = pretty ? open_memstream(&text, &bytes) : stdout;
    if (to) {
        print(user, to);
    }
    if (!to || (pretty && fclose(to) != 0)) {
        tool_error(settings, "out of memory");
        free(text);
        return EXIT_USAGE;
    }
    if (pretty) {
        print_indented(text, stdout);
    }
    free(text);
    return EXIT_FINE;
}

/* ---- all forms -------------------------------------------------------------------------------- */

void plain_time(int64_t time_ns, bool exact, char text[PLAIN_BYTES])
{
    const time_t seconds = time_ns / 1000000000;
    struct tm local;
    text[0] = 0;
    if (time_ns && localtime_r(&seconds, &local)) {
        size_t bytes = strftime(text, PLAIN_BYTES, exact ? "%Y-%m-%d %H:%M:%S" : "%Y-%m-%d %H:%M", &local);
        if (exact) {
            snprintf(text + bytes, PLAIN_BYTES - bytes, ".%06d", (int)(time_ns % 1000000000 / 1000));
        }
    }
}

void plain_seconds(int64_t duration_ns, char text[PLAIN_BYTES])
{
    snprintf(text, PLAIN_BYTES, "%.2f", (double)duration_ns / 1e9);
}

struct json_rows {
    const struct plain_rows *rows;
    bool header;
};

static void print_json_rows(void *user, FILE *to)
{
    const struct json_rows *j = user;
    print_json(j->rows, j->header, to);
}

int plain_print(const struct settings *settings, const struct plain_rows *rows)
{
    const char *form = plain_form(settings);
    if (!form) {
        return EXIT_USAGE;
    }
    if (strstr(form, "json")) {
        return plain_json(settings, *form == 'p', print_json_rows, &(struct json_rows){rows, settings->header});
    }
    if (strcmp(form, "human") == 0) {
        print_human(rows);
    } else if (strcmp(form, "tabular") != 0) {
        print_separated(rows, settings->header, *form == 't' ? '\t' : ',');
    } else if (print_tabular(rows, settings->header) < 0) {
        tool_error(settings, "out of memory");
        return EXIT_USAGE;
    }
    return EXIT_FINE;
}
