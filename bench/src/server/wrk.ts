import { runWrkScript } from '../wrk-script.js';
import type { HttpLoad, LoadResult } from './load.js';

/** What `DONE` prints. */
interface Summary {
  readonly requests: number;
  readonly us: number;
  readonly bytes: number;
  /** Answers of status 400 and more. */
  readonly refused: number;
  /** Connections and answers that never came. */
  readonly lost: number;
  readonly p99Us: number;
}

const DONE = `
done = function(summary, latency)
  local e = summary.errors
  io.stderr:write(string.format(
    '{"requests":%d,"us":%d,"bytes":%d,"refused":%d,"lost":%d,"p99Us":%d}\\n',
    summary.requests, summary.duration, summary.bytes, e.status,
    e.connect + e.read + e.write + e.timeout, latency:percentile(99)))
end
`;

/**
 * Loads an HTTP server by wrk, on one thread: a generator in C leaves the server to be what limits it, and reads no body
 * further than its length. wrk tells refusals from answers, but not one answer's status from another's, so one request
 * goes before and one after it.
 */
export async function loadHttp(load: HttpLoad): Promise<LoadResult> {
  const before = await statusOf(load);
  const { requests, us, bytes, refused, lost, p99Us } = await runWrk(load);
  const after = await statusOf(load);
  const right = requests - refused;
  const counts = before === after ? { [before]: right } : { [before]: 1, [after]: right - 1 };
  return {
    requests,
    seconds: us / 1e6,
    p99Ms: p99Us / 1e3,
    bytes: bytes / requests,
    statuses: { ...counts, ...(refused + lost > 0 ? { error: refused + lost } : {}) },
  };
}

async function statusOf({ url, method, headers, body }: HttpLoad): Promise<number> {
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
  await response.arrayBuffer();
  return response.status;
}

function runWrk({ url, method, headers, body, callers, seconds }: HttpLoad): Promise<Summary> {
  const fields = Object.entries(headers).map(([name, value]) => `wrk.headers[${lua(name)}] = ${lua(value)}`);
  const content = body === undefined ? [] : [`wrk.body = ${lua(body)}`];
  const script = [`wrk.method = ${lua(method)}`, ...content, ...fields, DONE].join('\n');
  return runWrkScript<Summary>(script, { url, callers, seconds }); // what `DONE` prints
}

/** What is quoted for JSON is for Lua too, as long as it is plain text. */
function lua(value: string): string {
  if (!/^[\x20-\x7e]*$/u.test(value)) throw new Error(`${JSON.stringify(value)} is no plain text.`);
  return JSON.stringify(value);
}
