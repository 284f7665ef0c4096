/** What does the desk say of pairs, and how is it shown? Relations, texts, clauses, verdicts. */

export type PairStanding =
	| 'trading'
	| 'review'
	| 'reopened'
	| 'waiting'
	| 'rejected'
	| 'blocked'
	| 'apart'
	| 'held';
export type Agreement = 'agree' | 'differ' | 'unknown' | 'absent';
export type JointOutcome = 'yes' | 'no' | 'void';
export type Verdict = 'accept' | 'reject' | 'block';

export interface PairSide {
	market: string;
	venue: string;
	title: string;
	status: string;
}

export interface PairRelation {
	id: string;
	label: string;
	standing: PairStanding;
	standing_words: string;
	relation: string;
	decision: string | null;
	confidence_ppm: number | null;
	is_tradable: boolean;
	reason: string;
	differs: string[];
	a: PairSide;
	b: PairSide;
	version: number;
	since_us: number;
}

export interface Span {
	field: string;
	start: number;
	end: number;
}

export interface Clause {
	clause: string;
	agreement: Agreement;
	a: string;
	b: string;
	spans_a: Span[];
	spans_b: Span[];
	words: string;
}

export interface Payoff {
	a: JointOutcome;
	b: JointOutcome;
	is_possible: boolean;
	words: string;
}

export interface Contract {
	market: string;
	venue: string;
	title: string;
	rules: string;
	source: string;
	event: string;
	category: string;
	outcome_labels: [yes: string, no: string];
	status: string;
	closes_us: number | null;
	terms: string;
}

export interface PairEvent {
	kind: 'accept' | 'reject' | 'block' | 'reopened' | 'refused';
	version: number;
	at_us: number;
	by: string;
	note: string;
	origin: string;
	relation: string;
	terms_a: string;
	terms_b: string;
	holds: boolean;
}

export interface PairAdvice {
	advice: 'agrees' | 'doubts' | 'vetoes' | 'unreviewed';
	relation: string | null;
	differences: string[];
	words: string;
	model: string;
}

export interface PairDetail {
	id: string;
	label: string;
	standing: PairStanding;
	standing_words: string;
	relation: string;
	decision: string | null;
	confidence_ppm: number | null;
	is_tradable: boolean;
	reason: string;
	refusals: string[];
	matcher: string;
	clauses: Clause[];
	payoffs: Payoff[];
	a: Contract | null;
	b: Contract | null;
	a_id: string;
	b_id: string;
	history: PairEvent[];
	advice: PairAdvice | null;
	best_edge_id: string | null;
	best_net_per_contract_micros: number | null;
}

export interface Matching {
	contracts_count: number;
	compared_count: number;
	waiting_count: number;
	untold_count: number;
	review_count: number;
	relations: Record<string, number>;
}

export interface Related {
	market: string;
	venue: string;
	title: string;
	relation: string;
	pair_id: string;
	confidence_ppm: number;
	reason: string;
	path: string[];
}

/** A stretch of text and what the clause it was read for came to; null: nothing was read there. */
export interface Stretch {
	text: string;
	agreement: Agreement | null;
	clauses: string;
}

type Tone = 'good' | 'bad' | 'grave' | 'busy' | 'flat';

export const STANDINGS: Record<PairStanding, { word: string; tone: Tone; meaning: string }> = {
	trading: { word: 'trading', tone: 'good', meaning: 'Takes part: its edges may become packages.' },
	review: { word: 'to review', tone: 'busy', meaning: 'A person must say whether this is the same bet.' },
	reopened: { word: 'reopened', tone: 'grave', meaning: 'Decided once; a venue changed its text since. Not traded.' },
	waiting: { word: 'waiting', tone: 'busy', meaning: 'Confirmed, but a market is not listed yet.' },
	rejected: { word: 'rejected', tone: 'flat', meaning: 'A person said no.' },
	blocked: { word: 'blocked', tone: 'bad', meaning: 'Never, whatever the venues write.' },
	apart: { word: 'not the same', tone: 'flat', meaning: 'The rules say it is another bet.' },
	held: { word: 'held', tone: 'bad', meaning: 'Accepted, but something keeps it out.' }
};

export const RELATIONS: Record<string, { word: string; meaning: string }> = {
	identity: { word: 'same bet', meaning: 'YES pays on both together.' },
	complement: { word: 'opposite bets', meaning: 'YES of the first pays exactly when NO of the second does.' },
	subset: { word: 'narrower', meaning: 'The first can only pay when the second does.' },
	superset: { word: 'wider', meaning: 'The second can only pay when the first does.' },
	overlap: { word: 'overlapping', meaning: 'Both can pay, and each can pay alone.' },
	disjoint: { word: 'exclusive', meaning: 'They never pay together.' },
	unknown: { word: 'unknown', meaning: 'What was read does not say how they relate.' }
};

export const AGREEMENTS: Record<Agreement, { word: string; tone: Tone }> = {
	agree: { word: 'same', tone: 'good' },
	differ: { word: 'differs', tone: 'bad' },
	unknown: { word: 'unknown', tone: 'grave' },
	absent: { word: 'not stated', tone: 'flat' }
};

export const ADVICE: Record<PairAdvice['advice'], { word: string; tone: Tone }> = {
	agrees: { word: 'sees no difference', tone: 'good' },
	doubts: { word: 'is not sure', tone: 'bad' },
	vetoes: { word: 'says it is another bet', tone: 'grave' },
	unreviewed: { word: 'unreviewed', tone: 'flat' }
};

const RANK: Record<Agreement, number> = { differ: 3, unknown: 2, agree: 1, absent: 0 };

/** The route of a pair's page. */
export function pairPath(id: string): string {
	return `/pairs/${encodeURIComponent(id)}`;
}

/**
 * One field of one side, cut where clauses were read; where two overlap the worse one shows.
 *
 * Spans count code points, as Python does, not UTF-16 units.
 */
export function stretches(text: string, field: string, side: 'a' | 'b', clauses: readonly Clause[]): Stretch[] {
	const points = [...text];
	const marks: (Clause | null)[] = points.map(() => null);
	for (const clause of clauses) {
		for (const span of side === 'a' ? clause.spans_a : clause.spans_b) {
			if (span.field !== field) continue;
			for (let at = Math.max(0, span.start); at < Math.min(points.length, span.end); at++) {
				const known = marks[at];
				if (known == null || RANK[clause.agreement] > RANK[known.agreement]) marks[at] = clause;
			}
		}
	}
	const found: Stretch[] = [];
	for (let at = 0; at < points.length; ) {
		const clause = marks[at] ?? null;
		let end = at;
		while (end < points.length && (marks[end] ?? null) === clause) end++;
		found.push({
			text: points.slice(at, end).join(''),
			agreement: clause?.agreement ?? null,
			clauses: clause?.clause ?? ''
		});
		at = end;
	}
	return found;
}

/** Whether every word of a filter occurs in what a list shows of a pair. */
export function matches(pair: PairRelation, filter: string): boolean {
	const hay = [pair.id, pair.label, pair.reason, pair.a.title, pair.b.title, pair.a.market, pair.b.market]
		.join(' ')
		.toLowerCase();
	return filter
		.toLowerCase()
		.split(/\s+/)
		.every((word) => hay.includes(word));
}
