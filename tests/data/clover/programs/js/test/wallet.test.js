'use strict';

const { Wallet } = require('../src/wallet');
const { two } = require('../src/util/plain');

function check(condition) {
  if (!condition) throw new Error('no');
}

test('pays', () => {
  const wallet = new Wallet(10);
  check(!wallet.pay(20));
  check(wallet.pay(5));
  check(wallet.shown() === '5 €');
  check(two() === 2);
});
