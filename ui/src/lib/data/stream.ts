/** How do we stay connected? One reader of /api/stream that reconnects, and notices silence and gaps. */

import { EventParser, SequenceWatch, type StreamEvent } from './sse';

export type Link = 'connecting' | 'open' | 'lost' | 'logged out';

export interface StreamSeams {
	fetch: typeof fetch;
	onEvent(event: StreamEvent): void;
	onLink(link: Link): void;
	/** Bytes came, be it only a keep-alive. */
	onAlive(): void;
	/** Sequence numbers jumped: what is shown may be wrong until re-read. */
	onGap(): void;
}

/** The desk sends a keep-alive every 10 s; this much silence is a dead link. */
export const SILENCE_MAX_MS = 15_000;
const WAIT_FIRST_MS = 500;
const WAIT_MAX_MS = 8_000;

/** Wait before the n-th attempt in a row: doubling, capped. */
export function waitMs(failures: number): number {
	return Math.min(WAIT_FIRST_MS * 2 ** Math.max(0, failures - 1), WAIT_MAX_MS);
}

/** Reads until `signal` aborts. */
export async function follow(url: string, seams: StreamSeams, signal: AbortSignal): Promise<void> {
	let failures = 0;
	while (!signal.aborted) {
		seams.onLink('connecting');
		const result = await once(url, seams, signal);
		if (signal.aborted) return;
		if (result === 'logged out') {
			seams.onLink('logged out');
			return;
		}
		failures = result === 'was open' ? 1 : failures + 1;
		seams.onLink('lost');
		await pause(waitMs(failures), signal);
	}
}

async function once(
	url: string,
	seams: StreamSeams,
	signal: AbortSignal
): Promise<'was open' | 'failed' | 'logged out'> {
	const silence = new AbortController();
	const watchdog = new Watchdog(() => silence.abort());
	const both = AbortSignal.any([signal, silence.signal]);
	let wasOpen = false;
	try {
		const headers = { accept: 'text/event-stream' };
		const answer = await seams.fetch(url, { headers, signal: both, cache: 'no-store' });
		if (answer.status === 401) return 'logged out';
		if (!answer.ok || answer.body === null) return 'failed';
		wasOpen = true;
		seams.onLink('open');
		await drain(answer.body, seams, watchdog);
	} catch {
		// Cut, silent or not ours: the caller reconnects whatever it was.
	} finally {
		watchdog.stop();
		silence.abort();
	}
	return wasOpen ? 'was open' : 'failed';
}

async function drain(
	body: ReadableStream<Uint8Array>,
	seams: StreamSeams,
	watchdog: Watchdog
): Promise<void> {
	const parser = new EventParser();
	const sequence = new SequenceWatch();
	const decoder = new TextDecoder();
	const reader = body.getReader();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return;
		watchdog.feed();
		seams.onAlive();
		for (const event of parser.push(decoder.decode(value, { stream: true }))) {
			if (sequence.isGap(event.id)) seams.onGap();
			seams.onEvent(event);
		}
	}
}

class Watchdog {
	private timer: ReturnType<typeof setTimeout>;

	constructor(private readonly bite: () => void) {
		this.timer = setTimeout(bite, SILENCE_MAX_MS);
	}

	feed(): void {
		clearTimeout(this.timer);
		this.timer = setTimeout(this.bite, SILENCE_MAX_MS);
	}

	stop(): void {
		clearTimeout(this.timer);
	}
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const done = () => {
			clearTimeout(timer);
			signal.removeEventListener('abort', done);
			resolve();
		};
		const timer = setTimeout(done, ms);
		signal.addEventListener('abort', done);
	});
}
