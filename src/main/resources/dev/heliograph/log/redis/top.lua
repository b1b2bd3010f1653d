-- Put after rights.lua and run.lua, before since.lua and snapshot.lua.

-- The epoch and the newest offset of a channel; gives it its epoch if it was never used.
-- run: id of this Redis process (empty: not known)
-- Returns the epoch, a number, and where former epochs ended, as append.lua keeps it.
local function top_of(top, log, new_epoch, ttl, run)
  local known = call('HMGET', top, 'e', 'o', 'p')
  local epoch = known[1]
  if not epoch then
    epoch = new_epoch
    run = run ~= '' and run or run_of()
    -- PEXPIRE comes first, which Redis lets pass when it is full, and all that follows: a reader is not refused for that.
    require_right('PEXPIRE', log, '?')
    require_right('PEXPIRE', top, '?')
    require_right('HSET', top, 'f', 'v', 'f')
    -- As in append.lua: deletes it.
    call('PEXPIRE', log, 0)
    call('HSET', top, 'e', epoch, 'o', '0', 'r', run)
    call('PEXPIRE', top, ttl)
  end
  return epoch, tonumber(known[2] or '0'), known[3] or ''
end
