// SPDX-License-Identifier: MIT
// Texts that others wrote, as they can be shown. The worker has this file, too: every text of a log passes it.

/**
 * Controls, and what changes the direction of the text around it, as escapes, as the tool writes them (lib/model/base/printer.c). Tab
 * and line feed stay. @param {string} text
 */
function visibleText(text) {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (sign) => {
    const code = sign.charCodeAt(0);
    return code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
