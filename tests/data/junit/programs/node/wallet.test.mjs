import assert from 'node:assert';
import { before, describe, it, test } from 'node:test';
test('passes', () => {});
test('fails <&>', () => { assert.equal(1, 2); });
test('skipped', { skip: 'later' }, () => {});
test('todo that fails', { todo: 'known' }, () => { assert.fail('not yet'); });
describe('outer', () => {
  it('one', () => {});
  describe('inner', () => { it('two', () => {}); it('fails', () => { throw new Error('boom\nsecond line'); }); });
});
describe('hooked', () => { before(() => { throw new Error('no database'); }); it('never ran', () => {}); });
