/**
 * What does the desk show now? The page's one copy of state, edges, packages and risk.
 *
 * The stream may speak as often as it likes: only the newest of each kind is kept, and the page is
 * painted at most four times a second. Pausing freezes everything but the halts.
 */

import { ApiError, get } from './api';
import { shown, type Holding } from './freshness';
import { follow, type Link } from './stream';
import { parseClean } from './text';
import type { Badge, Edge, Halt, Package, Risk, State } from './views';

export const PAINT_MS = 250;
const REREAD_MS_MIN = 2_000;
/** Longer than the desk's keep-alive: after this much silence the page says so. */
const SILENT_MS = 12_000;
const KINDS = ['state', 'edges', 'packages', 'risk'] as const;
type Kind = (typeof KINDS)[number];

class Desk {
	state = $state.raw<State | null>(null);
	edges = $state.raw<Edge[] | null>(null);
	packages = $state.raw<Package[] | null>(null);
	risk = $state.raw<Risk | null>(null);
	halts = $state.raw<Halt[]>([]);
	link = $state<Link>('connecting');
	paused = $state(false);
	/** The desk's clock, as well as we know it. */
	nowUs = $state(Date.now() * 1000);
	/** Since the last update that was painted. */
	heldUs = $state(0);
	gapsCount = $state(0);
	/** Why the last re-read failed, if it did. */
	failure = $state<string | null>(null);

	private isSilent = $state(false);
	/** Something came since the link opened: until then an open link proves nothing. */
	private isCaughtUp = $state(false);
	readonly holding: Holding = $derived(
		this.paused ? 'paused' : this.link === 'open' && this.isCaughtUp && !this.isSilent ? 'live' : 'lost'
	);
	/** Of what the desk itself counts, such as cash: as fresh as its last word. */
	readonly badge: Badge | null = $derived(this.state === null ? null : { state: 'LIVE', words: 'LIVE', age_us: 0 });
	private pending = new Map<Kind, string>();
	private versions: Record<Kind, number> = { state: 0, edges: 0, packages: 0, risk: 0 };
	private clockOffsetMs: number | null = null;
	private paintedMs = performance.now();
	private aliveMs = performance.now();
	private rereadMs = -REREAD_MS_MIN;
	private abort: AbortController | null = null;
	private timer: ReturnType<typeof setInterval> | undefined;

	start(): void {
		if (this.abort !== null) return;
		this.abort = new AbortController();
		this.timer = setInterval(() => this.tick(), PAINT_MS);
		void follow(
			'/api/stream',
			{
				fetch: (...request) => fetch(...request),
				onEvent: (event) => this.take(event.kind, event.data),
				onLink: (link) => this.linked(link),
				onAlive: () => (this.aliveMs = performance.now()),
				onGap: () => void this.reread()
			},
			this.abort.signal
		);
	}

	stop(): void {
		this.abort?.abort();
		this.abort = null;
		clearInterval(this.timer);
	}

	restart(): void {
		this.stop();
		this.link = 'connecting';
		this.start();
	}

	/** Whether a number beside this badge must be struck. */
	doubts(badge: Badge | null | undefined): boolean {
		return badge != null && shown(badge, this.heldUs, this.holding).struck;
	}

	togglePause(): void {
		this.paused = !this.paused;
		this.tick();
	}

	/** Asks for everything again: after a jump in sequence numbers, or when a person did something. */
	async reread(force = false): Promise<void> {
		const now = performance.now();
		if (!force) {
			this.gapsCount += 1;
			if (now - this.rereadMs < REREAD_MS_MIN) return;
		}
		this.rereadMs = now;
		const versions = { ...this.versions };
		try {
			const answers = await Promise.all(KINDS.map((kind) => get<never>(`/api/${kind}`)));
			KINDS.forEach((kind, index) => {
				const answer = answers[index];
				if (this.versions[kind] === versions[kind] && answer !== undefined) this.show(kind, answer);
			});
			this.failure = null;
		} catch (error) {
			this.failure = error instanceof ApiError ? error.message : 'The re-read failed.';
		}
	}

	private linked(link: Link): void {
		this.link = link;
		if (link !== 'open') this.isCaughtUp = false;
	}

	private take(kind: string, data: string): void {
		if (!isKind(kind)) return;
		this.versions[kind] += 1;
		this.pending.set(kind, data);
	}

	private tick(): void {
		const silent = performance.now() - this.aliveMs > SILENT_MS;
		if (silent !== this.isSilent) this.isSilent = silent;
		if (this.paused) this.peekHalts();
		else this.flush();
		this.advance();
	}

	private flush(): void {
		if (this.pending.size === 0) return;
		const batch = [...this.pending];
		this.pending.clear();
		for (const [kind, data] of batch) {
			try {
				this.show(kind, parseClean(data) as never);
			} catch {
				void this.reread();
			}
		}
	}

	/** A halt is news even to a paused page. */
	private peekHalts(): void {
		const data = this.pending.get('state');
		if (data === undefined) return;
		try {
			this.halts = (parseClean(data) as State).halts;
		} catch {
			// Shown as a failure by the next flush.
		}
	}

	private show(kind: Kind, value: never): void {
		this[kind] = (Array.isArray(value) ? unique(value) : value) as never;
		this.paintedMs = performance.now();
		this.isCaughtUp = true;
		if (kind !== 'state' || this.state === null) return;
		this.halts = this.state.halts;
		this.clockOffsetMs = this.state.now_us / 1000 - performance.now();
	}

	private advance(): void {
		const now = performance.now();
		const us = Math.floor((this.clockOffsetMs === null ? Date.now() : this.clockOffsetMs + now) * 1000);
		if (Math.abs(us - this.nowUs) >= 1_000_000) this.nowUs = us;
		const held = this.holding === 'live' ? 0 : Math.floor((now - this.paintedMs) * 1000);
		if (held === 0 ? this.heldUs !== 0 : held - this.heldUs >= 1_000_000 || held < this.heldUs)
			this.heldUs = held;
	}
}

/** Rows are keyed by id: a list that names one twice must not take the page down. */
function unique(rows: { id: string }[]): { id: string }[] {
	return [...new Map(rows.map((row) => [row.id, row])).values()];
}

function isKind(kind: string): kind is Kind {
	return (KINDS as readonly string[]).includes(kind);
}

export const desk = new Desk();
