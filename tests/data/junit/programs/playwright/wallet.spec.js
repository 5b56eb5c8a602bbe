const { test, expect } = require('@playwright/test');
test('passes', async () => {});
test('fails', async () => { console.log('printed ]]>'); expect(1).toBe(2); });
test('flaky', async ({}, info) => { expect(info.retry).toBe(1); });
test.skip('skipped', async () => {});
test('expected to fail', async () => { test.fail(); expect(1).toBe(2); });
test.describe('a|b `x` <i>', () => {
  test.afterEach(() => { throw new Error('cannot close'); });
  test('under a hook', async () => {});
});
