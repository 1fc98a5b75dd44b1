/*
 * SPDX-License-Identifier: MIT
 * The sites and tracks that the indices of records name. Part of wick/model.h.
 */
#ifndef WICK_NAMES_H
#define WICK_NAMES_H

#include "records.h"

WICK_I_EXTERN_BEGIN

/* The kind of a site. */
enum wick_site_kind {
    WICK_SITE_SCOPE = 0, /* literal text */
    WICK_SITE_FORMAT,    /* literal is a printf format; instances carry their text */
    WICK_SITE_DYNAMIC,   /* the text is part of the identity */
    WICK_SITE_MARK,
    WICK_SITE_COUNTER,
    WICK_SITE_LOCK,
    WICK_SITE_FOREIGN,   /* from a log without `site` lines: location + text */
    WICK_SITE_KINDS
};

/* A site. Strings end with NUL; NULL counts as empty. */
struct wick_site_info {
    const char *location; /* as in the log: function:line, a lock's id, ... */
    const char *literal;  /* the name, for people */
    const char *file;     /* "" when unknown */
    const char *category; /* "" when none */
    uint32_t line;        /* 0 when unknown */
    uint32_t colour;      /* 0xRRGGBB; WICK_NONE when none */
    uint32_t process;     /* WICK_SITE_LOCK: its process, since lock ids are unique in one only; otherwise 0 */
    uint8_t kind;         /* enum wick_site_kind */
    uint8_t formatted;    /* WICK_SITE_MARK: instances carry their text; one without a text has an empty one */
};

/* A process: one execution of a program. Two of equal host and pid are two when their starts differ. */
struct wick_process_info {
    const char *host;
    const char *pid;        /* as the log writes it; other tools' logs may have words */
    uint64_t pid_number;    /* 0 when pid is no number */
    int64_t start_ns;       /* since the epoch; 0 when unknown */
    const char *program;    /* path of the executable; "" when unknown, as below */
    const char *arguments;  /* command line */
    const char *parent;     /* `host pid start` of the process whose child or part it is */
    const char *exec_from;  /* `host pid start` of the program that became this one by exec */
};

/* A track: a thread, a fiber or an async id of a process. */
struct wick_track_info {
    const char *thread;     /* name in the log */
    const char *label;      /* the newest name; "" when it never changed */
    uint32_t process;       /* index of its process */
};

struct wick_names;

/*
 * Create an empty table of names. NULL when there is no memory.
 *
 * allocator  borrows until wick_names_destroy
 * Threads    one at a time per table     Signals   not safe
 * Since      0.1
 */
WICK_API struct wick_names *wick_names_create(const struct wick_allocator *allocator);

/* Free a table. NULL is allowed. Since 0.1 */
WICK_API void wick_names_destroy(struct wick_names *names);

/*
 * Set the site, the process or the track of an index; the table grows as needed.
 *
 * info       copied
 * Errors     WICK_E_NOMEM
 * Since      0.1
 */
WICK_API int wick_names_set_site(struct wick_names *names, uint32_t index,
                                 const struct wick_site_info *info);
WICK_API int wick_names_set_process(struct wick_names *names, uint32_t index,
                                    const struct wick_process_info *info);
WICK_API int wick_names_set_track(struct wick_names *names, uint32_t index,
                                  const struct wick_track_info *info);

/*
 * Look up an index. An unknown index gives an entry of empty strings, never NULL.
 *
 * Returns    borrows until the next wick_names_set_* or destroy
 * Since      0.1
 */
WICK_API const struct wick_site_info *wick_names_site(const struct wick_names *names, uint32_t index);
WICK_API const struct wick_process_info *wick_names_process(const struct wick_names *names, uint32_t index);
WICK_API const struct wick_track_info *wick_names_track(const struct wick_names *names, uint32_t index);

/* Look up the process of a track; otherwise as above. Since 0.1 */
WICK_API const struct wick_process_info *wick_names_track_process(const struct wick_names *names, uint32_t track);

/*
 * Name a site or a track for people: its literal, else its location; its newest label, else its thread's name. Never
 * empty.
 *
 * Returns    borrows until the next wick_names_set_* or destroy
 * Since      0.1
 */
WICK_API const char *wick_names_site_name(const struct wick_names *names, uint32_t site);
WICK_API const char *wick_names_track_name(const struct wick_names *names, uint32_t track);

/*
 * Name a process for people: its command line, the program without its directory; without one `host:pid`. With its NUL in `room`
 * bytes (at least 1); cut at the end of a UTF-8 character. Returns the bytes without the NUL. Since 0.1
 */
WICK_API uint32_t wick_names_process_name(const struct wick_names *names, uint32_t process, char *to, uint32_t room);

/* Return the number of indices, which count from 0. Since 0.1 */
WICK_API uint32_t wick_names_sites(const struct wick_names *names);
WICK_API uint32_t wick_names_processes(const struct wick_names *names);
WICK_API uint32_t wick_names_tracks(const struct wick_names *names);

/*
 * Does a path of names, joined by /, match a pattern? The language of WICK_FILTER, WICK_FUNCTIONS and the tool's options:
 *
 *   *      any characters of one name            ?      one character of a name
 *   **     any characters, / too                 [a-z]  one of these; [!a-z]: one of all others; [*]: a star
 *   ** /   (without the space, where a name could begin): any names, or none
 *
 * A pattern without / matches the last name of the path, however deep it is; one with / the whole path. Characters are
 * UTF-8. Upper and lower case differ.
 *
 * pattern     ends with NUL
 * path        need not end with NUL; borrowed for the call, as the pattern
 * name_bytes  of the last name, at the end of the path: it may hold a / itself
 * Returns     1: it matches, 0: it does not
 * Threads     any     Signals   safe
 * Since       0.1
 */
WICK_API int wick_glob_match(const char *pattern, const char *path, size_t path_bytes, size_t name_bytes);

WICK_I_EXTERN_END

#endif
