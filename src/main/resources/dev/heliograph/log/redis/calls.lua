-- Put first, but into publish.lua's library, which gets these two with each call: Redis has no such functions when it loads one.

-- call: redis.call; may: whether the user of this call may run a command with keys or channels, nil before Redis 7
local call, may = redis.call, redis.acl_check_cmd

