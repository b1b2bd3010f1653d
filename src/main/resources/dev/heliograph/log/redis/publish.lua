-- FCALL heliograph_publish 1 <channel> <type> <data> [<id> [<time>]]
-- Refuses what the gateway's publish door refuses; else appends as append-script.lua does.
-- An id is also the idempotency key. Returns {id, cursor}.
-- The generated head of this library defines FUNCTION (its name), PREFIX, REPEAT_WINDOW and NAMESPACES, and
-- declares call and may; rights.lua, run.lua and append.lua follow it.

local function shown(value)
  local text = string.gsub(string.sub(value, 1, 80), '%c', ' ')
  return "'" .. text .. (#value > 80 and '...' or '') .. "'"
end

-- Raised as a table, so that it can be told from a bug.
local function refuse(field, value, expected)
  error({refused = 'ERR invalid ' .. field .. ' ' .. shown(value) .. ': expected ' .. expected}, 0)
end

-- Undoes the forms orders.* (the firehose) and {orders}-123 (which puts a Cluster client on the right node).
local function channel_of(key)
  local name = string.gsub(key, '^{([^{}]*)}', '%1')
  name = string.match(name, '^([^-]+)%.%*$') or name
  if #name > 164 or not string.find(name, '^[%w_=@,.;][%w_%-=@,.;]*$') then
    refuse('channel', key, '<namespace> or <namespace>-<id> in at most 164 characters of A-Z a-z 0-9 _ - = @ , . ;')
  end
  local namespace_name = string.match(name, '^[^-]+')
  local namespace = NAMESPACES[namespace_name]
  if not namespace then
    local names = {}
    for known in pairs(NAMESPACES) do
      names[#names + 1] = known
    end
    table.sort(names)
    refuse('channel', key, 'one of the namespaces ' .. table.concat(names, ', ') .. ' before the first hyphen')
  end
  return name, namespace_name, namespace
end

-- As at the other doors, where the event around the data is the first of 128 levels.
local MAX_DATA_DEPTH, MAX_NAME_BYTES, MAX_NUMBER_DIGITS = 127, 1000, 1000

local UTF8_SEQUENCES = {
  '[\194-\223][\128-\191]', '\224[\160-\191][\128-\191]', '[\225-\236\238\239][\128-\191][\128-\191]',
  '\237[\128-\159][\128-\191]', '\240[\144-\191][\128-\191][\128-\191]',
  '[\241-\243][\128-\191][\128-\191][\128-\191]', '\244[\128-\143][\128-\191][\128-\191]'
}

local function is_utf8(text)
  if not string.find(text, '[\128-\255]') then
    return true
  end
  for _, sequence in ipairs(UTF8_SEQUENCES) do
    text = string.gsub(text, sequence, ' ')
  end
  return not string.find(text, '[\128-\255]')
end

local function is_number(text)
  local digits = string.gsub(text, '^-', '')
  digits = string.gsub(digits, '[eE][+-]?%d+$', '')
  digits = string.gsub(digits, '%.%d+$', '')
  return digits == '0' or string.find(digits, '^[1-9]%d*$')
end

-- Whether the text, known to please cjson, has no control character in a string and no number such as 1. or 01, which
-- cjson lets pass and RFC 8259 forbids; and no name or number that is longer than the gateway reads.
local function is_strict(json)
  local strict = true
  -- First the pairs of backslashes, so that what begins with one after that is an escape.
  local plain = string.gsub(string.gsub(string.gsub(json, '\\\\', '_'), '\\u%x%x%x%x', '___'), '\\.', '_')
  local rest = string.gsub(plain, '"([^"]*)"(%s*:?)', function(content, after)
    strict = strict and not string.find(content, '[%z\1-\31]')
      and not (#content > MAX_NAME_BYTES and string.sub(after, -1) == ':')
    return '""'
  end)
  for number in string.gmatch(rest, '[-+.%d][-+.%deE]*') do
    strict = strict and is_number(number) and #string.gsub(number, '^-', '') <= MAX_NUMBER_DIGITS
  end
  return strict
end

-- The settings of cjson are those of every script: they are put back.
local function is_json(text)
  local default_depth = cjson.decode_max_depth()
  cjson.decode_invalid_numbers(false)
  cjson.decode_max_depth(MAX_DATA_DEPTH)
  local decoded = pcall(cjson.decode, text)
  cjson.decode_max_depth(default_depth)
  cjson.decode_invalid_numbers(true)
  return decoded and is_strict(text)
end

-- One JSON object in UTF-8, on one line.
local function data_of(raw, namespace)
  if #raw > namespace.max_bytes then
    refuse('data', raw, 'at most ' .. namespace.max_bytes .. ' bytes, not ' .. #raw)
  end
  if not is_utf8(raw) then
    refuse('data', raw, 'well-formed UTF-8')
  end
  local data = string.match(raw, '^[ \t\r\n]*(.-)[ \t\r\n]*$')
  -- cjson reads no further than a zero byte, so what is after it must not get there.
  if string.find(data, '[%z\1-\8\11\12\14-\31]') or string.sub(data, 1, 1) ~= '{' or not is_json(data) then
    refuse('data', raw, 'a JSON object, nested at most ' .. MAX_DATA_DEPTH .. ' levels deep, with names of at most '
      .. MAX_NAME_BYTES .. ' bytes and numbers of at most ' .. MAX_NUMBER_DIGITS .. ' digits, and no half of a surrogate pair')
  end
  return (string.gsub(data, '[\r\n]', ' '))
end

-- Days since 1970-01-01 and back, in the proleptic Gregorian calendar, with years that begin in March.
local function days_of(year, month, day)
  if month <= 2 then
    year = year - 1
  end
  local era = math.floor(year / 400)
  local year_of_era = year - era * 400
  local day_of_year = math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  return era * 146097 + year_of_era * 365 + math.floor(year_of_era / 4) - math.floor(year_of_era / 100) + day_of_year
    - 719468
end

local function date_of(days)
  days = days + 719468
  local era = math.floor(days / 146097)
  local day_of_era = days - era * 146097
  local year_of_era = math.floor((day_of_era - math.floor(day_of_era / 1460) + math.floor(day_of_era / 36524)
    - math.floor(day_of_era / 146096)) / 365)
  local day_of_year = day_of_era - (365 * year_of_era + math.floor(year_of_era / 4) - math.floor(year_of_era / 100))
  local from_march = math.floor((5 * day_of_year + 2) / 153)
  local month = from_march < 10 and from_march + 3 or from_march - 9
  local year = year_of_era + era * 400 + (month <= 2 and 1 or 0)
  return year, month, day_of_year - math.floor((153 * from_march + 2) / 5) + 1
end

-- As java.time.Instant writes it: in UTC, with a fraction of no, 3, 6 or 9 digits.
local function time_text(seconds, fraction)
  local year, month, day = date_of(math.floor(seconds / 86400))
  local rest = seconds % 86400
  local digits = string.gsub(fraction, '0+$', '')
  if digits ~= '' then
    digits = '.' .. digits .. string.rep('0', -#digits % 3)
  end
  return string.format('%04d-%02d-%02dT%02d:%02d:%02d%sZ',
    year, month, day, math.floor(rest / 3600), math.floor(rest / 60) % 60, rest % 60, digits)
end

-- What has a year of four digits: 0000-01-01T00:00:00Z to 9999-12-31T23:59:59Z.
local FIRST_SECOND = -62167219200
local END_SECOND = 253402300800

-- As at the other doors: a leap second becomes 23:59:59, and digits beyond the ninth are cut off.
local function time_of(written)
  local expected = 'an RFC 3339 time such as 2026-01-31T12:00:00Z'
  local year, month, day, hour, minute, second, fraction, zone =
    string.match(written, '^(%d%d%d%d)%-(%d%d)%-(%d%d)[Tt](%d%d):(%d%d):(%d%d)(%.?%d*)([Zz+-].*)$')
  if not year or fraction == '.' or (fraction ~= '' and string.sub(fraction, 1, 1) ~= '.') then
    refuse('time', written, expected)
  end
  year, month, day = tonumber(year), tonumber(month), tonumber(day)
  local shift = 0
  if zone ~= 'Z' and zone ~= 'z' then
    local sign, zone_hour, zone_minute = string.match(zone, '^([+-])(%d%d):(%d%d)$')
    shift = sign and (sign == '+' and 1 or -1) * (zone_hour * 3600 + zone_minute * 60)
    if not sign or tonumber(zone_hour) > 23 or tonumber(zone_minute) > 59 then
      refuse('time', written, expected)
    end
  end
  local days = days_of(year, month, day)
  local same_year, same_month, same_day = date_of(days)
  local exists = month >= 1 and same_year == year and same_month == month and same_day == day
  if not exists or tonumber(hour) > 23 or tonumber(minute) > 59 or tonumber(second) > 60 then
    refuse('time', written, expected)
  end
  local seconds = days * 86400 + hour * 3600 + minute * 60 + math.min(second, 59) - shift
  if second == '60' and seconds % 86400 ~= 86399 then
    refuse('time', written, expected .. '; a leap second is 23:59:60 in UTC')
  end
  if seconds < FIRST_SECOND or seconds >= END_SECOND then
    refuse('time', written, expected .. ', in UTC from year 0000 to 9999')
  end
  return time_text(seconds, string.sub(fraction, 2, 10))
end

local function id_of(written)
  if #written > 128 or not string.find(written, '^[\32-\126]+$') or string.find(written, '["\\]') then
    refuse('id', written, '1 to 128 printable ASCII characters but " and \\')
  end
  return written
end

-- At most one event has this top in this microsecond, so the digest is nobody else's.
local function new_id(now, name, top)
  local state = call('HMGET', top, 'e', 'o')
  return redis.sha1hex(table.concat({now[1], now[2], name, state[1] or '', state[2] or ''}, ' '))
end

local function destination(namespace_name, name, size)
  local tagged = PREFIX .. ':{' .. namespace_name .. '}'
  return {
    log = tagged .. ':log:' .. name,
    top = tagged .. ':top:' .. name,
    latest = tagged .. ':latest:' .. name,
    live = PREFIX .. ':live:' .. name,
    size = size
  }
end

-- Asked until a user may ask: a process that is started again loads this library again.
local run = UNKNOWN_RUN

-- calling: redis.call, or call_by_right
local function publish(calling, keys, args)
  call, may = calling, redis.acl_check_cmd
  run = run ~= UNKNOWN_RUN and run or run_of()
  local name, namespace_name, namespace = channel_of(keys[1])
  local type = args[1]
  if not namespace.types[type] then
    refuse('type', type, 'one of ' .. namespace.type_list .. ' in namespace ' .. namespace_name)
  end
  local data = data_of(args[2], namespace)

  local is_firehose = name == namespace_name
  local firehose = destination(namespace_name, namespace_name, namespace.firehose_size)
  local channel = is_firehose and firehose or destination(namespace_name, name, namespace.size)
  local now = call('TIME')
  local has_id = args[3] and args[3] ~= ''
  local id = has_id and id_of(args[3]) or string.sub(new_id(now, name, channel.top), 1, 32)
  local has_time = args[4] and args[4] ~= ''
  local time = has_time and time_of(args[4])
    or time_text(tonumber(now[1]), string.format('%03d', math.floor(now[2] / 1000)))
  local once = has_id and PREFIX .. ':{' .. namespace_name .. '}:once:' .. name .. ':' .. id or nil

  local payload = '{"type":"' .. type .. '","channel":"' .. name .. '","id":"' .. id
    .. '","time":"' .. time .. '","data":' .. data .. '}'
  local new_epoch = string.sub(redis.sha1hex('epoch ' .. now[1] .. ' ' .. now[2] .. ' ' .. name), 1, 16)
  local answer = append(channel, not is_firehose and firehose or nil, once, REPEAT_WINDOW,
    namespace.ttl, namespace.top_ttl, run, new_epoch, id, type, payload)
  return {answer[4], answer[2] .. '-' .. answer[3]}
end

-- Names the right that is missing, as redis.call does not, at a price that not each call shall pay.
local function call_by_right(command, ...)
  if (...) then
    require_right(command, (...))
  elseif not may(command) then
    error('NOPERM this user may not run ' .. command .. ': ACL SETUSER <user> +' .. string.lower(command), 0)
  end
  return redis.call(command, ...)
end

local function text_of(failure)
  return type(failure) == 'table' and (failure.refused or failure.err) or tostring(failure)
end

redis.register_function(FUNCTION, function(keys, args)
  if #keys ~= 1 or #args < 2 or #args > 4 then
    return redis.error_reply(
      'ERR wrong number of arguments: expected FCALL ' .. FUNCTION .. ' 1 <channel> <type> <data> [<id> [<time>]]')
  end
  local done, answer = pcall(publish, redis.call, keys, args)
  if not done and string.find(text_of(answer), 'The user executing the script', 1, true) then
    -- Nothing is written, and it fails again at the same place.
    done, answer = pcall(publish, call_by_right, keys, args)
  end
  return done and answer or redis.error_reply(text_of(answer))
end)
