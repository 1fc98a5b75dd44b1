/*
 * SPDX-License-Identifier: MIT
 * The page and its Content-Security-Policy, as files of the build (WICK_PAGE, WICK_PAGE_CSP), within the module.
 * Must not be changed at run time. Invariant: the policy ends with NUL.
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
