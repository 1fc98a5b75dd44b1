/*
 * SPDX-License-Identifier: MIT
 * wick's own descriptors get high numbers, above those that daemons close and programs expect. A new descriptor has
 * the lowest free number until it is moved; fork waits for the move, so that no child inherits the low number.
 */
#ifndef WICK_LIB_BASE_DESCRIPTOR_H
#define WICK_LIB_BASE_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* open(2) with O_CLOEXEC, moved up; it stays low where the limit of descriptors is low. -1 with errno. */
int wk_descriptor_open(const char *path, int flags);

/* The beginning of a file, as a text of at most size - 1 bytes. Returns how many; 0: none, or it cannot be read. */
size_t wk_descriptor_read(const char *path, char *out, size_t size);

/* wk_descriptor_open with O_CREAT. A new file has mode 0600; a mode that is not 0 is given to it, and to an old one. */
int wk_descriptor_create(const char *path, int flags, uint32_t mode);

/* A new file in a directory that has no name yet, with the mode as above. */
int wk_descriptor_create_unnamed(const char *directory, uint32_t mode);

/* Does a setting name a descriptor of the program's: -, stdout, stderr, /dev/stdout, /dev/stderr, /dev/fd/N? Its number, or -1. */
int wk_descriptor_named(const char *path);
/* A copy of it, moved up. -1 with errno. */
int wk_descriptor_copy(int fd);

/* socket(2) for a stream, SOCK_CLOEXEC and SOCK_NONBLOCK, likewise. */
int wk_descriptor_socket(int family);

/* Fork handlers. They wait at most 100 ms for an open that hangs; the child may then inherit a low number. */
void wk_descriptor_fork_prepare(void);
void wk_descriptor_fork_parent(void);
void wk_descriptor_fork_child(void);

#endif
