#!lua
-- A connection ended: that was its owner's last sign of life, unless another connection gives one.
--
-- KEYS  1 live  2 seen
-- ARGV  1 live member  2 id
-- Output  nothing
-- include clock

if redis.call('ZREM', KEYS[1], ARGV[1]) == 1 then redis.call('ZADD', KEYS[2], clock(), ARGV[2]) end
