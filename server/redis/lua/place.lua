#!lua
-- Puts a conversation where its last commit left it: into a queue, at an agent, or nowhere.
-- Older writes than what is there change nothing; the same write twice is the same as once.
--
-- KEYS  1 epoch  2 places  3 tombstone prefix  4 waiting  5 queue prefix  6 units
--       7 reserved  8 reserved until  9 queues
-- ARGV  1 conversation  2 seq  3 how long a tombstone stays (ms)
--       4 kind, and what it carries: 'q' queue score member units | 'a' agent units | 'n'
-- Output  'placed' | 'stale'
-- include units
-- include reservation
-- include placement

local epochKey, places, waiting, queuePrefix, units = KEYS[1], KEYS[2], KEYS[4], KEYS[5], KEYS[6]
local conversation, seq, kind = ARGV[1], ARGV[2], ARGV[4]
local tombstone = KEYS[3] .. conversation

local before = redis.call('HGET', places, conversation)
local known = before and parts(before)[1] or redis.call('GET', tombstone)
if known and tonumber(known) > tonumber(seq) then return 'stale' end

if before then lift(places, waiting, queuePrefix, units, conversation, before) end

if kind == 'n' then
  redis.call('SET', tombstone, seq, 'PX', ARGV[3])
  unreserve(KEYS[7], KEYS[8], units, conversation)
  return 'placed'
end

redis.call('DEL', tombstone)
local epoch = redis.call('HGET', epochKey, 'epoch') or '-'
if kind == 'q' then
  local queue, score, member = ARGV[5], ARGV[6], ARGV[7]
  redis.call('ZADD', waiting, score, member)
  redis.call('ZADD', queuePrefix .. queue, score, member)
  redis.call('SADD', KEYS[9], queue)
  local stored = { seq, 'q', queue, score, member, ARGV[8], epoch }
  redis.call('HSET', places, conversation, table.concat(stored, ' '))
else
  local agent, amount = ARGV[5], ARGV[6]
  addUnits(units, agent, amount)
  redis.call('HSET', places, conversation, table.concat({ seq, 'a', agent, amount, epoch }, ' '))
  unreserve(KEYS[7], KEYS[8], units, conversation)
end
return 'placed'
