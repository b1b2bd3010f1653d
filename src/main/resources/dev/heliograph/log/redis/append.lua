-- The one place where an entry comes to be. Put after rights.lua and run.lua, before append-of.lua (EVALSHA) and publish.lua
-- (FCALL).

local FORMER_EPOCHS = 8

-- How much longer than its ttl a history may live, so that not each entry has to renew it.
-- docs/decisions.md: The expiry of a history is not renewed by every event
local RENEWED = 1.01

-- Reads what a log is before it is written to. Fails if Redis would refuse any of the writes, but that of the top.
-- into: log (stream key), top (hash key), latest (hash key), live (announcement channel), size (entries to keep)
-- run: of this Redis process
-- Returns epoch (false: a new life begins), goes_on (whether it is that of the next entry), offset (of the next entry), which
-- keys are there, and is_fading (whether what expires is to be renewed).
local function look_at(into, ttl, run)
  local log, top, latest = into.log, into.top, into.latest
  local known = call('HMGET', top, 'e', 'o', 'r')
  local epoch = known[1]
  -- Of a channel that was never used, the keys are asked for at once.
  local is_new = not epoch and call('EXISTS', log, latest) == 0
  local has_log, has_latest = not is_new and call('XLEN', log) > 0, not is_new and call('HLEN', latest) > 0
  -- Who does not know the process goes on as if it were the same one.
  local goes_on = epoch and (run == UNKNOWN_RUN or run == known[3])
  local is_fading = not (epoch and has_log and has_latest and call('PTTL', log) >= ttl)
  -- Redis 6.2: the first write is an HSET. If the epoch goes on, the next one is an XADD, which push looks at itself. But before
  -- a try with PEXPIRE there has to be one that Redis refuses when it is full: later it refuses none for that.
  require_right('HSET', latest, goes_on and is_fading and 'f' or nil, 'v', 'f')
  if is_new then
    -- Without its key neither changes anything.
    require_right('XADD', log, 'NOMKSTREAM', '*', 'p', 'v')
    require_right('PEXPIRE', log, '0')
  else
    require_right('XADD', log, not goes_on and '?' or nil, 'p', 'v')
    require_right('PEXPIRE', log, is_fading and '?' or nil)
  end
  require_right('PEXPIRE', latest)
  require_right('PEXPIRE', top)
  require_right('PUBLISH', into.live, '?')
  return {
    epoch = epoch, goes_on = goes_on, offset = (known[2] or 0) + 1, has_log = has_log, has_latest = has_latest,
    is_fading = is_fading
  }
end

-- The last epochs, and where each ended, with the present one.
local function former_epochs(top, state)
  local former = {}
  -- Not by HGET: by a command that was not refused before.
  for each in string.gmatch(call('HMGET', top, 'p')[1] or '', '%S+') do
    former[#former + 1] = each
  end
  former[#former + 1] = state.epoch .. ':' .. string.format('%d', state.offset - 1)
  if #former > FORMER_EPOCHS then
    table.remove(former, 1)
  end
  return table.concat(former, ' ')
end

-- Writes the top of the next entry. A Redis that is not the process that took the last one may have lost the newest entries,
-- which somebody saw: their positions must not come again. So a new epoch goes on with the offsets of the former one, of
-- which it is kept where it ended.
-- docs/decisions.md: After a restart of Redis a log goes on under another epoch
-- run: of this Redis process, see run_of
-- Returns the epoch.
local function advance(top, state, offset, run, new_epoch)
  if state.goes_on then
    call('HSET', top, 'o', offset)
    return state.epoch
  end
  call('HSET', top, 'e', new_epoch, 'r', run, 'o', offset, 'p', state.epoch and former_epochs(top, state) or '')
  return new_epoch
end

-- Adds a payload to one log, makes it the newest of its type, and announces it. The first write is one that Redis refuses
-- when it is full: after the first it refuses none for that.
-- state: as look_at told
-- Returns epoch and offset, the latter as text.
local function push(into, state, ttl, top_ttl, run, new_epoch, type, payload)
  local offset = string.format('%d', state.offset)
  local epoch = advance(into.top, state, offset, run, new_epoch)
  if offset == '1' then
    -- The top may have been evicted on its own: a new life must not inherit entries of the old one. Needs no right but that
    -- to PEXPIRE.
    if state.has_log then
      call('PEXPIRE', into.log, 0)
    end
    if state.has_latest then
      call('PEXPIRE', into.latest, 0)
    end
  end
  local added = redis.pcall('XADD', into.log, 'MAXLEN', into.size, offset .. '-0', 'p', payload)
  if added.err then
    if state.goes_on then
      -- Taken back, so that nothing has changed if that is all.
      call('HSET', into.top, 'o', string.format('%d', state.offset - 1))
    end
    if string.find(added.err, NO_RIGHT, 1, true) then
      refuse_for_right('XADD', into.log)
    end
    require_right('PEXPIRE', into.log, '?')
    -- The stream has seen later ids than the top, which somebody set back: that is no longer one life.
    assert(not state.is_repeated, added.err)
    local anew = {offset = 1, has_log = true, has_latest = true, is_fading = true, is_repeated = true}
    return push(into, anew, ttl, top_ttl, run, new_epoch, type, payload)
  end
  -- Carries its epoch: the hash may outlive an evicted top.
  local announcement = offset .. ':' .. epoch .. ':' .. payload
  call('HSET', into.latest, type, announcement)
  if state.is_fading then
    local longer = string.format('%d', ttl * RENEWED)
    call('PEXPIRE', into.log, longer)
    call('PEXPIRE', into.latest, longer)
    call('PEXPIRE', into.top, top_ttl)
  end
  call('PUBLISH', into.live, announcement)
  return epoch, offset
end

-- Appends to the channel and to the firehose, or to neither.
-- firehose: nil if the channel is the firehose; once: key of the first result, nil if repeats are not looked for
-- run: of this Redis process
-- Returns {'appended' or 'repeated', epoch, offset, id}.
local function append(channel, firehose, once, once_ttl, ttl, top_ttl, run, new_epoch, id, type, payload)
  if once then
    local first = call('GET', once)
    if first then
      local epoch, offset, first_id = string.match(first, '^(%w+)-(%d+):(.*)$')
      return {'repeated', epoch, offset, first_id}
    end
    -- It is not there, so XX sets nothing.
    require_right('SET', once, 'v', 'XX')
  end
  ttl = tonumber(ttl)
  local channel_state = look_at(channel, ttl, run)
  local firehose_state
  if firehose then
    firehose_state = look_at(firehose, ttl, run)
    require_right('HSET', firehose.top)
  end
  local epoch, offset = push(channel, channel_state, ttl, top_ttl, run, new_epoch, type, payload)
  if firehose then
    -- An epoch of its own, so that neither takes the cursor of the other for its own.
    push(firehose, firehose_state, ttl, top_ttl, run, new_epoch .. 'f', type, payload)
  end
  if once then
    call('SET', once, epoch .. '-' .. offset .. ':' .. id, 'PX', once_ttl)
  end
  return {'appended', epoch, offset, id}
end
