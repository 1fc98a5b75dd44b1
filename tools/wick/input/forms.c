/*
 * SPDX-License-Identifier: MIT
 * Turns one form of a log into another. See forms.h.
 * Invariant: nothing is left out but what a wire has lost, which is reported, and texts too long for a line, which go
 * to a file beside the output.
 */
#include "input/forms.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/heap.h"
#include "base/host.h"
#include "base/messages.h"
#include "base/words.h"
#include "input/input.h"
#include "input/log_problems.h"
#include "model/log/form.h"

struct convert {
    const struct settings *settings;
    struct wick_converter *converter;
    FILE *to, *texts;         /* texts: a file beside the output, for texts too long for a line */
    const char *output;       /* its name; NULL: it has none, and there is no file beside it */
    char reference[512];
    long long text_offset;
    uint64_t cut;
};

static int write_file(void *user, const char *bytes, size_t count)
{
    struct convert *c = user;
    return fwrite(bytes, 1, count, c->to) == count ? 0 : WICK_E_IO;
}

static const char *keep_text(void *user, const char *text, uint32_t bytes)
{
    struct convert *c = user;
    char name[4096];
    if (c->output && !c->texts) {
        snprintf(name, sizeof name, "%s.text", c->output);
        c->texts = fopen(name, "w");
    }
    if (!c->texts || fwrite(text, 1, bytes, c->texts) != bytes) {
        c->cut++;
        return NULL;
    }
    const char *slash = strrchr(c->output, '/');
    snprintf(c->reference, sizeof c->reference, "wick+file:%.255s.text#%lld %" PRIu32, slash ? slash + 1 : c->output,
             c->text_offset, bytes);
    c->text_offset += bytes;
    return c->reference;
}

struct wick_converter *forms_converter(uint32_t to, const struct wick_text_out *out)
{
    struct wick_converter_options options = {.to = to, .vector = tool_vector(), .out = *out};
    return wick_converter_create(&wk_heap_allocator, &options);
}

/* Are these the first bytes of another tool's file? Says so. */
static bool begins_foreign(const struct settings *settings, const char *path, const char *bytes, size_t count)
{
    const char *other = NULL;
    uint8_t form = wk_form_decide(bytes, count, true, &other);
    if (other) {
        tool_error(settings, "%s: %s", path, other);
    } else if (form == WK_FORM_JSON || form == WK_FORM_JSON_LINES) {
        tool_error(settings, "%s: another tool's trace; this is for logs of wick and Context", path);
    }
    return other || form == WK_FORM_JSON || form == WK_FORM_JSON_LINES;
}

bool forms_is_foreign(const struct settings *settings, const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) {
        return false; /* its reader says so, and reads a pipe once */
    }
    struct input *input = input_open(settings, path);
    if (!input) {
        return true;
    }
    char *block = malloc(WK_FORM_LOOK);
    const long got = block ? input_read(input, block, WK_FORM_LOOK) : 0;
    const bool foreign = got > 0 && begins_foreign(settings, path, block, (size_t)got);
    free(block);
    input_close(input);
    return foreign;
}

static int convert_input(struct convert *c, const char *path)
{
    static char block[256 << 10];
    struct input *input = input_open(c->settings, path);
    long got = input ? 1 : -1;
    int rc = 0;
    bool first = true;
    while (rc >= 0 && got > 0 && (got = input_read(input, block, sizeof block)) > 0) {
        if (first && begins_foreign(c->settings, path, block, (size_t)got)) {
            input_close(input);
            return EXIT_USAGE;
        }
        first = false;
        rc = wick_converter_feed(c->converter, block, (size_t)got);
    }
    rc = rc < 0 ? rc : wick_converter_finish(c->converter);
    input_close(input);
    if (rc < 0 && rc != WICK_E_IO) { /* WICK_E_IO comes from the output, whose owner reports it */
        tool_error(c->settings, "%s: out of memory", path);
    }
    return rc < 0 || got < 0 ? EXIT_USAGE : EXIT_FINE;
}

int forms_convert(const struct settings *settings, const char *path, uint32_t to, FILE *file)
{
    const char *output = settings->output && strcmp(settings->output, "-") != 0 ? settings->output : NULL;
    struct convert c = {.settings = settings, .to = file, .output = output};
    struct wick_converter_options options = {.to = to, .vector = tool_vector(), .out = {write_file, &c}, .jumbo = keep_text};
    c.converter = wick_converter_create(&wk_heap_allocator, &options);
    if (!c.converter) {
        tool_error(settings, "out of memory");
        return EXIT_USAGE;
    }
    int rc = convert_input(&c, path);
    const struct wick_reader *reader = wick_converter_reader(c.converter);
    struct wick_reader_stats stats;
    wick_reader_stats_read(reader, &stats);
    if (stats.wire) { /* lines that mean nothing stay as they are */
        problems_report(reader, path);
        rc = stats.problems[WICK_PROBLEM_VERSION] ? EXIT_USAGE : rc;
    }
    if (c.cut) {
        tool_note("%s: %s kept beside it", path,
                  tool_count(c.cut, "long text was cut; give --output FILE, and it is|"
                                    "long texts were cut; give --output FILE, and they are"));
    }
    if (c.texts && fclose(c.texts) != 0) {
        perror(output);
        rc = EXIT_USAGE;
    }
    wick_converter_destroy(c.converter);
    return rc;
}

/* ---- a stream of lines that are written as wire ------------------------------------------------ */

static ssize_t cookie_write(void *cookie, const char *bytes, size_t count)
{
    struct convert *c = cookie;
    return wick_converter_feed(c->converter, bytes, count) < 0 ? 0 : (ssize_t)count;
}

static int cookie_close(void *cookie)
{
    struct convert *c = cookie;
    int rc = wick_converter_finish(c->converter);
    wick_converter_destroy(c->converter);
    rc |= fclose(c->to);
    free(c);
    return rc;
}

FILE *forms_wire_stream(FILE *to)
{
    struct convert *c = calloc(1, sizeof *c);
    struct wick_text_out out = {write_file, c};
    FILE *stream = NULL;
    if (c) {
        c->to = to;
        c->converter = forms_converter(WICK_FORM_WIRE, &out);
        stream = c->converter ? fopencookie(c, "w", (cookie_io_functions_t){.write = cookie_write, .close = cookie_close}) : NULL;
    }
    if (!stream) {
        if (c) {
            wick_converter_destroy(c->converter);
        }
        free(c);
        fclose(to);
    }
    return stream;
}

static ssize_t borrowed_write(void *cookie, const char *bytes, size_t count)
{
    return (ssize_t)fwrite(bytes, 1, count, cookie);
}

FILE *forms_borrowed_stream(FILE *to)
{
    return fopencookie(to, "w", (cookie_io_functions_t){.write = borrowed_write});
}

bool forms_is_wire(const char *name)
{
    size_t length = strlen(name);
    return length > 5 && strcmp(name + length - 5, ".wick") == 0;
}
