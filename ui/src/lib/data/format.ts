/**
 * How is a number written? Integers in millionths to text, exactly, never through a float sum.
 *
 * Negative numbers carry U+2212. What we pay is rounded up and what we receive down, so a rounded
 * figure never looks better than the exact one.
 */

export type Unit = 'cents' | 'percent';
export type Rounding = 'exact' | 'down' | 'up' | 'nearest';

export const MINUS = '\u2212';
export const UNKNOWN = '\u2014';
const MICRO = 1_000_000;
const THIN = '\u202F';
const PER_CENT_MICROS = 10_000;

/** A sentence of the desk with its negative numbers as they are written here: -$1.25 becomes −$1.25. */
export function typeset(words: string): string {
	return words.replace(/(?<=^|[\s(])-(?=\$?\d)/g, MINUS);
}

/** The same for a line beside a title: of a market's or a transaction's hash only the two ends. */
export function brief(words: string): string {
	return typeset(words.replace(/\b(0x[\da-f]{4})[\da-f]{32,56}([\da-f]{4})\b/gi, '$1…$2'));
}

/** Dollars with thousands separators. `sign` puts a plus before gains. */
export function dollars(
	micros: number | null,
	options: { decimals?: number; rounding?: Rounding; sign?: boolean } = {}
): string {
	if (micros === null) return UNKNOWN;
	const { decimals = 2, rounding = 'nearest', sign = false } = options;
	const rounded = roundTo(micros, 10 ** (6 - decimals), rounding);
	const size = Math.abs(rounded);
	const whole = Math.floor(size / MICRO).toLocaleString('en-US');
	const fraction = String(size % MICRO).padStart(6, '0').slice(0, decimals);
	return signOf(rounded, sign) + '$' + (decimals > 0 ? `${whole}.${fraction}` : whole);
}

/** All six decimals a micro-dollar has, trailing zeros cut down to cents. */
export function dollarsExact(micros: number | null, sign = false): string {
	if (micros === null) return UNKNOWN;
	const text = dollars(micros, { decimals: 6, rounding: 'exact', sign });
	return text.replace(/(\.\d\d\d*?)0+$/, '$1');
}

/** How many decimals of a dollar it takes to show each of these exactly, cents at least. */
export function decimalsNeeded(amounts: readonly number[]): number {
	for (const decimals of [2, 3, 4, 5]) if (amounts.every((micros) => micros % 10 ** (6 - decimals) === 0)) return decimals;
	return 6;
}

/** A price or an amount per contract, in cents of a dollar or percent of the payout. */
export function perContract(
	micros: number | null,
	unit: Unit,
	options: { decimals?: number; rounding?: Rounding; sign?: boolean } = {}
): string {
	if (micros === null) return UNKNOWN;
	const { decimals = 2, rounding = 'nearest', sign = false } = options;
	const rounded = roundTo(micros, 10 ** (4 - decimals), rounding);
	const text = fixed(Math.abs(rounded), PER_CENT_MICROS, 4, decimals);
	return signOf(rounded, sign) + text + (unit === 'cents' ? '¢' : THIN + '%');
}

/** A price at the precision of its tick: 41¢ on a 1¢ grid, 41.50¢ on a 0.01¢ grid. */
export function price(micros: number | null, unit: Unit, stepMicros?: number): string {
	if (micros === null) return UNKNOWN;
	const wanted = stepMicros === undefined ? 0 : decimalsOf(stepMicros);
	return perContract(micros, unit, {
		decimals: Math.max(wanted, decimalsOf(micros)),
		rounding: 'exact'
	});
}

/** Contracts; only as many decimals as there are. */
export function contracts(micros: number | null, withUnit = true): string {
	if (micros === null) return UNKNOWN;
	const size = Math.abs(micros);
	const whole = Math.floor(size / MICRO).toLocaleString('en-US');
	const fraction = String(size % MICRO).padStart(6, '0').replace(/0+$/, '');
	const text = fraction ? `${whole}.${fraction}` : whole;
	return signOf(micros, false) + text + (withUnit ? `${THIN}ct` : '');
}

/** A share in millionths as a percentage. */
export function percent(
	ppm: number | null,
	options: { decimals?: number; rounding?: Rounding; sign?: boolean } = {}
): string {
	return perContract(ppm, 'percent', { decimals: 1, rounding: 'down', ...options });
}

/** A count with thousands separators. */
export function count(value: number | null): string {
	if (value === null) return UNKNOWN;
	return signOf(value, false) + Math.abs(value).toLocaleString('en-US');
}

/** An amount spread over contracts, in micro-dollars per contract. null for no contracts. */
export function spread(micros: number, quantityMicros: number, rounding: 'up' | 'down'): number | null {
	if (quantityMicros <= 0) return null;
	const numerator = BigInt(micros) * BigInt(MICRO);
	const divisor = BigInt(quantityMicros);
	const quotient = numerator / divisor;
	const remainder = numerator % divisor;
	if (rounding === 'up') return Number(remainder > 0n ? quotient + 1n : quotient);
	return Number(remainder < 0n ? quotient - 1n : quotient);
}

/** `numerator / denominator` in millionths, rounded down. null when there is nothing to divide by. */
export function ratioPpm(numerator: number, denominator: number): number | null {
	return denominator === 0 ? null : Math.floor((numerator / denominator) * MICRO);
}

function decimalsOf(micros: number): number {
	const fraction = Math.abs(micros) % PER_CENT_MICROS;
	if (fraction === 0) return 0;
	return String(fraction).padStart(4, '0').replace(/0+$/, '').length;
}

function fixed(value: number, scale: number, digits: number, decimals: number): string {
	const whole = Math.floor(value / scale).toLocaleString('en-US');
	if (decimals === 0) return whole;
	return `${whole}.${String(value % scale).padStart(digits, '0').slice(0, decimals)}`;
}

function roundTo(value: number, step: number, rounding: Rounding): number {
	if (rounding === 'exact' || step <= 1) return value;
	if (rounding === 'down') return Math.floor(value / step) * step;
	if (rounding === 'up') return Math.ceil(value / step) * step;
	return Math.sign(value) * Math.round(Math.abs(value) / step) * step;
}

function signOf(value: number, plus: boolean): string {
	if (value < 0) return MINUS;
	return plus && value > 0 ? '+' : '';
}
