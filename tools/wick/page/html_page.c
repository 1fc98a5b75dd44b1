/*
 * SPDX-License-Identifier: MIT
 * The page as one HTML file. See html_page.h.
 */
#include "page/html_page.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "base/messages.h"

#define PLACE "<!--wick-data-->"

bool html_page_read(struct html_page *page, const struct settings *settings)
{
    static const char *const directories[] = {WICK_DATADIR_FROM_BINDIR "/wick", "../share/wick", "../viewer", NULL};
    char path[8300];
    FILE *from = tool_find_beside(directories, "wick.html", path, sizeof path) ? fopen(path, "r") : NULL;
    if (!from) {
        tool_error(settings, "wick.html is not beside this tool (share/wick/wick.html): this wick was built without"
                             " the page, which needs clang and lld");
        return false;
    }
    size_t bytes = 0;
    if (fseek(from, 0, SEEK_END) == 0 && ftell(from) > 0) {
        bytes = (size_t)ftell(from);
        rewind(from);
        page->text = malloc(bytes + 1);
    }
    if (!page->text || fread(page->text, 1, bytes, from) != bytes) {
        tool_error(settings, "%s: cannot be read: %s", path, page->text ? strerror(errno) : "empty, or no memory");
    } else {
        page->text[bytes] = 0;
        page->rest = strstr(page->text, PLACE);
        if (page->rest) {
            *page->rest = 0;
            page->rest += strlen(PLACE);
        } else {
            tool_error(settings, "%s: is not the page of this version: it has no place for data", path);
        }
    }
    fclose(from);
    return page->rest != NULL;
}

void html_page_free(struct html_page *page)
{
    packed_fini(&page->packed);
    free(page->text);
}

/* The value of an attribute. */
static void write_value(FILE *to, const char *value)
{
    for (; *value; value++) {
        unsigned char c = (unsigned char)*value;
        if (c < 0x20 || strchr("\"&<>'", c)) {
            fprintf(to, "&#%u;", c < 0x20 ? ' ' : c);
        } else {
            putc(c, to);
        }
    }
}

int html_page_begin(struct html_page *page, FILE *to, const char *id, const char *name)
{
    fputs(page->text, to);
    fprintf(to, "<script type=\"application/octet-stream\" id=\"%s\" data-encoding=\"%s\" data-name=\"", id, packed_encoding());
    write_value(to, name);
    fprintf(to, "\">");
    return packed_begin(&page->packed, to);
}

int html_page_end(struct html_page *page, FILE *to, int rc)
{
    rc = rc < 0 ? rc : packed_end(&page->packed);
    fprintf(to, "</script>%s", page->rest);
    return rc;
}
