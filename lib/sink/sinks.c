/*
 * SPDX-License-Identifier: MIT
 * The table of sinks of this build. A new sink is one line here.
 */
#include "sinks.h"

const struct wk_sink_ops *const wk_sinks[] = {
    &wk_log_sink,
    &wk_rollup_sink,
    &wk_http_sink, /* after the log, whose path it reads when it opens */
    &wk_redis_sink,
    &wk_openmetrics_sink, /* after the log, likewise */
    NULL,
};
