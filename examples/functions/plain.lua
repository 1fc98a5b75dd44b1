-- SPDX-License-Identifier: MIT
-- Work without errors or coroutines: the interpreter's calls and returns nest.
local function fib(n)
  if n < 2 then return n end
  return fib(n - 1) + fib(n - 2)
end

local words = {}
for word in ("the quick brown fox jumps over the lazy dog"):gmatch("%a+") do
  words[#words + 1] = word:upper()
end
table.sort(words)
local seen = {}
for i = 1, 500 do
  local key = string.format("%s-%d", words[i % #words + 1], i * i % 97)
  seen[key] = (seen[key] or 0) + 1
end
local keys = 0
for _ in pairs(seen) do keys = keys + 1 end
print(table.concat(words, " "), keys, fib(15))
