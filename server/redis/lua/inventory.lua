#!lua flags=no-writes
-- Everything placed, and whether the sets and the counted units agree with it.
--
-- KEYS  1 epoch  2 places  3 waiting  4 queue prefix  5 units  6 reserved  7 queues
-- ARGV  nothing
-- Output  { state, { conversation, placement, … }, 1 when all parts agree, else 0 }
-- include units
-- include placement

local all = redis.call('HGETALL', KEYS[2])
local scores = {}
local inOrder = redis.call('ZRANGE', KEYS[3], 0, -1, 'WITHSCORES')
for i = 1, #inOrder, 2 do scores[inOrder[i]] = inOrder[i + 1] end

local whole, queued, perQueue, held = true, 0, {}, {}
for i = 1, #all, 2 do
  local at = parts(all[i + 1])
  if at[2] == 'q' then
    queued = queued + 1
    perQueue[at[3]] = (perQueue[at[3]] or 0) + 1
    local score = scores[at[5]]
    if not score or tonumber(score) ~= tonumber(at[4]) then whole = false end
  else
    held[at[3]] = (held[at[3]] or 0) + tonumber(at[4])
  end
end
if queued ~= #inOrder / 2 then whole = false end
for _, queue in ipairs(redis.call('SMEMBERS', KEYS[7])) do
  if redis.call('ZCARD', KEYS[4] .. queue) ~= (perQueue[queue] or 0) then whole = false end
  perQueue[queue] = nil
end
if next(perQueue) then whole = false end

for _, reservation in ipairs(redis.call('HVALS', KEYS[6])) do
  local agent, amount = string.match(reservation, '^(%S+) (%S+)$')
  held[agent] = (held[agent] or 0) + tonumber(amount)
end
local units = redis.call('HGETALL', KEYS[5])
for i = 1, #units, 2 do
  if (held[units[i]] or 0) ~= tonumber(units[i + 1]) then whole = false end
  held[units[i]] = nil
end
for _, amount in pairs(held) do
  if amount ~= 0 then whole = false end
end

return { redis.call('HGET', KEYS[1], 'state') or 'rebuilding', all, whole and 1 or 0 }
