import { createHash, timingSafeEqual } from 'node:crypto';
import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { unauthenticated } from '../../kernel/errors.js';
import { Public } from '../../transport/require-permission.decorator.js';
import { ScrapeConfig } from '../config/scrape.js';
import { PrometheusMetrics } from './prometheus-metrics.provider.js';

/** No part of our contract: the format is Prometheus's, and families come and go with what operators need. */
@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: PrometheusMetrics,
    private readonly config: ScrapeConfig,
  ) {}

  /** Public where no token is asked for: it names projects and environments, but no flag, rule, person or secret. */
  @Get()
  @Public()
  async scrape(@Headers('authorization') given: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    if (!mayScrape(this.config.token, given)) {
      throw unauthenticated('METRICS_TOKEN_REFUSED', 'Send the token of SLUICE_METRICS_TOKEN as a bearer token.');
    }
    const text = await this.metrics.scrape();
    void reply.header('content-type', this.metrics.contentType).header('cache-control', 'no-store').send(text);
  }
}

function mayScrape(token: string | undefined, given: string | undefined): boolean {
  if (token === undefined) return true;
  const [, secret] = /^bearer +(\S+)$/iu.exec(given ?? '') ?? [];
  return secret !== undefined && timingSafeEqual(digest(secret), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
