-- Needs units.lua.

-- Parts of a placement as it is stored: seq, kind and what that kind carries, the epoch last.
local function parts(placement)
  local found = {}
  for part in string.gmatch(placement, '%S+') do found[#found + 1] = part end
  return found
end

-- Takes a conversation from wherever it is.
local function lift(places, waiting, queuePrefix, units, conversation, placement)
  local was = parts(placement)
  if was[2] == 'q' then
    redis.call('ZREM', waiting, was[5])
    redis.call('ZREM', queuePrefix .. was[3], was[5])
  else
    addUnits(units, was[3], -tonumber(was[4]))
  end
  redis.call('HDEL', places, conversation)
end
