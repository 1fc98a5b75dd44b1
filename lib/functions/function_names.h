/*
 * SPDX-License-Identifier: MIT
 * The location of a function in the log, and whether WICK_FUNCTIONS wants it. Called at a function's first hit only.
 */
#ifndef WICK_LIB_FUNCTIONS_FUNCTION_NAMES_H
#define WICK_LIB_FUNCTIONS_FUNCTION_NAMES_H

#include <stdbool.h>
#include <stdint.h>

struct wk_function_names {
    char location[320]; /* MODULE+0xOFFSET */
    char file[4300];    /* path of the module # its build id */
};

/* False: not wanted, `names` must not be used. */
bool wk_function_describe(uintptr_t function, struct wk_function_names *names);

#endif
