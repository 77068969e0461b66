#!lua
-- A connection is alive for a while longer; those not heard of for too long are forgotten.
--
-- KEYS  1 live
-- ARGV  1 live member  2 how long (ms)
-- Output  nothing
-- include clock

local now = clock()
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1])
