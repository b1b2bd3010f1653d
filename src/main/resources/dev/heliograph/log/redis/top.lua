-- Put before since.lua and snapshot.lua.

-- The epoch and the newest offset of a channel; gives it its epoch if it was never used.
-- Returns the epoch and a number.
local function top_of(top, log, new_epoch, ttl)
  local epoch = redis.call('HGET', top, 'e')
  if not epoch then
    epoch = new_epoch
    redis.call('DEL', log)
    redis.call('HSET', top, 'e', epoch, 'o', '0')
    redis.call('PEXPIRE', top, ttl)
  end
  return epoch, tonumber(redis.call('HGET', top, 'o') or '0')
end
