import { describe, expect, it, vi } from 'vitest';
import { BUFFER_MAX, EventParser, SequenceWatch, type StreamEvent } from '../src/lib/data/sse';
import { follow, waitMs, type Link } from '../src/lib/data/stream';

const WIRE = ': alive\n\nid: 7\nevent: state\ndata: {"a":1}\n\nid: 8\nevent: risk\ndata: {\ndata: }\n\n';

describe('the event parser', () => {
	it('reads events whatever the cuts', () => {
		const whole = new EventParser().push(WIRE);
		for (let cut = 1; cut < WIRE.length; cut += 1) {
			const parser = new EventParser();
			expect([...parser.push(WIRE.slice(0, cut)), ...parser.push(WIRE.slice(cut))]).toEqual(whole);
		}
		expect(whole).toEqual([
			{ id: '7', kind: 'state', data: '{"a":1}' },
			{ id: '8', kind: 'risk', data: '{\n}' }
		]);
	});

	it('refuses an event without end', () => {
		expect(() => new EventParser().push('x'.repeat(BUFFER_MAX + 1))).toThrow(RangeError);
	});
});

describe('the sequence watch', () => {
	it('sees a jump forward, a jump back, and nothing else', () => {
		const watch = new SequenceWatch();
		expect(['5', '6', '6', '7', '9', '10', '3', 'x', '4'].map((id) => watch.isGap(id))).toEqual([
			false,
			false,
			false,
			false,
			true,
			false,
			true,
			false,
			false
		]);
	});
});

it('waits longer after each failure, up to a limit', () => {
	expect([1, 2, 3, 4, 5, 6, 60].map(waitMs)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
});

describe('following the stream', () => {
	/** Runs `follow` against answers given one after the other; the last repeats. */
	async function run(answers: ((signal: AbortSignal) => Response)[], until: (links: Link[]) => boolean) {
		vi.useFakeTimers();
		const links: Link[] = [];
		const events: StreamEvent[] = [];
		let gaps = 0;
		let asked = 0;
		const abort = new AbortController();
		const done = follow(
			'/api/stream',
			{
				fetch: async (_url, init) => {
					const answer = answers[Math.min(asked++, answers.length - 1)];
					return answer && init?.signal ? answer(init.signal) : Response.error();
				},
				onEvent: (event) => events.push(event),
				onLink: (link) => links.push(link),
				onAlive: () => undefined,
				onGap: () => (gaps += 1)
			},
			abort.signal
		);
		for (let turn = 0; turn < 200 && !until(links); turn += 1) await vi.advanceTimersByTimeAsync(100);
		abort.abort();
		await vi.advanceTimersByTimeAsync(1);
		await done;
		vi.useRealTimers();
		return { links, events, gaps };
	}

	it('reconnects after a cut and takes up the events again', async () => {
		const { links, events } = await run([() => new Response(WIRE)], (seen) => seen.filter((link) => link === 'open').length > 1);
		expect(links.slice(0, 5)).toEqual(['connecting', 'open', 'lost', 'connecting', 'open']);
		expect(events.map((event) => event.id).slice(0, 4)).toEqual(['7', '8', '7', '8']);
	});

	it('tells of a gap', async () => {
		const { gaps } = await run([() => new Response(WIRE.replace('id: 8', 'id: 9'))], (seen) => seen.includes('lost'));
		expect(gaps).toBe(1);
	});

	it('stops at a closed door', async () => {
		const { links } = await run([() => new Response('', { status: 401 })], (seen) => seen.includes('logged out'));
		expect(links).toEqual(['connecting', 'logged out']);
	});

	it('gives a silent link up', async () => {
		const silent = (signal: AbortSignal) =>
			new Response(
				new ReadableStream({
					start: (controller) => signal.addEventListener('abort', () => controller.error(signal.reason))
				})
			);
		const { links } = await run([silent], (seen) => seen.includes('lost'));
		expect(links).toEqual(['connecting', 'open', 'lost']);
	});
});
