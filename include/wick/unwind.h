/*
 * SPDX-License-Identifier: MIT
 * C++: the end of a scope checks whether an exception leaves it. Nothing in this file is for users.
 * The check costs nothing at a scope's entry and needs no C++ library that the user's file does not need; in C and with
 * -fno-exceptions there is none. Invariant: a scope fails when more exceptions are in flight at its end than when the
 * innermost open scope of a destructor began.
 */
#ifndef WICK_UNWIND_H
#define WICK_UNWIND_H

#include "hot.h"

struct wick_scope;

WICK_I_EXTERN_BEGIN
/* The slow paths, when exceptions may be in flight. `uncaught`: the C++ runtime's count of them; NULL: not checked. */
WICK_API uint64_t wick_i_leave(uint64_t token, const unsigned *uncaught);
WICK_API void wick_i_leave_named(struct wick_scope *scope, const unsigned *uncaught);
WICK_API void wick_i_enter_destructor(uint64_t token, const unsigned *uncaught);
WICK_I_EXTERN_END

#if WICK_I_EXCEPTIONS

/* The C++ runtime's state of this thread, with the layout of the Itanium C++ ABI. Declared under a name of wick's, so
 * that it cannot conflict with a C++ library's declaration. */
struct wick_i_cxx_state {
    void *caught;
    unsigned uncaught;
};
WICK_I_EXTERN_BEGIN
struct wick_i_cxx_state *wick_i_cxx_globals(void) noexcept __asm__("__cxa_get_globals");
WICK_I_EXTERN_END

WICK_I_COLD static __attribute__((__unused__, __no_instrument_function__)) const unsigned *wick_i_uncaught()
{
    return &wick_i_cxx_globals()->uncaught;
}

/* Is an exception in flight in this thread, or not known yet? */
WICK_I_INLINE bool wick_i_may_leave(uint64_t token)
{
    const struct wick_i_thread *thread = wick_i_tls_v1;

    return token && thread && WICK_I_UNLIKELY(*thread->uncaught != 0);
}

WICK_I_INLINE void wick_i_guard_leave(uint64_t *token)
{
    if (wick_i_may_leave(*token)) {
        (void)wick_i_leave(*token, wick_i_uncaught());
    } else {
        (void)wick_i_end(*token);
    }
}

/* A destructor may run during unwinding: the exception in flight is then not its scope's failure. The function's name
 * is a constant, so that compilers remove this from all other functions. */
WICK_I_INLINE uint64_t wick_i_entered(uint64_t token, const char *function)
{
    if (function[0] == '~' && wick_i_may_leave(token)) {
        wick_i_enter_destructor(token, wick_i_uncaught());
    }
    return token;
}

#define WICK_I_GUARD_END wick_i_guard_leave
#define WICK_I_ENTERED(token) wick_i_entered(token, __func__)

#else

#define WICK_I_GUARD_END wick_i_guard_end
#define WICK_I_ENTERED(token) (token)

#endif
#endif
