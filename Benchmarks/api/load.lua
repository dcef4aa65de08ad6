-- wrk: posts the JSON bodies of the file $BODIES, one a line, in turn. "@UNIQUE@" becomes another word in each request.
-- Prints one JSON line at the end.
-- Requests are made before the load begins, so that it takes little of the machine that the servers share with it.
local headers, count, place, before, behind = { ["Content-Type"] = "application/json" }, 0, 0, {}, {}
local word = os.getenv("WORD") or ""
local digits = 7

function init()
  for line in (os.getenv("HEADERS") or ""):gmatch("[^\n]+") do
    local name, value = line:match("^([^:]+):%s*(.*)$")
    headers[name] = value
  end
  for line in io.lines(os.getenv("BODIES")) do
    count = count + 1
    local mark = word .. ("@"):rep(digits)
    local text = wrk.format("POST", nil, headers, (line:gsub("@UNIQUE@", mark)))
    local first, last = text:find(mark, 1, true)
    before[count] = first and text:sub(1, first - 1) or text
    behind[count] = first and text:sub(last + 1)
  end
  place = tonumber(os.getenv("SKIP") or "0")
end

function request()
  place = place + 1
  local index = (place - 1) % count + 1
  if not behind[index] then return before[index] end
  return before[index] .. word .. string.format("%07d", place) .. behind[index]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"microseconds":%d,"bytes":%d,"errors":%d,"p50":%d,"p99":%d}\n',
    summary.requests, summary.duration, summary.bytes,
    errors.connect + errors.read + errors.write + errors.timeout + errors.status,
    latency:percentile(50), latency:percentile(99)))
end
