/*
 * SPDX-License-Identifier: MIT
 * Every macro that takes a text with a literal u8"", which in C++20 has a type of its own. Never run.
 */
#include <wick/wick.h>

int every_u8(wick_tracker *tracker);
int every_u8(wick_tracker *tracker)
{
    wick_scope other = {0, 0, 0, -1, -1, 0, 0};
    const char8_t *text = u8"später";

    WICK_SCOPE(u8"größe");
    WICK_SCOPE_STYLED(u8"größe", u8"ein/aus", 0xff0000);
    WICK_SCOPEF(u8"größe %d", 3);
    WICK_SCOPEF(u8"größe");
    WICK_SCOPE_DYN(u8"größe");
    WICK_SCOPE_DYN(text);
    WICK_SCOPE_BOOKMARK(u8"größe");
    WICK_SCOPE_CLEAR(u8"größe");
    WICK_SCOPE_AS(named, u8"größe");
    WICK_TIMED(timed, u8"größe");
    WICK_SCOPEF_AS(formatted, u8"größe %s", "lang");
    WICK_SCOPE_TRACKER(tracker, u8"größe");
    WICK_BEGIN(&other, u8"größe");
    wick_end(&other);
    WICK_BEGINF(&other, u8"größe %d", 1);
    wick_end(&other);
    WICK_MARK(u8"größe");
    WICK_MARK_STYLED(u8"größe", u8"ein/aus", 0xff0000);
    WICK_MARKF(u8"größe %d", 1);
    WICK_COUNTER(u8"größe", 1);
    WICK_COUNTER_ADD(u8"größe", 1);
    WICK_COUNTER_UNIT(u8"größe", 1, u8"bytes");
    WICK_SUM(u8"größe", 1, u8"bytes");
    WICK_FAIL(u8"größe");
    WICK_FAIL(text);
    WICK_FAILF(u8"größe %d", 1);
    wick_log_start(u8"größe", 0, 0);
    wick_log_bmark(u8"größe");
    wick_log_endok(u8"größe");
    WICK_FAIL(WICK_I_NULL);
    return WICK_CALL(u8"größe", 3);
}
