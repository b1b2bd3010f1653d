-- Appends the event of a document's change and makes the change, or neither.
-- KEYS: see append-of.lua (the lease is not asked for), then: document
-- ARGV: see append-of.lua, then: expected version (empty: no document), where in the payload the document begins,
--       counted from 1 (0: it is deleted), modified in ms, document ttl (0: none)
-- Returns what append returns, or {'stale'} if something else than expected is there: then nothing was done.
local document, expected, start, ttl = KEYS[9], ARGV[14], tonumber(ARGV[15]), ARGV[17]
local once = once_of(KEYS, ARGV)

if not (once and call('EXISTS', once) == 1) then
  if (call('HGET', document, 'version') or '') ~= expected then
    return {'stale'}
  end
  -- Not tried in Redis 6.2, where append has proven both by the time that they are needed here, and HGET the key.
  require_right('HSET', document)
  require_right('PEXPIRE', document)
end

local answer = append_of(KEYS, ARGV)
if answer[1] == 'appended' then
  -- As in append.lua: deletes it.
  call('PEXPIRE', document, 0)
  if start > 0 then
    -- The payload ends with the braces of the data and of the event.
    call('HSET', document, 'version', answer[2] .. '-' .. answer[3],
      'json', string.sub(ARGV[1], start, -3), 'modified', ARGV[16])
    if ttl ~= '0' then
      call('PEXPIRE', document, ttl)
    end
  end
end
return answer
