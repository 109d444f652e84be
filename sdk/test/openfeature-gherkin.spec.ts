import {
  OPENFEATURE_TEST_FLAGS,
  runOpenFeatureGherkin,
} from '../../server/test/e2e/openfeature/run-openfeature-gherkin.js';
import { aSnapshot } from './builders.js';
import { FakeControlPlane, TOKEN } from './fake-control-plane.js';

runOpenFeatureGherkin({
  setUp: async () => {
    const plane = await new FakeControlPlane(aSnapshot({ flags: OPENFEATURE_TEST_FLAGS })).start();
    return { url: plane.url, token: TOKEN, close: () => plane.stop() };
  },
});
