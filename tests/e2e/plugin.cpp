/*
 * SPDX-License-Identifier: MIT
 * A plugin whose static initialiser records: the first event of the process comes inside dlopen.
 */
#include <wick/wick.h>

namespace
{
struct early {
    early()
    {
        WICK_SCOPE("static initialiser");
        WICK_MARK("early");
    }
} early_instance;
} // namespace

extern "C" __attribute__((visibility("default"))) int plugin_work()
{
    WICK_SCOPE("plugin work");
    return 3;
}
