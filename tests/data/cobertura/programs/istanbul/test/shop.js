const { price } = require('../src/price.js');
const { shipping } = require('../src/shipping.js');
const { currency } = require('../src/currency.js');

price(50);
shipping(4);
currency();
