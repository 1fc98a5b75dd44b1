/*
 * SPDX-License-Identifier: MIT
 * What Context's viewers draw wrongly as it is recorded: scopes that begin together, a tight loop, locks held together in an
 * order that crosses scopes, names that are hostile. test_context.sh runs it.
 */
#include <wick/wick.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER, c = PTHREAD_MUTEX_INITIALIZER;

static void nest(void)
{
    WICK_SCOPE("A");
    WICK_SCOPE("B");
    WICK_SCOPE("C");
    WICK_SCOPE("D");
    WICK_SCOPEF("E %d", 5);
}

static void cross(void)
{
    wick_mutex_lock(&a);
    wick_mutex_lock(&b);
    {
        WICK_SCOPE("holding");
        wick_mutex_lock(&c);
        wick_mutex_unlock(&a);
        wick_mutex_lock(&a);
    }
    wick_mutex_unlock(&b);
    wick_mutex_unlock(&c);
    wick_mutex_unlock(&a);
}

int main(int count, char **arguments)
{
    wick_thread_name(count > 1 ? arguments[1] : "main");
    for (int i = 0; i < 5; i++) {
        nest();
        cross();
    }
    for (int i = 0; i < 100000 && count == 1; i++) {
        WICK_SCOPE("tight");
    }
    (void)wick_log_msg("query:1", "select", "START");
    (void)wick_log_msg("query:9", "42 rows", "ENDOK");
    WICK_SCOPE_DYN("new\nline \xff\xc2\xa0 and \xe2\x80\xae");
    return 0;
}
