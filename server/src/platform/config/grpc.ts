import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { z } from 'zod';
import { wholeNumber } from './number-setting.js';

/** The certificate that the gRPC port shows, with its chain, and its private key, in PEM. */
export interface GrpcTls {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Where clients that speak gRPC reach the server. */
export abstract class GrpcConfig {
  abstract readonly host: string;
  /** TCP port; 0 asks the system for a free one. */
  abstract readonly port: number;
  /** Undefined: without TLS, as behind a proxy or a mesh that has it. */
  abstract readonly tls: GrpcTls | undefined;
}

export const grpcSection = z
  .object({
    SLUICE_HTTP_HOST: z.string().default('127.0.0.1'),
    SLUICE_GRPC_HOST: z.string().optional().describe('address to listen on; where HTTP listens, unless it is set'),
    SLUICE_GRPC_PORT: wholeNumber({ min: 0, max: 65_535 }).default(7071),
    SLUICE_GRPC_TLS_CERT: z.string().optional().describe('file with the certificate and its chain, in PEM'),
    SLUICE_GRPC_TLS_KEY: z.string().optional().describe('file with the private key, in PEM'),
  })
  .transform((env, context): GrpcConfig => {
    const refuse = (setting: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [setting], message });
    const [certPath, keyPath] = [env.SLUICE_GRPC_TLS_CERT, env.SLUICE_GRPC_TLS_KEY];
    if ((certPath === undefined) !== (keyPath === undefined)) {
      const missing = certPath === undefined ? 'SLUICE_GRPC_TLS_CERT' : 'SLUICE_GRPC_TLS_KEY';
      const given = certPath === undefined ? 'SLUICE_GRPC_TLS_KEY' : 'SLUICE_GRPC_TLS_CERT';
      refuse(missing, `must be set too, because ${given} is`);
    }
    return {
      host: env.SLUICE_GRPC_HOST ?? env.SLUICE_HTTP_HOST,
      port: env.SLUICE_GRPC_PORT,
      tls: certPath === undefined || keyPath === undefined ? undefined : readTls(certPath, keyPath, refuse),
    };
  });

/** Reads both files with the other settings, so that nothing has begun where they are of no use. */
function readTls(
  certPath: string,
  keyPath: string,
  refuse: (setting: string, message: string) => void,
): GrpcTls | undefined {
  const read = (setting: string, path: string): Buffer | undefined => {
    try {
      return readFileSync(path);
    } catch (error) {
      refuse(setting, `cannot be read: ${(error as Error).message}`); // node throws Errors
      return undefined;
    }
  };
  const cert = read('SLUICE_GRPC_TLS_CERT', certPath);
  const key = read('SLUICE_GRPC_TLS_KEY', keyPath);
  if (cert === undefined || key === undefined) return undefined;
  try {
    createSecureContext({ cert, key });
    return { cert, key };
  } catch (error) {
    const message = 'must be a certificate in PEM, and SLUICE_GRPC_TLS_KEY its private key';
    refuse('SLUICE_GRPC_TLS_CERT', `${message}: ${(error as Error).message}`); // so does OpenSSL
    return undefined;
  }
}
