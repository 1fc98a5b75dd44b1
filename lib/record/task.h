/*
 * SPDX-License-Identifier: MIT
 * Tasks, for the other files of the library. The public side is wick/task.h.
 */
#ifndef WICK_LIB_RECORD_TASK_H
#define WICK_LIB_RECORD_TASK_H

/* Destructor of the recorder's key: a thread that ends in a task leaves it, then ends. */
void wk_task_thread_exit(void *thread);

#endif
