/*
 * SPDX-License-Identifier: MIT
 * The functions of tracker.h with WICK_DISABLE: there are no trackers, and nothing is done. Included by tracker.h only.
 */
#ifndef WICK_TRACKER_DISABLED_H
#define WICK_TRACKER_DISABLED_H

WICK_I_INLINE struct wick_tracker *wick_i_no_tracker(const struct wick_tracker *tracker, const char *text)
{
    (void)tracker;
    (void)text;
    return WICK_I_CAST(struct wick_tracker *, WICK_I_NULL);
}
WICK_I_INLINE int wick_i_no_change(const struct wick_tracker *tracker, const char *text)
{
    (void)tracker;
    (void)text;
    return 0;
}
WICK_I_INLINE int wick_i_no_numbers(const struct wick_tracker *tracker, struct wick_tracker_info *info)
{
    (void)tracker;
    __builtin_memset(info, 0, sizeof *info);
    info->size = sizeof *info;
    return 0;
}
WICK_I_INLINE int wick_i_no_progress(const char *key, double value, const char *text)
{
    (void)key;
    (void)value;
    (void)text;
    return 0;
}

/* `...`: a struct may stand there as a literal with commas. */
#define wick_tracker_create(parent, name, ...)                                                    \
    ((void)WICK_I_CAST(const struct wick_tracker_options *, (__VA_ARGS__)), wick_i_no_tracker(parent, name))
#define wick_tracker_start(tracker, flags, message) ((void)(flags), wick_i_no_change(tracker, message))
#define wick_tracker_pause(tracker) wick_i_no_change(tracker, "")
#define wick_tracker_resume(tracker) wick_i_no_change(tracker, "")
#define wick_tracker_end(tracker, status, message) ((void)(status), wick_i_no_change(tracker, message))
#define wick_tracker_succeed(tracker, message) wick_i_no_change(tracker, message)
#define wick_tracker_fail(tracker, message) wick_i_no_change(tracker, message)
#define wick_tracker_cancel(tracker, message) wick_i_no_change(tracker, message)
#define wick_tracker_retry(tracker) wick_i_no_change(tracker, "")
#define wick_tracker_remove(tracker) wick_i_no_change(tracker, "")
#define wick_tracker_set(tracker, field, json) ((void)wick_i_no_change(tracker, field), wick_i_no_change(tracker, json))
#define wick_tracker_add(tracker, field, delta)                                                   \
    ((void)WICK_I_CAST(double, delta), wick_i_no_change(tracker, field))
#define wick_tracker_read(tracker, ...) wick_i_no_numbers(tracker, (__VA_ARGS__))
#define wick_tracker_find(below, id_or_friendly) wick_i_no_tracker(below, id_or_friendly)
#define wick_progress(key, value, weight, message, status)                                        \
    ((void)wick_i_no_progress(key, value, message), wick_i_no_progress(key, weight, status))

#endif
