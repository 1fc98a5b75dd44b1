/*
 * SPDX-License-Identifier: MIT
 * The same in C++.
 */
#include "named_sums.c"
