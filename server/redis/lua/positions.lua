#!lua flags=no-writes
-- Places in the queue.
--
-- KEYS  1 places  2 queue prefix
-- ARGV  conversations
-- Output  for each: its queue and 0-based rank there, or false when it isn't waiting
-- include units
-- include placement

local ranks = {}
for i, conversation in ipairs(ARGV) do
  local placement = redis.call('HGET', KEYS[1], conversation)
  local at = placement and parts(placement)
  local rank = at and at[2] == 'q' and redis.call('ZRANK', KEYS[2] .. at[3], at[5])
  ranks[i] = rank and { at[3], rank } or false
end
return ranks
