-- KEYS: the revocations
-- ARGV: the name, its end, and that up to which others have ended long ago, each in milliseconds; how many there may be; the
--       pub/sub channel of notices and the notice for all nodes
-- Returns 1, or 0 if there is no room.
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[3])
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[4]) and not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  return 0
end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('PUBLISH', ARGV[5], ARGV[6])
return 1
