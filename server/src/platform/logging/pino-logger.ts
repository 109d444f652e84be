import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino } from 'pino';
import type { LoggingConfig } from '../config/logging.js';
import { withoutSecrets } from './without-secrets.js';

const SECRETS = ['req.headers.authorization', 'req.headers["x-api-key"]', 'req.headers.cookie', '*.secret', '*.token'];

const WIRING: ReadonlySet<unknown> = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
]);

/** The process's log: JSON lines on standard output, or wherever else, secrets left out. */
export function createPino({ level }: LoggingConfig, destination?: DestinationStream): Logger {
  const options = { level, redact: SECRETS, hooks: { streamWrite: withoutSecrets } };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** Hands Nest's logging to pino. */
export class PinoLogger implements LoggerService {
  constructor(private readonly pino: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    // What Nest says of its own wiring, route by route, is for whoever looks into that.
    this.write(WIRING.has(rest.at(-1)) ? 'debug' : 'info', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  /** Nest passes the logger's name last, and with errors a stack or a sentence before it. */
  private write(level: 'info' | 'warn' | 'error' | 'debug', message: unknown, rest: readonly unknown[]): void {
    const texts = rest.filter((item): item is string => typeof item === 'string');
    const context = texts.at(-1);
    const sentence = texts.length > 1 ? texts[0] : undefined;
    if (message instanceof Error) this.pino[level]({ context, err: message }, sentence ?? message.message);
    else if (typeof message === 'object' && message !== null) this.pino[level]({ context, ...message }, sentence);
    else this.pino[level]({ context }, String(message));
  }
}
