-- The one place where an entry comes to be. Put before append-script.lua (EVALSHA) and publish.lua (FCALL).

-- Adds a payload to one log, makes it the newest of its type, and announces it.
-- into: log (stream key), top (hash key), latest (hash key), live (announcement channel), size (entries to keep)
-- Returns epoch and offset, the latter as text.
local function push(into, ttl, top_ttl, new_epoch, type, payload)
  local epoch = redis.call('HGET', into.top, 'e')
  if not epoch then
    epoch = new_epoch
    redis.call('HSET', into.top, 'e', epoch)
  end
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

-- Appends to the channel and to the firehose, or to neither.
-- firehose: nil if the channel is the firehose; once: key of the first result, nil if repeats are not looked for
-- Returns {'appended' or 'repeated', epoch, offset, id}.
local function append(channel, firehose, once, once_ttl, ttl, top_ttl, new_epoch, id, type, payload)
  if once then
    local first = redis.call('GET', once)
    if first then
      local epoch, offset, first_id = string.match(first, '^(%w+)-(%d+):(.*)$')
      return {'repeated', epoch, offset, first_id}
    end
  end
  local epoch, offset = push(channel, ttl, top_ttl, new_epoch, type, payload)
  if firehose then
    push(firehose, ttl, top_ttl, new_epoch, type, payload)
  end
  if once then
    redis.call('SET', once, epoch .. '-' .. offset .. ':' .. id, 'PX', once_ttl)
  end
  return {'appended', epoch, offset, id}
end
