import { describe, expect, it } from 'vitest';
import { matches, stretches, type Clause, type PairRelation } from '../src/lib/data/pairs';

const clause = (name: string, agreement: Clause['agreement'], start: number, end: number): Clause => ({
	clause: name,
	agreement,
	a: '',
	b: '',
	spans_a: [{ field: 'title', start, end }],
	spans_b: [],
	words: ''
});

const texts = (text: string, clauses: Clause[], field = 'title', side: 'a' | 'b' = 'a') =>
	stretches(text, field, side, clauses).map((part) => [part.text, part.agreement]);

describe('marked text', () => {
	it('is the whole text, cut where clauses were read', () => {
		expect(texts('BTC above 90', [clause('threshold', 'differ', 4, 12)])).toEqual([
			['BTC ', null],
			['above 90', 'differ']
		]);
	});

	it('shows the worse of two clauses that overlap', () => {
		const parts = texts('abcdef', [clause('window', 'agree', 0, 4), clause('source', 'unknown', 2, 6)]);
		expect(parts).toEqual([
			['ab', 'agree'],
			['cdef', 'unknown']
		]);
	});

	it('counts code points, not UTF-16 units', () => {
		expect(texts('🏀 NBA', [clause('competition', 'agree', 2, 5)])).toEqual([
			['🏀 ', null],
			['NBA', 'agree']
		]);
	});

	it('keeps to its own field and side, and to the text', () => {
		const wild = clause('subject', 'agree', -5, 999);
		expect(texts('abc', [wild])).toEqual([['abc', 'agree']]);
		expect(texts('abc', [wild], 'rules')).toEqual([['abc', null]]);
		expect(texts('abc', [wild], 'title', 'b')).toEqual([['abc', null]]);
		expect(texts('', [wild])).toEqual([]);
	});
});

describe('the filter', () => {
	const side = { market: 'kalshi:KXBTC', venue: 'kalshi', title: 'Bitcoin above 90', status: 'open' };
	const pair = { id: 'm-1', label: 'Bitcoin', reason: 'the threshold differs', a: side, b: side } as PairRelation;

	it('wants every word somewhere', () => {
		expect(matches(pair, 'BITCOIN threshold')).toBe(true);
		expect(matches(pair, 'bitcoin deadline')).toBe(false);
		expect(matches(pair, '')).toBe(true);
	});
});
