/*
 * SPDX-License-Identifier: MIT
 * The table of settings: values, units, limits, precedence. Messages and files are e2e's (bad_input).
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include <wick/error.h>

#include "runtime/config.h"

static struct wick_config config_now;

static struct wick_config loaded(const struct wick_config *code)
{
    wk_config_fini(&config_now);
    (void)wk_config_load(&config_now, code);
    return config_now;
}

static void finish(void)
{
    wk_config_fini(&config_now);
}

TestSuite(config, .fini = finish);

/* One setting from the environment. */
static struct wick_config with(const char *name, const char *value)
{
    setenv(name, value, 1);
    return loaded(NULL);
}

Test(config, defaults)
{
    struct wick_config config = loaded(NULL);

    cr_assert_null(config.log_path);
    cr_assert_eq(config.full, WICK_FULL_DEFAULT);
    cr_assert_eq(config.names_max, 65536);
    cr_assert_eq(config.shutdown_ms, 2000);
    cr_assert_eq(config.wait_ms, 1000);
    cr_assert_not(wk_config_wants(&config));
}

Test(config, units_of_time) { cr_assert_eq(with("WICK_MIN", "250us").min_ns, 250000); }
Test(config, units_with_a_blank) { cr_assert_eq(with("WICK_MIN", "2 ms").min_ns, 2000000); }
Test(config, seconds) { cr_assert_eq(with("WICK_SHUTDOWN", "3s").shutdown_ms, 3000); }
Test(config, own_unit_without_one) { cr_assert_eq(with("WICK_TICK", "500").tick_us, 500); }
Test(config, sizes) { cr_assert_eq(with("WICK_LOG_ROTATE", "10M").log_rotate_bytes, 10u << 20); }
Test(config, small_letters) { cr_assert_eq(with("WICK_RING", "64k").ring_bytes, 65536); }
Test(config, switches_have_words) { cr_assert_eq(with("WICK_CPU", "yes").cpu_time, 1); }
Test(config, inverted_switches) { cr_assert_eq(with("WICK_JUMBO", "off").no_jumbo, 1); }
Test(config, choices) { cr_assert_eq(with("WICK_FULL", "WAIT").full, WICK_FULL_WAIT); }
Test(config, follow) { cr_assert_eq(with("WICK_FORK", "follow").fork_follow, 1); }
Test(config, zero_is_the_default) { cr_assert_eq(with("WICK_NAMES", "0").names_max, 65536); }
Test(config, below_the_limit_is_the_default) { cr_assert_eq(with("WICK_LOG_ROTATE", "100").log_rotate_bytes, 0); }
Test(config, overflow_is_the_default) { cr_assert_eq(with("WICK_MIN", "18446744073709551615s").min_ns, 0); }
Test(config, negative_is_the_default) { cr_assert_eq(with("WICK_MIN", "-5ms").min_ns, 0); }
Test(config, empty_is_not_set) { cr_assert_null(with("WICK_LOG", "").log_path); }

Test(config, the_field_wins_over_the_environment)
{
    struct wick_config code;

    wick_config_init(&code);
    code.log_path = "of the code";
    setenv("WICK_LOG", "of the environment", 1);
    setenv("WICK_TICK", "70us", 1);
    cr_assert_str_eq(loaded(&code).log_path, "of the code");
    cr_assert_eq(loaded(&code).tick_us, 70);
}

Test(config, off_wins_over_everything)
{
    struct wick_config code;
    struct wick_config config;

    wick_config_init(&code);
    code.log_path = "log";
    for (int i = 0; i < 7; i++) {
        static const char *const off[] = {"off", "0", "no", "False", "disable", "OFF", "NO"};
        setenv("WICK", off[i], 1);
        config = loaded(&code);
        cr_assert_not(wk_config_wants(&config), "%s", off[i]);
    }
    for (int i = 0; i < 5; i++) {
        static const char *const on[] = {"on", "1", "yes", "TRUE", ""};
        setenv("WICK", on[i], 1);
        config = loaded(&code);
        cr_assert(wk_config_wants(&config), "%s", on[i]);
    }
}

Test(config, nonsense_in_code_is_an_error)
{
    struct wick_config code;

    wick_config_init(&code);
    code.log_path = "run.json";
    cr_assert_eq(wk_config_load(&config_now, &code), WICK_E_CONFIG);
    wk_config_fini(&config_now);
    code.log_path = "run.ctxt";
    code.log_total_bytes = 1 << 20;
    cr_assert_eq(wk_config_load(&config_now, &code), WICK_E_CONFIG);
    cr_assert_eq(config_now.log_total_bytes, 0);
    wk_config_fini(&config_now);
    code.log_rotate_bytes = 1 << 16;
    code.filter = "+a,b";
    cr_assert_eq(wk_config_load(&config_now, &code), WICK_E_CONFIG);
    cr_assert_null(config_now.filter);
    wk_config_fini(&config_now);
    code.filter = "+a,-b";
    cr_assert_eq(wk_config_load(&config_now, &code), 0);
}

Test(config, strings_are_copies)
{
    char path[] = "run.ctxt";
    struct wick_config code;
    struct wick_config config;

    wick_config_init(&code);
    code.log_path = path;
    config = loaded(&code);
    path[0] = 'x';
    cr_assert_str_eq(config.log_path, "run.ctxt");
    finish();
    cr_assert_null(config_now.log_path);
}
