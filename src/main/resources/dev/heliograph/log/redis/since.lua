-- Reads a page of one log and its top in one step; says what History.startOf says.
-- KEYS: log, top
-- ARGV: new epoch, top ttl, run id of this Redis process (empty: not known), epoch read so far (empty: start at the end),
--       offset read so far, limit
-- Returns {epoch, top offset, first offset held, {offset, payload, offset, payload, ...}, resumed}, numbers as text.
-- resumed: up to which offset what was read so far is part of this log; false if its epoch is none of this life's
local log, top = KEYS[1], KEYS[2]
local after_epoch, after, limit = ARGV[4], tonumber(ARGV[5]), ARGV[6]

-- Before the top may be written, so that nothing is if this is refused. Belongs to a former life if the top is new.
local oldest = call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
local epoch, last, former = top_of(top, log, ARGV[1], ARGV[2], ARGV[3])

local function offset_of(entry)
  return string.match(entry[1], '^%d+')
end

local first = oldest and last > 0 and tonumber(offset_of(oldest)) or last + 1

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

-- A page ends early rather than hold up Redis and the connection with many large entries.
local MAX_PAGE_BYTES, PORTION = 1048576, 8
local page, bytes, at, left = {}, 0, start, tonumber(limit)
while at < last and left > 0 and bytes < MAX_PAGE_BYTES do
  local portion = call('XRANGE', log, string.format('%.0f-0', at + 1), '+', 'COUNT', math.min(left, PORTION))
  if #portion == 0 then
    break
  end
  for _, entry in ipairs(portion) do
    page[#page + 1] = offset_of(entry)
    page[#page + 1] = entry[2][2]
    bytes = bytes + #entry[2][2]
  end
  at = tonumber(page[#page - 1])
  left = left - #portion
end
return {epoch, string.format('%.0f', last), string.format('%.0f', first), page,
  resumed and string.format('%.0f', resumed)}
