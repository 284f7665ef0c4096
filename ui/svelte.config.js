/** How does the dashboard become static files that a strict Content-Security-Policy accepts? */

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import adapterStatic from '@sveltejs/adapter-static';

const OUT = '../src/foreshock/webui';
const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

/**
 * adapter-static, then the inline start-up script moved into a file: `script-src 'self'` suffices.
 * Compressed twins come last, or they would hold the page as it was before.
 */
function strictStatic() {
	const inner = adapterStatic({ pages: OUT, assets: OUT, fallback: 'index.html' });
	return {
		...inner,
		name: 'strict-static',
		async adapt(builder) {
			await inner.adapt(builder);
			const page = `${OUT}/index.html`;
			const theme = readFileSync('src/theme.js', 'utf8');
			writeFileSync(page, externalise(readFileSync(page, 'utf8'), theme));
			await builder.compress(OUT);
		}
	};
}

function externalise(html, prelude) {
	const inline = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)];
	if (inline.length !== 1) throw new Error(`expected one inline script, found ${inline.length}`);
	const code = `${prelude}\n${inline[0][1].replace(/^\t+/gm, '').trim()}\n`;
	const name = `_app/immutable/start.${createHash('sha256').update(code).digest('hex').slice(0, 8)}.js`;
	writeFileSync(`${OUT}/${name}`, code);
	const strict = html.replace(inline[0][0], `<script src="/${name}"></script>`);
	if (/ style=|<style|https?:\/\//.test(strict)) throw new Error('inline style or address in index.html');
	return strict;
}

/** @type {import('@sveltejs/kit').Config} */
export default {
	kit: {
		adapter: strictStatic(),
		output: { bundleStrategy: 'single' },
		paths: { relative: false },
		version: { name: version }
	},
	compilerOptions: { runes: true }
};
