/*
 * SPDX-License-Identifier: MIT
 * A library of the parent's that records.
 */
#include <wick/wick.h>

int part_work(int times);

int part_work(int times)
{
    WICK_SCOPE("part");
    return 2 * times;
}
