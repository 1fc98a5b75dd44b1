/*
 * SPDX-License-Identifier: MIT
 * Marks wick's own threads. See worker.h.
 */
#include "worker.h"

#include <pthread.h>

static __thread bool is_worker __attribute__((tls_model("initial-exec")));

void wk_worker_begin(const char *name)
{
    is_worker = true;
    pthread_setname_np(pthread_self(), name);
}

static __thread bool records __attribute__((tls_model("initial-exec")));

void wk_worker_record(void)
{
    records = true;
}

bool wk_worker_records(void)
{
    return records;
}

bool wk_worker_here(void)
{
    return is_worker;
}
