import { test } from 'node:test';
test('passes', () => {});
test('exits', () => process.exit(3));
