const { shipping } = require('../src/shipping.js');
const { currency } = require('../src/currency.js');

test('ships', () => {
  shipping(4);
  currency();
});
