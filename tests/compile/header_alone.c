/*
 * SPDX-License-Identifier: MIT
 * Compiled once per public header, with -include: each header stands on its own. The variable is here
 * because ISO C forbids an empty file; nothing else may be, least of all an include.
 */
extern int header_alone;
int header_alone;
