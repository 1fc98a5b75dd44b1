/*
 * SPDX-License-Identifier: MIT
 * The read side: decoded records, and the tree with its rollups that they build.
 * The same code serves the live drain, the offline tool and (as WebAssembly) the page. It starts no
 * thread, opens no file and keeps no global: memory comes from the allocator that is passed in.
 */
#ifndef WICK_MODEL_H
#define WICK_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "compiler.h"
#include "error.h"

WICK_I_EXTERN_BEGIN

/* What a record says. The first eight are Context's action words; the rest are our extension lines. */
enum wick_record_kind {
    WICK_RECORD_START = 0,
    WICK_RECORD_ENDOK,
    WICK_RECORD_ENDER,
    WICK_RECORD_MARK,
    WICK_RECORD_CLEAR,
    WICK_RECORD_LOCKW,
    WICK_RECORD_LOCKA,
    WICK_RECORD_LOCKR,
    WICK_RECORD_VALUE,       /* number: of the innermost open scope */
    WICK_RECORD_GAUGE,       /* number: the counter's new value */
    WICK_RECORD_SUM,         /* number: added to the counter */
    WICK_RECORD_LOST,        /* count events refused between first_ns and time_ns */
    WICK_RECORD_UNDER,       /* this track's tree hangs under a scope of another (parent_track, first_ns) */
    WICK_RECORD_THREAD_NAME, /* text: the thread's new name */
    WICK_RECORD_KINDS
};

/* Why a scope ended that its program did not end itself. Written before its ENDER. */
enum wick_unfinished {
    WICK_FINISHED = 0,
    WICK_UNFINISHED_UNWOUND,  /* longjmp or the like left it */
    WICK_UNFINISHED_THREAD,   /* its thread ended */
    WICK_UNFINISHED_EXIT,     /* the process ended, or recording was shut down */
    WICK_UNFINISHED_FORK,     /* it was open in the parent when this process was forked */
    WICK_UNFINISHED_CLEAR,    /* a CLEAR ended it */
    WICK_UNFINISHED_KILLED,   /* the log ends here (repair, or the reader at the end of a torn log) */
    WICK_UNFINISHED_KINDS
};

/* One decoded event. 56 bytes; text is borrowed until the call that passes it returns. */
struct wick_record {
    int64_t time_ns;       /* since the epoch */
    int64_t first_ns;      /* LOST: first refusal; UNDER: start of the scope it hangs under */
    union {
        int64_t cpu_ns;    /* ENDOK, ENDER: CPU time of the scope's thread; < 0: not recorded */
        uint64_t count;    /* LOST */
        double number;     /* VALUE, GAUGE, SUM */
    } u;
    const char *text;      /* of the instance: rendered format, message; not terminated */
    uint32_t text_bytes;
    uint32_t track;        /* as given by whoever feeds the records: dense, from 0 */
    uint32_t site;         /* likewise */
    uint32_t depth;        /* START, ENDOK, ENDER: 1 = outermost of its track */
    uint32_t parent_track; /* UNDER */
    uint8_t kind;          /* enum wick_record_kind */
    uint8_t unfinished;    /* ENDER: enum wick_unfinished */
    uint16_t reserved;
};
WICK_I_STATIC_ASSERT(sizeof(struct wick_record) == 56, "struct wick_record is part of the ABI");


/*
 * Where every object below gets its memory. One function serves all: block NULL allocates, new_bytes 0
 * frees (and returns NULL), otherwise the block is resized and its contents kept. NULL = out of memory.
 */
struct wick_allocator {
    void *(*resize)(void *user, void *block, size_t old_bytes, size_t new_bytes);
    void *user; /* borrowed until the last object that uses it is destroyed */
};

/* No track, no site, no node. */
#define WICK_NONE UINT32_MAX

/* ---- names: what the indices of records mean ------------------------------------------------ */

/* What a site is for. */
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
    const char *location; /* function:line, lock id, whatever the log says */
    const char *literal;  /* the name that people read */
    const char *file;     /* "" when unknown */
    const char *category; /* "" when none */
    uint32_t line;        /* 0 when unknown */
    uint32_t colour;      /* 0xRRGGBB; WICK_NONE when none */
    uint32_t process;     /* WICK_SITE_LOCK: lock ids are a process's own; otherwise 0 */
    uint8_t kind;         /* enum wick_site_kind */
};

/* A track: a thread of a process of a host. */
struct wick_track_info {
    const char *node;   /* host */
    const char *thread; /* name in the log */
    const char *label;  /* the newest name; "" when it never changed */
    uint32_t pid;
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
 * Set the site or the track of an index, replacing what it had; the table grows as needed.
 *
 * info       copied
 * Errors     WICK_E_NOMEM
 * Since      0.1
 */
WICK_API int wick_names_set_site(struct wick_names *names, uint32_t index,
                                 const struct wick_site_info *info);
WICK_API int wick_names_set_track(struct wick_names *names, uint32_t index,
                                  const struct wick_track_info *info);

/*
 * Look an index up. An unknown index gives an entry of empty strings, never NULL.
 *
 * Returns    borrows until the next wick_names_set_* or destroy
 * Since      0.1
 */
WICK_API const struct wick_site_info *wick_names_site(const struct wick_names *names, uint32_t index);
WICK_API const struct wick_track_info *wick_names_track(const struct wick_names *names, uint32_t index);

/* How many indices are set, from 0. Since 0.1 */
WICK_API uint32_t wick_names_sites(const struct wick_names *names);
WICK_API uint32_t wick_names_tracks(const struct wick_names *names);

/* ---- tree: the only place where nesting is computed ----------------------------------------- */

enum wick_node_kind {
    WICK_NODE_TRACK = 0, /* a thread's root, possibly under a scope of another (WICK_THREAD_UNDER) */
    WICK_NODE_SCOPE,
    WICK_NODE_MARK,
    WICK_NODE_OUTER      /* only in a part: a scope that was open before the part began */
};

/* The numbers of a node. Times in ns. */
struct wick_node_info {
    uint32_t parent;        /* WICK_NONE for a root */
    uint32_t first_child;   /* in order of first appearance; WICK_NONE when none */
    uint32_t next_sibling;  /* WICK_NONE after the last */
    uint32_t site;          /* WICK_NODE_TRACK: WICK_NONE */
    uint32_t track;         /* of its root */
    uint8_t kind;           /* enum wick_node_kind */
    uint64_t count;         /* ended scopes, good, failed and unfinished; marks: how many */
    uint64_t errors;        /* of them failed */
    uint64_t unfinished;    /* of them unfinished: not counted as failed */
    uint64_t open;          /* scopes that have not ended, as of wick_tree_settle */
    int64_t total_ns;       /* of the ended scopes */
    int64_t self_ns;        /* total without the children of the same thread, as of wick_tree_settle */
    int64_t open_ns;        /* so far, of the open ones; self_ns includes it */
    int64_t min_ns;         /* 0 when count is 0 */
    int64_t max_ns;
    int64_t cpu_ns;         /* of the ended scopes that recorded it; -1: none did */
    uint64_t values;        /* how many wick values were recorded, and their sum */
    double value_sum;
    const char *text;       /* of the longest instance; NULL when its site's literal says it all */
    uint32_t text_bytes;
    const char *message;    /* of the first failed instance that had one; else NULL */
    uint32_t message_bytes;
};

/* One kept mark: the first WICK_MARKS_KEPT of a site in a scope keep their texts, the rest are counted. */
#define WICK_MARKS_KEPT 8
struct wick_mark_info {
    int64_t time_ns;      /* since the epoch */
    int64_t relative_ns;  /* since the start of the enclosing scope; of its thread when there is none */
    const char *text;
    uint32_t text_bytes;
};

struct wick_lock_info {
    uint32_t site;
    uint64_t waits, holds;          /* waits: how often somebody had to ask with LOCKW */
    int64_t wait_ns, hold_ns;       /* sums */
    int64_t wait_max_ns, hold_max_ns;
};

struct wick_counter_info {
    uint32_t site;
    uint64_t count;
    double last, min, max, sum;     /* of a sum: last is the running sum, sum the same */
};

struct wick_tree_stats {
    uint64_t records;
    uint64_t scopes;        /* ended */
    uint64_t marks;
    uint64_t failed;
    uint64_t unfinished;
    uint64_t open;          /* as of wick_tree_settle */
    uint64_t lost;          /* events that the recorder had to refuse */
    uint64_t stray_ends;    /* ENDs that had no START */
    uint64_t backwards;     /* scopes that ended before they began: counted as 0 ns */
    uint64_t clears;
    int64_t first_ns;       /* earliest and latest time of any record; INT64_MAX, INT64_MIN when none */
    int64_t last_ns;
    uint32_t nodes, tracks, depth_max;
};

struct wick_tree;

/*
 * Create an empty tree. NULL when there is no memory.
 *
 * allocator  borrows until wick_tree_destroy
 * Threads    one at a time per tree     Signals   not safe
 * Since      0.1
 */
WICK_API struct wick_tree *wick_tree_create(const struct wick_allocator *allocator);
WICK_API void wick_tree_destroy(struct wick_tree *tree);

/*
 * Feed records: in order for each track, in any order across tracks. A START's text is kept with the
 * longest instance: give it (text_bytes > 0) only where it says more than the site's literal. An END
 * closes the innermost open scope of its track: site and depth are not looked at.
 *
 * records    borrows
 * Cost       about 10 ns per record; memory grows with nodes, depth and tracks, not with records
 * Errors     WICK_E_NOMEM: the rest of this and of every later call is ignored
 * Since      0.1
 */
WICK_API int wick_tree_feed(struct wick_tree *tree, const struct wick_record *records, size_t count);

/*
 * Bring self times and open scopes up to date. Can be repeated, and feeding goes on after it.
 *
 * end_ns     open scopes are measured up to here; INT64_MIN: up to the last record
 * Errors     WICK_E_NOMEM
 * Since      0.1
 */
WICK_API int wick_tree_settle(struct wick_tree *tree, int64_t end_ns);

/* Read a node (0 .. stats.nodes - 1); pointers in it are borrowed until the next feed. Since 0.1 */
WICK_API void wick_tree_node(const struct wick_tree *tree, uint32_t node, struct wick_node_info *info);

/* First root; the others follow as its siblings. WICK_NONE when the tree is empty. Since 0.1 */
WICK_API uint32_t wick_tree_first_root(const struct wick_tree *tree);

/*
 * Give a quantile of the durations of a node, in ns: exact up to 16 calls, else within 1 %.
 *
 * per_mille  0 .. 1000: 500 is the median
 * Since      0.1
 */
WICK_API int64_t wick_tree_quantile(const struct wick_tree *tree, uint32_t node, uint32_t per_mille);

/* One bar of a histogram: how many durations were in [low_ns, high_ns]. */
struct wick_bucket_info {
    int64_t low_ns, high_ns;
    uint64_t count;
};

/*
 * Give the next bar of a node's histogram, shortest first; *cursor starts at 0.
 *
 * Returns    1, or 0 after the last bar
 * Since      0.1
 */
WICK_API int wick_tree_bucket(const struct wick_tree *tree, uint32_t node, uint32_t *cursor,
                              struct wick_bucket_info *info);

/* Read the kept marks of a WICK_NODE_MARK node; returns how many there are. Since 0.1 */
WICK_API uint32_t wick_tree_marks(const struct wick_tree *tree, uint32_t node,
                                  struct wick_mark_info *marks, uint32_t capacity);

/* Locks and counters in order of first appearance; 0 when index is past the last. Since 0.1 */
WICK_API int wick_tree_lock(const struct wick_tree *tree, uint32_t index, struct wick_lock_info *info);
WICK_API int wick_tree_counter(const struct wick_tree *tree, uint32_t index,
                               struct wick_counter_info *info);

/* Events that the recorder refused on this track. Since 0.1 */
WICK_API uint64_t wick_tree_track_lost(const struct wick_tree *tree, uint32_t track);

/*
 * Walk the scopes of a track that are open after the last record, outermost first.
 *
 * Returns    1, or 0 when level is not below the number of open scopes
 * Since      0.1
 */
WICK_API int wick_tree_open_scope(const struct wick_tree *tree, uint32_t track, uint32_t level,
                                  uint32_t *node, int64_t *start_ns);

/* The text of that scope's instance; 0 when its site's literal says it all. Borrowed until the next feed. Since 0.1 */
WICK_API uint32_t wick_tree_open_text(const struct wick_tree *tree, uint32_t track, uint32_t level,
                                      const char **text);

/* How many scopes of a track are open after the last record. Since 0.1 */
WICK_API uint32_t wick_tree_depth(const struct wick_tree *tree, uint32_t track);

/* Read the totals of the tree. Since 0.1 */
WICK_API void wick_tree_stats_read(const struct wick_tree *tree, struct wick_tree_stats *stats);

/* ---- text: the tree for people -------------------------------------------------------------- */

/* Where text goes. A negative result ends the rendering, which returns it. */
struct wick_text_out {
    int (*write)(void *user, const char *bytes, size_t count);
    void *user;
};

struct wick_text_options {
    uint32_t width;        /* columns; 0: 100 */
    uint32_t depth;        /* levels to show; 0: all */
    uint32_t children;     /* shown per scope, the longest; 0: all */
    uint32_t tracks;       /* shown, the longest; 0: all */
    int64_t min_ns;        /* leave out scopes whose total is shorter */
    uint8_t no_times;      /* only what does not vary between runs: names, counts, failed, marks */
    uint8_t colours;       /* ANSI escapes */
    uint8_t by_total;      /* longest first; otherwise in order of first appearance */
    const uint8_t *hidden; /* one per node, not 0: left out with what is below it; NULL: none */
};

/*
 * Render the tree as text: two spaces per level, `name elapsed`, marks as `@absolute(relative) text`.
 *
 * tree       settled by the caller; not changed
 * options    NULL: the defaults
 * Errors     WICK_E_NOMEM, or what out->write returned
 * Since      0.1
 */
WICK_API int wick_tree_render(const struct wick_tree *tree, const struct wick_names *names,
                              const struct wick_text_options *options, const struct wick_text_out *out);

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
struct wick_run_info {
    uint32_t track; /* of the line */
    uint8_t stat;   /* 1: a counter of wick itself */
    const char *key, *value;
};

/* Read the properties in order of appearance; 0 when index is past the last. Since 0.1 */
WICK_API int wick_reader_run(const struct wick_reader *reader, uint32_t index,
                             struct wick_run_info *info);

WICK_I_EXTERN_END

#endif
