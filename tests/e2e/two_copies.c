/*
 * SPDX-License-Identifier: MIT
 * e2e: the program and a plugin each have a copy of the static library. The program records; the plugin's
 * copy stays off, says so once and counts. argument: the plugin.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>

#include <wick/wick.h>

int main(int argc, char **argv)
{
    uint64_t (*refused)(int) = NULL;
    void *plugin = argc == 2 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    WICK_SCOPE("program");

    if (plugin) {
        *(void **)&refused = dlsym(plugin, "plugin_scopes");
    }
    if (!refused) {
        printf("no plugin: %s\n", dlerror());
        return 1;
    }
    /* Two events, one START each; their ends need no room. Switched off the count is 0 in both runs' output. */
    if (wick_i_is_on() && refused(2) != 2) {
        printf("the plugin's copy did not count\n");
    }
    puts("done");
    return 0;
}
