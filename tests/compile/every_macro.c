#include <wick/wick.h>
#include <stdio.h>
static int important(int a){ return a+1; }
static void nothing(void) {}
extern int work(const char*, pthread_mutex_t*);
int work(const char *url, pthread_mutex_t *m){
    WICK_SCOPE("Most of the work"); WICK_SCOPE("two on one line");
    WICK_SCOPE_STYLED("x", "io", 0xff0000);
    WICK_FUNCTION();
    {
        WICK_SCOPE_AS(downloads, "downloads");
        for (int i = 0; i < 3; i++) {
            WICK_SCOPEF("fetch %s", url);
            WICK_SCOPEF("no args");
            WICK_SCOPE_DYN(url);
            if (i) WICK_FAIL("timed out"); else WICK_FAILF("x %d", i);
        }
        WICK_MARK("Point"); WICK_MARKF("p %d", 3); WICK_MARK_STYLED("a", "b", 0x1);
        WICK_COUNTER("c", 3); WICK_COUNTER_ADD("c", 1.5); WICK_VALUE(17);
        WICK_THREAD_UNDER(&downloads);
        printf("%.3f\n", 1e-9 * WICK_I_CAST(double, wick_elapsed_ns(&downloads)));
        printf("%.3f\n", 1e-9 * WICK_I_CAST(double, wick_cpu_ns(&downloads)));
        WICK_END(downloads);
        WICK_SCOPEF_AS(again, "a %d", 4);
        wick_unwind_to(&again);
    }
    WICK_SCOPE_BOOKMARK("b"); WICK_SCOPE_CLEAR("b"); WICK_CLEAR();
    struct wick_scope s;
    WICK_BEGIN(&s, "nonlex"); wick_end(&s);
    WICK_BEGINF(&s, "nonlex %d", 3); wick_end(&s);
    WICK_CALL("void", nothing());
    WICK_WRAP(nothing());
    wick_mutex_lock(m);
    if (wick_mutex_trylock(m) == 0) wick_mutex_unlock(m);
    wick_log_start("a", 1, 0); wick_log_bmark("x"); wick_log_endok();
    wick_log_start("a", 0, 1); wick_log_ender("x"); wick_log_clear();
    (void)wick_log_msg("x", "y", "BMARK");
    if (wick_init(WICK_I_NULL) < 0) return 1;
    int y = WICK_CALL("call", important(3));
    return WICK_WRAP(important(y));
}
