/*
 * SPDX-License-Identifier: MIT
 * What a function is called in the log, and whether WICK_FUNCTIONS wants it. At a function's first hit only.
 */
#ifndef WICK_LIB_FUNCTIONS_FUNCTION_NAMES_H
#define WICK_LIB_FUNCTIONS_FUNCTION_NAMES_H

#include <stdbool.h>
#include <stdint.h>

struct wk_function_names {
    char location[320]; /* MODULE+0xOFFSET */
    char file[4300];    /* path of the module # its build id */
};

/* Not wanted: false, and the names are not set. */
bool wk_function_describe(uintptr_t function, struct wk_function_names *names);

#endif
