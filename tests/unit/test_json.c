/*
 * SPDX-License-Identifier: MIT
 * JSON of the server: whatever texts are, it stays valid, in one line; what it reads is one flat object.
 * Must not know what is served. Invariant: expected texts are written out, not computed.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "sink/http/host/json.h"

static void expect_text(const char *text, size_t bytes, const char *expected)
{
    struct wk_json json = {0};

    wk_json_text(&json, text, bytes);
    cr_expect(json.used == strlen(expected) && memcmp(json.text, expected, json.used) == 0, "%.*s is not %s",
              (int)json.used, json.text, expected);
    wk_json_fini(&json);
}

Test(json, texts_break_out_of_nothing)
{
    expect_text("plain \xc3\xa9", 8, "\"plain \xc3\xa9\"");
    expect_text("a\"b\\c</script>", 14, "\"a\\u0022b\\u005cc\\u003c/script>\"");
    expect_text("\r\n\t\x1b\x7f", 5, "\"\\u000d\\u000a\\u0009\\u001b\\u007f\"");
    expect_text("\0", 1, "\"\\u0000\"");
    expect_text("\xe2\x80\xa8\xe2\x80\xa9", 6, "\"\\u2028\\u2029\"");
}

Test(json, bytes_that_are_no_utf8_are_replaced)
{
    expect_text("\xff\xfe", 2, "\"\\ufffd\\ufffd\"");
    expect_text("a\xc3", 2, "\"a\\ufffd\"");
    expect_text("\xc0\x80", 2, "\"\\ufffd\\ufffd\"");
    expect_text("\xed\xa0\x80", 3, "\"\\ufffd\\ufffd\\ufffd\"");
    expect_text("\xf4\x90\x80\x80", 4, "\"\\ufffd\\ufffd\\ufffd\\ufffd\"");
    expect_text("\xf0\x9f\x98\x80", 4, "\"\xf0\x9f\x98\x80\"");
}

Test(json, members_are_separated)
{
    struct wk_json json = {0};

    wk_json_raw(&json, "{");
    wk_json_member_count(&json, "a", UINT64_MAX);
    wk_json_member_ns(&json, "b", INT64_MIN);
    wk_json_member_text(&json, "c", "");
    wk_json_member_raw(&json, "d", "[");
    wk_json_raw(&json, "]}");
    wk_json_bytes(&json, "", 1);

    cr_expect_str_eq(json.text, "{\"a\":18446744073709551615,\"b\":\"-9223372036854775808\",\"c\":\"\",\"d\":[]}");
    wk_json_fini(&json);
}

static bool found(const char *object, const char *expected)
{
    char value[16];

    return wk_json_find(object, "a", value, sizeof value) && strcmp(value, expected) == 0;
}

Test(json, a_flat_object_is_read)
{
    cr_expect(found("{\"a\":\"b\"}", "b"));
    cr_expect(found(" { \"x\" : \"y\" , \"a\" : \"\\u0041\\n\\\"\" } \n", "A\n\""));
    cr_expect(found("{\"a\":\"\\ud83d\"}", "\xef\xbf\xbd"));
}

Test(json, what_is_no_flat_object_is_refused)
{
    static const char *const bad[] = {"", "{", "{}", "[]", "{\"a\"}", "{\"a\":1}", "{\"a\":\"b\"", "{\"a\":\"b\"}x",
                                      "{\"a\":\"b\",}", "{\"a\":{}}", "{\"a\":\"\n\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}",
                                      "{\"a\":\"0123456789abcdef\"}", "{\"x\":\"y\"}"};
    char value[16];

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_expect(!wk_json_find(bad[i], "a", value, sizeof value), "%s", bad[i]);
    }
}
