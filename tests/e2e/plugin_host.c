/*
 * SPDX-License-Identifier: MIT
 * Loads the plugin (its path is the argument), calls it, unloads it, and loads it again.
 */
#include <dlfcn.h>
#include <stdio.h>

int main(int count, char **arguments)
{
    int sum = 0;

    for (int i = 0; i < 2 && count > 1; i++) {
        void *plugin = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
        int (*work)(void);

        if (!plugin) {
            fprintf(stderr, "%s\n", dlerror());
            return 1;
        }
        *(void **)&work = dlsym(plugin, "plugin_work");
        sum += work();
        dlclose(plugin);
    }
    printf("%d\n", sum);
    return sum;
}
