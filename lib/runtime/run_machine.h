/*
 * SPDX-License-Identifier: MIT
 * What the machine is like while the program runs, for those who hold runs against each other (WICK_CALIBRATE). For the drain
 * thread: it takes about 2 ms.
 */
#ifndef WICK_LIB_RUNTIME_RUN_MACHINE_H
#define WICK_LIB_RUNTIME_RUN_MACHINE_H

#include <stdbool.h>
#include <stddef.h>

typedef void wk_machine_row(void *user, const char *key, const char *value);

/* Measure, and call `row` for what is known; the texts borrow. ns_per_tick: of the recorder's clock. */
void wk_run_machine_start(bool tsc, double ns_per_tick, wk_machine_row *row, void *user);
/* The same for what recording a scope costs here: some microseconds. */
void wk_run_scope_cost(bool tsc, double ns_per_tick, wk_machine_row *row, void *user);
/* The compilers of the executable, as it names them; "": unknown. */
void wk_run_compiler(char *out, size_t size);
void wk_run_machine_end(wk_machine_row *row, void *user);

#endif
