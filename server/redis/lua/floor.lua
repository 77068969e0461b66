#!lua
-- All that routing looks at, as of one instant.
--
-- KEYS  1 epoch  2 places  3 waiting  4 units  5 reserved  6 reserved until  7 live agents
-- ARGV  1 how many waiting at most
-- Output  { state, { conversation, placement, … }, { agent, units, … }, { live member, … } }
-- include clock
-- include units
-- include reservation

local now = clock()
endOverdue(KEYS[5], KEYS[6], KEYS[4], now)

local reserved = {}
for _, conversation in ipairs(redis.call('HKEYS', KEYS[5])) do reserved[conversation] = true end

-- Reserved ones are waiting too, so as many more are read.
local limit = tonumber(ARGV[1])
local members = {}
if limit > 0 then
  members = redis.call('ZRANGE', KEYS[3], 0, limit - 1 + redis.call('HLEN', KEYS[5]))
end
local free = {}
for _, member in ipairs(members) do
  local conversation = string.match(member, ':(.*)$')
  if not reserved[conversation] then free[#free + 1] = conversation end
  if #free == limit then break end
end

local waiting = {}
local chunk = 1000 -- unpack() has its limits
for first = 1, #free, chunk do
  local last = math.min(first + chunk - 1, #free)
  local placements = redis.call('HMGET', KEYS[2], unpack(free, first, last))
  for i, placement in ipairs(placements) do
    waiting[#waiting + 1] = free[first + i - 1]
    waiting[#waiting + 1] = placement
  end
end

return {
  redis.call('HGET', KEYS[1], 'state') or 'rebuilding',
  waiting,
  redis.call('HGETALL', KEYS[4]),
  redis.call('ZRANGEBYSCORE', KEYS[7], '(' .. now, '+inf'),
}
