-- SPDX-License-Identifier: MIT
-- Errors and coroutines: Lua leaves C functions with longjmp.
local caught = 0
for i = 1, 50 do
  local fine = pcall(function()
    if i % 2 == 0 then error("even " .. i) end
    return tostring(i)
  end)
  if not fine then caught = caught + 1 end
end
local squares = coroutine.wrap(function()
  for i = 1, 10 do coroutine.yield(i * i) end
end)
local sum = 0
for _ = 1, 10 do sum = sum + squares() end
print(caught, sum)
