/**
 * The story, with real programs: a server on its embedded default, two instances of a shop, its checkout in five
 * versions, and visitors. Flags and builds are released through the public API, while visitors say what they really get.
 * `--exit` ends by itself: with 0 when every claim of the story came true, else with 1.
 */
import { rollBackBadBuild } from './acts/bad-build.js';
import { releaseBlind } from './acts/blind-release.js';
import { closeBooks } from './acts/books.js';
import { rampFlag } from './acts/flag.js';
import { releaseGoodBuild } from './acts/good-build.js';
import { takeBackTogether } from './acts/joint-release.js';
import { proveNewPrices } from './acts/new-prices.js';
import { printLine, printTitle } from './print.js';
import { Stage, USERS } from './stage.js';

const ACTS: readonly (readonly [title: string, play: (stage: Stage) => Promise<boolean>])[] = [
  [`A flag is created and ramped by hand, while ${USERS.length} users visit`, rampFlag],
  ['checkout v2 is released under a policy, while they buy', releaseGoodBuild],
  ['checkout v3 is slow, and fails for some', rollBackBadBuild],
  ['checkout v4 is good, but its metrics cannot be asked for', releaseBlind],
  ['Two flags and checkout v5 are released together, and taken back by hand', takeBackTogether],
  ['The price is written anew, and runs beside the old', proveNewPrices],
  ['What the control plane knows of it', closeBooks],
];

const stage = new Stage();
const shouldExit = process.argv.includes('--exit');
process.once('SIGINT', () => void stage.close().then(() => process.exit(130)));

try {
  printTitle('1. A control plane, and two instances of a shop');
  await stage.open();
  let isTrue = true;
  for (const [index, [title, play]] of ACTS.entries()) {
    printTitle(`${index + 2}. ${title}`);
    isTrue = (await play(stage)) && isTrue;
  }
  printLine(`Told in ${(performance.now() / 1_000).toFixed(0)} s.`);
  if (!shouldExit) await stayUp();
  process.exitCode = isTrue ? 0 : 1;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await stage.close();
}

async function stayUp(): Promise<void> {
  printTitle('Everything stays up: visit the addresses above. Ctrl-C ends it.');
  await new Promise(() => setInterval(() => undefined, 60_000));
}
