#!lua flags=no-writes
-- How long nothing was heard of somebody, and how long anybody could have been heard of.
--
-- KEYS  1 epoch  2 seen
-- ARGV  ids
-- Output  { ms since the epoch is ready (0 while it isn't), { ms since the last sign or -1, … } }
-- include clock

local now = clock()
local state, since = unpack(redis.call('HMGET', KEYS[1], 'state', 'since'))
local silent = {}
for i, id in ipairs(ARGV) do
  local at = redis.call('ZSCORE', KEYS[2], id)
  silent[i] = at and math.max(0, now - tonumber(at)) or -1
end
return { state == 'ready' and since and math.max(0, now - tonumber(since)) or 0, silent }
