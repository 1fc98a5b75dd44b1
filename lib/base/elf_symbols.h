/*
 * SPDX-License-Identifier: MIT
 * The build id and function names of an ELF64 file, for the companion library (patterns), the drain (live names) and the tool (names
 * offline).
 * It does not call malloc, and checks every offset against the file's size before use.
 */
#ifndef WICK_LIB_BASE_ELF_SYMBOLS_H
#define WICK_LIB_BASE_ELF_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

enum { WK_ELF_BUILD_ID_BYTES = 129 }; /* hexadecimal, with its NUL */

struct wk_elf_symbol {
    uint64_t address; /* as in the file: at run time, less the load base */
    uint64_t bytes;   /* 0: up to the next one */
    const char *name; /* borrows until wk_elf_close */
};

struct wk_elf {
    const unsigned char *map;
    size_t map_bytes;
    struct wk_elf_symbol *symbols; /* by address */
    size_t symbols_bytes;
    uint32_t count;
    int is_stripped; /* no .symtab: only the exports in .dynsym have names */
    char build_id[WK_ELF_BUILD_ID_BYTES]; /* "" when it has none */
};

/* NULL on success, else the reason, a static text. Call close after success only. */
const char *wk_elf_open(struct wk_elf *elf, const char *path);
void wk_elf_close(struct wk_elf *elf);
/* The function that contains the address, or NULL. */
const struct wk_elf_symbol *wk_elf_find(const struct wk_elf *elf, uint64_t address);

/* The GNU build id among the notes in memory or in a file, as hexadecimal; 0 when there is none. */
int wk_elf_build_id(const unsigned char *notes, size_t bytes, char hex[WK_ELF_BUILD_ID_BYTES]);

#endif
