-- The one place where an entry comes to be. Put after rights.lua and run.lua, before append-of.lua (EVALSHA) and publish.lua
-- (FCALL).
-- docs/decisions.md: A script proves its rights before it writes; The append script has few functions

local FORMER_EPOCHS = 8

-- How much longer than its ttl a history may live, so that not each entry has to renew it.
-- docs/decisions.md: The expiry of a history is not renewed by every event
local RENEWED = 1.01

-- Reads what a log is before it is written to. Fails if a key is of another type, or if Redis 7 would refuse any of the writes
-- but that of the top.
-- into: log (stream key), top (hash key), latest (hash key), live (announcement channel), size (entries to keep)
-- run: of this Redis process; is_first: whether take_back can help if the log is no stream
-- Returns epoch (false: a new life begins), goes_on (whether it is that of the next entry), last and offset (of the last and of
-- the next entry, as text), is_new (none of the keys is there), has_log, has_latest, and is_fading (whether what expires is to
-- be renewed).
local function look_at(into, ttl, run, is_first)
  local log, top, latest = into.log, into.top, into.latest
  local known = call('HMGET', top, 'e', 'o', 'r')
  local epoch = known[1]
  -- Who does not know the process goes on as if it were the same one.
  local goes_on = epoch and (run == UNKNOWN_RUN or run == known[3])
  -- Of a channel that was never used, the keys are asked for at once.
  local is_new = not epoch and call('EXISTS', log, top, latest) == 0
  local left, has_latest = -2, false
  if not is_new then
    left, has_latest = call('PTTL', log), call('HLEN', latest) > 0
    if not (is_first and goes_on) then
      call('XLEN', log)
    end
  end
  require_right('HSET', latest)
  require_right('XADD', log)
  require_right('PEXPIRE', log)
  require_right('PEXPIRE', latest)
  require_right('PEXPIRE', top)
  require_right('PUBLISH', into.live)
  return {
    epoch = epoch, goes_on = goes_on, last = known[2] or '0', offset = string.format('%d', (known[2] or 0) + 1),
    is_new = is_new, has_log = left ~= -2, has_latest = has_latest, is_fading = not (epoch and has_latest and left >= ttl)
  }
end

-- Writes the top of the next entry. A Redis that is not the process that took the last one may have lost the newest entries,
-- which somebody saw: their positions must not come again. So a new epoch goes on with the offsets of the former one, of
-- which it is kept where it ended.
-- docs/decisions.md: After a restart of Redis a log goes on under another epoch
-- run: of this Redis process, see run_of
-- Returns the epoch.
local function advance(top, state, run, new_epoch)
  if state.goes_on then
    call('HSET', top, 'o', state.offset)
    return state.epoch
  end
  if state.is_new then
    call('HSET', top, 'e', new_epoch, 'r', run, 'o', state.offset)
    return new_epoch
  end
  local former = {}
  if state.epoch then
    -- Not by HGET: by a command that was not refused before.
    for each in string.gmatch(call('HMGET', top, 'p')[1] or '', '%S+') do
      former[#former + 1] = each
    end
    former[#former + 1] = state.epoch .. ':' .. state.last
    if #former > FORMER_EPOCHS then
      table.remove(former, 1)
    end
  end
  call('HSET', top, 'e', new_epoch, 'r', run, 'o', state.offset, 'p', table.concat(former, ' '))
  return new_epoch
end

-- Adds a payload to one log, makes it the newest of its type, and announces it. The first write is one that Redis refuses
-- when it is full: after the first it refuses none for that.
-- state: as look_at told
-- Returns epoch and offset, the latter as text.
local function push(into, state, ttl, top_ttl, run, new_epoch, type, payload)
  local offset = state.offset
  local epoch = advance(into.top, state, run, new_epoch)
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
    if state.is_repeated or string.find(added.err, NO_RIGHT, 1, true) or string.find(added.err, 'WRONGTYPE', 1, true) then
      error(added.err, 0)
    end
    -- The stream has seen later ids than the top, which somebody set back: that is no longer one life.
    local anew = {offset = '1', has_log = true, has_latest = true, is_fading = true, is_repeated = true}
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

-- Takes back what was written before Redis refused to write the rest of the first log. Where it refuses this also, nothing
-- was written. Fails with the name of the missing right, if that is the reason.
-- state: as look_at told; once: see append
local function take_back(channel, state, once)
  if state.goes_on then
    redis.pcall('HSET', channel.top, 'o', state.last)
  end
  if once then
    -- With a time that is past, SET deletes a key of any type.
    if state.is_new then
      redis.pcall('SET', channel.log, '', 'PXAT', 1)
      redis.pcall('SET', channel.latest, '', 'PXAT', 1)
      redis.pcall('SET', channel.top, '', 'PXAT', 1)
    end
    redis.pcall('SET', once, '', 'PXAT', 1)
  end
  require_right('HSET', channel.top, 'f', 'v', 'f')
  require_right('XADD', channel.log, '?', 'p', 'v')
  require_right('PEXPIRE', channel.log, '?')
  require_right('PUBLISH', channel.live, '?')
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
    require_right('SET', once)
  end
  ttl = tonumber(ttl)
  local state = look_at(channel, ttl, run, true)
  local firehose_state
  if firehose then
    firehose_state = look_at(firehose, ttl, run, false)
    require_right('HSET', firehose.top)
  end

  -- In Redis 6.2 a right is proven only by a try. look_at has read the keys, which proves them, so one try for each command is
  -- enough. None is needed where take_back can help.
  if not may then
    if not once or not (state.is_new or state.goes_on) then
      require_right('XADD', channel.log, '?', 'p', 'v')
    end
    if not once then
      -- Not before the XADD: after a PEXPIRE, a full Redis refuses nothing.
      require_right('PEXPIRE', channel.log, '?')
    end
    if not once or not state.is_new then
      require_right('PUBLISH', channel.live, '?')
    end
    if firehose then
      require_right('PUBLISH', firehose.live, '?')
    end
  end

  -- The first write, because it needs no other command to be taken back, and proves SET for take_back.
  local expected_epoch = state.goes_on and state.epoch or new_epoch
  if once then
    call('SET', once, expected_epoch .. '-' .. state.offset .. ':' .. id, 'PX', once_ttl)
    -- The try of PEXPIRE, with the same ttl: one that Redis finds wrong costs more.
    if not may and not state.is_new and redis.pcall('PEXPIRE', once, once_ttl) ~= 1 then
      call('SET', once, '', 'PXAT', 1)
      refuse_for_right('PEXPIRE', channel.log)
    end
  end
  local done, epoch, offset = pcall(push, channel, state, ttl, top_ttl, run, new_epoch, type, payload)
  if not done then
    take_back(channel, state, once)
    error(epoch, 0)
  end
  if firehose then
    -- An epoch of its own, so that neither takes the cursor of the other for its own.
    push(firehose, firehose_state, ttl, top_ttl, run, new_epoch .. 'f', type, payload)
  end
  -- The top was set back, see push.
  if once and (epoch ~= expected_epoch or offset ~= state.offset) then
    call('SET', once, epoch .. '-' .. offset .. ':' .. id, 'PX', once_ttl)
  end
  return {'appended', epoch, offset, id}
end
