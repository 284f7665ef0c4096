import { count, dollars } from './format';

/** One limit, as GET /api/limits tells it: whole numbers in the units of its kind. */
export type LimitSetting = {
	key: string;
	code: string;
	words: string;
	unit: 'dollars' | 'cents' | 'contracts' | 'percent' | 'milliseconds' | 'count';
	is_looser_above: boolean;
	in_force: number | null;
	wanted: number | null;
	wanted_words: string;
	used: number | null;
	refused_count: number;
};

export type LimitChange = {
	at_us: number;
	key: string;
	before: number | null;
	after: number | null;
	by: string;
	words: string;
};

export type VenueHealth = { venue: string; health: 'active' | 'reducing' | 'halted'; reason: string; since_us: number };

export type LimitsPage = {
	settings: LimitSetting[];
	changes: LimitChange[];
	health: VenueHealth[];
	refused: Record<string, number>;
	reviews: LimitChange[];
};

const MILLION = 1_000_000;

/** An amount as people read it; null is a limit that nobody watches. */
export function amount(value: number | null, unit: LimitSetting['unit']): string {
	if (value === null) return 'not watched';
	switch (unit) {
		case 'dollars':
			return dollars(value);
		case 'cents':
			return `${trimmed(value, 10_000)}¢`;
		case 'percent':
			return `${trimmed(value, 10_000)}%`;
		case 'contracts':
			return `${trimmed(value, MILLION)} ${value === MILLION ? 'contract' : 'contracts'}`;
		case 'milliseconds':
			return value >= MILLION ? `${trimmed(value, MILLION)} s` : `${trimmed(value, 1_000)} ms`;
		case 'count':
			return count(value);
	}
}

/** A quotient of whole numbers without trailing zeros. */
function trimmed(value: number, divisor: number): string {
	return String(Math.round((value / divisor) * 10_000) / 10_000);
}
