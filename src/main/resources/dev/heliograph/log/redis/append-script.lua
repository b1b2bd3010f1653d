-- KEYS: log, top, latest, firehose log, firehose top, firehose latest, once, lease. All share the namespace's hash tag.
-- ARGV: payload, id, type, new epoch, live, size, firehose live (empty: the channel is the firehose), firehose size,
--       ttl, top ttl, once ttl (0: repeats are not looked for), token (empty: no lease is needed),
--       run id of this Redis process (empty: not known)
-- Returns what append returns, or {'fenced'} if the lease is not held by the token: then nothing was appended.
local token = ARGV[12]
if token ~= '' and redis.call('GET', KEYS[8]) ~= token then
  return {'fenced'}
end
local channel = {log = KEYS[1], top = KEYS[2], latest = KEYS[3], live = ARGV[5], size = ARGV[6]}
local firehose = nil
if ARGV[7] ~= '' then
  firehose = {log = KEYS[4], top = KEYS[5], latest = KEYS[6], live = ARGV[7], size = ARGV[8]}
end
local once = nil
if ARGV[11] ~= '0' then
  once = KEYS[7]
end
return append(channel, firehose, once, ARGV[11], ARGV[9], ARGV[10],
  ARGV[13] ~= '' and ARGV[13] or run_of(), ARGV[4], ARGV[2], ARGV[3], ARGV[1])
