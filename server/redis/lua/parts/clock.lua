-- Redis' own time in milliseconds: nodes' clocks differ, this one is the same for all of them.
local function clock()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
