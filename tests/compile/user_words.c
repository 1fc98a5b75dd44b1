/*
 * SPDX-License-Identifier: MIT
 * Words of the user's that are macros: defined before our headers (WICK_TEST_BEFORE), or behind them. The system's
 * headers come first: what they survive is not ours to say.
 */
#include <pthread.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#if defined(__cplusplus)
#include <exception>
#endif

#if defined(WICK_TEST_BEFORE)
#include "user_words.h"
#endif
#include <wick/wick.h>

#include <wick/fiber.h>
#include <wick/model.h>
#include <wick/serve.h>
#include "user_words.h"

#include "every_macro.c"
