const assert = require('node:assert');
const { price } = require('../src/till.js');
const { TAX } = require('../src/rates.js');

const both = globalThis.test ?? require('node:test').test;
both('adds the tax', () => assert.equal(price(100, { tax: TAX }), 120));
both('gives members their discount', () => assert.equal(price(200, { member: true }), 180));
