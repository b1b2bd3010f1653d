-- Put after calls.lua, before append.lua and top.lua.

-- Fails if the user of this call may not run a command on a key, or publish to a channel. Redis does not take back what a
-- script wrote before it failed, so each write has its right proven before the first one is made.
-- docs/decisions.md: A script proves its rights before it writes
-- harmless: arguments with which Redis 6.2, which cannot be asked, looks at the right and then refuses to do anything
local function require_right(command, name, harmless)
  if may then
    if may(command, name) then
      return
    end
  else
    local args = {}
    for arg in string.gmatch(harmless, '%S+') do
      args[#args + 1] = arg
    end
    local answer = redis.pcall(command, name, unpack(args))
    local failure = type(answer) == 'table' and answer.err
    if not failure or string.find(failure, '^%-?ERR ') then
      return
    end
    if not string.find(failure, 'The user executing the script', 1, true) then
      error(failure, 0)
    end
  end
  error('NOPERM this user may not run ' .. command .. ' on ' .. name .. ': ACL SETUSER <user> +' .. string.lower(command)
    .. (command == 'PUBLISH' and ' &' or ' ~') .. name, 0)
end
