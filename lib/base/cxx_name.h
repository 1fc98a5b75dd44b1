/*
 * SPDX-License-Identifier: MIT
 * What C++ compilers call a function (__PRETTY_FUNCTION__) made its qualified name: `void ns::Mesh<T>::update(int) [with T = int]`
 * is ns::Mesh::update, a lambda in main is main::operator(). gcc and clang come out alike.
 */
#ifndef WICK_LIB_BASE_CXX_NAME_H
#define WICK_LIB_BASE_CXX_NAME_H

#include <stddef.h>

/* Write the name, which is cut to `room` - 1 bytes, with its NUL. Returns its bytes. What is not understood stays as it is. */
size_t wk_cxx_name(char *out, size_t room, const char *pretty);

#endif
