/*
 * SPDX-License-Identifier: MIT
 * The table of sites: what is one site and what is two, names, limits.
 */
#include <stdio.h>

#include "record_support.h"

static struct wick_site place(const char *literal, uint32_t line, uint32_t kind)
{
    return (struct wick_site){literal, "function", "file.c", NULL, line, 0, kind, 0};
}

static const char *location(uint32_t id)
{
    return wk_site_texts(wk_site_get(id)).location;
}

static void begin(void)
{
    wk_site_begin();
}

TestSuite(site, .init = begin);

Test(site, equal_places_are_one_site)
{
    struct wick_site one = place("name", 7, WICK_I_SITE_SCOPE);
    struct wick_site same = one; /* an inline function in two files */

    cr_assert_eq(wk_site_register(&one), wk_site_register(&same));
    cr_assert_eq(one.id, same.id);
    cr_assert_str_eq(location(one.id), "function:7");
}

Test(site, two_on_a_line_differ_in_their_location)
{
    struct wick_site one = place("one", 7, WICK_I_SITE_SCOPE);
    struct wick_site two = place("two", 7, WICK_I_SITE_SCOPE);
    struct wick_site mark = place("one", 7, WICK_I_SITE_MARK);

    wk_site_register(&one);
    wk_site_register(&two);
    wk_site_register(&mark);
    cr_assert_str_eq(location(one.id), "function:7");
    cr_assert_str_eq(location(two.id), "function:7.2");
    cr_assert_str_eq(location(mark.id), "function:7.3");
}

Test(site, same_function_in_two_files_is_two_sites)
{
    struct wick_site one = place("name", 7, WICK_I_SITE_SCOPE);
    struct wick_site other = one;

    other.file = "other.c";
    wk_site_register(&one);
    wk_site_register(&other);
    cr_assert_neq(one.id, other.id);
    cr_assert_str_neq(location(one.id), location(other.id));
}

Test(site, a_call_is_named_up_to_its_bracket)
{
    struct wick_site call = place("important(3, f(4))", 1, WICK_I_SITE_WRAP);

    wk_site_register(&call);
    cr_assert_eq(wk_site_get(call.id)->literal_bytes, 9);
    cr_assert_arr_eq(wk_site_texts(wk_site_get(call.id)).literal, "important", 9);
}

Test(site, without_a_name_it_is_the_function)
{
    struct wick_site function = place(NULL, 1, WICK_I_SITE_SCOPE);

    wk_site_register(&function);
    cr_assert_str_eq(wk_site_texts(wk_site_get(function.id)).literal, "function");
}

Test(site, copies_outlive_the_module)
{
    char name[] = "of a plugin";
    struct wick_site site = place(name, 1, WICK_I_SITE_SCOPE);

    wk_site_register(&site);
    memset(name, 'x', sizeof name - 1);
    cr_assert_str_eq(wk_site_texts(wk_site_get(site.id)).literal, "of a plugin");
}

Test(site, unknown_ids_have_no_entry)
{
    cr_assert_null(wk_site_get(0));
    cr_assert_null(wk_site_get(1));
    cr_assert_null(wk_site_get(UINT32_MAX));
}

Test(site, texts_beyond_the_limit_share_a_site_and_are_counted)
{
    const struct wick_site dynamic = place(NULL, 3, WICK_I_SITE_DYNAMIC);
    uint32_t ids[6];
    char text[16];

    wk_site_set_names_max(4);
    for (int i = 0; i < 6; i++) {
        snprintf(text, sizeof text, "text %d", i);
        ids[i] = wk_site_intern(&dynamic, text, WICK_I_SITE_DYNAMIC);
    }
    cr_assert_eq(ids[4], ids[5]);
    cr_assert_neq(ids[3], ids[4]);
    cr_assert_str_eq(wk_site_texts(wk_site_get(ids[5])).literal, "(too many names)");
    cr_assert_eq(wk_site_overflow(), 2);
    cr_assert_eq(wk_site_intern(&dynamic, "text 2", WICK_I_SITE_DYNAMIC), ids[2], "known texts stay known");
}

Test(site, many_are_found_again)
{
    const struct wick_site dynamic = place(NULL, 3, WICK_I_SITE_DYNAMIC);
    static uint32_t ids[20000];
    char text[16];

    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 20000; i++) {
            uint32_t id;

            snprintf(text, sizeof text, "text %d", i);
            id = wk_site_intern(&dynamic, text, WICK_I_SITE_DYNAMIC);
            cr_assert(round == 0 || ids[i] == id, "text %d has a second id", i);
            cr_assert_str_eq(wk_site_texts(wk_site_get(id)).literal, text);
            ids[i] = id;
        }
    }
    cr_assert_eq(wk_site_count(), 20000);
}

Test(site, locks_of_one_name_are_numbered)
{
    uint32_t first = wk_site_add_lock("mutex");
    uint32_t second = wk_site_add_lock("mutex");

    cr_assert_str_eq(location(first), "mutex");
    cr_assert_str_eq(location(second), "mutex.2");
}

/* ---- switched off ---------------------------------------------------------------------------- */

Test(site, scopes_of_a_name_are_off)
{
    struct wick_site scope = place("b", 7, WICK_I_SITE_SCOPE);
    struct wick_site format = place("b", 8, WICK_I_SITE_FORMAT);
    struct wick_site call = place("b(1)", 9, WICK_I_SITE_WRAP);
    struct wick_site mark = place("b", 10, WICK_I_SITE_MARK);
    struct wick_site other = place("bb", 11, WICK_I_SITE_SCOPE);
    const struct wick_site dynamic = place(NULL, 12, WICK_I_SITE_DYNAMIC);

    cr_assert(!wick_i_site_is_off(0));
    cr_assert(wk_site_set_off("a\0b", 4));
    cr_assert(!wick_i_site_is_off(0));
    cr_assert(wick_i_site_is_off(wk_site_register(&scope)));
    cr_assert(wick_i_site_is_off(wk_site_register(&format)));
    cr_assert(wick_i_site_is_off(wk_site_register(&call)));
    cr_assert_gt((int32_t)wk_site_register(&mark), 0);
    cr_assert_gt((int32_t)wk_site_register(&other), 0);
    cr_assert_gt((int32_t)wk_site_intern(&dynamic, "b", WICK_I_SITE_DYNAMIC), 0);
    cr_assert_eq(scope.id & ~WICK_I_SITE_FILTER_MASK, 1, "it still says its number");
}

Test(site, another_filter_switches_them_on_again)
{
    struct wick_site site = place("b", 7, WICK_I_SITE_SCOPE);

    (void)wk_site_set_off("b", 2);
    wk_site_register(&site);
    (void)wk_site_set_off("b", 2);
    cr_assert(wick_i_site_is_off(site.id), "the same filter again");
    (void)wk_site_set_off("c", 2);
    cr_assert(!wick_i_site_is_off(site.id));
    cr_assert_lt((int32_t)site.id, 0, "the slow way looks again");
    cr_assert_eq(wk_site_look_again(&site), 1);
    cr_assert_eq(site.id, 1);
    (void)wk_site_set_off("b", 2);
    cr_assert(wk_site_is_off(1), "for the drain: the place has been on and is not asked again");
    (void)wk_site_set_off(NULL, 0);
    cr_assert(!wk_site_is_off(1));
}

Test(site, what_is_in_a_scope_that_is_off_is_recorded)
{
    struct reader *reader = reader_create();

    recorder_on(UINT32_MAX);
    (void)wk_site_set_off("off", 4);
    for (int i = 0; i < 3; i++) {
        WICK_SCOPE("on");
        WICK_SCOPE_AS(scope, "off");
        WICK_SCOPEF("off");
        WICK_SCOPE_BOOKMARK("off");
        WICK_SCOPE("inner");
        cr_assert_eq(wick_elapsed_ns(&scope), 0);
    }
    reader_drain(reader, wk_thread_at(wk_recorder.root->fresh), UINT32_MAX);
    cr_assert_eq(reader->starts, 6);
    cr_assert_eq(reader->ends, 6);
    cr_assert_eq(reader->marks, 0);
    cr_assert_eq(reader->decoder.unwound, 0);
    reader_destroy(reader);
}
