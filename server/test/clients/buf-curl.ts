import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';

const BUF = createRequire(import.meta.url).resolve('@bufbuild/buf/bin/buf');

/** Asks a gRPC server with `buf curl`, which knows of its services what reflection tells; answers what it printed. */
export async function bufCurl(...args: readonly string[]): Promise<string> {
  const options = ['curl', '--protocol', 'grpc', '--http2-prior-knowledge', ...args];
  const { stdout } = await promisify(execFile)(process.execPath, [BUF, ...options]);
  return stdout.trim();
}
