-- KEYS: lease; ARGV: token, ttl. Takes the lease if it is free, renews it if it is ours. Returns 1 if it is ours now.
local holder = redis.call('GET', KEYS[1])
if not holder then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 1
end
if holder == ARGV[1] then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return 1
end
return 0
