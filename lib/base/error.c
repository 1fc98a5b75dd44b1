/*
 * SPDX-License-Identifier: MIT
 * Error texts. The detail is malloc'ed per thread: TLS of a few hundred bytes would make a dlopen of the
 * library fail.
 */
#include "error.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "redact.h"

enum { DETAIL_BYTES = 256 };

static pthread_once_t detail_once = PTHREAD_ONCE_INIT;
static pthread_key_t detail_key;
static bool detail_key_good;

static void make_key(void)
{
    detail_key_good = pthread_key_create(&detail_key, free) == 0;
}

static char *detail(void)
{
    pthread_once(&detail_once, make_key);
    if (!detail_key_good) {
        return NULL;
    }
    char *text = pthread_getspecific(detail_key);
    if (!text) {
        text = calloc(1, DETAIL_BYTES);
        if (text && pthread_setspecific(detail_key, text) != 0) {
            free(text);
            text = NULL;
        }
    }
    return text;
}

int wk_error_set(int code, const char *format, ...)
{
    char *text = detail();
    va_list args;

    if (text) {
        va_start(args, format);
        vsnprintf(text, DETAIL_BYTES, format, args);
        va_end(args);
        wk_redact_urls(text, DETAIL_BYTES);
    }
    return code;
}

void wk_error_clear(void)
{
    char *text = detail();

    if (text) {
        text[0] = 0;
    }
}

const char *wick_error_detail(void)
{
    char *text = detail();

    return text ? text : "";
}

const char *wick_error_text(int error)
{
    switch (error) {
#define ERROR_CASE(name, value, text)                                                             \
    case -(value):                                                                                \
        return text;
        WICK_I_ERRORS(ERROR_CASE)
#undef ERROR_CASE
    default:
        return error >= 0 ? "success" : "unknown error";
    }
}
