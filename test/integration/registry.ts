/** A real registry (the package docker-registry) on a loopback port of the test's own, and the lab's other tools where they are up. */
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { CHECKOUT, type Rig } from './rig.ts';

/** Why there is no registry to test with, or false. */
export const NO_REGISTRY = isInstalled('docker-registry') ? false : 'the package docker-registry is not installed';

/** SLIPWAY_PEER names another program that runs the lab's. */
const PEER = process.env['SLIPWAY_PEER'] ?? join(CHECKOUT, '..', 'shared', 'lab', 'peer');
/** Why docker and podman cannot be asked, or false. */
export const NO_PEERS =
  spawnSync(PEER, ['docker', 'version'], { stdio: 'ignore' }).status === 0 ? false : 'the lab is not up (peers-up.sh)';

/** Runs docker, podman or skopeo of the lab, which sees this machine's /tmp. Fails the test with what it said. */
export function peer(...argv: readonly string[]): string {
  return askPeer(argv).stdout;
}

/** As `peer`, for what it says of its progress. */
export function peerProgress(...argv: readonly string[]): string {
  return askPeer(argv).stderr;
}

function askPeer(argv: readonly string[]): SpawnSyncReturns<string> {
  const result = spawnSync(PEER, argv, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const { status, stdout, stderr } = result;
  if (status !== 0) throw new Error(`${argv.join(' ')} exited with ${status}:\n${stdout}${stderr}`);
  return result;
}

export interface RegistryOptions {
  /** A line of an htpasswd file. */
  readonly htpasswd?: string;
}

/** Starts a registry that ends with the test; resolves to its host and port. */
export async function startRegistry(t: TestContext, rig: Rig, { htpasswd }: RegistryOptions = {}): Promise<string> {
  const port = await freePort();
  const folder = join(rig.dir, `registry-${port}`);
  mkdirSync(folder);
  const config = {
    version: 0.1,
    storage: { filesystem: { rootdirectory: join(folder, 'data') } },
    http: { addr: `127.0.0.1:${port}` },
    ...(htpasswd && { auth: { htpasswd: { realm: 'test', path: join(folder, 'htpasswd') } } }),
  };
  writeFileSync(join(folder, 'config.yml'), JSON.stringify(config));
  if (htpasswd) writeFileSync(join(folder, 'htpasswd'), `${htpasswd}\n`);
  const registry = spawn('docker-registry', ['serve', join(folder, 'config.yml')], { stdio: 'ignore' });
  const ended = once(registry, 'exit');
  t.after(async () => {
    registry.kill('SIGKILL');
    await ended;
  });
  await answers(`http://127.0.0.1:${port}/v2/`);
  return `127.0.0.1:${port}`;
}

async function answers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const isUp = await fetch(url).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await delay(50);
  }
  throw new Error(`nobody answers at ${url}`);
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program], { stdio: 'ignore' }).status === 0;
}
