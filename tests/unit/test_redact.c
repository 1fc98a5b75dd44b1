/*
 * SPDX-License-Identifier: MIT
 * What is shown of a command line and of a message. HID stands for every secret of these tests.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/redact.h"

#define HID "h1d3n"

/* What is shown of `arguments`, which are separated by `|`. */
static const char *shown(const char *arguments)
{
    static struct wk_redaction redaction;
    char text[WK_REDACT_BYTES];

    redaction = (struct wk_redaction){.used = 0};
    snprintf(text, sizeof text, "%s", arguments);
    for (char *at = text, *bar; at; at = bar) {
        bar = strchr(at, '|');
        if (bar) {
            *bar++ = 0;
        }
        wk_redact_argument(&redaction, at);
    }
    return redaction.line;
}

static void hides(const char *const *arguments, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cr_expect_null(strstr(shown(arguments[i]), HID), "%s: %s", arguments[i], shown(arguments[i]));
        cr_expect_not_null(strstr(shown(arguments[i]), "***"), "%s: %s", arguments[i], shown(arguments[i]));
    }
}

static void keeps(const char *const *arguments, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cr_expect_null(strstr(shown(arguments[i]), "***"), "%s: %s", arguments[i], shown(arguments[i]));
    }
}

#define HIDES(...) hides((const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))
#define KEEPS(...) keeps((const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

Test(redact, headers)
{
    HIDES("curl|-H|Authorization: Bearer " HID, "curl|-HAuthorization: Basic " HID, "curl|-H|X-Api-Key: " HID,
          "curl|--header=Proxy-Authorization: Digest a, b=" HID, "curl|-H|Cookie: a=" HID, "curl|-H|PRIVATE-TOKEN:" HID,
          "sh|-c|curl -H 'authorization: bearer " HID "' http://x", "curl|-H|x-amz-security-token: " HID, "x|Bearer " HID);
}

Test(redact, user_and_password)
{
    HIDES("curl|-u|bob:" HID, "curl|-ubob:" HID, "curl|--user|bob:" HID, "curl|--user=bob:" HID, "curl|--proxy-user|b:" HID,
          "curl|-U|bob:" HID, "sh|-c|curl -u bob:" HID " http://x");
    KEEPS("mysqldump|-u|root|db", "ssh|-u|bob", "app|--user|bob", "app|--user=bob");
}

Test(redact, options)
{
    HIDES("app|--password|" HID, "app|--password=" HID, "app|--pw=" HID, "app|--pw|" HID, "app|--cookie|a=" HID,
          "app|--jwt|" HID, "app|--bearer=" HID, "app|-pw|" HID, "app|--apiKey|" HID, "app|--api-key=" HID,
          "app|--client-secret|my " HID, "app|--password=my " HID, "app|--accessToken=a=" HID, "app|--token|-" HID,
          "app|--key|--password|" HID, "app|--dbpassword|" HID, "app|--from-literal=password=" HID,
          "sh|-c|app --password " HID " --other", "app|--credentials|" HID, "app|--passphrase|" HID);
}

Test(redact, variables)
{
    HIDES("env|GITHUB_TOKEN=" HID "|app", "env|PGPASSWORD=" HID, "env|MYSQL_PWD=" HID, "env|AWS_SECRET_ACCESS_KEY=" HID,
          "docker|-e|NPM_TOKEN=" HID, "sh|-c|X=1 DB_PASS=" HID " app", "app|Server=x;Password=" HID ";Port=1",
          "app|http://x/?a=1&access_token=" HID "&b=2", "app|AccountKey=" HID "==");
}

Test(redact, urls)
{
    HIDES("app|http://bob:" HID "@host/path", "app|https://" HID "@host", "app|postgres://b:a/" HID "@host:1/db",
          "app|ftp://b:a@" HID "@host", "app|redis://:a?#" HID "@host", "app|--url=amqp://b:" HID " " HID "@host",
          "app|a://b:c@d,e://f:" HID "@host", "app|bob:" HID "@tcp(host)/db", "git|clone|ssh://b:" HID "@host");
    cr_expect_str_eq(shown("app|http://bob:pw@host/path"), "app http://***@host/path");
    KEEPS("app|http://host:8080/path?x=1", "app|git@host:group/project", "app|bob@host");
}

Test(redact, json)
{
    HIDES("app|{\"password\":\"" HID "\"}", "app|{\"a\":{\"apiKey\" : \"x\\\"" HID "\"}}", "app|{'token': '" HID "'}",
          "app|{\"secret\":{\"a\":[1,\"" HID "\"]},\"b\":2}", "app|{\"token\":\"" HID, "app|{\"pw\":12, \"key\":\"" HID "\"}");
    cr_expect_str_eq(shown("app|{\"user\":\"bob\",\"password\":\"x\",\"port\":1}"),
                     "app {\"user\":\"bob\",\"password\":***,\"port\":1}");
}

Test(redact, attached_passwords_of_few_programs)
{
    HIDES("mysql|-p" HID, "/usr/bin/mysqldump|-uroot|-p" HID "|db", "mariadb|-h|x|-p" HID, "sshpass|-p" HID "|ssh|x",
          "sshpass|-p|" HID "|ssh|x", "sudo|mysql|-p" HID, "sh|-c|mysql -p" HID " db");
    KEEPS("server|-p8080", "ssh|-p22|host", "mysql|-p|database", "server|-p|8080");
}

Test(redact, no_length)
{
    cr_expect_str_eq(shown("app|--pw|x"), "app --pw ***");
    cr_expect_str_eq(shown("app|--pw=xxxxxxxxxxxxxxxxxxxx"), "app --pw=***");
    cr_expect_str_eq(shown("app|TOKEN=x"), "app TOKEN=***");
}

Test(redact, ordinary_words_stay)
{
    KEEPS("app|--monkey|banana", "app|--compass|north", "app|--author=bob", "app|--tokenizer|bert", "app|--passive",
          "app|--keyboard|us", "app|key|value", "app|10:30:00", "app|--bypass|x", "app|a=b", "app||x", "app|--size=3:4");
}

Test(redact, messages)
{
    char text[64] = "http://bob:pw@host: refused";

    wk_redact_urls(text, sizeof text);
    cr_expect_str_eq(text, "http://***@host: refused");
}

Test(redact, memory_ends)
{
    static char line[3 * WK_REDACT_BYTES];
    struct wk_redaction redaction = {.used = 0};

    memset(line, 'x', sizeof line - 1);
    memcpy(line + 1010, "a://b:c@d {\"key\":1,", 19);
    for (int i = 0; i < 3; i++) {
        wk_redact_argument(&redaction, line);
    }
    cr_expect_eq(strlen(redaction.line), sizeof redaction.line - 1);
}
