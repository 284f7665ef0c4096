/** Where does a value lie on a small chart? Points in, SVG paths out; a gap stays a gap. */

export type Point = [us: number, micros: number];

export interface Placed {
	x: number;
	y: number;
	us: number;
	micros: number;
}

export interface Chart {
	points: Placed[];
	lines: string[];
	areas: string[];
	rows: { y: number; micros: number }[];
	columns: { x: number; us: number }[];
	startY: number | null;
	right: number;
	decimals: number;
	/** The columns are close enough to need seconds. */
	seconds: boolean;
	nearest(x: number): number | null;
}

const AXIS_PX = 76;
const FOOT_PX = 20;
const HEAD_PX = 8;
/** A pause this many times longer than usual is a gap. */
const GAP_TIMES = 4;
const STEPS = [1, 2, 2.5, 5];

/** `start` (micro-dollars) is always inside the chart, so that a gain and a loss look like one. */
export function chart(history: readonly Point[], start: number | null, width: number, height: number): Chart {
	const right = Math.max(width - AXIS_PX, 40);
	const bottom = height - FOOT_PX;
	const values = history.map((point) => point[1]);
	if (start !== null) values.push(start);
	const [low, high] = padded(values);
	const step = niceStep((high - low) / 4);
	const y = (micros: number) => HEAD_PX + ((high - micros) / (high - low)) * (bottom - HEAD_PX);
	const [from, to] = [history[0]?.[0] ?? 0, history.at(-1)?.[0] ?? 1];
	const x = (us: number) => (to === from ? right : ((us - from) / (to - from)) * right);
	const points = history.map(([us, micros]) => ({ x: x(us), y: y(micros), us, micros }));
	const parts = unbroken(points);
	return {
		points,
		lines: parts.map(path),
		areas: parts.map((part) => `${path(part)}L${r(part.at(-1)?.x ?? 0)} ${bottom}L${r(part[0]?.x ?? 0)} ${bottom}Z`),
		rows: ticks(low, high, step).map((micros) => ({ y: y(micros), micros })),
		columns: columns(from, to, right).map((us) => ({ x: x(us), us })),
		startY: start === null || history.length === 0 ? null : y(start),
		right,
		decimals: step < 1_000_000 ? 2 : 0,
		seconds: to - from < 5 * 60_000_000,
		nearest: (at) => nearest(points, at)
	};
}

/** Least to greatest with air around, never empty. */
function padded(values: readonly number[]): [number, number] {
	if (values.length === 0) return [0, 1_000_000];
	const low = Math.min(...values);
	const high = Math.max(...values);
	const air = Math.max((high - low) * 0.12, 50_000);
	return [low - air, high + air];
}

function niceStep(rough: number): number {
	const power = 10 ** Math.floor(Math.log10(rough));
	for (const step of STEPS) if (step * power >= rough) return step * power;
	return 10 * power;
}

function ticks(low: number, high: number, step: number): number[] {
	const found: number[] = [];
	for (let at = Math.ceil(low / step) * step; at <= high; at += step) found.push(at);
	return found;
}

function columns(from: number, to: number, right: number): number[] {
	const count = Math.max(1, Math.floor(right / 110));
	return Array.from({ length: count }, (_, index) => from + ((index + 0.5) / count) * (to - from));
}

function unbroken(points: readonly Placed[]): Placed[][] {
	const steps = points.slice(1).map((point, index) => point.us - (points[index]?.us ?? 0));
	const usual = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
	const parts: Placed[][] = [];
	points.forEach((point, index) => {
		const step = steps[index - 1];
		if (step === undefined || step > usual * GAP_TIMES) parts.push([]);
		parts.at(-1)?.push(point);
	});
	return parts;
}

function path(part: readonly Placed[]): string {
	return part.map((point, index) => `${index ? 'L' : 'M'}${r(point.x)} ${r(point.y)}`).join('');
}

function nearest(points: readonly Placed[], x: number): number | null {
	let best: number | null = null;
	points.forEach((point, index) => {
		if (best === null || Math.abs(point.x - x) < Math.abs((points[best]?.x ?? 0) - x)) best = index;
	});
	return best;
}

function r(value: number): number {
	return Math.round(value * 10) / 10;
}
