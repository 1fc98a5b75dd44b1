/*
 * SPDX-License-Identifier: MIT
 * A comparison as one HTML file. See compare_page.h.
 */
#include "cmd/compare_page.h"

#include <stdlib.h>

#include "base/messages.h"
#include "page/html_page.h"

int compare_page(FILE *to, const struct compared *compared)
{
    const struct settings *settings = compared->settings;
    struct html_page page = {.text = NULL};
    char *text = NULL;
    size_t bytes = 0;
    FILE *document = open_memstream(&text, &bytes);
    bool fine = document != NULL;
    if (fine) {
        fputs("{\"compare\":", document);
        compared_json(document, compared);
        fputs(",\"tree\":", document);
        fine = compared_places_json(document, compared);
        fputs("}\n", document);
        fine = fclose(document) == 0 && fine;
    }
    int rc = WICK_E_NOMEM;
    if (!fine) {
        tool_error(settings, "out of memory");
    } else if (!html_page_read(&page, settings)) {
        rc = WICK_E_IO;
    } else {
        rc = html_page_begin(&page, to, "wick-comparison", "comparison");
        rc = html_page_end(&page, to, rc < 0 ? rc : packed_write(&page.packed, text, bytes));
    }
    html_page_free(&page);
    free(text);
    return rc;
}
