import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { unreachable } from '../unreachable.js';

/** Lists of EndpointSlices of large Services are long; this much is of something else. */
const MAX_BODY = 8_388_608;

/** How an API server is reached. */
export interface Cluster {
  /** https://host:port */
  readonly cluster: string;
  /** Files, not their content: Kubernetes renews a pod's token, and so it is read for each request. */
  readonly tokenFile: string;
  readonly caFile: string;
  /** For one answer. */
  readonly timeoutMs: number;
}

export interface KubernetesAnswer {
  readonly status: number;
  /** As JSON; a server that answers with none has not understood. */
  readonly body: unknown;
}

type Ask =
  { readonly method: 'GET' } | { readonly method: 'PATCH'; readonly contentType: string; readonly body: unknown };

/**
 * Asks a Kubernetes API server, as a service account does: its CA, its bearer token. Two verbs of one resource and a list
 * of another are all that routing needs, so this is `node:https` and no client library. Throws `unavailable` when there is
 * no answer that can be read; refusals are answers.
 */
export class KubernetesApi {
  constructor(private readonly cluster: Cluster) {}

  get(path: string): Promise<KubernetesAnswer> {
    return this.ask(path, { method: 'GET' });
  }

  /** Applies a manifest server-side, as a field manager. JSON is YAML, which is all that this media type asks for. */
  apply(path: string, manifest: object, manager: string, isForced: boolean): Promise<KubernetesAnswer> {
    const query = new URLSearchParams({ fieldManager: manager, force: String(isForced) });
    const contentType = 'application/apply-patch+yaml';
    return this.ask(`${path}?${query.toString()}`, { method: 'PATCH', contentType, body: manifest });
  }

  private async ask(path: string, ask: Ask): Promise<KubernetesAnswer> {
    const { cluster, tokenFile, caFile } = this.cluster;
    try {
      const [token, ca] = await Promise.all([readFile(tokenFile, 'utf8'), readFile(caFile)]);
      return await this.send(new URL(path, cluster), ask, { token: token.trim(), ca });
    } catch (error) {
      // node:fs, node:https and JSON.parse throw Errors.
      throw unreachable(`The Kubernetes API at ${cluster} cannot be asked: ${(error as Error).message}`);
    }
  }

  private send(url: URL, ask: Ask, { token, ca }: { token: string; ca: Buffer }): Promise<KubernetesAnswer> {
    const { timeoutMs } = this.cluster;
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(timeoutMs);
      const body = ask.method === 'PATCH' ? JSON.stringify(ask.body) : undefined;
      const headers = {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        ...(ask.method === 'PATCH' ? { 'content-type': ask.contentType } : {}),
      };
      const call = request(url, { method: ask.method, headers, ca, agent: false, signal }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > MAX_BODY) call.destroy(new Error(`the answer is longer than ${MAX_BODY} characters`));
        });
        response.on('error', reject);
        response.on('end', () => {
          try {
            resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as unknown });
          } catch {
            reject(new Error(`it answered ${response.statusCode ?? 0} with what is not JSON`));
          }
        });
      });
      call.on('error', (error) => reject(signal.aborted ? new Error(`no answer within ${timeoutMs} ms`) : error));
      call.end(body);
    });
  }
}
