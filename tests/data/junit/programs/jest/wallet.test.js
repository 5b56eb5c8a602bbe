test('passes', () => {});
describe('wallet <&>', () => {
  test('fails', () => { expect(1).toBe(2); });
  test.skip('skipped', () => {});
  test.failing('known', () => { throw new Error('x'); });
  test.each([1, 2])('same name', () => {});
  describe('hook', () => {
    beforeAll(() => { throw new Error('no database'); });
    test('under it', () => {});
    test('under it too', () => {});
  });
});
