import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const CALLER = fileURLToPath(new URL('./xds-caller.ts', import.meta.url));

export type Headers = Readonly<Record<string, string>>;

interface Reply {
  readonly id: number;
  readonly answers: readonly string[];
}

/** Where a client finds the control plane, and what it calls itself. */
export interface XdsBootstrap {
  readonly server: string;
  readonly node: string;
  /** In its node's metadata; undefined: it shows none. */
  readonly token?: string | undefined;
}

/** A client of gRPC in a process of its own. */
export class XdsProcess {
  private readonly waiting = new Map<number, (answers: readonly string[]) => void>();
  private sent = 0;

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (message) => {
      const { id, answers } = message as Reply; // xds-caller.ts sends nothing else
      this.waiting.get(id)?.(answers);
      this.waiting.delete(id);
    });
    child.once('exit', () => {
      for (const settle of this.waiting.values()) settle([]);
    });
  }

  /** Starts one that dials `xds:///<listener>`, and waits until it listens to us. */
  static async start(listener: string, { server, node, token }: XdsBootstrap): Promise<XdsProcess> {
    const bootstrap = {
      xds_servers: [{ server_uri: server, channel_creds: [{ type: 'insecure' }], server_features: ['xds_v3'] }],
      node: { id: node, locality: {}, ...(token === undefined ? {} : { metadata: { sluice_token: token } }) },
    };
    const child = fork(CALLER, [`xds:///${listener}`], {
      env: {
        PATH: process.env['PATH'],
        GRPC_XDS_BOOTSTRAP_CONFIG: JSON.stringify(bootstrap),
        ...(process.env['GRPC_TRACE'] && { GRPC_TRACE: process.env['GRPC_TRACE'], GRPC_VERBOSITY: 'DEBUG' }),
      },
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    await once(child, 'message');
    return new XdsProcess(child);
  }

  /** Sends one request per entry, with its headers; the answers come in their order. */
  send(requests: readonly Headers[]): Promise<readonly string[]> {
    const id = (this.sent += 1);
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.child.send({ id, requests });
    });
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}
