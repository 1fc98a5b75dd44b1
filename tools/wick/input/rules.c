/*
 * SPDX-License-Identifier: MIT
 * `GLOB: threshold=5% budget=2ms ignore warn exact` into rules. See rules.h.
 */
#include "input/rules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "base/messages.h"
#include "base/words.h"

static const char file_name[] = ".wick-compare";

/* Where a rule stands, for messages. */
struct origin {
    const char *name;
    unsigned line; /* 0: an option */
};

static int refuse(const struct settings *settings, const struct origin *origin, const char *what, const char *text)
{
    if (origin->line) {
        tool_error(settings, "%s:%u: %s: '%s'", origin->name, origin->line, what, text);
    } else {
        tool_error(settings, "%s: %s: '%s'", origin->name, what, text);
    }
    return EXIT_USAGE;
}

static bool take_word(struct wk_rule *rule, const char *word)
{
    if (strncmp(word, "threshold=", 10) == 0) {
        return tool_share(word + 10, &rule->threshold) && rule->threshold > 0;
    }
    if (strncmp(word, "budget=", 7) == 0) {
        return tool_duration(word + 7, &rule->budget_ns) && rule->budget_ns > 0;
    }
    bool *flag = strcmp(word, "ignore") == 0 ? &rule->ignore : strcmp(word, "warn") == 0 ? &rule->warn : strcmp(word, "exact") == 0 ? &rule->exact : NULL;
    if (flag) {
        *flag = true;
    }
    return flag != NULL;
}

/* A copy that lives as long as the rules; NULL: no memory. */
static char *keep_text(struct rules *rules, const char *text)
{
    char *copy = tool_grow(&rules->texts, &rules->text_capacity, rules->text_count, sizeof *rules->texts) ? strdup(text) : NULL;
    if (copy) {
        rules->texts[rules->text_count++] = copy;
    }
    return copy;
}

static int add_renaming(struct rules *rules, const struct settings *settings, const char *text)
{
    char *from = keep_text(rules, text), *equals = from ? strchr(from, '=') : NULL;
    struct wk_renamings *to = &rules->renamings;
    if (!from || !tool_grow(&to->items, &rules->renaming_capacity, to->count, sizeof *to->items)) {
        tool_error(settings, "out of memory");
        return EXIT_USAGE;
    }
    if (!equals || equals == from || !equals[1]) {
        tool_error(settings, "--map wants OLD=NEW, not '%s'", text);
        return EXIT_USAGE;
    }
    *equals = 0;
    to->items[to->count++] = (struct wk_renaming){.from = from, .to = equals + 1};
    return EXIT_FINE;
}

static int add_rule(struct rules *rules, const struct settings *settings, const char *line, const struct origin *origin)
{
    char *text = keep_text(rules, line), *colon = NULL, *rest;
    if (!text || !tool_grow(&rules->items, &rules->capacity, rules->count, sizeof *rules->items)) {
        tool_error(settings, "out of memory");
        return EXIT_USAGE;
    }
    struct wk_rule *rule = &rules->items[rules->count++];
    *rule = (struct wk_rule){.glob = text};
    for (char *at = text; (at = strstr(at, ": ")) != NULL; at++) { /* a name may have colons, too */
        colon = at;
    }
    if (!colon || colon == text) {
        return refuse(settings, origin, "a rule is GLOB: threshold=SHARE, budget=TIME, ignore, warn or exact", line);
    }
    *colon = 0;
    uint32_t words = 0;
    for (char *word = strtok_r(colon + 2, " \t,|", &rest); word; word = strtok_r(NULL, " \t,|", &rest), words++) {
        if (!take_word(rule, word)) {
            return refuse(settings, origin, "threshold=SHARE, budget=TIME, ignore, warn and exact are known, not this", word);
        }
    }
    return words ? EXIT_FINE : refuse(settings, origin, "a rule without anything to do", line);
}

static int load_file(struct rules *rules, const struct settings *settings)
{
    FILE *file = fopen(file_name, "r");
    if (!file) {
        if (errno == ENOENT) {
            return EXIT_FINE;
        }
        tool_error(settings, "%s: %s", file_name, strerror(errno));
        return EXIT_USAGE;
    }
    char *line = NULL;
    size_t room = 0;
    int rc = EXIT_FINE;
    struct origin origin = {file_name, 0};
    while (rc == EXIT_FINE && getline(&line, &room, file) >= 0) {
        origin.line++;
        line[strcspn(line, "\r\n")] = 0;
        const char *text = line + strspn(line, " \t");
        rc = *text && *text != '#' ? add_rule(rules, settings, text, &origin) : EXIT_FINE;
    }
    if (rc == EXIT_FINE && ferror(file)) {
        tool_error(settings, "%s: %s", file_name, strerror(errno));
        rc = EXIT_USAGE;
    }
    free(line);
    fclose(file);
    return rc;
}

int rules_load(struct rules *rules, const struct settings *settings)
{
    int rc = load_file(rules, settings);
    const struct origin origin = {"--rule", 0};
    for (int i = 0; i < settings->rules.count && rc == EXIT_FINE; i++) {
        rc = add_rule(rules, settings, settings->rules.items[i], &origin);
    }
    for (int i = 0; i < settings->maps.count && rc == EXIT_FINE; i++) {
        rc = add_renaming(rules, settings, settings->maps.items[i]);
    }
    return rc;
}

/* Bits of enum wk_metric; 0: all. */
static uint32_t metrics_of(const char *word)
{
    const bool count = strcmp(word, "count") == 0, tail = strcmp(word, "tail") == 0;
    return count  ? 1u << WK_METRIC_CALLS | 1u << WK_METRIC_ERRORS
           : tail ? 1u << WK_METRIC_TAIL | 1u << WK_METRIC_SLOW
                  : 1u << WK_METRIC_COST;
}

struct wk_compare_options rules_options(const struct settings *settings, struct rules *rules)
{
    const double threshold = settings->threshold > 0 ? settings->threshold : 0.02;
    const char *metric = settings->metric ? settings->metric : "";
    return (struct wk_compare_options){.alpha = settings->alpha > 0 ? settings->alpha : 0.01,
                                       .threshold = threshold,
                                       .detect = settings->detect > 0 ? settings->detect : 2.5 * threshold,
                                       .min_share = settings->min_share > 0 ? settings->min_share : 0.001,
                                       .floor_ns = settings->floor_ns > 0 ? settings->floor_ns : 1000,
                                       .metrics = *metric ? metrics_of(metric) : 0,
                                       .cost = strcmp(metric, "total") == 0   ? WK_COST_TOTAL
                                               : strcmp(metric, "locks") == 0 ? WK_COST_LOCKS
                                                                              : WK_COST_SELF,
                                       .any_order = settings->pair && strcmp(settings->pair, "order") != 0,
                                       .model = settings->noise_model != NULL,
                                       .renamings = rules->renamings,
                                       .rules = rules->items,
                                       .rule_count = rules->count};
}

void rules_free(struct rules *rules)
{
    for (uint32_t i = 0; i < rules->text_count; i++) {
        free(rules->texts[i]);
    }
    free(rules->texts);
    free(rules->renamings.items);
    free(rules->items);
    *rules = (struct rules){0};
}
