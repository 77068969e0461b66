#!lua
-- Declares the rebuild of this epoch complete. What nobody placed since it began is in no store of
-- record any more (it was left over from before, say by a failover) and goes. Does nothing when
-- Redis was emptied or another rebuild began meanwhile: that one finishes, or nobody does.
--
-- KEYS  1 epoch  2 places  3 tombstone prefix  4 waiting  5 queue prefix  6 units
--       7 reserved  8 reserved until  9 queues
-- ARGV  1 epoch  2 how long a tombstone stays (ms)
-- Output  nothing
-- include clock
-- include units
-- include reservation
-- include placement

local epoch = ARGV[1]
if redis.call('HGET', KEYS[1], 'epoch') ~= epoch then return end

-- Made anew on the way, so that sets and units are right whatever happened before.
for _, queue in ipairs(redis.call('SMEMBERS', KEYS[9])) do redis.call('DEL', KEYS[5] .. queue) end
redis.call('DEL', KEYS[4], KEYS[6])
local all = redis.call('HGETALL', KEYS[2])
for i = 1, #all, 2 do
  local at = parts(all[i + 1])
  if at[2] == 'a' then
    addUnits(KEYS[6], at[3], at[4])
  else
    local queue = KEYS[5] .. at[3]
    -- One that the set of queues didn't know may hold what isn't placed.
    if redis.call('SADD', KEYS[9], at[3]) == 1 then redis.call('DEL', queue) end
    redis.call('ZADD', KEYS[4], at[4], at[5])
    redis.call('ZADD', queue, at[4], at[5])
  end
end
for _, held in ipairs(redis.call('HVALS', KEYS[7])) do
  local agent, amount = string.match(held, '^(%S+) (%S+)$')
  addUnits(KEYS[6], agent, amount)
end

for i = 1, #all, 2 do
  local conversation, placement = all[i], all[i + 1]
  local at = parts(placement)
  if at[#at] ~= epoch then
    lift(KEYS[2], KEYS[4], KEYS[5], KEYS[6], conversation, placement)
    redis.call('SET', KEYS[3] .. conversation, at[1], 'PX', ARGV[2])
    unreserve(KEYS[7], KEYS[8], KEYS[6], conversation)
  end
end
redis.call('HSET', KEYS[1], 'state', 'ready', 'since', clock())
