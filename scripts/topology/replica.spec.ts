import { expect, it, jest } from '@jest/globals';
import { startReplica } from './replica.ts';

it('shows what a replica says, beside the output that names the addresses', async () => {
  const shown: string[] = [];
  const showing = jest.spyOn(console, 'error').mockImplementation((line) => void shown.push(String(line)));
  try {
    const replica = await startReplica({
      SLUICE_DATA_DIR: `memory://${process.env['TEST_STORE'] ?? ''}`,
      SLUICE_LOG_LEVEL: 'info',
    });
    await replica.stop();
    expect(shown).toContainEqual(expect.stringContaining(`Sluice is ready at http://${replica.http}`));
  } finally {
    showing.mockRestore();
  }
});
