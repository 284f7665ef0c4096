import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import type { Plugin, ViteDevServer } from 'vite';
import { defineConfig } from 'vitest/config';

const API = /^\/(api|healthz)(\/|$|\?)/;

/** The router's announcer carries an inline style, which the policy forbids; app.css has the same rules. */
function withoutInlineStyles(): Plugin {
	return {
		name: 'without-inline-styles',
		enforce: 'pre',
		transform(code, id) {
			if (!id.endsWith('generated/root.svelte')) return null;
			return code.replace(/(<div id="svelte-announcer"[^>]*?) style="[^"]*"/, '$1');
		}
	};
}

/** `npm run dev` answers /api from the stand-in desk, or from a running one when DESK names it. */
function standinDesk(): Plugin {
	return {
		name: 'standin-desk',
		apply: 'serve',
		configureServer(server: ViteDevServer) {
			if (process.env.DESK || process.env.VITEST) return;
			const ready = server.ssrLoadModule('/tests/standin/server.ts').then((m) => m.createHandler());
			server.middlewares.use((request, response, next) => {
				if (!API.test(request.url ?? '')) return next();
				void ready.then((handle) => handle(request, response));
			});
		}
	};
}

export default defineConfig({
	plugins: [withoutInlineStyles(), standinDesk(), tailwindcss(), sveltekit()],
	build: { assetsInlineLimit: 0, target: 'es2022' },
	server: process.env.DESK ? { proxy: { '/api': process.env.DESK } } : {},
	test: { include: ['tests/**/*.test.ts'], environment: 'node' }
});
