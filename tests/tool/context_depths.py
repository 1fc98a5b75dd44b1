# SPDX-License-Identifier: MIT
# What Context makes of a log: python3 context_depths.py LOG prints `N scopes, M at a wrong depth`, and what its compilers refuse.
# In our own words: the compilers pair the lines of a thread; the viewers take its scopes by (start ascending, end descending),
# both float64, and a scope is as deep as there are scopes before it that have not ended when it starts.
import sys

lines = open(sys.argv[1], "rb").read().decode("utf-8").split("\n")
assert lines.pop() == "", "the last line has no end"
problems = []
threads, first, last = {}, None, None
for number, line in enumerate(lines, 1):
    fields = line.split(" ", 6)
    if len(fields) < 7 or len(line.split()) < 6 or line.split()[:6] != fields[:6]:
        problems.append("line %d: fields" % number)
        continue
    if len(line.encode()) >= 60000:
        problems.append("line %d: too long" % number)
    if not fields[2].isdigit() or int(fields[2]) > 2 ** 31 - 1:
        problems.append("line %d: pid" % number)
    if fields[4] not in ("START", "ENDOK", "ENDER", "BMARK", "CLEAR", "LOCKW", "LOCKA", "LOCKR"):
        problems.append("line %d: word %s" % (number, fields[4]))
    time = float(fields[0])
    first, last = (time if first is None else first), time
    threads.setdefault(tuple(fields[1:4]), []).append((time, number, fields))
for thread in threads.values():
    for time, number, _ in thread:
        if time < first or time > last:
            problems.append("line %d: out of bounds" % number)
if [line.split(" ")[4] for line in (lines[0], lines[-1])] != ["BMARK", "BMARK"] or first == last or len(lines[-1].encode()) > 1023:
    problems.append("first or last line")

count = wrong = 0
for thread in threads.values():
    open_scopes, scopes, slot = [], [], None
    for time, number, fields in thread:
        if fields[4] == "START":
            open_scopes.append((time, len(open_scopes), number))
        elif fields[4] in ("ENDOK", "ENDER") and open_scopes:
            start, depth, line = open_scopes.pop()
            if time < start:
                problems.append("line %d: ends before it starts" % number)
            scopes.append((start, -time, line, depth))
        elif fields[4] == "LOCKR" and slot != fields[5] or fields[4] == "LOCKA" and slot not in (None, fields[5]):
            problems.append("line %d: lock" % number)
        if fields[4].startswith("LOCK"):
            slot = None if fields[4] == "LOCKR" else fields[5]
    if open_scopes:
        problems.append("%d never end" % len(open_scopes))
    ends = []
    for start, end, line, depth in sorted(scopes, key=lambda s: s[:2]):
        while ends and ends[-1] <= start:
            ends.pop()
        wrong += len(ends) != depth
        count += 1
        ends.append(-end)
print("%d scopes, %d at a wrong depth" % (count, wrong))
for problem in problems:
    print(problem)
