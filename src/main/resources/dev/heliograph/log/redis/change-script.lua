-- Appends the event of a document's change and makes the change, or neither.
-- KEYS: log, top, latest, firehose log, firehose top, firehose latest, once, lease (not asked for), document
-- ARGV: as of append-script.lua, then: expected version (empty: no document, *: any), where in the payload the document
--       begins, counted from 1 (0: it is deleted), modified in ms, document ttl (0: none)
-- Returns what append returns, or {'stale'} if something else than expected is there: then nothing was done.
local document, expected, start = KEYS[9], ARGV[14], tonumber(ARGV[15])
local once = ARGV[11] ~= '0' and KEYS[7] or nil

if not (once and redis.call('EXISTS', once) == 1) then
  local version = redis.call('HGET', document, 'version')
  local allowed = not version and expected == '' or version and (expected == '*' or expected == version)
  if not allowed then
    return {'stale'}
  end
end

local channel = {log = KEYS[1], top = KEYS[2], latest = KEYS[3], live = ARGV[5], size = ARGV[6]}
local firehose = nil
if ARGV[7] ~= '' then
  firehose = {log = KEYS[4], top = KEYS[5], latest = KEYS[6], live = ARGV[7], size = ARGV[8]}
end
local answer = append(channel, firehose, once, ARGV[11], ARGV[9], ARGV[10],
  ARGV[13] ~= '' and ARGV[13] or run_of(), ARGV[4], ARGV[2], ARGV[3], ARGV[1])
if answer[1] == 'appended' then
  redis.call('DEL', document)
  if start > 0 then
    -- The payload ends with the braces of the data and of the event.
    redis.call('HSET', document, 'version', answer[2] .. '-' .. answer[3],
      'json', string.sub(ARGV[1], start, -3), 'modified', ARGV[16])
    if ARGV[17] ~= '0' then
      redis.call('PEXPIRE', document, ARGV[17])
    end
  end
end
return answer
