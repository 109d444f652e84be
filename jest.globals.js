/**
 * `@jest/globals` for modules that outlive a suite: each of these is what the suite that runs just now has under its
 * name.
 */
let suite = {};

/** Begins a suite: from here on everybody who has imported these has its. */
export function useGlobals(globals) {
  suite = globals;
}

function ofSuite(name) {
  return new Proxy(() => undefined, {
    apply: (_target, _self, given) => suite[name](...given),
    get: (_target, key) => Reflect.get(suite[name], key),
  });
}

export const afterAll = ofSuite('afterAll');
export const afterEach = ofSuite('afterEach');
export const beforeAll = ofSuite('beforeAll');
export const beforeEach = ofSuite('beforeEach');
export const describe = ofSuite('describe');
export const expect = ofSuite('expect');
export const it = ofSuite('it');
export const jest = ofSuite('jest');
export const test = ofSuite('test');
