/*
 * SPDX-License-Identifier: MIT
 * Build step: prints the ENVIRONMENT section of wick(7) from the library's own table of settings, so that
 * the page cannot say anything else than the parser. Not installed.
 */
#include <stdio.h>

#include <wick/config.h>

/* In roff a line must not begin with a dot or quote, and a backslash is doubled. */
static void put_text(const char *text)
{
    for (; *text; text++) {
        if (*text == '\\') {
            fputs("\\e", stdout);
        } else if (*text == '-') {
            fputs("\\-", stdout);
        } else {
            putchar(*text);
        }
    }
}

static void put_setting(void *user, const struct wick_setting *setting)
{
    (void)user;
    printf(".TP\n.B %s\n", setting->name);
    put_text(setting->help);
    printf(".\nExpects ");
    put_text(setting->expects);
    if (setting->value[0]) {
        printf("; default ");
        put_text(setting->value);
    }
    printf(".\n");
}

int main(void)
{
    printf(".SH ENVIRONMENT\n");
    return wick_config_describe(put_setting, NULL) == 0 ? 0 : 1;
}
