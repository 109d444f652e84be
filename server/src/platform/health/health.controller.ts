import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { unavailable } from '../../kernel/errors.js';
import { Public } from '../../transport/require-permission.decorator.js';
import { StoreHealth } from './store-health.js';

@ApiTags('health')
@Controller()
export class HealthController {
  constructor(private readonly store: StoreHealth) {}

  @Get('healthz')
  @Public()
  @ApiOperation({ summary: 'Answers while the process lives' })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Public()
  @ApiOperation({ summary: 'Answers while the server can do its work; 503 when its store is out of reach' })
  async ready(): Promise<{ status: 'ok' }> {
    try {
      await this.store.ping();
    } catch {
      throw unavailable(
        'STORE_UNREACHABLE',
        'The database does not answer; changes must wait, SDKs keep their values.',
      );
    }
    return { status: 'ok' };
  }
}
