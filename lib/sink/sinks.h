/*
 * SPDX-License-Identifier: MIT
 * The sinks of this build without third-party libraries. See lib/runtime/sink.h.
 */
#ifndef WICK_LIB_SINK_SINKS_H
#define WICK_LIB_SINK_SINKS_H

#include "runtime/sink.h"

extern const struct wk_sink_ops wk_log_sink;
extern const struct wk_sink_ops wk_rollup_sink; /* tree/tree_sink.c */
extern const struct wk_sink_ops wk_http_sink;   /* http/host/http_sink.c */
extern const struct wk_sink_ops wk_openmetrics_sink; /* openmetrics/openmetrics_sink.c */
extern const struct wk_sink_ops wk_redis_sink;  /* redis/host/redis_sink.c */

#endif
