-- Put after calls.lua, before append.lua and top.lua.

-- What Redis answers to a script whose user lacks a right.
local NO_RIGHT = 'The user executing the script'

local function refuse_for_right(command, name)
  error('NOPERM this user may not run ' .. command .. ' on ' .. name .. ': ACL SETUSER <user> +' .. string.lower(command)
    .. (command == 'PUBLISH' and ' &' or ' ~') .. name, 0)
end

-- Fails if the user of this call may not run a command on a key, or publish to a channel. Redis does not take back what a
-- script wrote before it failed, so a write that the script cannot take back waits until all rights are proven.
-- docs/decisions.md: A script proves its rights before it writes
-- ...: arguments with which Redis 6.2, which cannot be asked, looks at the right and then changes nothing; nil: not needed
--      there, where a user's commands and keys are apart from each other, so that a key is proven by any command, and a
--      command by any key
local function require_right(command, name, ...)
  if may then
    if not may(command, name) then
      refuse_for_right(command, name)
    end
  elseif (...) then
    local answer = redis.pcall(command, name, ...)
    local failure = type(answer) == 'table' and answer.err
    if failure and string.find(failure, NO_RIGHT, 1, true) then
      refuse_for_right(command, name)
    elseif failure and not string.find(failure, '^%-?ERR ') then
      error(failure, 0)
    end
  end
end
