/*
 * SPDX-License-Identifier: MIT
 * What recording costs on this machine, measured and printed.
 */
#ifndef WICK_TOOLS_WICK_CMD_DOCTOR_COST_H
#define WICK_TOOLS_WICK_CMD_DOCTOR_COST_H

#include <stdbool.h>

/* Takes some seconds. False: it could not be measured, which it said. */
bool doctor_cost(void);

#endif
