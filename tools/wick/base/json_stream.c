/*
 * SPDX-License-Identifier: MIT
 * JSON into a stream. See json_stream.h.
 */
#include "base/json_stream.h"

static int write_json(void *user, const char *bytes, size_t count)
{
    return fwrite(bytes, 1, count, user) == count ? 0 : WICK_E_IO;
}

struct wick_json json_to(FILE *to)
{
    return (struct wick_json){.out = {write_json, to}};
}
