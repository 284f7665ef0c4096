import { describe, expect, it } from 'vitest';
import { chart, type Point } from '../src/lib/data/chart';
import { Keys } from '../src/lib/data/keys';
import { ladder } from '../src/lib/data/ladder';
import { arrange } from '../src/lib/data/order';
import { addsUp, lines, perContractOf } from '../src/lib/data/sum';
import { clean, parseClean } from '../src/lib/data/text';
import { edgePath, isOrderOver } from '../src/lib/data/words';
import { World } from './standin/world';

const row = (id: string, value = 0) => ({ id, value });

describe('rows', () => {
	it('stand in the given order when nobody looks', () => {
		expect(arrange([row('b'), row('a')], [row('a'), row('b')], false).rows.map((r) => r.id)).toEqual(['b', 'a']);
	});

	it('stand still under the pointer, with new content', () => {
		const view = arrange([row('c', 9), row('b', 8), row('a', 7)], [row('a', 1), row('b', 2)], true);
		expect(view.rows).toEqual([row('a', 7), row('b', 8), row('c', 9)]);
	});

	it('stay, marked, when they leave under the pointer', () => {
		const view = arrange([row('b', 8)], [row('a', 1), row('b', 2)], true);
		expect(view.rows).toEqual([row('a', 1), row('b', 8)]);
		expect([...view.gone]).toEqual(['a']);
	});
});

describe('the sum of an edge', () => {
	const edges = new World(3).edges();

	it('adds up to the net for every edge, and says so when it does not', () => {
		for (const edge of edges) {
			expect(addsUp(edge)).toBe(true);
			expect(lines(edge, 'cents').at(-1)?.micros).toBe(edge.net_micros);
			expect(addsUp({ ...edge, fees_micros: edge.fees_micros + 1 })).toBe(false);
		}
	});

	it('shows no cost per contract as smaller than it is', () => {
		for (const edge of edges) {
			const each = perContractOf(edge);
			expect((each.fees ?? 0) * edge.quantity_micros).toBeLessThanOrEqual(-edge.fees_micros * 1_000_000);
		}
	});
});

describe('a ladder', () => {
	const world = new World(5);

	it('marks what a leg takes on the side it takes from', () => {
		for (const edge of world.edges())
			for (const leg of edge.legs) {
				const book = world.book(leg.market);
				if (!book) throw new Error('no book');
				const taken = ladder(book, leg, 20).rows.filter((rung) => rung.taken > 0);
				expect(taken.every((rung) => rung.side === (leg.outcome === 'yes' ? 'ask' : 'bid'))).toBe(true);
				expect(taken.reduce((sum, rung) => sum + rung.taken, 0)).toBe(leg.quantity_micros);
			}
	});

	it('stands dearest first', () => {
		const book = world.book(world.edges()[0]?.legs[0]?.market ?? '');
		const prices = book ? ladder(book, undefined, 8).rows.map((rung) => rung.price) : [];
		expect(prices.length).toBeGreaterThan(4);
		expect(prices).toEqual([...prices].sort((a, b) => b - a));
	});
});

it('a chart breaks its line where values are missing', () => {
	const points: Point[] = [0, 1, 2, 3, 40, 41, 42].map((second) => [second * 1_000_000, 1_000_000 + second]);
	expect(chart(points, null, 600, 160).lines).toHaveLength(2);
	expect(chart([], null, 600, 160).lines).toHaveLength(0);
});

describe('foreign text', () => {
	it('loses what reorders, hides or overprints', () => {
		expect(clean('a\u202Eb\u2066c\u200Bd\u0007e\u{E0041}')).toBe('a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\uFFFD');
		expect(clean(`z${'\u0301'.repeat(20)}`)).toBe(`z${'\u0301'.repeat(3)}`);
	});

	it('keeps languages, newlines and emoji', () => {
		for (const text of ['Élection au Québec\navant juin', 'مرحبا', '選挙', '👩‍🚀 lands']) expect(clean(text)).toBe(text);
	});

	it('is cleaned wherever it sits in the JSON', () => {
		const parsed = parseClean('{"a":["x\\u202ey"],"k\\u200bk":{"b":"\\u0000"}}');
		expect(parsed).toEqual({ a: ['x\uFFFDy'], 'k\uFFFDk': { b: '\uFFFD' } });
	});
});

describe('keys', () => {
	it('go somewhere after g, for a moment only', () => {
		const keys = new Keys();
		expect(keys.press('g', 0)).toBeNull();
		expect(keys.press('e', 500)).toEqual({ kind: 'go', path: '/edges' });
		keys.press('g', 1_000);
		expect(keys.press('h', 9_000)).toBeNull();
		expect(keys.press('j', 9_100)).toEqual({ kind: 'row', step: 1 });
	});
});

it('an id of any shape makes one path segment', () => {
	expect(edgePath('p:1/yes?#%')).toBe('/edges/p%3A1%2Fyes%3F%23%25');
});

it('an order state that this page does not know counts as open', () => {
	expect(isOrderOver('filled')).toBe(true);
	expect(isOrderOver('teleported')).toBe(false);
});
