import { runWrkScript } from './wrk-script.js';

/** Pauses of chance, 9.5 ms in the mean: ten callers who ask between them come to a little over 1 000 requests a second. */
const CALLERS = 10;
const LONGEST_PAUSE_MS = 19;

/** What callers waited for. */
export interface PacedResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Connections and answers that never came, and answers of status 400 and more. */
  readonly lost: number;
}

const SCRIPT = `
local n = 0
function init(args) math.randomseed(os.time()) n = math.random(1, 1000000000) end
function delay() return math.random(0, ${LONGEST_PAUSE_MS}) end
function request() n = n + 1 return wrk.format("GET", "/orders/" .. n .. "?currency=EUR") end
function done(summary, latency)
  local e = summary.errors
  io.stderr:write(string.format(
    '{"perSecond":%d,"p50Ms":%.3f,"p99Ms":%.3f,"lost":%d}\\n', summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, e.connect + e.read + e.write + e.timeout + e.status))
end
`;

/**
 * Asks a service of orders for another one each time, by wrk, whose callers pause by chance between their requests: callers
 * who came all at once would wait for each other, and a generator in JavaScript for its own garbage.
 */
export function askForOrders(url: string, seconds: number): Promise<PacedResult> {
  return runWrkScript<PacedResult>(SCRIPT, { url, callers: CALLERS, seconds });
}
