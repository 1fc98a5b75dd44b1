/*
 * SPDX-License-Identifier: MIT
 * The compilers of the executable: the section .comment, where each leaves its name. See run_machine.h.
 * The file is anybody's: every number from it is checked before it is used.
 */
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "run_machine.h"

enum { SECTIONS_MAX = 1024 };

static bool read_at(int fd, void *out, size_t bytes, uint64_t offset)
{
    return offset <= INT64_MAX && pread(fd, out, bytes, (off_t)offset) == (ssize_t)bytes;
}

static bool section_at(int fd, const ElfW(Ehdr) *head, uint32_t index, ElfW(Shdr) *section)
{
    return head->e_shentsize == sizeof *section && index < head->e_shnum &&
           read_at(fd, section, sizeof *section, head->e_shoff + (uint64_t)index * sizeof *section);
}

static bool find_comment(int fd, ElfW(Shdr) *found)
{
    ElfW(Ehdr) head;
    ElfW(Shdr) names;
    char name[sizeof ".comment"];

    if (!read_at(fd, &head, sizeof head, 0) || memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 || !section_at(fd, &head, head.e_shstrndx, &names)) {
        return false;
    }
    for (uint32_t i = 1; i < head.e_shnum && i < SECTIONS_MAX; i++) {
        if (section_at(fd, &head, i, found) && found->sh_type == SHT_PROGBITS && read_at(fd, name, sizeof name, names.sh_offset + found->sh_name) &&
            memcmp(name, ".comment", sizeof name) == 0) {
            return true;
        }
    }
    return false;
}

void wk_run_compiler(char *out, size_t size)
{
    int fd = wk_descriptor_open("/proc/self/exe", O_RDONLY);
    ElfW(Shdr) comment;
    size_t used = 0;

    if (fd >= 0 && find_comment(fd, &comment)) {
        size_t bytes = comment.sh_size < size - 1 ? (size_t)comment.sh_size : size - 1;

        used = read_at(fd, out, bytes, comment.sh_offset) ? bytes : 0;
    }
    while (used && !out[used - 1]) {
        used--;
    }
    for (size_t i = 0; i < used; i++) { /* the names end with zero bytes */
        out[i] = out[i] ? out[i] : ';';
    }
    out[used] = 0;
    if (fd >= 0) {
        close(fd);
    }
}
