/** How is the desk asked? JSON over same-origin fetch, every failure as one kind of error. */

import { parseClean } from './text';
import type { ErrorBody } from './views';

const ANSWER_MAX_MS = 8_000;

/** status 0: the desk did not answer at all. */
export class ApiError extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		message: string,
		readonly hint: string
	) {
		super(message);
	}

	get isLoggedOut(): boolean {
		return this.status === 401;
	}

	get isMissing(): boolean {
		return this.status === 404;
	}
}

/** Raises: ApiError. */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
	return (await ask(path, { signal })) as T;
}

/** Raises: ApiError. */
export async function post<T>(path: string, body: object): Promise<T> {
	const headers = { 'content-type': 'application/json' };
	return (await ask(path, { method: 'POST', headers, body: JSON.stringify(body) })) as T;
}

async function ask(path: string, init: RequestInit): Promise<unknown> {
	const limit = AbortSignal.timeout(ANSWER_MAX_MS);
	const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
	let answer: Response;
	let text: string;
	try {
		answer = await fetch(path, { ...init, signal, credentials: 'same-origin' });
		text = await answer.text();
	} catch (error) {
		if (init.signal?.aborted) throw error;
		throw new ApiError(0, 'NO_ANSWER', 'The desk did not answer.', 'Is `foreshock` still running?');
	}
	if (!answer.ok) throw refusal(answer.status, text);
	return parsed(answer.status, text);
}

function refusal(status: number, text: string): ApiError {
	try {
		const body = parseClean(text) as Partial<ErrorBody>;
		if (typeof body.message === 'string' && typeof body.code === 'string')
			return new ApiError(status, body.code, body.message, body.hint ?? '');
	} catch {
		// Not JSON: the status is all there is.
	}
	return new ApiError(status, `HTTP_${status}`, `The desk answered with status ${status}.`, '');
}

function parsed(status: number, text: string): unknown {
	try {
		return parseClean(text);
	} catch {
		throw new ApiError(status, 'NOT_JSON', 'The desk answered with something that is not JSON.', '');
	}
}
