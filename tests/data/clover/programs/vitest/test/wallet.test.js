import { expect, test } from 'vitest';
import { Wallet } from '../src/wallet.js';

test('pays', () => {
  const wallet = new Wallet(10);
  expect(wallet.pay(20)).toBe(false);
  expect(wallet.pay(5)).toBe(true);
  expect(wallet.shown()).toBe('5 €');
});
