#!lua
-- A connection is alive for a while longer; those not heard of for too long are forgotten.
--
-- KEYS  1 live  2 seen
-- ARGV  1 live member  2 how long (ms)  3 id  4 how long a last sign of life is remembered (ms)
-- Output  nothing
-- include clock

local now = clock()
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - tonumber(ARGV[4]))
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1])
redis.call('ZADD', KEYS[2], now, ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
