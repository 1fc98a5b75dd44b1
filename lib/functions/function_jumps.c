/*
 * SPDX-License-Identifier: MIT
 * Interposes longjmp and __cxa_begin_catch, and closes the scopes of the calls that they leave without a return.
 * Must not change what these functions do. Where it cannot (longjmp on other processors than x86-64), the scopes are
 * closed when their caller returns.
 */
#undef _FORTIFY_SOURCE /* <setjmp.h> would give all three functions below one name: __longjmp_chk */
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

/* Before main: longjmp may be called in a signal handler, where dlsym is not safe. */
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

    if (!next[which]) {
        find_next();
    }
    if (pointer > (uintptr_t)__builtin_frame_address(0)) {
        wk_shadow_jump(pointer);
    }
    if (!next[which]) {
        abort();
    }
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

/* When an exception leaves a function, gcc calls the function's exit hook, clang does not. */
WICK_API void *__cxa_begin_catch(void *exception);

/* The next definition in the order of libraries; for a plugin with a C++ library of its own, the plugin's. */
static void *find_begin_catch(void *caller)
{
    void *found = dlsym(RTLD_NEXT, "__cxa_begin_catch");
    Dl_info info;

    if (!found && dladdr(caller, &info) && info.dli_fname) {
        void *object = dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);

        found = object ? dlsym(object, "__cxa_begin_catch") : NULL; /* object stays open: it is in use */
    }
    return found;
}

void *__cxa_begin_catch(void *exception)
{
    static void *found; /* relaxed: every thread finds the same */
    void *function = __atomic_load_n(&found, __ATOMIC_RELAXED);
    void *(*begin_catch)(void *);

    if (!function) {
        function = find_begin_catch(__builtin_return_address(0));
        if (!function) {
            abort();
        }
        __atomic_store_n(&found, function, __ATOMIC_RELAXED);
    }
    wk_shadow_jump((uintptr_t)__builtin_dwarf_cfa());
    memcpy(&begin_catch, &function, sizeof begin_catch);
    return begin_catch(exception);
}
