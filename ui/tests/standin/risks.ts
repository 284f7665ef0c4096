/** What does a made-up desk say of the risk of what it holds? One of every kind the page must show. */

import type { Package, PositionRisk, PositionsRisk, RiskPart } from '../../src/lib/data/views';

const MICRO = 1_000_000;
const DAY_US = 86_400 * MICRO;

type Kind = 'package' | 'moves' | 'resolution' | 'unknown';

export function risks(packages: readonly Package[], nowUs: number): PositionsRisk {
	const kinds: Kind[] = ['resolution', 'moves', 'unknown', ...Array<Kind>(8).fill('package')];
	const hedged = packages.filter((item) => item.outcome === 'hedged' && item.orders.length > 1);
	const positions = hedged.slice(0, kinds.length).map((item, place) => risk(item, kinds[place] ?? 'package', nowUs));
	positions.sort((a, b) => (b.score ?? -1) - (a.score ?? -1));
	return {
		confidence_percent: 95,
		horizon_us: DAY_US,
		value_at_risk_micros: positions.reduce((sum, each) => sum + (each.value_at_risk_micros ?? each.worst_loss_micros), 0),
		worst_loss_micros: positions.reduce((sum, each) => sum + each.worst_loss_micros, 0),
		unknown_count: positions.filter((each) => each.basis === 'unknown').length,
		measured_us: nowUs - 12 * MICRO,
		positions
	};
}

function risk(item: Package, kind: Kind, nowUs: number): PositionRisk {
	const isPackage = kind === 'package';
	const orders = isPackage ? item.orders.slice(0, 2) : item.orders.slice(0, 1);
	const quantity = isPackage ? item.quantity_micros : Math.floor(item.quantity_micros / 4);
	const worth = isPackage ? quantity : Math.floor(quantity * 0.42);
	const volatility = kind === 'package' || kind === 'unknown' ? null : 13_400;
	const parts = partsOf(kind, worth, volatility);
	const known = parts.filter((each) => each.points !== null);
	const weight = known.reduce((sum, each) => sum + each.weight, 0);
	return {
		id: `${kind}:${item.id}`,
		is_package: isPackage,
		legs: orders.map((order) => ({ market: order.market, venue: order.venue, title: order.title, outcome: order.outcome })),
		quantity_micros: quantity,
		worth_micros: worth,
		worst_loss_micros: worth,
		volatility_micros: volatility,
		volatility_words: parts.find((each) => each.name === 'volatility')?.words ?? 'its legs pay together whatever their prices do',
		value_at_risk_micros: { package: 0, moves: Math.floor(worth * 0.26), resolution: worth, unknown: null }[kind],
		basis: isPackage ? 'certain' : kind,
		basis_words: {
			package: 'its legs pay the same whatever happens; what is left is that a venue voids, disputes or decides otherwise than the other',
			moves: 'as its price moved in the last two hours, carried on for 24 h',
			resolution: 'it may pay within 24 h: all of it can be lost at once',
			unknown: 'not known yet: 12 of 30 five-minute intervals were seen; it is no more than the worst loss'
		}[kind],
		settles_us: kind === 'unknown' ? null : nowUs + (kind === 'resolution' ? DAY_US / 4 : 23 * DAY_US),
		exit_cost_micros: kind === 'unknown' ? null : Math.floor(worth * 0.06),
		score: weight ? Math.ceil(known.reduce((sum, each) => sum + (each.points ?? 0) * each.weight, 0) / weight) : null,
		known_percent: weight,
		parts
	};
}

function partsOf(kind: Kind, worth: number, volatility: number | null): RiskPart[] {
	const dollars = (micros: number) => `$${(micros / MICRO).toFixed(2)}`;
	const second: RiskPart =
		kind === 'package'
			? { name: 'clauses', title: 'Same bet', words: '2.4 % doubt that its legs are one bet', weight: 20, points: 30 }
			: {
					name: 'volatility',
					title: 'Volatility',
					words: volatility === null ? 'not known yet: 12 of 30 five-minute intervals were seen' : '1.34 c an hour, from 116 five-minute intervals',
					weight: 20,
					points: volatility === null ? null : 27
				};
	const days = { package: '23 days', moves: '23 days', resolution: '6 hours', unknown: 'the venue names no day' }[kind];
	return [
		{ name: 'loss', title: 'Size', words: `at worst ${dollars(worth)} of it is lost`, weight: 30, points: Math.min(100, Math.ceil(worth / MICRO / 2.5)) },
		second,
		{ name: 'time', title: 'Time until it pays', words: days, weight: 20, points: { package: 7, moves: 25, resolution: 100, unknown: null }[kind] },
		{
			name: 'exit',
			title: 'Way out',
			words: kind === 'unknown' ? 'no fresh book says what selling now would bring' : `selling now would lose ${dollars(worth * 0.06)}, fees aside`,
			weight: 20,
			points: kind === 'unknown' ? null : 30
		},
		{ name: 'platform', title: 'Venue', words: '41.2 % of what may be at risk at kalshi is used', weight: 10, points: 42 }
	];
}
