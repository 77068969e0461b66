#!lua
-- Holds units of an agent for a waiting conversation until its decision is committed. Chooses
-- nothing: it only says whether what was chosen still fits.
--
-- KEYS  1 epoch  2 places  3 units  4 reserved  5 reserved until
-- ARGV  1 conversation  2 seq  3 agent  4 units  5 capacity  6 how long (ms)
-- Output  'reserved' | 'rebuilding' | 'gone' | 'taken' | 'full'
-- include clock
-- include units
-- include reservation
-- include placement

local places, units, reserved, reservedUntil = KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local conversation, seq, agent, amount, capacity = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]

if redis.call('HGET', KEYS[1], 'state') ~= 'ready' then return 'rebuilding' end

local placement = redis.call('HGET', places, conversation)
local at = placement and parts(placement)
if not at or at[2] ~= 'q' or at[1] ~= seq then return 'gone' end

local now = clock()
endOverdue(reserved, reservedUntil, units, now)
if redis.call('HEXISTS', reserved, conversation) == 1 then return 'taken' end

local used = tonumber(redis.call('HGET', units, agent) or '0')
if used + tonumber(amount) > tonumber(capacity) then return 'full' end

redis.call('HSET', reserved, conversation, agent .. ' ' .. amount)
redis.call('ZADD', reservedUntil, now + tonumber(ARGV[6]), conversation)
addUnits(units, agent, amount)
return 'reserved'
