-- Put after rights.lua, before append.lua and top.lua.

local UNKNOWN_RUN = '?'

-- The id of this Redis process: it has another one after each start.
-- Returns UNKNOWN_RUN if the user of this call may not ask.
local function run_of()
  local told, info = pcall(call, 'INFO', 'server')
  return told and string.match(info, 'run_id:(%w+)') or UNKNOWN_RUN
end
