/*
 * SPDX-License-Identifier: MIT
 * The same in C++, where overloads take the place of _Generic.
 */
#include "whole_numbers.c"
