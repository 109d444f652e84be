import { z } from 'zod';

/** The certificate that the gRPC port shows, and its private key: paths of files in PEM. */
export interface GrpcTls {
  readonly certPath: string;
  readonly keyPath: string;
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
    SLUICE_GRPC_PORT: z.coerce.number().int().min(0).max(65_535).default(7071),
    SLUICE_GRPC_TLS_CERT: z.string().optional().describe('file with the certificate and its chain, in PEM'),
    SLUICE_GRPC_TLS_KEY: z.string().optional().describe('file with the private key, in PEM'),
  })
  .transform((env, context): GrpcConfig => {
    const [certPath, keyPath] = [env.SLUICE_GRPC_TLS_CERT, env.SLUICE_GRPC_TLS_KEY];
    if ((certPath === undefined) !== (keyPath === undefined)) {
      const missing = certPath === undefined ? 'SLUICE_GRPC_TLS_CERT' : 'SLUICE_GRPC_TLS_KEY';
      const given = certPath === undefined ? 'SLUICE_GRPC_TLS_KEY' : 'SLUICE_GRPC_TLS_CERT';
      context.addIssue({ code: 'custom', path: [missing], message: `must be set too, because ${given} is` });
    }
    return {
      host: env.SLUICE_GRPC_HOST ?? env.SLUICE_HTTP_HOST,
      port: env.SLUICE_GRPC_PORT,
      tls: certPath === undefined || keyPath === undefined ? undefined : { certPath, keyPath },
    };
  });
