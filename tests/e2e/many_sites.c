/*
 * SPDX-License-Identifier: MIT
 * e2e: as many places in the source as the argument says, each recorded twice. A generated program has them; here they
 * are made at run time, as the macros make them at compile time.
 */
#include <stdio.h>
#include <stdlib.h>

#include <wick/wick.h>

int main(int count, char **arguments)
{
    uint32_t sites = count > 1 ? (uint32_t)atoi(arguments[1]) : 1000;
    struct wick_site *site = calloc(sites, sizeof *site);
    char(*functions)[32] = calloc(sites / 1000 + 1, sizeof *functions);
    WICK_SCOPE("main");

    for (uint32_t i = 0; i < 2 * sites; i++) {
        uint32_t at = i % sites;
        struct wick_scope scope;

        if (i < sites) {
            char *function = functions[at / 1000];

            snprintf(function, sizeof *functions, "generated_%u", at / 1000);
            site[at] = (struct wick_site){
                .literal = "generated", .function = function, .file = __FILE__, .line = at % 1000 + 1, .kind = WICK_I_SITE_SCOPE};
        }
        wick_begin(&scope, &site[at]);
        wick_end(&scope);
    }
    free(site);
    free(functions); /* everything was copied */
    puts("done");
    return 0;
}
