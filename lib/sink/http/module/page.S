/*
 * SPDX-License-Identifier: MIT
 * Embeds the page and its Content-Security-Policy, two files of the build (WICK_PAGE, WICK_PAGE_CSP), in the module.
 * The policy ends with NUL.
 */
    .section .rodata
    .global wk_page_start, wk_page_end, wk_page_csp
    .hidden wk_page_start, wk_page_end, wk_page_csp
wk_page_start:
    .incbin WICK_PAGE
wk_page_end:
wk_page_csp:
    .incbin WICK_PAGE_CSP
    .byte 0
    .section .note.GNU-stack, "", %progbits
