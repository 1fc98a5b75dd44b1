/*
 * SPDX-License-Identifier: MIT
 * Rows as text, CSV or JSON. See table.h.
 * Invariant: columns and their units are the same in every form and do not depend on the data; text is safe for the
 * terminal.
 */
#include "print/table.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/host.h"
#include "base/json_stream.h"
#include "base/messages.h"
#include "base/safe_text.h"
#include "base/words.h"
#include "model/base/number.h"
#include "print/cut_names.h"

enum { COLUMNS_MAX = 24, CONDITIONS_MAX = 8 };

struct cell {
    union {
        char *text; /* COLUMN_TEXT */
        int64_t whole;
    };
    double number;
    uint8_t is_whole; /* COLUMN_AMOUNT: enum wick_whole */
};

struct table {
    const struct settings *settings;
    const struct column *columns;
    uint32_t column_count, next_column;
    uint32_t row_count, row_capacity;
    struct cell *cells;
    uint32_t *order;
    bool failed;
};

static bool is_text(enum column_type type)
{
    return type == COLUMN_TEXT || type == COLUMN_ID;
}

struct condition {
    uint32_t column;
    char operation[4];
    char value[256];
};

struct table *table_create(const struct settings *settings, const struct column *columns, uint32_t count)
{
    struct table *table = calloc(1, sizeof *table);
    if (table) {
        *table = (struct table){.settings = settings, .columns = columns, .column_count = count};
    }
    return table;
}

static struct cell *next_cell(struct table *table)
{
    static struct cell lost;
    if (!table || table->failed) {
        return &lost;
    }
    if (table->next_column == table->column_count) {
        table->next_column = 0;
    }
    if (table->next_column == 0) {
        size_t row_bytes = table->column_count * sizeof *table->cells;
        if (!tool_grow(&table->cells, &table->row_capacity, table->row_count, row_bytes)) {
            table->failed = true;
            return &lost;
        }
        table->row_count++;
    }
    return &table->cells[(table->row_count - 1) * (size_t)table->column_count + table->next_column++];
}

void table_text(struct table *table, const char *text)
{
    next_cell(table)->text = strdup(text);
}

void table_count(struct table *table, uint64_t count)
{
    *next_cell(table) = (struct cell){.whole = (int64_t)count, .number = (double)count};
}

void table_ns(struct table *table, int64_t ns)
{
    *next_cell(table) = (struct cell){.whole = ns, .number = (double)ns};
}

void table_number(struct table *table, double number)
{
    next_cell(table)->number = number;
}

void table_amount(struct table *table, const struct wick_number *number)
{
    *next_cell(table) = (struct cell){.whole = number->whole, .number = number->value, .is_whole = (uint8_t)number->is_whole};
}

static const struct cell *cell_at(const struct table *table, uint32_t row, uint32_t column)
{
    return &table->cells[(size_t)row * table->column_count + column];
}

/* ---- --where ---- */

static bool find_column(const struct table *table, const char *name, uint32_t *column)
{
    for (uint32_t i = 0; i < table->column_count; i++) {
        const char *has = table->columns[i].name;
        size_t length = strlen(name);
        /* The unit may be left out: total for total_ns. */
        if (strcmp(has, name) == 0 || (strncmp(has, name, length) == 0 && strcmp(has + length, "_ns") == 0)) {
            *column = i;
            return true;
        }
    }
    return false;
}

static int unknown_column(const struct table *table, const char *option, const char *name)
{
    char all[512] = "";
    for (uint32_t i = 0; i < table->column_count; i++) {
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", i ? ", " : "", table->columns[i].name);
    }
    tool_error(table->settings, "--%s: there is no column '%s'; there are: %s", option, name, all);
    return EXIT_USAGE;
}

static bool number_of(const struct column *column, const char *text, double *number)
{
    char *end;
    int64_t ns;
    if (column->type == COLUMN_NS && tool_duration(text, &ns) && strpbrk(text, "smunh")) {
        *number = (double)ns;
        return true;
    }
    *number = strtod(text, &end);
    return end != text && !*end;
}

static bool matches_list(const char *text, const char *list)
{
    size_t length = strlen(text);
    for (const char *at = list;; at += strcspn(at, ",") + 1) {
        size_t part = strcspn(at, ",");
        if (part == length && strncmp(at, text, length) == 0) {
            return true;
        }
        if (!at[part]) {
            return false;
        }
    }
}

/* A cell is a name, or a path whose name is behind its last /. */
static bool fits(const char *pattern, const char *text)
{
    const char *slash = strrchr(text, '/');
    return tool_glob(pattern, text) || (slash && wick_glob_match(pattern, text, strlen(text), strlen(slash + 1)));
}

/* Does an order (< 0, 0, > 0) of two values fulfil the code? With a NaN only "not" is fulfilled. */
static bool fulfils(const char *code, double order)
{
    return strcmp(code, "eq") == 0    ? order == 0
           : strcmp(code, "not") == 0 ? order != 0
           : strcmp(code, "lt") == 0  ? order < 0
           : strcmp(code, "lte") == 0 ? order <= 0
           : strcmp(code, "gt") == 0  ? order > 0
                                      : order >= 0;
}

static bool holds(const struct table *table, uint32_t row, const struct condition *c)
{
    const struct cell *cell = cell_at(table, row, c->column);
    const struct column *column = &table->columns[c->column];
    const char *text = cell->text ? cell->text : "";
    bool is_glob = strcmp(c->operation, "lke") == 0;
    if (is_glob || strcmp(c->operation, "in") == 0) {
        char number[40];
        if (!is_text(column->type)) {
            number[wk_number_put(number, cell->number)] = 0;
            text = number;
        }
        return is_glob ? fits(c->value, text) : matches_list(text, c->value);
    }
    if (is_text(column->type)) {
        return fulfils(c->operation, strcmp(text, c->value));
    }
    if (column->type == COLUMN_NS && cell->whole < 0) {
        return fulfils(c->operation, NAN);
    }
    double wanted = 0;
    number_of(column, c->value, &wanted);
    return fulfils(c->operation, cell->number - wanted);
}

/* `COLUMN CODE VALUE`, joined by ` and `. */
static int parse_where(const struct table *table, struct condition *conditions, uint32_t *count)
{
    static const char codes[] = " eq lt gt lte gte not lke in ";
    const char *at = table->settings->where;
    *count = 0;
    while (at && *at) {
        struct condition *c = &conditions[*count];
        char name[64], code[16], spaced[20];
        int used = 0;
        const char *end = strstr(at, " and ");
        size_t length = end ? (size_t)(end - at) : strlen(at);
        if (*count == CONDITIONS_MAX || sscanf(at, "%63s %15s %n", name, code, &used) < 2 || !used ||
            (size_t)used >= length) {
            tool_error(table->settings, "--where wants COLUMN CODE VALUE [and ...], not '%s'", at);
            return EXIT_USAGE;
        }
        snprintf(spaced, sizeof spaced, " %s ", code);
        if (!strstr(codes, spaced)) {
            tool_error(table->settings, "--where: '%s' is none of: eq lt gt lte gte not lke in", code);
            return EXIT_USAGE;
        }
        if (!find_column(table, name, &c->column)) {
            return unknown_column(table, "where", name);
        }
        snprintf(c->operation, sizeof c->operation, "%.3s", code);
        snprintf(c->value, sizeof c->value, "%.*s", (int)(length - (size_t)used), at + used);
        double number;
        const struct column *column = &table->columns[c->column];
        if (!is_text(column->type) && strcmp(code, "in") != 0 && strcmp(code, "lke") != 0 &&
            !number_of(column, c->value, &number)) {
            tool_error(table->settings, "--where: %s is compared with a number, not '%s'", name, c->value);
            return EXIT_USAGE;
        }
        (*count)++;
        at = end ? end + 5 : NULL;
    }
    return EXIT_FINE;
}

/* ---- order ---- */

static const struct table *sorted_table;
static uint32_t sorted_column;
static bool sorted_up;

static int compare_cells(uint32_t a, uint32_t b, uint32_t column)
{
    const struct cell *p = cell_at(sorted_table, a, column), *q = cell_at(sorted_table, b, column);
    if (is_text(sorted_table->columns[column].type)) {
        return strcmp(p->text ? p->text : "", q->text ? q->text : "");
    }
    return p->number < q->number ? 1 : p->number > q->number ? -1 : 0;
}

/* Equal rows are in order of their first column, so that the order of threads in a log does not matter. */
static int compare_rows(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    int order = compare_cells(a, b, sorted_column);
    order = sorted_up ? -order : order;
    order = order ? order : compare_cells(a, b, 0);
    return order ? order : (a > b) - (a < b); /* stable */
}

static int sort_rows(struct table *table, const char *sort, uint32_t *count)
{
    struct condition conditions[CONDITIONS_MAX];
    uint32_t condition_count, column = 0;
    int rc = parse_where(table, conditions, &condition_count);
    if (rc != EXIT_FINE) {
        return rc;
    }
    if (table->settings->sort) {
        sort = table->settings->sort;
    }
    sorted_up = sort && sort[0] == '+';
    if (sort && !find_column(table, sort + sorted_up, &column)) {
        return unknown_column(table, "sort", sort + sorted_up);
    }
    table->order = malloc(sizeof *table->order * (table->row_count + 1));
    if (!table->order) {
        table->failed = true;
        return EXIT_FINE;
    }
    *count = 0;
    for (uint32_t row = 0; row < table->row_count; row++) {
        bool wanted = true;
        for (uint32_t i = 0; i < condition_count && wanted; i++) {
            wanted = holds(table, row, &conditions[i]);
        }
        if (wanted) {
            table->order[(*count)++] = row;
        }
    }
    if (sort) {
        sorted_table = table;
        sorted_column = column;
        qsort(table->order, *count, sizeof *table->order, compare_rows);
    }
    return EXIT_FINE;
}

/* ---- forms ---- */

static void json_cell(struct wick_json *json, const struct column *column, const struct cell *cell)
{
    switch (column->type) {
    case COLUMN_TEXT:
    case COLUMN_ID:
        wick_json_string(json, column->name, cell->text ? cell->text : "");
        break;
    case COLUMN_NS:
        wick_json_duration(json, column->name, cell->whole);
        break;
    case COLUMN_EPOCH:
        if (cell->whole) {
            wick_json_time(json, column->name, cell->whole);
        } else {
            wick_json_word(json, column->name, "null");
        }
        break;
    case COLUMN_NUMBER:
    case COLUMN_SHARE:
        wick_json_double(json, column->name, cell->number);
        break;
    case COLUMN_AMOUNT:
        wick_json_number(json, column->name, &(struct wick_number){cell->number, cell->whole, cell->is_whole});
        break;
    default: /* COLUMN_COUNT, COLUMN_OPEN, COLUMN_TIME */
        wick_json_signed(json, column->name, cell->whole);
        break;
    }
}

static void print_json(const struct table *table, uint32_t rows)
{
    struct wick_json json = json_to(stdout);
    wick_json_begin(&json, NULL, '[');
    for (uint32_t i = 0; i < rows; i++) {
        wick_json_line(&json);
        wick_json_begin(&json, NULL, '{');
        for (uint32_t c = 0; c < table->column_count; c++) {
            json_cell(&json, &table->columns[c], cell_at(table, table->order[i], c));
        }
        wick_json_end(&json, '}');
    }
    wick_json_line(&json);
    wick_json_end(&json, ']');
    putchar('\n');
}

static void put_double(double number)
{
    char text[32];
    fwrite(text, 1, wk_number_put(text, number), stdout);
}

static void csv_cell(const struct table *table, uint32_t row, uint32_t column)
{
    const struct cell *cell = cell_at(table, row, column);
    switch (table->columns[column].type) {
    case COLUMN_TEXT:
    case COLUMN_ID:
        safe_csv(stdout, cell->text ? cell->text : "", strlen(cell->text ? cell->text : ""), false);
        break;
    case COLUMN_NS:
        if (cell->whole < 0) {
            break;
        } /* fall through */
    case COLUMN_COUNT:
    case COLUMN_OPEN:
    case COLUMN_TIME:
        printf("%" PRId64, cell->whole);
        break;
    case COLUMN_EPOCH:
        printf("%.0" PRId64, cell->whole); /* nothing for 0 */
        break;
    case COLUMN_AMOUNT:
    case COLUMN_NUMBER:
        if (cell->is_whole == WICK_WHOLE_UNSIGNED) {
            printf("%" PRIu64, (uint64_t)cell->whole);
        } else if (cell->is_whole) {
            printf("%" PRId64, cell->whole);
        } else if (!isnan(cell->number)) {
            put_double(cell->number);
        }
        break;
    default: /* COLUMN_SHARE */
        if (!isnan(cell->number)) {
            printf("%.6g", cell->number);
        }
        break;
    }
}

static void print_csv(const struct table *table, uint32_t rows)
{
    for (uint32_t c = 0; c < table->column_count; c++) {
        printf("%s%s", c ? "," : "", table->columns[c].name);
    }
    printf("\n");
    for (uint32_t i = 0; i < rows; i++) {
        for (uint32_t c = 0; c < table->column_count; c++) {
            if (c) {
                putchar(',');
            }
            csv_cell(table, table->order[i], c);
        }
        printf("\n");
    }
}

/* "2026-11-30 17:47:24" where the user is; "": unknown. */
static void local_time(char *to, size_t bytes, int64_t epoch_ns)
{
    const time_t seconds = epoch_ns / 1000000000;
    struct tm local;
    to[0] = 0;
    if (epoch_ns && localtime_r(&seconds, &local)) {
        (void)strftime(to, bytes, "%Y-%m-%d %H:%M:%S", &local);
    }
}

static const char *human(const struct table *table, uint32_t row, uint32_t column)
{
    static char text[WICK_TEXT_BYTES];
    const struct cell *cell = cell_at(table, row, column);
    switch (table->columns[column].type) {
    case COLUMN_TEXT:
    case COLUMN_ID:
        return cell->text ? cell->text : "";
    case COLUMN_COUNT:
        return cell->whole ? tool_number_text((uint64_t)cell->whole) : "";
    case COLUMN_OPEN:
        return cell->whole ? tool_count((uint64_t)cell->whole, "open") : "";
    case COLUMN_NS:
        return cell->whole < 0 ? "" : tool_ns_text(cell->whole);
    case COLUMN_SHARE:
        if (isnan(cell->number)) {
            return "";
        }
        wick_text_share(text, cell->number);
        return text;
    case COLUMN_EPOCH:
        local_time(text, sizeof text, cell->whole);
        return text;
    case COLUMN_NUMBER:
        snprintf(text, sizeof text, "%g", cell->number);
        return text;
    case COLUMN_AMOUNT:
        wick_text_amount(text, &(struct wick_number){cell->number, cell->whole, cell->is_whole});
        return text;
    default: /* COLUMN_TIME */
        snprintf(text, sizeof text, "%.6f", (double)cell->whole / 1e9);
        return text;
    }
}

static void print_cell(const char *text, int width, bool right, bool last)
{
    int length = cut_width(text);
    if (right && length < width) {
        printf("%*s", width - length, "");
    }
    for (; *text; text++) {
        putchar(*text == '\n' || *text == '\t' ? ' ' : *text);
    }
    if (!right && !last && length < width) {
        printf("%*s", width - length, "");
    }
}

/* How wide each column is. Returns the one whose names are cut; -1: none. */
static int fit(const struct table *table, uint32_t rows, int *widths)
{
    int all = 0, widest = -1;
    for (uint32_t c = 0; c < table->column_count; c++) {
        if (!table->columns[c].title) {
            widths[c] = 0;
            continue;
        }
        widths[c] = cut_width(table->columns[c].title);
        for (uint32_t i = 0; i < rows; i++) {
            int width = cut_width(human(table, table->order[i], c));
            widths[c] = width > widths[c] ? width : widths[c];
        }
        bool empty = c > 0 && rows > 0;
        for (uint32_t i = 0; i < rows && empty; i++) {
            empty = !human(table, table->order[i], c)[0];
        }
        widths[c] = empty ? 0 : widths[c]; /* 0: the column is not shown */
        all += empty ? 0 : widths[c] + 2;
        if (table->columns[c].type == COLUMN_TEXT && (widest < 0 || widths[c] > widths[widest])) {
            widest = (int)c;
        }
    }
    uint32_t limit = table->settings->width ? table->settings->width : tool_columns(stdout);
    int over = all - 2 - (int)limit;
    if (over <= 0 || widest < 0 || widths[widest] <= 16) {
        return -1;
    }
    widths[widest] = widths[widest] - over < 16 ? 16 : widths[widest] - over;
    return widest;
}

/* The names of a column, and its title before them, cut to its width. NULL: no memory. */
static char **cut_column(const struct table *table, uint32_t rows, int column, int width)
{
    const char **names = calloc(rows + 1, sizeof *names);
    char **cuts = NULL;
    if (names) {
        names[0] = table->columns[column].title;
        for (uint32_t i = 0; i < rows; i++) {
            names[i + 1] = cell_at(table, table->order[i], (uint32_t)column)->text;
        }
        cuts = cut_names(names, rows + 1, width);
    }
    free(names);
    return cuts;
}

/* The text of the i-th cell, row by row; NULL: its column has none. */
static char *text_of(const struct table *table, size_t i)
{
    return is_text(table->columns[i % table->column_count].type) ? table->cells[i].text : NULL;
}

static void make_safe(struct table *table)
{
    for (size_t i = 0; i < (size_t)table->row_count * table->column_count; i++) {
        char *text = text_of(table, i);
        if (text) {
            table->cells[i].text = safe_copy(text, strlen(text));
            free(text);
        }
    }
}

static void print_text(const struct table *table, uint32_t rows, uint32_t all)
{
    int widths[COLUMNS_MAX];
    bool colours = tool_colours(table->settings, stdout);
    int narrow = fit(table, rows, widths);
    char **cuts = narrow < 0 ? NULL : cut_column(table, rows, narrow, widths[narrow]);
    uint32_t last = 0;
    for (uint32_t c = 0; c < table->column_count; c++) {
        last = widths[c] ? c : last;
    }
    printf("%s", colours ? "\033[2m" : "");
    for (uint32_t i = 0; i <= rows; i++) { /* the titles are the first row */
        for (uint32_t c = 0; c <= last; c++) {
            if (widths[c]) {
                const char *text = cuts && (int)c == narrow ? cuts[i] : i ? human(table, table->order[i - 1], c) : table->columns[c].title;
                print_cell(text, widths[c], !is_text(table->columns[c].type), c == last);
                printf("%s", c < last ? "  " : "");
            }
        }
        printf("%s\n", !i && colours ? "\033[0m" : "");
    }
    cut_names_free(cuts, rows + 1);
    if (rows < all) {
        printf("... and %s more (--limit N or --all)\n", tool_number_text(all - rows));
    }
}

int table_print(struct table *table, const char *sort, uint32_t limit)
{
    uint32_t all = 0;
    int rc = table && !table->failed ? sort_rows(table, sort, &all) : EXIT_FINE;
    if (!table || table->failed) {
        fprintf(stderr, "wick: out of memory\n");
        rc = EXIT_USAGE;
    } else if (rc == EXIT_FINE) {
        const struct settings *s = table->settings;
        limit = s->all ? 0 : s->limit ? s->limit : limit;
        uint32_t rows = limit && limit < all ? limit : all;
        if (s->where && table->row_count && !all) {
            tool_note("no row fulfils --where '%s'", s->where);
        }
        if (tool_format_is(s, "json")) {
            print_json(table, rows);
        } else if (tool_format_is(s, "csv")) {
            print_csv(table, rows);
        } else {
            make_safe(table);
            print_text(table, rows, all);
        }
    }
    if (table) {
        for (size_t i = 0; i < (size_t)table->row_count * table->column_count; i++) {
            free(text_of(table, i));
        }
        free(table->cells);
        free(table->order);
        free(table);
    }
    return rc;
}
