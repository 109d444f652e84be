import { z } from 'zod';
import { RELEASE_STATUSES } from '../release-machine.js';

/** A release's verdict as it is answered to other tools. */
export const analysisSchema = z
  .object({
    ok: z.boolean().describe('Whether the verdict is pass; whatever is not known is not ok'),
    verdict: z
      .enum(['pass', 'fail', 'inconclusive', 'error'])
      .describe('inconclusive: not known, or somebody is waited for. error: something could not be asked'),
    reason: z.object({ code: z.string(), sentence: z.string() }),
    release: z.object({
      id: z.uuid(),
      name: z.string(),
      status: z.enum(RELEASE_STATUSES),
      attempt: z.int(),
      project: z.string(),
      environment: z.string(),
    }),
  })
  .meta({ id: 'ReleaseAnalysis' });
