import { test } from 'vitest';
import nothing from './nothing';
test('never reached', () => { throw new Error(nothing); });
