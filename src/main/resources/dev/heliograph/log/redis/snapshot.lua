-- Reads a document and the top of its channel in one step.
-- KEYS: log, top, document
-- ARGV: new epoch, top ttl, run id of this Redis process (empty: not known)
-- Returns {epoch, top offset as text, version, json, modified}; the last three are false if there is no document.
local document = call('HMGET', KEYS[3], 'version', 'json', 'modified')
local epoch, last = top_of(KEYS[2], KEYS[1], ARGV[1], ARGV[2], ARGV[3])
return {epoch, string.format('%.0f', last), document[1], document[2], document[3]}
