/*
 * SPDX-License-Identifier: MIT
 * The read side: logs into records, records into a tree with its numbers. The same code serves the live drain, the
 * offline tool and (as WebAssembly) the page. It starts no thread, opens no file and has no global variables: memory
 * comes from the caller's allocator.
 *
 *   records.h   records and the allocator
 *   names.h     the sites and tracks that the indices of records name
 *   tree.h      records into the tree; its numbers, and the tree as text
 *   rows.h      the numbers of scopes in groups: means, quantiles, shares
 *   board.h     trackers: keys with facts, and the numbers derived from them
 *   print.h     durations, numbers and counts as text
 *   json.h      nodes and rows as JSON
 *   summary.h   what is kept of a run for comparisons
 *   log.h       logs into records, one form of a log into the other
 */
#ifndef WICK_MODEL_H
#define WICK_MODEL_H

#include "board.h"
#include "json.h"
#include "log.h"
#include "names.h"
#include "print.h"
#include "records.h"
#include "rows.h"
#include "summary.h"
#include "tree.h"

#endif
