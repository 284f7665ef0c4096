/** Limits in their own units. */

import { describe, expect, it } from 'vitest';
import { amount } from '../src/lib/data/limits';

describe('amount', () => {
	it.each([
		[50_000_000, 'dollars', '$50.00'],
		[15_000, 'cents', '1.5¢'],
		[-20_000, 'cents', '-2¢'],
		[200_000, 'percent', '20%'],
		[1_000_000, 'contracts', '1 contract'],
		[2_000_000, 'contracts', '2 contracts'],
		[250_000, 'milliseconds', '250 ms'],
		[10_000_000, 'milliseconds', '10 s'],
		[8, 'count', '8'],
		[null, 'dollars', 'not watched']
	] as const)('%s %s is %s', (value, unit, text) => {
		expect(amount(value, unit)).toBe(text);
	});
});
