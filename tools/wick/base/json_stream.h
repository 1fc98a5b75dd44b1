/*
 * SPDX-License-Identifier: MIT
 * JSON into a stream.
 */
#ifndef WICK_TOOLS_WICK_BASE_JSON_STREAM_H
#define WICK_TOOLS_WICK_BASE_JSON_STREAM_H

#include <stdio.h>

#include "wick/json.h"

/* Write JSON to a stream, whose own state says whether that failed. */
struct wick_json json_to(FILE *to);

#endif
