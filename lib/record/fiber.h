/*
 * SPDX-License-Identifier: MIT
 * Fibers, for the other files of the library. The public side is wick/fiber.h.
 */
#ifndef WICK_LIB_RECORD_FIBER_H
#define WICK_LIB_RECORD_FIBER_H

/* Destructor of the recorder's key: a thread that ends in a fiber leaves it, then ends. */
void wk_fiber_thread_exit(void *thread);

#endif
