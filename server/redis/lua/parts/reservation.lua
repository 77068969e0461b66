-- Needs units.lua.

-- Ends a conversation's reservation; with `onlyAgent`, only when it is that agent's.
local function unreserve(reserved, reservedUntil, units, conversation, onlyAgent)
  local held = redis.call('HGET', reserved, conversation)
  if not held then return end
  local agent, amount = string.match(held, '^(%S+) (%S+)$')
  if onlyAgent and onlyAgent ~= agent then return end
  redis.call('HDEL', reserved, conversation)
  redis.call('ZREM', reservedUntil, conversation)
  addUnits(units, agent, -tonumber(amount))
end

-- Ends those whose time is over: a node that died while deciding keeps nothing from anybody.
local function endOverdue(reserved, reservedUntil, units, now)
  for _, conversation in ipairs(redis.call('ZRANGEBYSCORE', reservedUntil, '-inf', now)) do
    unreserve(reserved, reservedUntil, units, conversation)
  end
end
