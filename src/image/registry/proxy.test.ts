import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { parseReference } from '../reference.ts';
import { inNetwork, isLoopback } from './host-name.ts';
import { proxyFor } from './proxy.ts';
import { RegistryClient } from './registry-client.ts';
import { transportSecurity } from './registry-host.ts';

const PROXY = 'http://proxy:3128';

const PROXIES: readonly (readonly [string, Readonly<Record<string, string>>, string | undefined])[] = [
  ['https://a.io', {}, undefined],
  ['https://a.io', { HTTPS_PROXY: PROXY }, PROXY],
  ['https://a.io', { https_proxy: 'proxy:3128' }, PROXY],
  ['https://a.io', { HTTP_PROXY: PROXY }, undefined],
  ['http://a.io', { HTTP_PROXY: PROXY }, PROXY],
  ['https://127.0.0.1:5000', { HTTPS_PROXY: PROXY }, undefined],
  ['http://localhost:5000', { HTTP_PROXY: PROXY }, undefined],
  ['http://[::1]:5000', { HTTP_PROXY: PROXY }, undefined],
  ['https://a.io', { HTTPS_PROXY: PROXY, NO_PROXY: '*' }, undefined],
  ['https://a.io', { HTTPS_PROXY: PROXY, no_proxy: 'b.io, A.io' }, undefined],
  ['https://r.a.io', { HTTPS_PROXY: PROXY, NO_PROXY: 'a.io' }, undefined],
  ['https://ra.io', { HTTPS_PROXY: PROXY, NO_PROXY: 'a.io' }, PROXY],
  ['https://a.io', { HTTPS_PROXY: PROXY, NO_PROXY: '.a.io' }, PROXY],
  ['https://r.a.io', { HTTPS_PROXY: PROXY, NO_PROXY: '*.a.io' }, undefined],
  ['https://a.io:8443', { HTTPS_PROXY: PROXY, NO_PROXY: 'a.io:8443' }, undefined],
  ['https://a.io', { HTTPS_PROXY: PROXY, NO_PROXY: 'a.io:8443' }, PROXY],
  ['https://a.io', { HTTPS_PROXY: PROXY, NO_PROXY: 'a.io:443' }, undefined],
  ['https://10.1.2.3', { HTTPS_PROXY: PROXY, NO_PROXY: '10.0.0.0/8' }, undefined],
  ['https://11.1.2.3', { HTTPS_PROXY: PROXY, NO_PROXY: '10.0.0.0/8' }, PROXY],
  ['https://[fd00::1]', { HTTPS_PROXY: PROXY, NO_PROXY: 'fd00::/8' }, undefined],
  ['https://10.1.2.3', { HTTPS_PROXY: PROXY, NO_PROXY: '10.1.2.3' }, undefined],
];

for (const [url, env, expected] of PROXIES) {
  test(`reaches ${url} with ${JSON.stringify(env)} through ${expected ?? 'no proxy'}`, () => {
    assert.equal(proxyFor(new URL(url), env), expected);
  });
}

test('knows loopback and networks', () => {
  for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '[::1]', '::1']) assert.ok(isLoopback(host), host);
  for (const host of ['localhost.evil.io', '127.0.0.1.evil.io', '128.0.0.1', 'a.io'])
    assert.ok(!isLoopback(host), host);
  for (const network of ['10.0.0.0/33', '10.0.0.0', 'a/8', '10.0.0.0/x']) assert.ok(!inNetwork('10.0.0.1', network));
});

test('speaks plain HTTP only where it may', () => {
  assert.equal(transportSecurity('a.io', []), 'https');
  assert.equal(transportSecurity('docker.io', ['a.io']), 'https');
  assert.equal(transportSecurity('localhost:5000', []), 'loopback');
  assert.equal(transportSecurity('[::1]:5000', []), 'loopback');
  assert.equal(transportSecurity('a.io:5000', ['a.io:5000']), 'insecure');
  assert.equal(transportSecurity('a.io:5000', ['a.io']), 'https');
  assert.equal(transportSecurity('10.1.1.1:5000', ['10.0.0.0/8']), 'insecure');
  assert.throws(() => transportSecurity('a.io:99999', []), { code: 'REFERENCE_INVALID' });
});

test('sends requests through the proxy', async () => {
  const seen: string[] = [];
  const proxy = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.writeHead(request.url?.endsWith('/v2/') ? 200 : 404).end();
  });
  proxy.on('connect', (request, socket) => {
    seen.push(`${request.method} ${request.url}`);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = `http://user:secret@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const env = { HTTP_PROXY: address, HTTPS_PROXY: address };
  const retry = { attempts: 1, baseDelayMs: 1, maxDelayMs: 1 };
  await using client = new RegistryClient({ env, insecureRegistries: ['plain.invalid'], retry });
  await assert.rejects(client.fetchManifest(parseReference('plain.invalid/app:1')), { code: 'REGISTRY_NOT_FOUND' });
  assert.ok(seen.includes('GET http://plain.invalid/v2/app/manifests/1'), seen.join('; '));
  await assert.rejects(client.fetchManifest(parseReference('tls.invalid/app:1')), (error: unknown) => {
    assert.ok(error instanceof Error);
    assert.match(error.message, /through the proxy http:\/\/\*\*\*@127/);
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
  assert.ok(seen.includes('CONNECT tls.invalid:443'));
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));
});
