/*
 * SPDX-License-Identifier: MIT
 * Turns one form of a log into another: .ctxt, .wick.
 * Must not know either form: the model's converter does. Invariant: see forms.c.
 */
#ifndef WICK_TOOLS_WICK_INPUT_FORMS_H
#define WICK_TOOLS_WICK_INPUT_FORMS_H

#include "tool.h"

/* A converter to the form `to` (enum wick_form). NULL: no memory. */
struct wick_converter *forms_converter(uint32_t to, const struct wick_text_out *out);
/* Write a whole log in the form `to` (enum wick_form). 0, or an exit code after a message. */
int forms_convert(const struct settings *settings, const char *path, uint32_t to, FILE *file);
/* Is this file another tool's, or one that cannot be read? Says so. */
bool forms_is_foreign(const struct settings *settings, const char *path);
/* A stream that writes the lines it gets to `to` as wire; closing it closes both. NULL: no memory, `to` is closed. */
FILE *forms_wire_stream(FILE *to);
/* A stream that writes to `to`, and leaves it open when it is closed. NULL: no memory. */
FILE *forms_borrowed_stream(FILE *to);
/* Does a file of this name hold wire? */
bool forms_is_wire(const char *name);

#endif
