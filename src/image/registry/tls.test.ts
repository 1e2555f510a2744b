import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { MEDIA_TYPE } from '../media-type.ts';
import { parseReference } from '../reference.ts';
import { HttpTransport } from './http-transport.ts';
import { RegistryClient } from './registry-client.ts';
import { RegistryDouble } from './registry-double.test-fixture.ts';
import { unreachableError } from './unreachable.ts';

const scratch = mkdtempSync(join(tmpdir(), 'slipway-tls-'));
const key = join(scratch, 'key.pem');
const cert = join(scratch, 'cert.pem');
const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test';
const made = spawnSync('openssl', [
  ...request.split(' '),
  '-addext',
  'subjectAltName=IP:127.0.0.1',
  '-keyout',
  key,
  '-out',
  cert,
]);
const skip = made.status === 0 ? false : 'openssl is not installed';
after(() => rmSync(scratch, { recursive: true, force: true }));

const MANIFEST = JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests: [] });

async function withTls(use: (host: string) => Promise<void>): Promise<void> {
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) => {
    response.writeHead(200, { 'content-type': MEDIA_TYPE.ociIndex }).end(MANIFEST);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test('finds out that a loopback registry wants TLS', { skip }, () =>
  withTls(async (host) => {
    await using client = new RegistryClient({ env: {} });
    const { bytes } = await client.fetchManifest(parseReference(`${host}/app`));
    assert.equal(bytes.toString(), MANIFEST);
  }),
);

test('trusts a certificate authority of the registry’s folder, and no other', { skip }, () =>
  withTls(async (host) => {
    const dir = join(scratch, 'certs.d', host);
    const url = new URL(`https://${host}/v2/`);
    const send = async (certificateDirs: readonly string[]) => {
      const transport = new HttpTransport({ env: {}, certificateDirs, userAgent: 'test' });
      try {
        const response = await transport.send({ method: 'GET', url, headers: {}, security: 'https' });
        await response.discard();
        return response.status;
      } catch (error) {
        return unreachableError(error, { registry: host, url, proxy: undefined });
      } finally {
        await transport.close();
      }
    };
    const refused = await send([join(scratch, 'certs.d')]);
    assert.match(String(refused), /its certificate is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/);
    mkdirSync(dir, { recursive: true });
    spawnSync('cp', [cert, join(dir, 'ca.crt')]);
    assert.equal(await send([join(scratch, 'nowhere'), join(scratch, 'certs.d')]), 200);
  }),
);

test('says that a registry does not speak TLS', async () => {
  await using double = await RegistryDouble.start();
  const transport = new HttpTransport({ env: {}, certificateDirs: [], userAgent: 'test' });
  const url = new URL(`https://${double.host}/v2/`);
  await assert.rejects(transport.send({ method: 'GET', url, headers: {}, security: 'https' }), (error: unknown) => {
    const explained = unreachableError(error, { registry: 'plain.io', url, proxy: undefined });
    assert.match(String(explained), /does not speak TLS/);
    return true;
  });
  await transport.close();
});
