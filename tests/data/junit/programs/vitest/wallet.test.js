import { describe, expect, test } from 'vitest';
test('passes', () => {});
test('fails <a>', () => { console.log('printed ]]>'); expect(1).toBe(2); });
test('softly', () => { expect.soft(1).toBe(2); expect.soft(3).toBe(4); });
test.skip('skipped', () => {});
test.todo('later');
let tries = 0;
test('flaky', { retry: 2 }, () => { expect(++tries).toBe(2); });
describe('group', () => { test.each([1, 2])('same name', () => {}); });
