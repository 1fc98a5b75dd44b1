/*
 * SPDX-License-Identifier: MIT
 * Gives instrumented functions their names: the log has MODULE+0xOFFSET.
 * Must not trust a file with another build id. Invariant: see symbols.c.
 */
#ifndef WICK_TOOLS_WICK_INPUT_SYMBOLS_H
#define WICK_TOOLS_WICK_INPUT_SYMBOLS_H

#include "tool.h"

struct symbols;

struct symbols *symbols_create(void); /* NULL: no memory */
void symbols_destroy(struct symbols *symbols); /* NULL is allowed */
/* A function of struct wick_renamer; its user is the symbols. May be called in any thread. */
void symbols_rename(void *symbols, struct wick_site_info *site);

#endif
