-- KEYS, ARGV: see append-of.lua.
-- Returns what append returns, or {'fenced'} if the lease is not held by the token: then nothing was appended.
local token = ARGV[12]
if token ~= '' and call('GET', KEYS[8]) ~= token then
  return {'fenced'}
end
return append_of(KEYS, ARGV)
