import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { unavailable } from '../../kernel/errors.js';
import { Public } from '../../transport/require-permission.decorator.js';
import { Bus } from '../bus/bus.js';
import { Drain, shuttingDown } from '../shutdown/drain.service.js';
import { StoreHealth } from './store-health.js';

/** What a server that is ready says of itself. Degraded: it does all of its work, some of it later. */
interface Readiness {
  readonly status: 'ok' | 'degraded';
  readonly detail?: string;
}

const CUT_OFF: Readiness = {
  status: 'degraded',
  detail:
    'Redis does not answer: changes come to this server by way of the database, within a second or two, ' +
    'and it counts limits for itself.',
};

@ApiTags('health')
@Controller()
export class HealthController {
  constructor(
    private readonly store: StoreHealth,
    private readonly bus: Bus,
    private readonly drain: Drain,
  ) {}

  @Get('healthz')
  @Public()
  @ApiOperation({ summary: 'Answers while the process lives' })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Public()
  @ApiOperation({
    summary: 'Answers while the server can do its work; 503 when its store is out of reach, or it is about to end',
  })
  async ready(): Promise<Readiness> {
    if (this.drain.isLeaving) throw shuttingDown();
    try {
      await this.store.ping();
    } catch {
      throw unavailable(
        'STORE_UNREACHABLE',
        'The database does not answer; changes must wait, SDKs keep their values.',
      );
    }
    return this.bus.isConnected ? { status: 'ok' } : CUT_OFF;
  }
}
