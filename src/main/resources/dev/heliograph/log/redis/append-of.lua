-- Reads what the gateway's scripts are called with. Put after append.lua, before append-script.lua and change-script.lua.
-- keys: log, top, latest, firehose log, firehose top, firehose latest, once, lease. All share the namespace's hash tag.
-- args: payload, id, type, new epoch, live, size, firehose live (empty: the channel is the firehose), firehose size,
--       ttl, top ttl, once ttl (0: repeats are not looked for), token (empty: no lease is needed),
--       run id of this Redis process (empty: not known)

-- The key under which a repeat is looked for; nil: none is.
local function once_of(keys, args)
  return args[11] ~= '0' and keys[7] or nil
end

-- Appends what the arguments say. Returns what append returns.
local function append_of(keys, args)
  local channel = {log = keys[1], top = keys[2], latest = keys[3], live = args[5], size = args[6]}
  local firehose = nil
  if args[7] ~= '' then
    firehose = {log = keys[4], top = keys[5], latest = keys[6], live = args[7], size = args[8]}
  end
  return append(channel, firehose, once_of(keys, args), args[11], args[9], args[10],
    args[13] ~= '' and args[13] or run_of(), args[4], args[2], args[3], args[1])
end
