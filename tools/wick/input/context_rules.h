/*
 * SPDX-License-Identifier: MIT
 * What Context's two compilers do not take of a line, or take for something else. `check` says it, `repair` mends it.
 * Must not change a line. Invariant: see context_rules.c.
 */
#ifndef WICK_TOOLS_WICK_INPUT_CONTEXT_RULES_H
#define WICK_TOOLS_WICK_INPUT_CONTEXT_RULES_H

#include "input/lines.h"

enum context_fault {
    CONTEXT_NAME,     /* a node or thread that is empty or has white space: the Python compiler crashes */
    CONTEXT_SPACE,    /* a thread's name has a space: all fields behind it are shifted */
    CONTEXT_PID,      /* beyond 2^31-1: the Go compiler skips the line */
    CONTEXT_WORD,     /* no known word, but in capitals, or one edit from one */
    CONTEXT_RELEASE,  /* LOCKR of a lock that the thread does not hold: the Python compiler crashes */
    CONTEXT_NESTED,   /* a lock while another is held: likewise */
    CONTEXT_EARLY,    /* an END earlier than its START: the viewer shows nothing */
    CONTEXT_CLOSE,    /* two scopes whose times are equal in float64: the viewer draws them inside out */
    CONTEXT_FAULTS
};

/* A scope that is open. */
struct context_scope {
    int64_t start_ns;
    char *location;
};

struct context_thread {
    char *name; /* `node pid thread` */
    struct context_scope *open;
    uint32_t depth, capacity;
    double ended_start, ended; /* seconds, in float64, of the scope that ended last */
    char holds[128], waits[128]; /* locations of locks; "": none */
    struct context_thread *next; /* of all threads, in order of first appearance */
};

struct context_rules;

struct context_rules *context_rules_create(void);
void context_rules_destroy(struct context_rules *rules); /* NULL is allowed */
/* How many fields behind the thread's name are part of it; 0: its name has no space. */
uint32_t context_spaces(const struct text_field fields[7]);
/* Is this field, of a node or thread, one that crashes the Python compiler? */
bool context_is_bad_name(const struct text_field *field);
/* Bytes of the white space that begins here and is no plain space; 0: none does. */
size_t context_white_bytes(const char *text, size_t left);
/* The faults of the next line of a log, as bits 1 << enum context_fault. Its thread, as it was before the line. */
uint32_t context_faults(struct context_rules *rules, const struct text_line *line, const struct text_field fields[7],
                        struct context_thread **thread);
/* Go on behind the line. False: no memory. */
bool context_follow(struct context_thread *thread, const struct text_line *line, const struct text_field fields[7]);
struct context_thread *context_first_thread(const struct context_rules *rules);
bool context_field_is(const struct text_field *field, const char *word);

#endif
