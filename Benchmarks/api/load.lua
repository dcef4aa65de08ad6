-- wrk: posts the JSON bodies of the file $BODIES, one a line, in turn. "@UNIQUE@" becomes another word in each request.
-- Prints one JSON line at the end.
local bodies, headers, count, place, unique = {}, { ["Content-Type"] = "application/json" }, 0, 0, false
local prepared = {}

function init()
  for line in (os.getenv("HEADERS") or ""):gmatch("[^\n]+") do
    local name, value = line:match("^([^:]+):%s*(.*)$")
    headers[name] = value
  end
  for line in io.lines(os.getenv("BODIES")) do
    count = count + 1
    bodies[count] = line
    prepared[count] = wrk.format("POST", nil, headers, line)
    unique = unique or line:find("@UNIQUE@", 1, true) ~= nil
  end
  place = tonumber(os.getenv("SKIP") or "0")
end

function request()
  place = place + 1
  local index = (place - 1) % count + 1
  if not unique then return prepared[index] end
  local word = os.getenv("WORD") .. string.format("%07d", place)
  return wrk.format("POST", nil, headers, (bodies[index]:gsub("@UNIQUE@", word)))
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"microseconds":%d,"bytes":%d,"errors":%d,"p50":%d,"p99":%d}\n',
    summary.requests, summary.duration, summary.bytes,
    errors.connect + errors.read + errors.write + errors.timeout + errors.status,
    latency:percentile(50), latency:percentile(99)))
end
