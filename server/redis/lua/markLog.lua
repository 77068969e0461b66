#!lua
-- How far the log certainly was. Of the same log never less far than is known: after a failover to a
-- database that lagged, the nodes count on from further back, and the mark is what tells.
--
-- KEYS  1 log mark
-- ARGV  1 epoch  2 beats
-- Output  nothing

local epoch, beats = unpack(redis.call('HMGET', KEYS[1], 'epoch', 'beats'))
if epoch == ARGV[1] and tonumber(beats or '0') >= tonumber(ARGV[2]) then return end
redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'beats', ARGV[2])
