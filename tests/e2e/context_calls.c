/*
 * SPDX-License-Identifier: MIT
 * e2e: the functions of Context's API under our prefix.
 */
#include <stdio.h>
#include <string.h>

#include <wick/wick.h>

static void profiled(void)
{
    wick_profile_begin();
    wick_profile_begin();
    wick_log_start("profiled", 0, 0);
    wick_log_endok("it went well");
    wick_profile_end();
    wick_profile_end();
    wick_log_start("functions are not profiled", 0, 0);
    wick_log_endok(NULL);
    wick_profile_begin();
}

int main(void)
{
    wick_log_start("outer", 1, 1);
    wick_log_start("inner", 0, 0);
    wick_log_ender("it failed");
    wick_log_bmark("a bookmark");
    (void)wick_log_msg("somewhere", "by message", "START");
    (void)wick_log_msg("somewhere", "a point", "BMARK");
    (void)wick_log_msg("a-lock", "a lock", "LOCKW");
    (void)wick_log_msg("a-lock", "a lock", "LOCKA");
    (void)wick_log_msg("a-lock", "a lock", "LOCKR");
    (void)wick_log_msg("somewhere", "42 rows", "ENDOK");
    (void)wick_log_msg(NULL, NULL, "BMARK");
    printf("%d %s\n", wick_log_msg("x", "y", "start"), strstr(wick_error_detail(), "START") ? "told" : "silent");
    wick_log_endok();
    wick_log_endok(); /* nothing is open */
    profiled();
    wick_log_start("swept", 0, 0);
    wick_log_clear();
    return 0;
}
