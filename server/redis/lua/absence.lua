#!lua flags=no-writes
-- How long nothing was heard of somebody, and how long anybody could have been heard of.
--
-- KEYS  1 epoch  2 seen  3 live
-- ARGV  ids
-- Output  { now, ms since the epoch is ready (0 while it isn't), { ms since the last sign (0 for whoever is connected) or -1, … } }
-- include clock

local now = clock()
local state, since = unpack(redis.call('HMGET', KEYS[1], 'state', 'since'))
local live = {}
for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '(' .. now, '+inf')) do
  live[string.match(member, '^[^:]*')] = true
end
local silent = {}
for i, id in ipairs(ARGV) do
  local at = redis.call('ZSCORE', KEYS[2], id)
  silent[i] = live[id] and 0 or at and math.max(0, now - tonumber(at)) or -1
end
return { now, state == 'ready' and since and math.max(0, now - tonumber(since)) or 0, silent }
