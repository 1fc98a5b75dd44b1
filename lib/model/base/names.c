/*
 * SPDX-License-Identifier: MIT
 * The sites and tracks that the indices of records name; strings are copied. The caller assigns the indices.
 * Invariant: a lookup never fails; an index that was never set reads as empty strings.
 */
#include "glob.h"
#include "names_borrow.h"

struct wick_names {
    const struct wick_allocator *allocator;
    struct wk_arena strings;
    struct wk_array sites;  /* struct wick_site_info */
    struct wk_array processes; /* struct wick_process_info */
    struct wk_array tracks; /* struct wick_track_info */
};

static const struct wick_site_info no_site = {
    .location = "", .literal = "", .file = "", .category = "", .colour = WICK_NONE};
static const struct wick_process_info no_process = {
    .host = "", .pid = "", .program = "", .arguments = "", .parent = "", .exec_from = ""};
static const struct wick_track_info no_track = {.thread = "", .label = "", .process = WICK_NONE};

struct wick_names *wick_names_create(const struct wick_allocator *allocator)
{
    struct wick_names *names = wk_mem_zeroed(allocator, sizeof *names);
    if (names) {
        names->allocator = allocator;
        wk_arena_init(&names->strings, allocator);
    }
    return names;
}

void wick_names_destroy(struct wick_names *names)
{
    if (!names) {
        return;
    }
    wk_array_free(&names->sites, names->allocator, sizeof(struct wick_site_info));
    wk_array_free(&names->processes, names->allocator, sizeof(struct wick_process_info));
    wk_array_free(&names->tracks, names->allocator, sizeof(struct wick_track_info));
    wk_arena_fini(&names->strings);
    wk_mem_free(names->allocator, names, sizeof *names);
}

/* Replace *text by a copy in the arena, or by `old` when that is the same string. */
static int keep(struct wick_names *names, const char **text, const char *old)
{
    const char *from = *text ? *text : "";
    if (old && wk_mem_same(old, from)) {
        *text = old;
        return 0;
    }
    *text = *from ? wk_arena_text(&names->strings, from, wk_mem_length(from)) : "";
    return *text ? 0 : WICK_E_NOMEM;
}

static int make_room(struct wick_names *names, struct wk_array *array, uint32_t index,
                     size_t item_bytes, const void *empty)
{
    if (index == WICK_NONE) {
        return WICK_E_LIMIT;
    }
    int rc = wk_array_reserve(array, names->allocator, index + 1, item_bytes);
    if (rc < 0) {
        return rc;
    }
    while (array->count <= index) {
        memcpy((char *)array->items + array->count * item_bytes, empty, item_bytes);
        array->count++;
    }
    return 0;
}

int wk_names_borrow_site(struct wick_names *names, uint32_t index, const struct wick_site_info *info)
{
    int rc = make_room(names, &names->sites, index, sizeof *info, &no_site);
    if (rc >= 0) {
        ((struct wick_site_info *)names->sites.items)[index] = *info;
    }
    return rc;
}

int wick_names_set_site(struct wick_names *names, uint32_t index, const struct wick_site_info *info)
{
    int rc = make_room(names, &names->sites, index, sizeof *info, &no_site);
    if (rc < 0) {
        return rc;
    }
    struct wick_site_info *site = (struct wick_site_info *)names->sites.items + index;
    struct wick_site_info copy = *info;
    if (keep(names, &copy.location, site->location) < 0 || keep(names, &copy.literal, site->literal) < 0 ||
        keep(names, &copy.file, site->file) < 0 || keep(names, &copy.category, site->category) < 0) {
        return WICK_E_NOMEM;
    }
    *site = copy;
    return 0;
}

int wick_names_set_process(struct wick_names *names, uint32_t index, const struct wick_process_info *info)
{
    int rc = make_room(names, &names->processes, index, sizeof *info, &no_process);
    if (rc < 0) {
        return rc;
    }
    struct wick_process_info *process = (struct wick_process_info *)names->processes.items + index;
    struct wick_process_info copy = *info;
    if (keep(names, &copy.host, process->host) < 0 || keep(names, &copy.pid, process->pid) < 0 ||
        keep(names, &copy.program, process->program) < 0 || keep(names, &copy.arguments, process->arguments) < 0 ||
        keep(names, &copy.parent, process->parent) < 0 || keep(names, &copy.exec_from, process->exec_from) < 0) {
        return WICK_E_NOMEM;
    }
    *process = copy;
    return 0;
}

int wick_names_set_track(struct wick_names *names, uint32_t index, const struct wick_track_info *info)
{
    int rc = make_room(names, &names->tracks, index, sizeof *info, &no_track);
    if (rc < 0) {
        return rc;
    }
    struct wick_track_info *track = (struct wick_track_info *)names->tracks.items + index;
    struct wick_track_info copy = *info;
    if (keep(names, &copy.thread, track->thread) < 0 || keep(names, &copy.label, track->label) < 0) {
        return WICK_E_NOMEM;
    }
    *track = copy;
    return 0;
}

const struct wick_site_info *wick_names_site(const struct wick_names *names, uint32_t index)
{
    return index < names->sites.count ? (const struct wick_site_info *)names->sites.items + index
                                      : &no_site;
}

const struct wick_track_info *wick_names_track(const struct wick_names *names, uint32_t index)
{
    return index < names->tracks.count ? (const struct wick_track_info *)names->tracks.items + index
                                       : &no_track;
}

const struct wick_process_info *wick_names_process(const struct wick_names *names, uint32_t index)
{
    return index < names->processes.count ? (const struct wick_process_info *)names->processes.items + index
                                          : &no_process;
}

const struct wick_process_info *wick_names_track_process(const struct wick_names *names, uint32_t track)
{
    return wick_names_process(names, wick_names_track(names, track)->process);
}

const char *wick_names_site_name(const struct wick_names *names, uint32_t index)
{
    const struct wick_site_info *site = wick_names_site(names, index);
    return site->literal[0] ? site->literal : site->location[0] ? site->location : "(no name)";
}

const char *wick_names_track_name(const struct wick_names *names, uint32_t index)
{
    const struct wick_track_info *track = wick_names_track(names, index);
    return track->label[0] ? track->label : track->thread[0] ? track->thread : "(no thread)";
}

/* Behind the last / of the first word. */
static const char *without_directory(const char *command)
{
    const char *from = command;
    for (const char *at = command; *at && *at != ' '; at++) {
        from = *at == '/' && at[1] && at[1] != ' ' ? at + 1 : from;
    }
    return from;
}

static uint32_t put_cut(char *to, uint32_t used, uint32_t room, const char *text)
{
    for (; *text && used + 1 < room; text++) {
        to[used++] = *text;
    }
    while (*text && used && ((unsigned char)*text & 0xc0) == 0x80) { /* within a character */
        text--;
        used--;
    }
    to[used] = 0;
    return used;
}

uint32_t wick_names_process_name(const struct wick_names *names, uint32_t process, char *to, uint32_t room)
{
    const struct wick_process_info *info = wick_names_process(names, process);
    if (info->arguments[0] || info->program[0]) {
        return put_cut(to, 0, room, without_directory(info->arguments[0] ? info->arguments : info->program));
    }
    uint32_t used = put_cut(to, 0, room, info->host);
    used = put_cut(to, used, room, ":");
    return put_cut(to, used, room, info->pid);
}

uint32_t wick_names_sites(const struct wick_names *names)
{
    return names->sites.count;
}

uint32_t wick_names_processes(const struct wick_names *names)
{
    return names->processes.count;
}

uint32_t wick_names_tracks(const struct wick_names *names)
{
    return names->tracks.count;
}

struct wick_names *wk_names_borrow(const struct wick_names *from)
{
    struct wick_names *names = wick_names_create(from->allocator);
    const struct wick_allocator *a = from->allocator;
    if (names && (wk_array_copy(&names->sites, a, &from->sites, sizeof(struct wick_site_info)) < 0 ||
                  wk_array_copy(&names->processes, a, &from->processes, sizeof(struct wick_process_info)) < 0 ||
                  wk_array_copy(&names->tracks, a, &from->tracks, sizeof(struct wick_track_info)) < 0)) {
        wick_names_destroy(names);
        return NULL;
    }
    return names;
}

int wick_glob_match(const char *pattern, const char *path, size_t path_bytes, size_t name_bytes)
{
    const struct wk_glob_path whole = {path, path_bytes, name_bytes < path_bytes ? name_bytes : path_bytes};
    return wk_glob(pattern, wk_mem_length(pattern), &whole);
}
