import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';

/** Answers of probes are short; of a longer one, this much is read. */
const MAX_BODY = 4_096;

export interface Fetched {
  readonly status: number;
  readonly body: string;
}

/**
 * Gets a URL over a connection of its own: one that was kept could still lead to a process that is about to end.
 * Redirects are answers. Rejects when there is no answer in time.
 */
export function getOnce(url: string, timeoutMs: number): Promise<Fetched> {
  return new Promise((resolve, reject) => {
    const get = url.startsWith('https:') ? httpsGet : httpGet;
    const signal = AbortSignal.timeout(timeoutMs);
    const request = get(url, { agent: false, signal }, (response) => {
      let body = '';
      const finish = (): void => {
        request.destroy();
        resolve({ status: response.statusCode ?? 0, body });
      };
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length >= MAX_BODY) finish();
      });
      response.on('end', finish);
      response.on('error', reject);
    });
    request.on('error', (error) => reject(signal.aborted ? new Error(`no answer within ${timeoutMs} ms`) : error));
  });
}
