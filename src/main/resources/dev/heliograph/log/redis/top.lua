-- Put after run.lua, before since.lua and snapshot.lua.

-- The epoch and the newest offset of a channel; gives it its epoch if it was never used.
-- run: id of this Redis process (empty: not known)
-- Returns the epoch, a number, and where former epochs ended, as append.lua keeps it.
local function top_of(top, log, new_epoch, ttl, run)
  local known = redis.call('HMGET', top, 'e', 'o', 'p')
  local epoch = known[1]
  if not epoch then
    epoch = new_epoch
    redis.call('DEL', log)
    redis.call('HSET', top, 'e', epoch, 'o', '0', 'r', run ~= '' and run or run_of())
    redis.call('PEXPIRE', top, ttl)
  end
  return epoch, tonumber(known[2] or '0'), known[3] or ''
end
