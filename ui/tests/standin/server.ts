/** How is the made-up desk asked? The routes of the API over a seeded world; for development only. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { World } from './world';

const PAINT_MS = 250;

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** One world, stepping in real time. `POST /api/standin` sets faults, mode and log-out. */
export function createHandler(seed = 7): Handler {
	const world = new World(seed);
	const streams = new Set<ServerResponse>();
	let sequence = 1;
	let isLoggedOut = false;
	setInterval(() => {
		world.step();
		for (const stream of streams) {
			push(stream, sequence, 'state', world.state());
			push(stream, sequence + 1, 'edges', world.edges());
			push(stream, sequence + 2, 'packages', world.list());
			push(stream, sequence + 3, 'risk', world.risk());
		}
		sequence += 4;
	}, PAINT_MS).unref();

	return async (request, response) => {
		const url = new URL(request.url ?? '/', 'http://desk');
		const path = url.pathname;
		if (isLoggedOut && path !== '/api/standin') return fail(response, 401, 'NOT_LOGGED_IN', 'Log in first.');
		if (path === '/api/stream') {
			response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
			streams.add(response);
			response.on('close', () => streams.delete(response));
			return;
		}
		if (request.method === 'POST') {
			const body = await read(request);
			if (path === '/api/standin') {
				Object.assign(world.faults, body.faults ?? {});
				if (typeof body.mode === 'string') world.mode = body.mode as World['mode'];
				isLoggedOut = body.loggedOut === true;
				if (body.cut === true) for (const stream of streams) stream.destroy();
				return json(response, {});
			}
			return act(world, path, body, response);
		}
		answer(world, url, response);
	};
}

function answer(world: World, url: URL, response: ServerResponse): void {
	const [, , kind, id] = url.pathname.split('/').map(decodeURIComponent);
	if (kind === 'edges' && id) {
		const edge = world.edges().find((candidate) => candidate.id === id);
		if (!edge) return fail(response, 404, 'NOT_FOUND', 'No such edge.');
		return json(response, { edge, books: edge.legs.map((leg) => world.book(leg.market)) });
	}
	if (kind === 'audit') return json(response, audit(world, url));
	if (kind === 'why' && id) return json(response, why(world, id));
	const lists: Record<string, () => unknown> = {
		state: () => world.state(),
		edges: () => world.edges(),
		pairs: () => world.pairs(),
		packages: () => world.list(),
		orders: () => world.orders(),
		risk: () => world.risk(),
		health: () => world.state().venues
	};
	const list = lists[kind ?? ''];
	if (!list) return fail(response, 404, 'NOT_FOUND', 'No such route.');
	json(response, list());
}

function act(world: World, path: string, body: Record<string, unknown>, response: ServerResponse): void {
	const scope = String(body.scope ?? 'all');
	if (path === '/api/halt' && body.confirm === 'halt') {
		world.halts = [...world.halts.filter((halt) => halt.scope !== scope), { scope, by: 'operator', reason: String(body.reason ?? ''), since_us: world.nowUs }];
		world.note('operator', 'HaltRequested', scope, `halt ${scope}: ${String(body.reason)}`);
		world.note('risk-guardian', 'Halted', scope, `halted: no order that adds risk leaves for ${scope}`);
		return json(response, { accepted: true });
	}
	if (path === '/api/resume' && body.confirm === 'resume') {
		world.halts = world.halts.filter((halt) => halt.scope !== scope);
		world.note('operator', 'ResumeRequested', scope, `resume ${scope}`);
		return json(response, { accepted: true });
	}
	if (path === '/api/logout') return json(response, {});
	fail(response, 422, 'NOT_CONFIRMED', 'The confirmation word is missing.', 'Type the word exactly.');
}

function audit(world: World, url: URL): object {
	const words = (url.searchParams.get('q') ?? '').toLowerCase();
	const limit = Number(url.searchParams.get('limit') ?? '50');
	const before = url.searchParams.get('before');
	const found = world.audit.filter((entry) => JSON.stringify(entry).toLowerCase().includes(words));
	const from = before ? found.findIndex((entry) => entry.id === before) + 1 : 0;
	const entries = world.faults.empty ? [] : found.slice(from, from + limit);
	return { entries, next_before: from + limit < found.length ? entries.at(-1)?.id : null, chain: 'verified' };
}

function why(world: World, id: string): object {
	const last = world.audit.find((entry) => entry.id === id || entry.about === id);
	const chain = [];
	for (let at = last; at; at = world.audit.find((entry) => entry.id === at?.cause)) chain.unshift(at);
	return { id, found: chain.length > 0, chain };
}

async function read(request: IncomingMessage): Promise<Record<string, unknown>> {
	let text = '';
	for await (const chunk of request) text += String(chunk);
	return text ? (JSON.parse(text) as Record<string, unknown>) : {};
}

function push(stream: ServerResponse, id: number, kind: string, data: unknown): void {
	stream.write(`id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`);
}

function json(response: ServerResponse, body: unknown): void {
	response.writeHead(200, { 'content-type': 'application/json' });
	response.end(JSON.stringify(body));
}

function fail(response: ServerResponse, status: number, code: string, message: string, hint = ''): void {
	response.writeHead(status, { 'content-type': 'application/json' });
	response.end(JSON.stringify({ code, message, hint, retryable: false }));
}
