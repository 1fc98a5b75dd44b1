/*
 * SPDX-License-Identifier: MIT
 * Finding and loading a codec module: WICK_MODULE_DIR, then beside the library, then where it was installed.
 */
#include "codec.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wick/version.h>

#ifndef WICK_MODULE_INSTALL_DIR
#define WICK_MODULE_INSTALL_DIR ""
#endif

static const struct wk_codec *load(const char *directory, const char *name, char *why, size_t why_bytes)
{
    static const struct wk_module_host host = {sizeof host, WICK_VERSION};
    char path[PATH_MAX];
    wk_module_function function;
    const struct wk_codec *codec;
    void *module;

    if (!directory || !directory[0])
        return NULL;
    snprintf(path, sizeof path, "%s/wick-%s.so", directory, name);
    module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!module) {
        const char *error = dlerror();

        snprintf(why, why_bytes, "%s", error ? error : path);
        return NULL;
    }
    *(void **)&function = dlsym(module, WK_MODULE_SYMBOL);
    codec = function ? function(&host) : NULL;
    if (!codec || codec->size < sizeof *codec) {
        snprintf(why, why_bytes, "%s is not a module of this version", path);
        dlclose(module);
        return NULL;
    }
    return codec; /* kept loaded for the life of the process */
}

static void own_directory(char out[PATH_MAX])
{
    Dl_info info;
    char *slash;

    out[0] = 0;
    if (dladdr((const void *)&own_directory, &info) && info.dli_fname) {
        snprintf(out, PATH_MAX, "%s", info.dli_fname);
        slash = strrchr(out, '/');
        if (slash)
            *slash = 0;
        else
            snprintf(out, PATH_MAX, ".");
    }
}

const struct wk_codec *wk_codec_load(const char *name, char *why, size_t why_bytes)
{
    char beside[PATH_MAX];
    char below[PATH_MAX + 8];
    const struct wk_codec *codec;

    snprintf(why, why_bytes, "no wick-%s.so found", name);
    own_directory(beside);
    snprintf(below, sizeof below, "%s/wick", beside);
    codec = load(secure_getenv("WICK_MODULE_DIR"), name, why, why_bytes);
    if (!codec)
        codec = load(beside, name, why, why_bytes);
    if (!codec)
        codec = load(below, name, why, why_bytes);
    if (!codec)
        codec = load(WICK_MODULE_INSTALL_DIR, name, why, why_bytes);
    return codec;
}
