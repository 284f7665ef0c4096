import { describe, expect, it } from 'vitest';
import {
	contracts,
	decimalsNeeded,
	dollars,
	dollarsExact,
	MINUS,
	perContract,
	percent,
	price,
	ratioPpm,
	spread,
	brief,
	typeset,
	UNKNOWN
} from '../src/lib/data/format';
import { ago, clock, duration, fullTime } from '../src/lib/data/time';

const NOON_US = Date.UTC(2026, 10, 20, 12, 3, 11) * 1000;

describe('money', () => {
	it('is exact where a float sum would not be', () => {
		expect(dollars(100_000 + 200_000, { rounding: 'exact' })).toBe('$0.30');
		expect(dollarsExact(1_234_567_890_123)).toBe('$1,234,567.890123');
	});

	it('carries a true minus sign and, if asked, a plus', () => {
		expect(dollars(-1_500_000)).toBe(`${MINUS}$1.50`);
		expect(dollars(1_500_000, { sign: true })).toBe('+$1.50');
		expect(dollars(0, { sign: true })).toBe('$0.00');
	});

	it('carries a true minus sign in sentences, and leaves ids, dates and ranges alone', () => {
		expect(typeset('-$11.41 realised; price -4.9¢ (-2 sigma)')).toBe(`${MINUS}$11.41 realised; price ${MINUS}4.9¢ (${MINUS}2 sigma)`);
		const hash = `0x67e2${'b'.repeat(56)}f197`;
		expect(brief(`polymarket:${hash}: book age -1 s`)).toBe(`polymarket:0x67e2…f197: book age ${MINUS}1 s`);
		for (const text of ['KXFED-27JAN-T3.25', '0xdeadbeef', `x${hash}`]) expect(brief(text)).toBe(text);
		for (const text of ['2026-11-21', 'cpi-26NOV-2.9:no-yes', 'Sacramento - Chicago', '58-59F']) expect(typeset(text)).toBe(text);
	});

	it('rounds what is received down and what is paid up', () => {
		expect(dollars(1_999_999, { rounding: 'down' })).toBe('$1.99');
		expect(dollars(-1_000_001, { rounding: 'down' })).toBe(`${MINUS}$1.01`);
		expect(dollars(1_000_001, { rounding: 'up' })).toBe('$1.01');
	});

	it('never shows a rounded loss as zero', () => {
		expect(dollars(-1, { rounding: 'down' })).toBe(`${MINUS}$0.01`);
	});

	it('writes unknown as unknown', () => {
		expect(dollars(null)).toBe(UNKNOWN);
		expect(perContract(null, 'cents')).toBe(UNKNOWN);
		expect(contracts(null)).toBe(UNKNOWN);
		expect(percent(null)).toBe(UNKNOWN);
		expect(duration(null)).toBe(UNKNOWN);
	});

	it('keeps trailing zeros down to cents only', () => {
		expect(dollarsExact(2_500_000)).toBe('$2.50');
		expect(dollarsExact(2_500_400)).toBe('$2.5004');
	});

	it('finds the decimals that a column needs', () => {
		expect(decimalsNeeded([1_000_000, 20_000])).toBe(2);
		expect(decimalsNeeded([1_000_000, -1_500])).toBe(4);
		expect(decimalsNeeded([1])).toBe(6);
	});
});

describe('prices', () => {
	it('have the precision of their tick', () => {
		expect(price(410_000, 'cents', 10_000)).toBe('41¢');
		expect(price(410_000, 'cents', 1_000)).toBe('41.0¢');
		expect(price(410_000, 'cents', 100)).toBe('41.00¢');
	});

	it('show an off-grid price whole', () => {
		expect(price(410_500, 'cents', 10_000)).toBe('41.05¢');
		expect(price(1, 'cents')).toBe('0.0001¢');
	});

	it('read as percent of the payout with the same digits', () => {
		expect(price(415_000, 'percent', 1_000).replace(/\s/u, ' ')).toBe('41.5 %');
	});

	it('per contract are rounded down below a threshold, not up to it', () => {
		expect(perContract(24_999, 'cents', { rounding: 'down' })).toBe('2.49¢');
		expect(perContract(-1, 'cents', { rounding: 'down' })).toBe(`${MINUS}0.01¢`);
	});
});

describe('spreading an amount over contracts', () => {
	it('is exact beyond what a float product holds', () => {
		expect(spread(9_007_199_254_740_991, 1_000_000, 'down')).toBe(9_007_199_254_740_991);
	});

	it('rounds as asked on both sides of zero', () => {
		expect(spread(10, 3_000_000, 'down')).toBe(3);
		expect(spread(10, 3_000_000, 'up')).toBe(4);
		expect(spread(-10, 3_000_000, 'down')).toBe(-4);
		expect(spread(-10, 3_000_000, 'up')).toBe(-3);
	});

	it('of nothing is unknown, not zero', () => {
		expect(spread(10, 0, 'down')).toBeNull();
		expect(ratioPpm(1, 0)).toBeNull();
	});
});

it('counts contracts with no more decimals than there are', () => {
	expect(contracts(120_000_000, false)).toBe('120');
	expect(contracts(1_200_010_000, false)).toBe('1,200.01');
});

describe('time', () => {
	it('takes two units at most', () => {
		const texts = [0, 41_000, 2_640_000, 41_900_000, 192_000_000, 7_260_000_000, 2_000_000_000_000];
		expect(texts.map((us) => duration(us).replace(/\u202F/gu, ' '))).toEqual([
			'0 ms',
			'41 ms',
			'2.6 s',
			'41 s',
			'3 m 12 s',
			'2 h 1 m',
			'23 d 3 h'
		]);
	});

	it('is said relative to the clock of the desk', () => {
		expect(ago(NOON_US, NOON_US + 500_000)).toBe('just now');
		expect(ago(NOON_US, NOON_US + 12_000_000).replace('\u202F', ' ')).toBe('12 s ago');
	});

	it('carries the date when it is not today', () => {
		expect(clock(NOON_US, 'utc', NOON_US)).toBe('12:03:11');
		expect(clock(NOON_US, 'utc', NOON_US + 86_400_000_000)).toBe('2026-11-20 12:03:11');
	});

	it('names both zones in the tooltip', () => {
		expect(fullTime(NOON_US, NOON_US)).toContain('2026-11-20 12:03:11 UTC');
	});
});
