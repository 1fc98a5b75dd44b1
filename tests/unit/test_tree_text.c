/*
 * SPDX-License-Identifier: MIT
 * The tree as text: layout, what --no-times keeps, hostile names.
 * Must not test arithmetic. Invariant: whole outputs are compared, so that a change of layout is seen.
 */
#include "model_support.h"

#define LOG                                                                                       \
    "100 h 7 main START a Main\n100 h 7 main START b Most of the work\n"                          \
    "100 h 7 main START c downloads\n190 h 7 main BMARK d Point in time to take note of\n"        \
    "300 h 7 main ENDOK c \n300 h 7 main START e A function call I want to time\n"                \
    "700 h 7 main ENDOK e \n701 h 7 main ENDOK b \n701 h 7 main START f function_that_speaks\n"   \
    "901 h 7 main ENDER f no luck\n1100 h 7 main ENDOK a \n"

Test(tree_text, is_the_tree_of_the_specification)
{
    struct model m = model_of(LOG);
    struct wick_text_options options = {.width = 90};

    char *text = model_render(&m, &options);

    cr_assert_str_eq(text, "h:7                                      total    share      calls      mean       p99\n"
                           "main                                   1000 s\n"
                           "  Main                                 1000 s   100.0 %\n"
                           "    Most of the work                    601 s    60.1 %\n"
                           "      downloads                         200 s    20.0 %\n"
                           "        @90(90) Point in time to take note of\n"
                           "      A function call I want to time    400 s    40.0 %\n"
                           "    function_that_speaks                200 s    20.0 %  1 failed: no luck\n"
                           "5 scopes in 1000 s  1 failed\n");
    free(text);
    model_close(&m);
}

Test(tree_text, without_times_keeps_what_does_not_vary)
{
    struct model m = model_of(LOG "1101 h 7 main START a Main\n1102 h 7 main START x left open\n"
                                  "1 h 7 able START z other\n2 h 7 able ENDOK z \n");
    struct wick_text_options options = {.no_times = 1};

    char *text = model_render(&m, &options);

    cr_assert_str_eq(text, "able\n  other\nmain\n  Main  x1  1 open\n    Most of the work\n      downloads\n"
                           "        @ Point in time to take note of\n      A function call I want to time\n"
                           "    function_that_speaks  1 failed: no luck\n    left open  1 open\n");
    free(text);
    model_close(&m);
}

Test(tree_text, makes_hostile_names_harmless)
{
    struct model m = model_of("1 h 7 t START f a\x1b[31mred\x07\tb\xff\xc2\x9b\xe2\x80\xae\xe2\x82\xac\n2 h 7 t ENDOK f \n");
    struct wick_text_options options = {.no_times = 1};

    char *text = model_render(&m, &options);

    cr_assert_str_eq(text, "t\n  a\\x1b[31mred\\x07\\x09b\xEF\xBF\xBD\\u009b\\u202e\xE2\x82\xAC\n");
    free(text);
    model_close(&m);
}

Test(tree_text, shows_the_longest_and_says_what_it_left_out)
{
    struct model m = model_of("1 h 7 t START f a\n2 h 7 t ENDOK f \n2 h 7 t START f b\n5 h 7 t ENDOK f \n"
                              "5 h 7 t START f c\n7 h 7 t ENDOK f \n");
    struct wick_text_options options = {.children = 2};

    char *text = model_render(&m, &options);

    const char *b = strstr(text, "\n  b "), *c = strstr(text, "\n  c "), *more = strstr(text, "\n  ... 1 more ");
    cr_assert(b && c && more && b < c && c < more, "%s", text);
    cr_assert(!strstr(text, "\n  a "));
    free(text);
    model_close(&m);
}

Test(tree_text, fits_a_narrow_terminal)
{
    struct model m = model_of(LOG "1101 h 7 main START f function_that_speaks\n1102 h 7 main ENDOK f \n"
                                  "1103 h 7 main START f function_that_speaks\n1104 h 7 main ENDOK f \n");

    for (uint32_t width = 34; width <= 120; width++) {
        struct wick_text_options options = {.width = width};
        char *text = model_render(&m, &options);
        for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
            size_t bytes = strcspn(line, "\n");
            int has_text = memchr(line, '@', bytes) || memmem(line, bytes, "failed", 6);
            cr_assert(has_text || bytes <= width + 4, "width %u: %.*s", width, (int)bytes, line); /* + UTF-8 */
        }
        cr_assert(strstr(text, "total"));
        free(text);
    }
    model_close(&m);
}
