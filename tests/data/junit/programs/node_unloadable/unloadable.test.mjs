import { test } from 'node:test';
import './nothing.mjs';
test('never reached', () => { throw new Error(); });
