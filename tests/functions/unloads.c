/*
 * SPDX-License-Identifier: MIT
 * Loads, calls and unloads one object after the other: they get each other's addresses.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

int main(int count, char **arguments)
{
    for (int i = 1; i < count; i++) {
        void *object = dlopen(arguments[i], RTLD_NOW);
        void *found = object ? dlsym(object, "entry") : NULL;
        int (*entry)(int);

        if (!found) {
            return 1;
        }
        memcpy(&entry, &found, sizeof entry);
        if (entry(i) != i + 1) {
            return 2;
        }
        dlclose(object);
    }
    return 0;
}
