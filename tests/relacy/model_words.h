/*
 * SPDX-License-Identifier: MIT
 * What the real text of the ring stands on under relacy: words that it may race on, words that it may not, and
 * the compiler's atomic builtins, each of which can be given a weaker memory order than the text asks for.
 * It must not know the ring. Invariant: every access of shared memory is seen by relacy.
 */
#ifndef WICK_TESTS_RELACY_MODEL_WORDS_H
#define WICK_TESTS_RELACY_MODEL_WORDS_H

#include <relacy/relacy.hpp>
#undef new
#undef delete
#undef malloc
#undef calloc
#undef realloc
#undef free
#undef errno

#include <cstdint>
#include <cstdio>
#include <cstring>

/* ---- words ----------------------------------------------------------------------------------- */

/* A plain word: two threads that are not ordered must not touch it, unless both read. */
template <class T> struct field {
    mutable rl::var<T> value;

    field() : value(T()) {}
    operator T() const { return value($).load(); }
    field &operator=(T next) { value($).store(next); return *this; }
    field &operator=(const field &other) { return *this = T(other); }
    field &operator+=(T more) { return *this = *this + more; }
    field &operator&=(T bits) { return *this = *this & bits; }
    T operator++() { *this += 1; return *this; }
    T operator++(int) { T old = *this; *this += 1; return old; }
    T operator--(int) { T old = *this; *this = old - 1; return old; }
    T operator->() const { return *this; }
};

/* A word of one writer at a time, for atomic builtins. A plain access must be ordered behind the last write. */
template <class T> struct word {
    mutable rl::atomic<T> value;
    mutable rl::var<T> last;

    word() : value(T()), last(T()) {}
    operator T() const { return last($).load(); }
    word &operator=(T next) { store(next, rl::mo_relaxed); return *this; }
    word &operator=(const word &other) { return *this = T(other); }
    word &operator++() { return *this = *this + 1; }
    T load(rl::memory_order order) const { return value.load(order, $); }
    void store(T next, rl::memory_order order) { last($).store(next); value.store(next, order, $); }
};

/* A word that many threads write; only through the builtins. */
template <class T> struct flag {
    rl::atomic<T> value;
    T newest; /* the model's: after all threads */

    flag(T first = T()) : value(first), newest(first) {}
    T load(rl::memory_order order) { return value.load(order, $); }
    void store(T next, rl::memory_order order) { value.store(next, order, $); newest = next; }
    T exchange(T next, rl::memory_order order)
    {
        T old = value($).exchange(next, order);

        newest = next;
        return old;
    }
    T fetch_add(T more, rl::memory_order order)
    {
        T old = value($).fetch_add(more, order);

        newest += more;
        return old;
    }
    bool replace(T *expected, T next, rl::memory_order order, rl::memory_order order_failed)
    {
        bool done = value($).compare_exchange_strong(*expected, next, order, order_failed);

        newest = done ? next : newest;
        return done;
    }
};

/* ---- memory orders --------------------------------------------------------------------------- */

/* One use of a builtin in the real text, and the weaker order that one of all has in this run. No memory is
 * allocated: this happens inside the threads that relacy watches. */
struct order_site {
    static inline order_site *all = nullptr;
    static inline const char *weakened = "";
    static inline rl::memory_order weaker = rl::mo_relaxed;

    char name[128]; /* file:line function */
    rl::memory_order order;
    order_site *next;

    order_site(const char *function, const char *file, int line, int wanted)
        : order((rl::memory_order)wanted), next(all)
    {
        const char *slash = strrchr(file, '/');

        snprintf(name, sizeof name, "%s:%d %s", slash ? slash + 1 : file, line, function);
        all = this;
    }
    rl::memory_order now() const { return strcmp(name, weakened) == 0 ? weaker : order; }
};

static_assert(__ATOMIC_RELAXED == (int)rl::mo_relaxed && __ATOMIC_ACQUIRE == (int)rl::mo_acquire &&
                  __ATOMIC_RELEASE == (int)rl::mo_release && __ATOMIC_SEQ_CST == (int)rl::mo_seq_cst,
              "the compiler and relacy number the orders alike");

#define MODEL_ORDER(order)                                                                         \
    ([](const char *function) {                                                                    \
        static order_site site(function, __FILE__, __LINE__, order);                               \
        return site.now();                                                                         \
    }(__func__))
#define __atomic_load_n(p, order) ((p)->load(MODEL_ORDER(order)))
#define __atomic_store_n(p, value, order) ((p)->store(value, MODEL_ORDER(order)))
#define __atomic_exchange_n(p, next, order) ((p)->exchange(next, MODEL_ORDER(order)))
#define __atomic_fetch_add(p, more, order) ((p)->fetch_add(more, MODEL_ORDER(order)))
#define __atomic_compare_exchange_n(p, expected, next, weak, order, order_failed)                  \
    ((p)->replace(expected, next, MODEL_ORDER(order), (rl::memory_order)(order_failed)))
#define __atomic_signal_fence(order) ((void)0) /* of handlers; threads are what is modelled here */

#endif
