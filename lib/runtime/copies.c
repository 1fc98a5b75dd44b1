/*
 * SPDX-License-Identifier: MIT
 * Finds other copies of wick. See copies.h.
 * A symbol cannot be the process-wide key: each copy in an RTLD_LOCAL plugin sees its own. An ELF note can: every
 * object with a copy contains the note, which gives the address of that copy's word.
 */
#include "copies.h"

#include <link.h>
#include <stdint.h>
#include <string.h>

/* A contract between versions: values are added, never changed. 0: idle, 1: this copy records. */
extern uint32_t wk_copies_word __attribute__((visibility("hidden")));
uint32_t wk_copies_word;

/* Note: name "wick", type 1, the distance from here to the word. */
__asm__(".pushsection .note.wick, \"a\", %note\n"
        ".balign 4\n"
        ".long 5, 8, 1\n"
        ".asciz \"wick\"\n"
        ".balign 4\n"
        ".quad wk_copies_word - .\n"
        ".popsection\n");

/* The word that a note points at; NULL: not a note of wick's. */
static uint32_t *word_of(const ElfW(Nhdr) *note)
{
    const char *name = (const char *)(note + 1);
    const char *where = name + ((note->n_namesz + 3) & ~3u);
    int64_t distance;

    if (note->n_type != 1 || note->n_namesz != 5 || note->n_descsz != 8 || memcmp(name, "wick", 5) != 0) {
        return NULL;
    }
    memcpy(&distance, where, sizeof distance);
    return (uint32_t *)((uintptr_t)where + (uintptr_t)distance);
}

static int look(struct dl_phdr_info *info, size_t size, void *user)
{
    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        uintptr_t at = info->dlpi_addr + header->p_vaddr;
        uintptr_t end = at + header->p_memsz;

        while (header->p_type == PT_NOTE && at + sizeof(ElfW(Nhdr)) < end) {
            const ElfW(Nhdr) *note = (const void *)at;
            uint32_t *word = word_of(note);

            /* Relaxed: each copy starts under a lock of its own. Two that start at the same moment may both record,
             * which costs a second log. */
            if (word && word != &wk_copies_word && __atomic_load_n(word, __ATOMIC_RELAXED) != 0) {
                *(bool *)user = true;
            }
            at += sizeof *note + ((note->n_namesz + 3) & ~3u) + ((note->n_descsz + 3) & ~3u);
        }
    }
    return 0;
}

bool wk_copies_claim(void)
{
    bool taken = false;

    dl_iterate_phdr(look, &taken);
    if (!taken) {
        __atomic_store_n(&wk_copies_word, 1, __ATOMIC_RELAXED); /* as above */
    }
    return !taken;
}
