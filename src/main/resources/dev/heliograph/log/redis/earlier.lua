-- KEYS: once
-- Returns {epoch, offset, id} of the first result; empty if there is none.
local first = redis.call('GET', KEYS[1])
return first and {string.match(first, '^(%w+)-(%d+):(.*)$')} or {}
