-- What wrk sends: a method, and the files with the bodies in turns; and what it says at the end, as JSON.

local requests = {}
local sent = 0

function init(args)
  wrk.method = args[1]
  wrk.headers["content-type"] = #args > 1 and "application/json" or nil
  for number = 2, #args do
    local file = assert(io.open(args[number], "rb"))
    requests[number - 1] = wrk.format(nil, nil, nil, file:read("*a"))
    file:close()
  end
  if #requests == 0 then
    requests[1] = wrk.format()
  end
end

function request()
  sent = sent + 1
  return requests[(sent - 1) % #requests + 1]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"answers": %d, "seconds": %.6f, "errors": %d, "p99_ms": %.3f}\n',
    summary.requests,
    summary.duration / 1e6,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(99) / 1000
  ))
end
