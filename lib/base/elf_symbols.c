/*
 * SPDX-License-Identifier: MIT
 * Reads the symbol tables of an ELF64 file. See elf_symbols.h.
 * Memory comes from mmap alone: the companion calls this inside functions of its host, malloc's included.
 */
#include "elf_symbols.h"

#include <elf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SYMBOLS_MAX = 8 << 20 };

int wk_elf_build_id(const unsigned char *notes, size_t bytes, char hex[WK_ELF_BUILD_ID_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    size_t at = 0;

    hex[0] = 0;
    while (bytes - at >= sizeof(Elf64_Nhdr)) {
        Elf64_Nhdr note;
        size_t name, text, next;

        memcpy(&note, notes + at, sizeof note);
        name = at + sizeof note;
        text = name + (((size_t)note.n_namesz + 3) & ~(size_t)3);
        next = text + (((size_t)note.n_descsz + 3) & ~(size_t)3);
        if (text > bytes || next > bytes + 3 || text + note.n_descsz > bytes) {
            return 0;
        }
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && memcmp(notes + name, "GNU", 4) == 0 &&
            note.n_descsz && note.n_descsz < WK_ELF_BUILD_ID_BYTES / 2) {
            for (size_t i = 0; i < note.n_descsz; i++) {
                hex[2 * i] = digits[notes[text + i] >> 4];
                hex[2 * i + 1] = digits[notes[text + i] & 15];
            }
            hex[2 * (size_t)note.n_descsz] = 0;
            return 1;
        }
        if (next > bytes) {
            break;
        }
        at = next;
    }
    return 0;
}

/* Does [offset, offset + bytes) lie in the file? */
static int inside(const struct wk_elf *elf, uint64_t offset, uint64_t bytes)
{
    return offset <= elf->map_bytes && bytes <= elf->map_bytes - offset;
}

static int section(const struct wk_elf *elf, const Elf64_Ehdr *header, uint32_t index, Elf64_Shdr *out)
{
    if (index >= header->e_shnum) {
        return 0;
    }
    memcpy(out, elf->map + header->e_shoff + (size_t)index * sizeof *out, sizeof *out);
    return out->sh_type == SHT_NOBITS || inside(elf, out->sh_offset, out->sh_size);
}

static void find_build_id(struct wk_elf *elf, const Elf64_Ehdr *header)
{
    Elf64_Shdr shdr;
    Elf64_Phdr phdr;

    for (uint32_t i = 0; i < header->e_shnum; i++) {
        if (section(elf, header, i, &shdr) && shdr.sh_type == SHT_NOTE &&
            wk_elf_build_id(elf->map + shdr.sh_offset, shdr.sh_size, elf->build_id)) {
            return;
        }
    }
    for (uint32_t i = 0; i < header->e_phnum; i++) {
        if (!inside(elf, header->e_phoff, (uint64_t)(i + 1) * sizeof phdr)) {
            return;
        }
        memcpy(&phdr, elf->map + header->e_phoff + i * sizeof phdr, sizeof phdr);
        if (phdr.p_type == PT_NOTE && inside(elf, phdr.p_offset, phdr.p_filesz) &&
            wk_elf_build_id(elf->map + phdr.p_offset, phdr.p_filesz, elf->build_id)) {
            return;
        }
    }
}

static void sift(struct wk_elf_symbol *symbols, size_t root, size_t count)
{
    struct wk_elf_symbol moved = symbols[root];

    for (size_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && symbols[child].address < symbols[child + 1].address) {
            child++;
        }
        if (moved.address >= symbols[child].address) {
            break;
        }
        symbols[root] = symbols[child];
    }
    symbols[root] = moved;
}

/* Heap sort: qsort calls malloc. */
static void sort(struct wk_elf_symbol *symbols, size_t count)
{
    for (size_t i = count / 2; i-- > 0;) {
        sift(symbols, i, count);
    }
    for (size_t i = count; i-- > 1;) {
        struct wk_elf_symbol last = symbols[i];

        symbols[i] = symbols[0];
        symbols[0] = last;
        sift(symbols, 0, i);
    }
}

/* The functions of one symbol table into elf->symbols; 0 when there are none. */
static int take_table(struct wk_elf *elf, const Elf64_Shdr *table, const Elf64_Shdr *strings)
{
    size_t all = table->sh_size / sizeof(Elf64_Sym);
    const char *text = (const char *)elf->map + strings->sh_offset;

    if (!all || all > SYMBOLS_MAX || !strings->sh_size || text[strings->sh_size - 1]) {
        return 0;
    }
    elf->symbols_bytes = all * sizeof *elf->symbols;
    elf->symbols = mmap(NULL, elf->symbols_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (elf->symbols == MAP_FAILED) {
        elf->symbols = NULL;
        return 0;
    }
    for (size_t i = 0; i < all; i++) {
        Elf64_Sym symbol;

        memcpy(&symbol, elf->map + table->sh_offset + i * sizeof symbol, sizeof symbol);
        if ((ELF64_ST_TYPE(symbol.st_info) == STT_FUNC || ELF64_ST_TYPE(symbol.st_info) == STT_GNU_IFUNC) &&
            symbol.st_shndx != SHN_UNDEF && symbol.st_name < strings->sh_size && text[symbol.st_name]) {
            elf->symbols[elf->count++] =
                (struct wk_elf_symbol){symbol.st_value, symbol.st_size, text + symbol.st_name};
        }
    }
    sort(elf->symbols, elf->count);
    if (!elf->count) {
        munmap(elf->symbols, elf->symbols_bytes);
    }
    return elf->count != 0;
}

static void find_symbols(struct wk_elf *elf, const Elf64_Ehdr *header)
{
    static const uint32_t types[] = {SHT_SYMTAB, SHT_DYNSYM};
    Elf64_Shdr table, strings;

    for (int t = 0; t < 2; t++) {
        elf->is_stripped = t;
        for (uint32_t i = 0; i < header->e_shnum; i++) {
            if (section(elf, header, i, &table) && table.sh_type == types[t] &&
                section(elf, header, table.sh_link, &strings) && strings.sh_type == SHT_STRTAB &&
                take_table(elf, &table, &strings)) {
                return;
            }
        }
    }
}

static const char *read_tables(struct wk_elf *elf)
{
    Elf64_Ehdr header;

    if (elf->map_bytes < sizeof header) {
        return "not an ELF file";
    }
    memcpy(&header, elf->map, sizeof header);
    if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
        return "not an ELF file";
    }
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB) {
        return "not a 64-bit little-endian ELF file";
    }
    if (header.e_phentsize != sizeof(Elf64_Phdr)) {
        header.e_phnum = 0;
    }
    if (header.e_shentsize != sizeof(Elf64_Shdr) ||
        !inside(elf, header.e_shoff, (uint64_t)header.e_shnum * sizeof(Elf64_Shdr))) {
        header.e_shnum = 0;
    }
    find_build_id(elf, &header);
    find_symbols(elf, &header);
    return NULL;
}

const char *wk_elf_open(struct wk_elf *elf, const char *path)
{
    struct stat status;
    /* The path may come from a log: a device must not even be opened, and a FIFO must not block. */
    bool regular = stat(path, &status) == 0 && S_ISREG(status.st_mode);
    int fd = regular ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) : -1;
    const char *why = NULL;
    void *map = MAP_FAILED;

    *elf = (struct wk_elf){0};
    if (fd < 0) {
        return "cannot be read";
    }
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size <= 0) {
        why = "not an ELF file";
    } else {
        map = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    }
    close(fd);
    if (!why && map == MAP_FAILED) {
        why = "cannot be mapped";
    }
    if (why) {
        return why;
    }
    elf->map = map;
    elf->map_bytes = (size_t)status.st_size;
    why = read_tables(elf);
    if (why) {
        wk_elf_close(elf);
    }
    return why;
}

void wk_elf_close(struct wk_elf *elf)
{
    if (elf->count) {
        munmap(elf->symbols, elf->symbols_bytes);
    }
    if (elf->map) {
        munmap((void *)(uintptr_t)elf->map, elf->map_bytes);
    }
    *elf = (struct wk_elf){0};
}

const struct wk_elf_symbol *wk_elf_find(const struct wk_elf *elf, uint64_t address)
{
    uint32_t low = 0, high = elf->count;

    while (low < high) { /* the first symbol above the address */
        uint32_t middle = low + (high - low) / 2;

        if (elf->symbols[middle].address <= address) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    while (low > 0) {
        const struct wk_elf_symbol *symbol = &elf->symbols[--low];

        if (!symbol->bytes || address - symbol->address < symbol->bytes) {
            return symbol;
        }
        if (symbol->address != address) {
            break; /* aliases share an address; otherwise it lies in a gap */
        }
    }
    return NULL;
}
