import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { BootstrapToken } from './auth/index.js';
import { OFREP_FLAG_PREFIX, refuseOfrepUrl } from './delivery/index.js';
import type { Config } from './platform/config/config.js';
import { GrpcServer } from './platform/grpc/grpc-server.adapter.js';
import { createFastifyAdapter, useStrictJson } from './platform/http/fastify-adapter.js';
import { serveDocs } from './platform/http/openapi.js';
import { serveWeb } from './platform/http/web-assets.js';
import { settledWithin } from './platform/jobs/settled-within.js';
import { createPino, PinoLogger } from './platform/logging/pino-logger.js';
import { Drain } from './platform/shutdown/drain.service.js';
import { SHUTDOWN_PATIENCE_MS, withOneDeadline } from './platform/shutdown/shutdown-deadline.js';
import { traceRequests } from './platform/tracing/request-spans.js';
import { RestErrorFilter } from './transport/rest-error.filter.js';
import { SchemaPipe } from './transport/schema-pipe.js';

/** For those who are cut off to be gone, and for the store to be closed, behind the wait for what has begun. */
const LEAVING_MS = 5_000;

/** A server that listens. */
export interface RunningServer {
  readonly app: NestFastifyApplication;
  /** Where it listens, with the port the system gave when 0 was asked. */
  readonly url: string;
  /** Where it speaks gRPC, as `host:port`, with the port the system gave when 0 was asked. */
  readonly grpcAddress: string;
  /** The admin token made at this start; undefined when there was one already. */
  readonly adminToken: string | undefined;
  /** Sends those who hold something open to other servers, by and by; `close` is to follow. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

/** Builds the application without listening: routes, errors, docs, pages. A preview has nothing behind its routes. */
export async function createApp(config: Config, { preview = false } = {}): Promise<NestFastifyApplication> {
  const pino = createPino(config.logging);
  const adapter = createFastifyAdapter(pino, config.http, { [OFREP_FLAG_PREFIX]: refuseOfrepUrl });
  if (config.tracing.endpoint !== undefined) traceRequests(adapter.getInstance());
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config), adapter, {
    logger: new PinoLogger(pino),
    bodyParser: false,
    abortOnError: false,
    preview,
  });
  useStrictJson(adapter);
  app.useGlobalFilters(new RestErrorFilter());
  app.useGlobalPipes(new SchemaPipe());
  serveDocs(app, config.http);
  serveWeb(app, config.http);
  return app;
}

/**
 * Opens the store, migrates it and listens. An admin token that was made is handed over before the port is asked for:
 * it is shown once, whatever happens next.
 */
export async function startServer(
  config: Config,
  showAdminToken: (token: string) => void = () => undefined,
): Promise<RunningServer> {
  const app = await createApp(config);
  await app.init();
  const adminToken = app.get(BootstrapToken).takeSecret();
  if (adminToken !== undefined) showAdminToken(adminToken);
  try {
    return {
      app,
      adminToken,
      ...(await listen(app, config)),
      drain: () => app.get(Drain).run(),
      close: () => close(app),
    };
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** Lets what has begun come to its end while there is time, and then leaves it to the end of the process. */
async function close(app: NestFastifyApplication): Promise<void> {
  const closed = withOneDeadline(() => app.close());
  if (await settledWithin(closed, SHUTDOWN_PATIENCE_MS + LEAVING_MS)) return closed;
  new Logger('Sluice').warn('Something does not come to its end; leaving it.');
}

/** Opens both ports. Throws an Error that names the settings of the one that cannot be used. */
async function listen(
  app: NestFastifyApplication,
  config: Config,
): Promise<Pick<RunningServer, 'url' | 'grpcAddress'>> {
  const grpcAddress = await app.get(GrpcServer).listen();
  try {
    await app.listen(config.http.port, config.http.host);
  } catch (error) {
    throw new Error(`SLUICE_HTTP_HOST ${config.http.host} and SLUICE_HTTP_PORT ${config.http.port} cannot be used.`, {
      cause: error,
    });
  }
  // It listens on TCP, so it has a port.
  const { port } = app.getHttpServer().address() as { port: number };
  const host = config.http.host.includes(':') ? `[${config.http.host}]` : config.http.host;
  new Logger('Sluice').log(`Listening on ${config.http.host}:${port}`);
  return { url: `http://${host}:${port}`, grpcAddress };
}
