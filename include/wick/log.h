/*
 * SPDX-License-Identifier: MIT
 * Logs: a reader (bytes into records), parts (one log read by several threads), and a converter between the two forms
 * of a log. Part of wick/model.h.
 */
#ifndef WICK_LOG_H
#define WICK_LOG_H

#include "tree.h"

WICK_I_EXTERN_BEGIN

/* ---- reader: .ctxt lines or wire frames into records ------------------------------------------ */

/* Problems of a line or a frame. None is fatal: the line or frame is left out and counted. X(name, what is wrong) */
#define WICK_I_PROBLEMS(X)                                                                                           \
    X(TORN, "fewer than seven fields")                                                                               \
    X(TIME, "its time is not a number of seconds between 1970 and 2262")                                             \
    X(PID, "its process id is not a number")                                                                         \
    X(LONG, "longer than 4 MiB")                                                                                     \
    X(NUMBER, "its text is not what its word promises")                                                              \
    X(END, "the log ends in the middle of it")       /* the last line has no newline */                              \
    X(WORD, "an unknown word")                       /* harmless */                                                  \
    X(CHECKSUM, "damaged: its checksum is wrong")    /* wire, as those below */                                      \
    X(FRAME, "the log ends in the middle of it")                                                                     \
    X(GAP, "frames are missing before it")           /* frames_lost */                                               \
    X(VERSION, "in another version of the form; the wick that wrote it can `wick export --to ctxt` it")              \
    X(CONTENT, "from some place on it means nothing")

#define WICK_I_PROBLEM(name, text) WICK_PROBLEM_##name,
enum wick_problem { WICK_I_PROBLEMS(WICK_I_PROBLEM) WICK_PROBLEM_KINDS };
#undef WICK_I_PROBLEM

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
    uint32_t wire;    /* 1: the log is in wire form; `lines` counts its events */
    uint64_t frames, frames_lost, frames_repeated; /* used; missing between them; seen before and left out */
    uint64_t cut_ends; /* ENDs of scopes whose START is missing in the stream: left out */
    uint32_t imported; /* 1: the log is another tool's file */
};

/* The receiver of records; texts are borrowed until it returns. A negative result ends the reading. */
struct wick_record_out {
    int (*records)(void *user, const struct wick_record *records, size_t count);
    void *user;
};

enum wick_vector {
    WICK_VECTOR_NONE = 0, /* plain C */
    WICK_VECTOR_SSE2, /* WebAssembly: 128-bit vectors, if the model was compiled with them */
    WICK_VECTOR_AVX2
};

struct wick_reader;

/*
 * Create a reader for one log. NULL when there is no memory.
 *
 * allocator  borrows until wick_reader_destroy
 * names      borrows until wick_reader_destroy; the reader fills it (for several logs in one table, use one
 *            reader and wick_reader_restart)
 * out        copied
 * vector     enum wick_vector that the processor supports
 * Since      0.1
 */
WICK_API struct wick_reader *wick_reader_create(const struct wick_allocator *allocator,
                                                struct wick_names *names,
                                                const struct wick_record_out *out, uint32_t vector);
WICK_API void wick_reader_destroy(struct wick_reader *reader);

/*
 * Read the next bytes of the log, of any length, cut anywhere. The first bytes of the log tell its form. When it
 * returns, all records of complete lines and frames have been passed to `out`.
 *
 * Errors     WICK_E_NOMEM, or what out->records returned
 * Since      0.1
 */
WICK_API int wick_reader_feed(struct wick_reader *reader, const char *bytes, size_t count);

/*
 * Return the size of the frame, or stream header, that begins here: a wire may be cut before and after it. 0: neither
 * begins here.
 *
 * bytes      borrows; 40 of them suffice
 * kind       receives the kind of frame, 0 for a stream header; may be NULL
 * Since      0.1
 */
WICK_API uint64_t wick_wire_frame(const void *bytes, size_t count, uint32_t *kind);

/* End the log: use or count a last line without a newline. Since 0.1 */
WICK_API int wick_reader_finish(struct wick_reader *reader);

/*
 * A callback that may rename a site before it is used: it gets the site of a `site` line and may replace its strings,
 * which are copied when it returns. Each thread that reads calls it, so it must be safe to run in several.
 */
struct wick_renamer {
    void (*rename)(void *user, struct wick_site_info *site); /* NULL: none */
    void *user;
};

/*
 * Call `renamer` for every `site` line from now on.
 *
 * renamer    copies; its user is borrowed until wick_reader_destroy
 * Since      0.1
 */
WICK_API void wick_reader_set_renamer(struct wick_reader *reader, const struct wick_renamer *renamer);

/* Begin another log: line numbers start again, tracks and sites stay. Since 0.1 */
WICK_API void wick_reader_restart(struct wick_reader *reader);

/* Read the counts of the current log, and its first problems (0 when index is past the last). Since 0.1 */
WICK_API void wick_reader_stats_read(const struct wick_reader *reader, struct wick_reader_stats *stats);
WICK_API int wick_reader_problem(const struct wick_reader *reader, uint32_t index,
                                 struct wick_problem_info *info);

/* Say what is wrong with such a line or frame, in words that fit behind its place: `line 7: TEXT`. Since 0.1 */
WICK_API const char *wick_problem_text(enum wick_problem kind);

/*
 * Read what the log's end could say of another tool's file: what of it is not shown, by kind, or which kind of file it
 * is, that cannot be read. One line without an end; "": there is nothing to say.
 *
 * Returns    borrows until the next call for this reader
 * Since      0.1
 */
WICK_API const char *wick_reader_remark(const struct wick_reader *reader);

/*
 * Set the unit of the numbers in folded stacks, for the logs from now on: "ns", "us", "ms", "s", or what they count, which
 * is shown as 1 us each. NULL: samples.
 *
 * unit       borrows until wick_reader_destroy
 * Since      0.1
 */
WICK_API void wick_reader_set_unit(struct wick_reader *reader, const char *unit);

/* How many ns is one of the numbers of the current log, of folded stacks; 0: it is none. Their outermost frames stand beneath
 * one track, which is no frame. Since 0.1 */
WICK_API int64_t wick_reader_unit(const struct wick_reader *reader);

/* ---- converting: one form of a log into the other --------------------------------------------- */

enum wick_form { WICK_FORM_CTXT = 0, WICK_FORM_WIRE };

struct wick_converter_options {
    uint32_t to;              /* enum wick_form; a log that has this form already is copied */
    uint32_t vector;          /* enum wick_vector */
    struct wick_text_out out; /* receives the bytes */
    /* Keep a text of a wire that is too long for a line; returns the reference to write instead (borrowed until the
     * next call), or NULL: the text is cut. `user` is out.user. NULL: all long texts are cut. */
    const char *(*jumbo)(void *user, const char *text, uint32_t bytes);
};

struct wick_converter;

/*
 * Create a converter. Converting lines to wire and back gives the same bytes: lines that no event of the wire can
 * represent are kept verbatim. NULL when there is no memory.
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
/* End the log: write the bytes held back. Since 0.1 */
WICK_API int wick_converter_finish(struct wick_converter *converter);
/* The reader inside, owned by the converter: what it counted, damaged frames and holes of a wire. Since 0.1 */
WICK_API const struct wick_reader *wick_converter_reader(const struct wick_converter *converter);

/* ---- merging: several logs in wire form into one ----------------------------------------------- */

struct wick_merger_options {
    uint32_t vector;          /* enum wick_vector */
    int64_t start_ns;         /* of the bookmark that the merged log begins with: not later than any event */
    /* By logs: when the first process of each began, should its definition not say so; 0: unknown. Borrowed for the call. */
    const int64_t *run_start_ns;
    struct wick_text_out out; /* receives the bytes */
};

struct wick_merger;

/*
 * Create a merger of so many logs in wire form. NULL when there is no memory, or `out` refused the first bytes.
 *
 * allocator  borrows until wick_merger_destroy
 * options    copies
 * Since      0.1
 */
WICK_API struct wick_merger *wick_merger_create(const struct wick_allocator *allocator, uint32_t inputs,
                                                const struct wick_merger_options *options);
WICK_API void wick_merger_destroy(struct wick_merger *merger);

/*
 * Add the next bytes of a log, cut anywhere. Its events stand in the merged log behind those that were added before: add
 * whole frames (wick_wire_frame) in the order of their times. The files of a rotated log are one log.
 *
 * Errors     WICK_E_NOMEM, or what out.write returned
 * Since      0.1
 */
WICK_API int wick_merger_feed(struct wick_merger *merger, uint32_t input, const char *bytes, size_t count);
/* End all logs: write the bytes held back, and the closing bookmark. Since 0.1 */
WICK_API int wick_merger_finish(struct wick_merger *merger);
/* The reader of a log, owned by the merger: what it counted. Since 0.1 */
WICK_API const struct wick_reader *wick_merger_reader(const struct wick_merger *merger, uint32_t input);

/* ---- parts: one log read by several threads -------------------------------------------------- */

/*
 * Read the beginning of a log as usual and create a seed. Read the rest in parts that begin and end at line ends or
 * between frames, each in any thread, and join them in order. Tree and reader are then as after one pass over the whole
 * log, to the last bit.
 */
struct wick_seed;
struct wick_part;

/*
 * Create a seed: a copy of a reader's locations and tracks. NULL when there is no memory.
 *
 * reader     borrows until wick_seed_destroy; it may read on
 * Since      0.1
 */
WICK_API struct wick_seed *wick_seed_create(const struct wick_reader *reader);
/* Free a seed, after the parts made from it. NULL is allowed. Since 0.1 */
WICK_API void wick_seed_destroy(struct wick_seed *seed);

/*
 * Feed a seed the definitions that come later in a wire: whole frames of kind 1, before the first part is made from it.
 * Without them, a part that needs them is read again after those before it.
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
/* End the log with this part; as wick_reader_finish. Since 0.1 */
WICK_API int wick_part_finish(struct wick_part *part);

/*
 * Join a part to the reader and tree of the log before it.
 *
 * part       used up: only wick_part_destroy may follow
 * Returns    1; 0: the part does not fit the log before it, and nothing of it was counted: feed its bytes to the
 *            reader instead
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

struct wick_left_out;
/* Read what all runs so far, of earlier logs, too, were told to leave out, by their `run` and `stat` lines; pauses and losses are
 * not among these: the tree counts them. `out` borrows the filter from the reader. Since 0.1 */
WICK_API void wick_reader_left_out(const struct wick_reader *reader, struct wick_left_out *out);

WICK_I_EXTERN_END

#endif
