import { test } from 'vitest';

import currency from '../src/currency.js';
import shipping from '../src/shipping.js';

test('ships', () => {
  shipping.shipping(4);
  currency.currency();
});
