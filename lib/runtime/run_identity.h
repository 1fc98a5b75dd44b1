/*
 * SPDX-License-Identifier: MIT
 * Who runs this program, as one JSON object: what is known, and what WICK_IDENTITY adds, replaces or removes.
 */
#ifndef WICK_LIB_RUNTIME_RUN_IDENTITY_H
#define WICK_LIB_RUNTIME_RUN_IDENTITY_H

/* Set the run's `identity` where WICK_IDENTITY is set; after its host, pid and program. */
void wk_run_collect_identity(void);

#endif
