/*
 * SPDX-License-Identifier: MIT
 * The functions of the commands: cmd_tree is in cmd_tree.c, and so on.
 * Must not declare anything else: commands share through the other rooms. Invariant: each returns an exit code.
 */
#ifndef WICK_TOOLS_WICK_CMD_CMD_H
#define WICK_TOOLS_WICK_CMD_CMD_H

#include "tool.h"

int cmd_ab(struct settings *settings);
int cmd_calibrate(struct settings *settings);
int cmd_check(struct settings *settings);
int cmd_compare(struct settings *settings);
int cmd_doctor(struct settings *settings);
int cmd_export(struct settings *settings);
int cmd_flame(struct settings *settings);
int cmd_hist(struct settings *settings);
int cmd_history(struct settings *settings);
int cmd_info(struct settings *settings);
int cmd_thin(struct settings *settings);
int cmd_locks(struct settings *settings);
int cmd_merge(struct settings *settings);
int cmd_post(struct settings *settings);
int cmd_postmortem(struct settings *settings);
int cmd_profile(struct settings *settings);
int cmd_redis(struct settings *settings);
int cmd_repair(struct settings *settings);
int cmd_report(struct settings *settings);
int cmd_run(struct settings *settings);
int cmd_serve(struct settings *settings);
int cmd_slow(struct settings *settings);
int cmd_marks(struct settings *settings);
int cmd_status(struct settings *settings);
int cmd_summarize(struct settings *settings);
int cmd_tasks(struct settings *settings);
int cmd_timeline(struct settings *settings);
int cmd_tree(struct settings *settings);
int cmd_trend(struct settings *settings);
int cmd_view(struct settings *settings);

#endif
