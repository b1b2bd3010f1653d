-- The one place where an entry comes to be. Put after run.lua, before append-of.lua (EVALSHA) and publish.lua (FCALL).

local FORMER_EPOCHS = 8

-- The epoch for the next entry. A Redis that is not the process that took the last one may have lost the newest entries,
-- which somebody saw: their positions must not come again. So a new epoch goes on with the offsets of the former one, of
-- which it is kept where it ended. Who does not know the process goes on as if it were the same one.
-- docs/decisions.md: After a restart of Redis a log goes on under another epoch
-- run: of this Redis process, see run_of
local function epoch_for(top, run, new_epoch)
  local known = redis.call('HMGET', top, 'e', 'r', 'o', 'p')
  local epoch, last_run = known[1], known[2]
  if epoch and (run == UNKNOWN_RUN or run == last_run) then
    return epoch
  end
  redis.call('HSET', top, 'e', new_epoch, 'r', run)
  if epoch then
    local former = {}
    for each in string.gmatch(known[4] or '', '%S+') do
      former[#former + 1] = each
    end
    former[#former + 1] = epoch .. ':' .. (known[3] or '0')
    if #former > FORMER_EPOCHS then
      table.remove(former, 1)
    end
    redis.call('HSET', top, 'p', table.concat(former, ' '))
  end
  return new_epoch
end

-- Adds a payload to one log, makes it the newest of its type, and announces it.
-- into: log (stream key), top (hash key), latest (hash key), live (announcement channel), size (entries to keep)
-- Returns epoch and offset, the latter as text.
local function push(into, ttl, top_ttl, run, new_epoch, type, payload)
  local epoch = epoch_for(into.top, run, new_epoch)
  local offset = string.format('%.0f', redis.call('HINCRBY', into.top, 'o', 1))
  if offset == '1' then
    -- The top may have been evicted on its own: a new life must not inherit entries of the old one.
    redis.call('DEL', into.log, into.latest)
  end
  redis.call('XADD', into.log, 'MAXLEN', into.size, offset .. '-0', 'p', payload)
  redis.call('PEXPIRE', into.log, ttl)
  -- Carries its epoch: the hash may outlive an evicted top.
  local announcement = offset .. ':' .. epoch .. ':' .. payload
  redis.call('HSET', into.latest, type, announcement)
  redis.call('PEXPIRE', into.latest, ttl)
  redis.call('PEXPIRE', into.top, top_ttl)
  redis.call('PUBLISH', into.live, announcement)
  return epoch, offset
end

-- Fails if a key is of another type, before anything is written: what a script has written is not taken back when it fails.
-- The top of the channel is not asked for, as push reads it before it writes.
local function require_types(channel, firehose)
  redis.call('XLEN', channel.log)
  redis.call('HLEN', channel.latest)
  if firehose then
    redis.call('XLEN', firehose.log)
    redis.call('HLEN', firehose.top)
    redis.call('HLEN', firehose.latest)
  end
end

-- Appends to the channel and to the firehose, or to neither.
-- firehose: nil if the channel is the firehose; once: key of the first result, nil if repeats are not looked for
-- run: of this Redis process
-- Returns {'appended' or 'repeated', epoch, offset, id}.
local function append(channel, firehose, once, once_ttl, ttl, top_ttl, run, new_epoch, id, type, payload)
  if once then
    local first = redis.call('GET', once)
    if first then
      local epoch, offset, first_id = string.match(first, '^(%w+)-(%d+):(.*)$')
      return {'repeated', epoch, offset, first_id}
    end
  end
  require_types(channel, firehose)
  local epoch, offset = push(channel, ttl, top_ttl, run, new_epoch, type, payload)
  if firehose then
    -- An epoch of its own, so that neither takes the cursor of the other for its own.
    push(firehose, ttl, top_ttl, run, new_epoch .. 'f', type, payload)
  end
  if once then
    redis.call('SET', once, epoch .. '-' .. offset .. ':' .. id, 'PX', once_ttl)
  end
  return {'appended', epoch, offset, id}
end
