/**
 * How does the built dashboard look behind the real policy? Serves ../src/foreshock/webui with the
 * desk's headers and the made-up desk: `npm run build && node tests/standin/serve.mjs [port]`.
 */

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const ROOT = fileURLToPath(new URL('../../../src/foreshock/webui/', import.meta.url));
const HEADERS = {
	'content-security-policy':
		"default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
	'x-content-type-options': 'nosniff',
	'referrer-policy': 'no-referrer'
};
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.json': 'application/json' };

const { module } = await runnerImport(fileURLToPath(new URL('server.ts', import.meta.url)), { configFile: false });
const api = module.createHandler();

const server = createServer((request, response) => {
	for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
	const path = new URL(request.url, 'http://desk').pathname;
	if (path.startsWith('/api/')) return void api(request, response);
	const file = path.startsWith('/_app/') ? normalize(path) : '/index.html';
	readFile(join(ROOT, file)).then(
		(body) => response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'text/plain' }).end(body),
		() => response.writeHead(404).end()
	);
});
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
