/*
 * SPDX-License-Identifier: MIT
 * The tree at exit and the live page together build one tree and one table of names: the linker passes each creation
 * through here.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

#include <wick/wick.h>
#include <wick/serve.h>

static int trees, tables;

struct wick_tree *__real_wick_tree_create(const struct wick_allocator *allocator);
struct wick_names *__real_wick_names_create(const struct wick_allocator *allocator);
struct wick_tree *__wrap_wick_tree_create(const struct wick_allocator *allocator);
struct wick_names *__wrap_wick_names_create(const struct wick_allocator *allocator);

struct wick_tree *__wrap_wick_tree_create(const struct wick_allocator *allocator)
{
    __atomic_add_fetch(&trees, 1, __ATOMIC_RELAXED);
    return __real_wick_tree_create(allocator);
}

struct wick_names *__wrap_wick_names_create(const struct wick_allocator *allocator)
{
    __atomic_add_fetch(&tables, 1, __ATOMIC_RELAXED);
    return __real_wick_names_create(allocator);
}

static void record(struct wick_config *config)
{
    cr_assert_eq(wick_init(config), 0);
    for (int i = 0; i < 1000; i++) {
        WICK_SCOPE("outer");
        WICK_SCOPE("inner");
    }
    cr_assert_eq(wick_shutdown(), 0);
}

Test(one_tree, serves_the_page_and_is_written_at_exit)
{
    struct wick_config config;

    wick_config_init(&config);
    config.tree_path = "/dev/null";
    config.serve = "127.0.0.1:0";
    setenv("WICK_MODULE_DIR", WICK_TEST_MODULES, 1);
    record(&config);
    cr_assert_eq(trees, 1);
    cr_assert_eq(tables, 1);
}

Test(one_tree, is_not_there_when_nobody_asks)
{
    struct wick_config config;

    wick_config_init(&config);
    config.log_path = "/dev/null";
    record(&config);
    cr_assert_eq(trees, 0);
    cr_assert_eq(tables, 1);
}
