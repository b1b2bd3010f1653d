-- KEYS: log, top, firehose log, firehose top, once, lease. All share the namespace's hash tag.
-- ARGV: payload, id, new epoch, live, size, firehose live (empty: the channel is the firehose), firehose size,
--       ttl, top ttl, once ttl (0: repeats are not looked for), token (empty: no lease is needed)
-- Returns what append returns, or {'fenced'} if the lease is not held by the token: then nothing was appended.
local token = ARGV[11]
if token ~= '' and redis.call('GET', KEYS[6]) ~= token then
  return {'fenced'}
end
local channel = {log = KEYS[1], top = KEYS[2], live = ARGV[4], size = ARGV[5]}
local firehose = nil
if ARGV[6] ~= '' then
  firehose = {log = KEYS[3], top = KEYS[4], live = ARGV[6], size = ARGV[7]}
end
local once = nil
if ARGV[10] ~= '0' then
  once = KEYS[5]
end
return append(channel, firehose, once, ARGV[10], ARGV[8], ARGV[9], ARGV[3], ARGV[2], ARGV[1])
