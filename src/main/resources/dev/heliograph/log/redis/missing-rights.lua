-- ARGV: command, its first argument (a key, a channel or a word), and the others with which it changes nothing, with spaces
--       between them ('-': it would change something, so that Redis 6.2 cannot be asked), for each right
-- Returns {command, first argument, ...} of those that the user of this call has not.
local missing = {}
for i = 1, #ARGV, 3 do
  local command, name, harmless = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local is_allowed = true
  if redis.acl_check_cmd then
    is_allowed = redis.acl_check_cmd(command, name)
  elseif harmless ~= '-' then
    local args = {}
    for arg in string.gmatch(harmless, '%S+') do
      args[#args + 1] = arg
    end
    local answer = redis.pcall(command, name, unpack(args))
    is_allowed = not (type(answer) == 'table' and answer.err
      and string.find(answer.err, 'The user executing the script', 1, true))
  end
  if not is_allowed then
    missing[#missing + 1] = command
    missing[#missing + 1] = name
  end
end
return missing
