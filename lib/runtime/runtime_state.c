/*
 * SPDX-License-Identifier: MIT
 * The runtime's state and its locks. See runtime_state.h.
 */
#include "runtime_state.h"

#include "base/diag.h"

struct wk_runtime_state wk_runtime = {
    .control = PTHREAD_MUTEX_INITIALIZER,
    .lock = PTHREAD_MUTEX_INITIALIZER,
};

void wk_runtime_lock(pthread_mutex_t *mutex, int *cancel)
{
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, cancel);
    wk_diag_hold();
    pthread_mutex_lock(mutex);
}

void wk_runtime_unlock(pthread_mutex_t *mutex, int cancel)
{
    pthread_mutex_unlock(mutex);
    wk_diag_release();
    pthread_setcancelstate(cancel, NULL);
}
