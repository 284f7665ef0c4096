/** What does a GET say, again and again? The last good answer stays while a new one fails. */

import { ApiError, get } from './api';
import { desk } from './desk.svelte';

export class Resource<T> {
	value = $state.raw<T | null>(null);
	error = $state.raw<ApiError | null>(null);
	/** The path that `value` answers. */
	path = $state<string | null>(null);
	isLoading = $state(true);

	/** `path` may be reactive; null asks nothing. Call while a component is being set up. */
	constructor(path: () => string | null, everyMs: number) {
		$effect(() => {
			const wanted = path();
			if (wanted === null) return;
			const abort = new AbortController();
			if (wanted !== this.path) this.value = null;
			this.isLoading = true;
			void this.read(wanted, abort.signal);
			const timer = setInterval(() => {
				if (!desk.paused && !document.hidden && !this.isBusy) void this.read(wanted, abort.signal);
			}, everyMs);
			return () => {
				clearInterval(timer);
				abort.abort();
			};
		});
	}

	private isBusy = false;

	private async read(path: string, signal: AbortSignal): Promise<void> {
		this.isBusy = true;
		try {
			this.value = await get<T>(path, signal);
			this.path = path;
			this.error = null;
		} catch (error) {
			if (signal.aborted) return;
			if (!(error instanceof ApiError)) throw error;
			this.error = error;
			if (error.isLoggedOut) desk.link = 'logged out';
		} finally {
			this.isBusy = false;
			if (!signal.aborted) this.isLoading = false;
		}
	}
}
