/*
 * SPDX-License-Identifier: MIT
 * Every action word of a .ctxt line, Context's and ours, with the text that it carries: the one list
 * that writer, reader and documentation share. Context's compilers ignore the lower-case words.
 *
 * The location is the site's (`function:line`) unless the row says otherwise. Times inside a text are
 * written like the line's own: seconds.nanoseconds. Numbers use a decimal point whatever the locale.
 */
#ifndef WICK_LIB_MODEL_LOG_CTXT_CTXT_WORDS_H
#define WICK_LIB_MODEL_LOG_CTXT_CTXT_WORDS_H

/* name, word, text format */
#define WK_CTXT_CONTEXT_WORDS(X)                                                                  \
    X(START, "START", "text of the instance; for a plain site its literal")                       \
    X(ENDOK, "ENDOK", "empty")                                                                    \
    X(ENDER, "ENDER", "message")                                                                  \
    X(MARK, "BMARK", "text")                                                                      \
    X(CLEAR, "CLEAR", "empty")                                                                    \
    X(LOCKW, "LOCKW", "lock name; location = lock id")                                            \
    X(LOCKA, "LOCKA", "lock name; location = lock id")                                            \
    X(LOCKR, "LOCKR", "lock name; location = lock id")

#define WK_CTXT_EXTENSION_WORDS(X)                                                                \
    X(RUN, "run", "`key value`: metadata of the run; location `-`; the keys: run_keys in lib/runtime/run.c") \
    X(SITE, "site", "`kind line colour category file literal`: before the site's first use; kind is scope,"     \
                    " format, dynamic, mark, counter, lock; colour RRGGBB or `-`; category `-` when none;"      \
                    " file with spaces as %20; the literal (or format) is the rest of the line."                \
                    " Of an instrumented function: location and literal MODULE+0xOFFSET (in the ELF file's"     \
                    " addresses: less the load base), line 0, file PATH#BUILDID (`-`: the module has none)")    \
    X(UNFINISHED, "unfinished", "reason of the ENDER that follows on this thread: unwound, thread,"             \
                                " exit, fork, clear, killed")                                                   \
    X(CPU, "cpu", "nanoseconds of CPU time of the scope whose end follows on this thread")                      \
    X(VALUE, "value", "number of the innermost open scope of this thread")                                      \
    X(GAUGE, "gauge", "new value of the counter")                                                               \
    X(SUM, "sum", "what was added to the counter")                                                              \
    X(LOST, "lost", "`count first`: events refused on this thread from `first` to the line's time;"             \
                    " location `-`")                                                                            \
    X(UNDER, "under", "`thread start`: this thread's tree hangs under the scope that `thread` of the"           \
                      " same process started at `start`; location = that scope's site")                         \
    X(THREAD_NAME, "thread", "new name of this thread, whose log name stays; location `-`")                     \
    X(LOCKW2, "lockw", "lock name: waits while it holds the lock of the last LOCKA; location = lock id")        \
    X(LOCKA2, "locka", "lock name: likewise, acquired")                                                         \
    X(LOCKR2, "lockr", "lock name: likewise, released")                                                         \
    X(STAT, "stat", "`name number`: a counter of wick itself, at shutdown; location `-`")                       \
    X(PAD, "pad", "nothing: fills a block of the file; thread `wick`, location `-`")                                           \
    X(BREAK, "break", "nanoseconds by which the clock jumped (suspend, migration); location `-`")

enum wk_ctxt_word {
#define WK_CTXT_WORD_ENUM(name, word, text) WK_CTXT_##name,
    WK_CTXT_CONTEXT_WORDS(WK_CTXT_WORD_ENUM) WK_CTXT_EXTENSION_WORDS(WK_CTXT_WORD_ENUM)
#undef WK_CTXT_WORD_ENUM
    WK_CTXT_WORDS
};

#endif
