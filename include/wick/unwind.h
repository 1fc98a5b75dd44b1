/*
 * SPDX-License-Identifier: MIT
 * C++: the end of a scope asks whether an exception leaves it. Nothing in this file is for users.
 * It must not cost a scope's entry anything, nor need a C++ library that the user's file does not need. In C, and with
 * -fno-exceptions, nothing is asked. Invariant: a scope fails when at its end more exceptions are on their way than
 * when the innermost open scope of a destructor began.
 */
#ifndef WICK_UNWIND_H
#define WICK_UNWIND_H

#include "hot.h"

struct wick_scope;

WICK_I_EXTERN_BEGIN
/* The slow ways: exceptions may be on their way. `uncaught` is where the C++ runtime counts them; NULL: not asked. */
WICK_API uint64_t wick_i_leave(uint64_t token, const unsigned *uncaught);
WICK_API void wick_i_leave_named(struct wick_scope *scope, const unsigned *uncaught);
WICK_API void wick_i_enter_destructor(uint64_t token, const unsigned *uncaught);
WICK_I_EXTERN_END

#if WICK_I_EXCEPTIONS

/* The C++ runtime's own state of this thread, as the Itanium C++ ABI lays it out; by a name of our own, so that no
 * declaration of a C++ library's can differ. */
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

/* Is an exception on its way in this thread, or is that not known yet? */
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

/* A destructor may run because an exception is on its way: that one is not its scope's failure. Compilers know the
 * name of the function, so that this is nothing at all in every other one. */
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
