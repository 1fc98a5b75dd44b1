/*
 * SPDX-License-Identifier: MIT
 * The read side: records out of logs, and the tree with its numbers that they build.
 * The same code serves the live drain, the offline tool and (as WebAssembly) the page. It starts no thread, opens no file
 * and keeps no global: memory comes from the allocator that is passed in.
 *
 *   records.h   what a record is; the allocator
 *   names.h     what the indices of records mean
 *   tree.h      records into the tree; its numbers, and the tree as text
 *   log.h       logs into records, one form of a log into the other
 */
#ifndef WICK_MODEL_H
#define WICK_MODEL_H

#include "log.h"
#include "names.h"
#include "records.h"
#include "tree.h"

#endif
