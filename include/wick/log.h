/*
 * SPDX-License-Identifier: MIT
 * Logs: bytes into records (whole, or in parts that threads read), and one form of a log into the other. Part of wick/model.h.
 */
#ifndef WICK_LOG_H
#define WICK_LOG_H

#include "tree.h"

WICK_I_EXTERN_BEGIN

/* ---- reader: .ctxt lines or wire frames into records ------------------------------------------ */

/* What can be wrong with a line or a frame. None is fatal: it is left out and counted. */
enum wick_problem {
    WICK_PROBLEM_TORN = 0, /* fewer than seven fields */
    WICK_PROBLEM_TIME,     /* the time is not a number of seconds between 1970 and 2262 */
    WICK_PROBLEM_PID,
    WICK_PROBLEM_LONG,     /* longer than the limit */
    WICK_PROBLEM_NUMBER,   /* an extension line whose text is not what its word promises */
    WICK_PROBLEM_END,      /* the last line has no newline and could not be used */
    WICK_PROBLEM_WORD,     /* an action word that we do not know: harmless */
    WICK_PROBLEM_CHECKSUM, /* wire: damaged bytes, whose frames are left out */
    WICK_PROBLEM_FRAME,    /* wire: the log ends in the middle of a frame */
    WICK_PROBLEM_GAP,      /* wire: frames are missing here (frames_lost) */
    WICK_PROBLEM_VERSION,  /* wire: of a version that we do not know; its frames are left out */
    WICK_PROBLEM_CONTENT,  /* wire: a frame that means nonsense from here on */
    WICK_PROBLEM_KINDS
};

struct wick_problem_info {
    uint64_t line;       /* 1 = first of the log; wire: number of the frame */
    char excerpt[64];    /* printable start of the line (or the word), ends with NUL */
    uint8_t kind;        /* enum wick_problem */
};

struct wick_reader_stats {
    uint64_t bytes, lines, records;
    uint64_t problems[WICK_PROBLEM_KINDS];
    uint64_t clock_breaks;
    uint32_t foreign; /* 1: scopes without `site` lines were seen */
    uint32_t wire;    /* 1: the log is in wire form; lines are its events then */
    uint64_t frames, frames_lost, frames_repeated; /* used; missing between them; seen before, left out */
    uint64_t cut_ends; /* ENDs of scopes that began before the part of the stream that is there: left out */
};

/* Who gets the records; texts are borrowed until it returns. Negative ends the reading. */
struct wick_record_out {
    int (*records)(void *user, const struct wick_record *records, size_t count);
    void *user;
};

enum wick_vector {
    WICK_VECTOR_NONE = 0, /* plain C */
    WICK_VECTOR_SSE2, /* WebAssembly: its 128-bit vectors, when the model was compiled with them */
    WICK_VECTOR_AVX2
};

struct wick_reader;

/*
 * Create a reader for one log. NULL when there is no memory.
 *
 * allocator  borrows until wick_reader_destroy
 * names      borrows likewise; the reader fills it (several readers may fill one table in turn only
 *            through wick_reader_restart)
 * out        copied
 * vector     what the processor can do, enum wick_vector
 * Since      0.1
 */
WICK_API struct wick_reader *wick_reader_create(const struct wick_allocator *allocator,
                                                struct wick_names *names,
                                                const struct wick_record_out *out, uint32_t vector);
WICK_API void wick_reader_destroy(struct wick_reader *reader);

/*
 * Read the next bytes of the log, of any length, cut anywhere: .ctxt or wire, which its first bytes tell.
 * All records of complete lines and frames have been handed out when it returns.
 *
 * Errors     WICK_E_NOMEM, or what out->records returned
 * Since      0.1
 */
WICK_API int wick_reader_feed(struct wick_reader *reader, const char *bytes, size_t count);

/*
 * Tell how many bytes the frame has that begins here, or the header of a wire stream, which counts as one:
 * where a log may be cut. 0: nothing of the kind begins here.
 *
 * bytes      borrows; 40 of them suffice
 * kind       what kind of frame; 0: the header of a stream. NULL: nobody asks
 * Since      0.1
 */
WICK_API uint64_t wick_wire_frame(const void *bytes, size_t count, uint32_t *kind);

/* Say that the log ends here: a last line without a newline is used or counted. Since 0.1 */
WICK_API int wick_reader_finish(struct wick_reader *reader);

/*
 * Who may rename a site before it is used. `site` line of the log in, the same with other strings out;
 * they are copied when it returns. Called by each thread that reads, one call at a time per thread.
 */
struct wick_renamer {
    void (*rename)(void *user, struct wick_site_info *site); /* NULL: nobody */
    void *user;
};

/*
 * Let `renamer` see every site that a `site` line introduces from now on.
 *
 * renamer    copies; its user is borrowed until wick_reader_destroy
 * Since      0.1
 */
WICK_API void wick_reader_set_renamer(struct wick_reader *reader, const struct wick_renamer *renamer);

/* Go on with another log: line numbers start again, tracks and sites stay. Since 0.1 */
WICK_API void wick_reader_restart(struct wick_reader *reader);

/* Read the counts of the current log, and its first problems (0 when index is past the last). Since 0.1 */
WICK_API void wick_reader_stats_read(const struct wick_reader *reader, struct wick_reader_stats *stats);
WICK_API int wick_reader_problem(const struct wick_reader *reader, uint32_t index,
                                 struct wick_problem_info *info);

/* ---- converting: one form of a log into the other --------------------------------------------- */

enum wick_form { WICK_FORM_CTXT = 0, WICK_FORM_WIRE };

struct wick_converter_options {
    uint32_t to;              /* enum wick_form; what has that form already is copied */
    uint32_t vector;          /* enum wick_vector */
    struct wick_text_out out; /* who gets the bytes */
    uint32_t (*number)(char *out, double value); /* %.17g with a decimal point, at most 31 bytes; gives how many */
    /* Keep a text of a wire that is too long for a line; gives the reference that stands for it (borrowed until
     * the next call), or NULL: it is cut. `user` is out.user; NULL: they are cut. */
    const char *(*jumbo)(void *user, const char *text, uint32_t bytes);
};

struct wick_converter;

/*
 * Create a converter. Lines become wire such that the way back gives the same bytes: what no event of the wire
 * gives back is kept as it is. NULL when there is no memory.
 *
 * allocator  borrows until wick_converter_destroy
 * options    copied
 * Since      0.1
 */
WICK_API struct wick_converter *wick_converter_create(const struct wick_allocator *allocator,
                                                      const struct wick_converter_options *options);
WICK_API void wick_converter_destroy(struct wick_converter *converter);

/*
 * Convert the next bytes of a log in either form, cut anywhere.
 *
 * Errors     WICK_E_NOMEM, or what out.write returned
 * Since      0.1
 */
WICK_API int wick_converter_feed(struct wick_converter *converter, const char *bytes, size_t count);
/* Say that the log ends here: what is held back goes out. Since 0.1 */
WICK_API int wick_converter_finish(struct wick_converter *converter);
/* Read what was counted on the way: damaged frames and holes of a wire. Since 0.1 */
WICK_API void wick_converter_stats_read(const struct wick_converter *converter, struct wick_reader_stats *stats);

/* ---- parts: one log read by several threads -------------------------------------------------- */

/*
 * Read the beginning of a log as usual, take a seed, read the rest in parts that begin and end at line
 * ends or between frames, each by any thread, and join them in order: tree and reader are then what one pass over the whole
 * log makes of them, to the last bit.
 */
struct wick_seed;
struct wick_part;

/*
 * Copy what a reader has learnt about locations and tracks. NULL when there is no memory.
 *
 * reader     borrows: the reader may go on
 * Since      0.1
 */
WICK_API struct wick_seed *wick_seed_create(const struct wick_reader *reader);
/* Free a seed, after the parts that were made from it. NULL is allowed. Since 0.1 */
WICK_API void wick_seed_destroy(struct wick_seed *seed);

/*
 * Tell a seed what is defined later in a wire: whole frames of definitions (those of kind 1), before the first
 * part is made from it. Without that, a part that needs them is read again behind the others.
 *
 * bytes      borrows
 * Errors     WICK_E_NOMEM
 * Since      0.1
 */
WICK_API int wick_seed_feed(struct wick_seed *seed, const void *bytes, size_t count);

/*
 * Create a part: its own reader and tree. NULL when there is no memory.
 *
 * seed       borrows until wick_part_destroy; never changed, so threads share it
 * Threads    any; one at a time per part
 * Since      0.1
 */
WICK_API struct wick_part *wick_part_create(const struct wick_seed *seed);
WICK_API void wick_part_destroy(struct wick_part *part);

/* Read bytes of the part; as wick_reader_feed. Since 0.1 */
WICK_API int wick_part_feed(struct wick_part *part, const char *bytes, size_t count);
/* Say that the log ends with this part; as wick_reader_finish. Since 0.1 */
WICK_API int wick_part_finish(struct wick_part *part);

/*
 * Add a part to what was read before it.
 *
 * part       used up: only wick_part_destroy may follow
 * Returns    1; 0: the part guessed wrongly about what came before it, nothing was changed, and its bytes
 *            must be fed to the reader instead
 * Errors     WICK_E_NOMEM
 * Since      0.1
 */
WICK_API int wick_part_join(struct wick_part *part, struct wick_reader *reader, struct wick_tree *tree);

/* One `run` or `stat` line: a property of the run that a process wrote. */
struct wick_property {
    uint32_t track; /* of the line */
    uint8_t stat;   /* 1: a counter of wick itself */
    const char *key, *value;
};

/* Read the properties in order of appearance; 0 when index is past the last. Since 0.1 */
WICK_API int wick_reader_property(const struct wick_reader *reader, uint32_t index,
                             struct wick_property *info);

WICK_I_EXTERN_END

#endif
