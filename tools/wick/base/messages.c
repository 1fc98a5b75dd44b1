/*
 * SPDX-License-Identifier: MIT
 * Messages to people. See messages.h.
 */
#include "base/messages.h"

#include <stdarg.h>

#include "base/safe_text.h"

__attribute__((format(printf, 2, 0))) static void say(const char *who, const char *format, va_list arguments)
{
    fflush(stdout);
    fprintf(stderr, "%s: ", who);
    safe_vprint(stderr, format, arguments);
    fputc('\n', stderr);
}

void tool_error(const struct settings *settings, const char *format, ...)
{
    va_list arguments;
    if (!settings->program_name) {
        return;
    }
    va_start(arguments, format);
    say(settings->program_name, format, arguments);
    va_end(arguments);
}

void tool_note(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say("wick", format, arguments);
    va_end(arguments);
}
