/*
 * SPDX-License-Identifier: MIT
 * longjmp leaves calls without their returns: the companion stands in front of it and closes their scopes.
 * Must not change what longjmp does. Without it (other processors) they are closed when their caller returns.
 */
#include <dlfcn.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <wick/compiler.h>

#include "shadow.h"

typedef void (*jump_function)(struct __jmp_buf_tag *, int) __attribute__((noreturn));

enum { LONGJMP, UNDERSCORE, SIGLONGJMP, CHECKED, JUMPS };
static jump_function next[JUMPS];

/* Before main: looking symbols up in a signal handler, where longjmp may be called, is not safe. */
__attribute__((constructor)) static void find_next(void)
{
    static const char *const names[] = {"longjmp", "_longjmp", "siglongjmp", "__longjmp_chk"};
    void *found;

    for (int i = 0; i < JUMPS; i++) {
        found = dlsym(RTLD_NEXT, names[i]);
        memcpy(&next[i], &found, sizeof found);
    }
}

static uintptr_t stack_pointer_of(const struct __jmp_buf_tag *buffer)
{
#if defined(__x86_64__) && defined(__GLIBC__)
    uintptr_t pointer = (uintptr_t)buffer->__jmpbuf[6]; /* JB_RSP, as glibc's PTR_MANGLE left it */

    __asm__("ror $0x11, %0\n\txor %%fs:0x30, %0" : "+r"(pointer) : : "cc");
    return pointer;
#else
    (void)buffer;
    return 0;
#endif
}

static void __attribute__((noreturn)) jump(int which, struct __jmp_buf_tag *buffer, int value)
{
    uintptr_t pointer = stack_pointer_of(buffer);

    if (!next[which])
        find_next();
    if (pointer > (uintptr_t)__builtin_frame_address(0))
        wk_shadow_jump(pointer);
    if (!next[which])
        abort();
    next[which](buffer, value);
}

#define JUMP(name, which)                                                                         \
    WICK_API void __attribute__((noreturn)) name(struct __jmp_buf_tag buffer[1], int value);        \
    void name(struct __jmp_buf_tag buffer[1], int value)                                            \
    {                                                                                             \
        jump(which, buffer, value);                                                               \
    }

#undef longjmp
#undef _longjmp
#undef siglongjmp
JUMP(longjmp, LONGJMP)
JUMP(_longjmp, UNDERSCORE)
JUMP(siglongjmp, SIGLONGJMP)
JUMP(__longjmp_chk, CHECKED)
