-- KEYS: lease; ARGV: token, the next holder's token, ttl. Gives the lease to another node if it is ours.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
  return 1
end
return 0
