-- Reads the newest entry of each type, of the log's present life.
-- KEYS: top, latest
-- Returns {announcement, ...} as append.lua announced them, in no order.
local epoch = redis.call('HGET', KEYS[1], 'e')
local newest = {}
for _, announcement in ipairs(redis.call('HVALS', KEYS[2])) do
  if string.match(announcement, '^%d+:(%w+):') == epoch then
    newest[#newest + 1] = announcement
  end
end
return newest
