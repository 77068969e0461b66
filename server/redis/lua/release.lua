#!lua
-- Ends a conversation's reservation at this agent; one at another agent stays.
--
-- KEYS  1 units  2 reserved  3 reserved until
-- ARGV  1 conversation  2 agent
-- Output  nothing
-- include units
-- include reservation

unreserve(KEYS[2], KEYS[3], KEYS[1], ARGV[1], ARGV[2])
