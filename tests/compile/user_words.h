/*
 * SPDX-License-Identifier: MIT
 * Words that programs define as macros (Qt, GLib, kernels' headers, old compilers' limits), each as something that no
 * code survives: a public header that says one of them, in a declaration or in what a macro expands to, does not compile.
 */
#ifndef WICK_TESTS_COMPILE_USER_WORDS_H
#define WICK_TESTS_COMPILE_USER_WORDS_H

#define slots )
#define signals )
#define emit )
#define foreach )
#define unused )
#define noinline )
#define always_inline )
#define cold )
#define off )
#define on )
#define cleanup )
#define printf )
#define format )
#define visibility )
#define constructor )
#define packed )
#define aligned )
#define likely )
#define unlikely )
#define min )
#define max )

#endif
