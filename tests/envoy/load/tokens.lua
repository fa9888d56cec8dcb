-- For wrk: each request takes the next line of a file as its token; at the end, one line of JSON.
-- An empty file sends none. The second argument is how many it leaves out at first.
local tokens = {}
local at = 0

function init(args)
  for line in io.lines(args[1]) do
    tokens[#tokens + 1] = wrk.format("GET", "/", { authorization = "Bearer " .. line })
  end
  if #tokens == 0 then
    tokens[1] = wrk.format("GET", "/")
  end
  at = tonumber(args[2])
end

function request()
  at = at % #tokens + 1
  return tokens[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"micros":%d,"p50":%d,"p99":%d,"max":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout
  ))
end
