#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks a .ctxt log against what the original Context compilers accept (Go and Python), and against
our own writer's contract. It shares no code with the library: a second opinion.
Invariant: it prints one line per fault with the line's number, and ends with 1 if there is any."""
import argparse
import re
import sys

LINE_MAX = 60000
LAST_LINE_MAX = 1024
PUSH, POP, LOCKS = {"START"}, {"ENDOK", "ENDER"}, {"LOCKW", "LOCKA", "LOCKR"}
CONTEXT = PUSH | POP | LOCKS | {"BMARK", "CLEAR"}
OURS = {"run", "site", "unfinished", "cpu", "value", "intvalue", "gauge", "intgauge", "sum", "intsum", "lost", "under", "thread",
        "lockw", "locka", "lockr", "stat", "break", "pad", "tracker", "bind", "pause", "resume"}
# Words whose location must have been introduced by a site line.
WITH_SITE = (CONTEXT | {"gauge", "intgauge", "sum", "intsum", "lockw", "locka", "lockr"}) - {"CLEAR"}
KINDS = {"scope", "format", "dynamic", "mark", "counter", "lock"}
REASONS = {"unwound", "thread", "exit", "fork", "clear", "killed"}
STAMP = re.compile(r"^\d{10,}\.\d{9}$")


class Line:
    """One line: ns, node, pid, thread, action, location, text."""

    def __init__(self, number, fields):
        seconds, nanoseconds = fields[0].split(".")
        self.number = number
        self.ns = int(seconds) * 10**9 + int(nanoseconds)
        self.node, self.pid, self.thread, self.action, self.location, self.text = fields[1:]
        self.track = (self.node, self.pid, self.thread)


class Thread:
    def __init__(self):
        self.last_ns = 0
        self.stack = []
        self.waits = None
        self.holds = None
        self.expected = None  # what an unfinished or cpu line has announced


class Checker:
    def __init__(self, part=False, killed=False):
        self.part = part      # a rotated part: scopes may be open at both ends
        self.killed = killed  # no closing bookmark, open scopes
        self.faults = []
        self.lines = []
        self.threads = {}
        self.sites = {}

    def fault(self, number, text):
        self.faults.append("line %d: %s" % (number, text))

    def load(self, data):
        raw = data.split(b"\n")
        if raw.pop() != b"" and not self.killed:
            self.fault(len(raw) + 1, "the last line has no newline")
        for number, line in enumerate(raw, 1):
            self.load_line(number, line)
        if raw and len(raw[-1]) + 1 > LAST_LINE_MAX and not self.killed:
            self.fault(len(raw), "the last line is longer than %d bytes" % LAST_LINE_MAX)

    def load_line(self, number, line):
        if len(line) + 1 > LINE_MAX:
            self.fault(number, "%d bytes, more than %d" % (len(line) + 1, LINE_MAX))
        try:
            text = line.decode("utf-8", "strict")
        except UnicodeDecodeError as error:
            return self.fault(number, "not UTF-8: %s" % error)
        fields = text.split(" ", 6)
        if len(fields) != 7:
            return self.fault(number, "%d fields: %r" % (len(fields), text[:100]))
        if any(not field for field in fields[:6]):
            return self.fault(number, "an empty field: %r" % text[:100])
        if any(c.isspace() or c == "\ufeff" for field in fields[:6] for c in field):
            self.fault(number, "white space in a field: %r" % text[:100])
        if any(ord(c) < 32 or 127 <= ord(c) < 160 for c in text):
            self.fault(number, "a control character: %r" % text[:100])
        if not STAMP.match(fields[0]):
            return self.fault(number, "time %r is not seconds.nanoseconds" % fields[0])
        if not fields[1].isascii() or not fields[1].isprintable():
            self.fault(number, "node %r is not printable ASCII" % fields[1])
        if not fields[2].isdigit() or int(fields[2]) >= 2**31:
            self.fault(number, "pid %r" % fields[2])
        if fields[4] not in CONTEXT | OURS:
            self.fault(number, "unknown action %r" % fields[4])
        self.lines.append(Line(number, fields))
        return None

    def check_frame(self):
        if len(self.lines) < 2:
            return self.fault(len(self.lines), "fewer than two lines")
        first, last = self.lines[0], self.lines[-1]
        if first.action != "BMARK":
            self.fault(first.number, "the first line is %s, not BMARK" % first.action)
        if not self.killed and last.action != "BMARK":
            self.fault(last.number, "the last line is %s, not BMARK" % last.action)
        if last.ns <= first.ns and not self.killed:
            self.fault(last.number, "the last line is not later than the first")
        for line in self.lines:
            if line.ns < first.ns:
                self.fault(line.number, "%d ns before the first line" % (first.ns - line.ns))
            if line.ns > last.ns and not self.killed:
                self.fault(line.number, "%d ns after the last line" % (line.ns - last.ns))
        return None

    def check_line(self, line):
        thread = self.threads.setdefault(line.track, Thread())
        if line.action == "pad":  # fills a block of the file: no event of its thread
            return None
        if line.action == "tracker":  # the board's: in its own order, as of another thread
            thread = self.threads.setdefault("tracker", Thread())
        if line.ns < thread.last_ns:
            self.fault(line.number, "%s goes back by %d ns" % (line.thread, thread.last_ns - line.ns))
        thread.last_ns = max(thread.last_ns, line.ns)
        if line.action == "site":
            return self.check_site(line)
        if line.action in WITH_SITE and line.location not in self.sites and line.location != "-":
            self.fault(line.number, "%s at %s before its site line" % (line.action, line.location))
        self.check_announced(line, thread)
        if line.action in PUSH:
            thread.stack.append(line)
        elif line.action in POP:
            self.check_pop(line, thread)
        elif line.action == "CLEAR" and thread.stack:
            self.fault(line.number, "CLEAR with %d scopes still open" % len(thread.stack))
        elif line.action in LOCKS:
            self.check_lock(line, thread)
        return None

    def check_site(self, line):
        parts = line.text.split(" ", 5)
        if len(parts) != 6 or parts[0] not in KINDS or not parts[1].isdigit() or "" in parts[:5]:
            self.fault(line.number, "site line %r" % line.text[:100])
        if self.sites.setdefault(line.location, line.text) != line.text:
            self.fault(line.number, "location %s has two sites" % line.location)

    def check_announced(self, line, thread):
        if thread.expected:
            word, location = thread.expected
            if line.action not in POP | {"unfinished"} or line.location != location:
                self.fault(line.number, "%s follows `%s` of %s" % (line.action, word, location))
            if word == "unfinished" and line.action != "ENDER":
                self.fault(line.number, "%s follows `unfinished`" % line.action)
        thread.expected = (line.action, line.location) if line.action in ("unfinished", "cpu") else None
        if line.action == "unfinished" and line.text not in REASONS:
            self.fault(line.number, "unfinished for the reason %r" % line.text)

    def check_pop(self, line, thread):
        if not thread.stack:
            if not self.part:
                self.fault(line.number, "%s without START on %s" % (line.action, line.thread))
            return
        start = thread.stack.pop()
        if start.location != line.location:
            self.fault(line.number, "%s of %s closes %s" % (line.action, line.location, start.location))
        if line.ns < start.ns:
            self.fault(line.number, "ends %d ns before its start" % (start.ns - line.ns))

    def check_lock(self, line, thread):
        if line.action == "LOCKW":
            if thread.holds:
                self.fault(line.number, "LOCKW of %s while %s is held" % (line.location, thread.holds))
            thread.waits = line.location
        elif line.action == "LOCKA":
            if thread.holds:
                self.fault(line.number, "LOCKA of %s while %s is held" % (line.location, thread.holds))
            if thread.waits not in (None, line.location):
                self.fault(line.number, "LOCKA of %s after LOCKW of %s" % (line.location, thread.waits))
            thread.waits, thread.holds = None, line.location
        else:
            if thread.holds != line.location and not self.part:
                self.fault(line.number, "LOCKR of %s while %s is held" % (line.location, thread.holds))
            thread.waits = thread.holds = None

    def run(self, data):
        self.load(data)
        self.check_frame()
        for line in self.lines:
            self.check_line(line)
        if not self.part and not self.killed:
            for track, thread in self.threads.items():
                if thread.stack:
                    self.fault(len(self.lines), "%s ends with %d open scopes, the innermost %s"
                               % (track[2], len(thread.stack), thread.stack[-1].location))
        return self.faults


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", action="store_true", help="a rotated part")
    parser.add_argument("--killed", action="store_true", help="of a killed program")
    parser.add_argument("logs", nargs="+")
    options = parser.parse_args()
    bad = False
    for path in options.logs:
        with open(path, "rb") as log:
            faults = Checker(options.part, options.killed).run(log.read())
        for fault in faults[:20]:
            print("%s: %s" % (path, fault))
        if len(faults) > 20:
            print("%s: %d more" % (path, len(faults) - 20))
        bad = bad or bool(faults)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
