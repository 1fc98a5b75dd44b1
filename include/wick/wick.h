/*
 * SPDX-License-Identifier: MIT
 * wick: in-process timing profiler for C and C++. Instrumented files include this header only.
 *
 *     #include <wick/wick.h>
 *
 *     int main(void)
 *     {
 *         WICK_SCOPE("main");                        until the end of the block
 *         for (int i = 0; i < n; i++) {
 *             WICK_SCOPEF("fetch %s", url[i]);       with a text per instance
 *             if (!fetch(url[i])) {
 *                 WICK_FAIL("timed out");            this scope ends as an error
 *             }
 *         }
 *         WICK_MARK("all fetched");                  a point in time
 *         return WICK_WRAP(finish(n));               a call; its value is kept
 *     }
 *
 *     $ cc app.c $(pkg-config --cflags --libs wick) -o app
 *     $ WICK_LOG=run.ctxt ./app && wick tree run.ctxt
 *
 * Contents: scope.h    the macros                  control.h  start, stop, pause, flush, counters
 *           config.h   configuration in code       error.h    error codes
 *           locks.h    mutexes, rwlocks, condition variables, spin locks; cxx_locks.h: those of C++ (not included here)
 *           fiber.h    coroutines, ucontexts, jobs of an event loop
 *           tracker.h  progress, status and estimates of work, told by hand
 *           bound.h    a scope that runs a tracker
 *           version.h  the version                 compiler.h, hot.h, unwind.h, disabled.h: internals
 *           model.h    the read side (not included here)
 */
#ifndef WICK_WICK_H
#define WICK_WICK_H

#include "compiler.h"
#include "config.h"
#include "control.h"
#include "error.h"
#include "scope.h"
#include "locks.h"
#include "fiber.h"
#include "tracker.h"
#include "bound.h"
#include "version.h"

#endif
