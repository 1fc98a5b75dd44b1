/*
 * SPDX-License-Identifier: MIT
 * Descriptors of ours: high numbers, above what daemons close and programs expect. While one is being opened it has the
 * lowest free number for a moment, which a child that is forked meanwhile would keep: fork waits for that moment.
 */
#ifndef WICK_LIB_BASE_DESCRIPTOR_H
#define WICK_LIB_BASE_DESCRIPTOR_H

#include <stdbool.h>

/* open(2) with O_CLOEXEC, moved up; a low limit of descriptors leaves it low. -1 with errno. */
int wk_descriptor_open(const char *path, int flags);

/* socket(2) for a stream, SOCK_CLOEXEC and SOCK_NONBLOCK, likewise. */
int wk_descriptor_socket(int family);

/* Around fork. A file system that hangs is not waited for: then the child may keep a number. */
void wk_descriptor_fork_prepare(void);
void wk_descriptor_fork_parent(void);
void wk_descriptor_fork_child(void);

#endif
