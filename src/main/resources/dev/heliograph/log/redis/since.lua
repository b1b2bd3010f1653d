-- Reads a page of one log and its top in one step; says what History.startOf says.
-- KEYS: log, top
-- ARGV: new epoch, top ttl, epoch read so far (empty: start at the end), offset read so far, limit
-- Returns {epoch, top offset, first offset held, {offset, payload, offset, payload, ...}, resumed}, numbers as text.
-- resumed: up to which offset what was read so far is part of this log; false if its epoch is none of this life's
local log, top = KEYS[1], KEYS[2]
local after_epoch, after, limit = ARGV[3], tonumber(ARGV[4]), ARGV[5]

local epoch, last, former = top_of(top, log, ARGV[1], ARGV[2])

local function offset_of(entry)
  return string.match(entry[1], '^%d+')
end

local oldest = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
local first = oldest and tonumber(offset_of(oldest)) or last + 1

local resumed = after_epoch == epoch and after or false
for former_epoch, ended in string.gmatch(former, '(%w+):(%d+)') do
  if former_epoch == after_epoch then
    resumed = math.min(after, tonumber(ended))
  end
end

local start
if after_epoch == '' or (resumed and resumed > last) then
  start = last
elseif resumed then
  start = math.max(resumed, first - 1)
else
  start = first - 1
end

local page = {}
if start < last then
  for _, entry in ipairs(redis.call('XRANGE', log, string.format('%.0f-0', start + 1), '+', 'COUNT', limit)) do
    page[#page + 1] = offset_of(entry)
    page[#page + 1] = entry[2][2]
  end
end
return {epoch, string.format('%.0f', last), string.format('%.0f', first), page,
  resumed and string.format('%.0f', resumed)}
