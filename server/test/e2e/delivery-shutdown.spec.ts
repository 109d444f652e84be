import { expect, it } from '@jest/globals';
import { bearer, ControlPlane } from '../clients/control-plane.js';
import { EventReader } from '../clients/event-reader.js';

it('a server that shuts down ends its streams politely and closes', async () => {
  const plane = await ControlPlane.start();
  const live = await plane.createEnvironment();
  const stream = await EventReader.open(`${plane.url}/sdk/v1/stream`, bearer(live.tokens.server));
  await stream.next();
  await plane.close();
  await stream.ended();
  expect(stream.text.endsWith('\n\n')).toBe(true);
  expect(stream.wasCut).toBe(false);
}, 60_000);
