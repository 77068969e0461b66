-- Adds to (or, negative, takes from) an agent's units; an agent with none leaves no trace.
local function addUnits(units, agent, amount)
  if redis.call('HINCRBY', units, agent, amount) <= 0 then
    redis.call('HDEL', units, agent)
  end
end
