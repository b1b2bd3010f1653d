-- Reads the newest entry of each type, of the log's present life, which former epochs may belong to (see append.lua).
-- KEYS: top, latest
-- Returns {announcement, ...} as append.lua announced them, in no order.
local known = redis.call('HMGET', KEYS[1], 'e', 'p')
local epochs = {[known[1] or ''] = true}
for former in string.gmatch(known[2] or '', '(%w+):') do
  epochs[former] = true
end
local newest = {}
for _, announcement in ipairs(redis.call('HVALS', KEYS[2])) do
  if epochs[string.match(announcement, '^%d+:(%w+):')] then
    newest[#newest + 1] = announcement
  end
end
return newest
