/** A place of its own for each integration test: a temporary folder, a store, and the built command. */
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

export const CHECKOUT = process.env['SLIPWAY_CHECKOUT'] ?? process.cwd();
/** The built command; SLIPWAY_BIN names another one to test. */
export const SLIPWAY = process.env['SLIPWAY_BIN'] ?? join(CHECKOUT, 'bin', 'slipway.js');

export interface RigOptions {
  /** Run the command as this ordinary user, who owns the folder. */
  readonly uid?: number;
}

export interface Rig {
  /** Removed with everything in it when the test ends. */
  readonly dir: string;
  readonly store: string;
  /** Writes files (a value ending a path with `/` makes a directory) and returns the folder. */
  files(name: string, contents: Readonly<Record<string, string>>): string;
  slipway(...args: readonly string[]): SpawnSyncReturns<string>;
  /** As `slipway`, and fails the test with the output unless it exits with 0. */
  ok(...args: readonly string[]): string;
  /** Starts the command without waiting. */
  start(...args: readonly string[]): ReturnType<typeof spawn>;
}

export function createRig(t: TestContext, options: RigOptions = {}): Rig {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-test-'));
  const store = join(dir, 'store');
  const { uid } = options;
  const env = { PATH: process.env['PATH'], HOME: dir, LANG: 'C.UTF-8', SLIPWAY_ROOT: store, NO_COLOR: '1' };
  const spawned = uid === undefined ? { env, cwd: dir } : { env, cwd: dir, uid, gid: uid };
  if (uid !== undefined) spawnSync('chown', [String(uid), dir]);
  const slipway: Rig['slipway'] = (...args) =>
    spawnSync(process.execPath, [SLIPWAY, ...args], { ...spawned, encoding: 'utf8', maxBuffer: 1 << 28 });
  t.after(() => removeTree(dir));
  return {
    dir,
    store,
    slipway,
    files(name, contents) {
      const folder = join(dir, name);
      mkdirSync(folder, { recursive: true });
      for (const [path, content] of Object.entries(contents)) writeAt(join(folder, path), content);
      return folder;
    },
    ok(...args) {
      const { status, stdout, stderr } = slipway(...args);
      if (status !== 0) throw new Error(`slipway ${args.join(' ')} exited with ${status}:\n${stdout}${stderr}`);
      return stdout;
    },
    start: (...args) => spawn(process.execPath, [SLIPWAY, ...args], { ...spawned, stdio: ['ignore', 'pipe', 'pipe'] }),
  };
}

function writeAt(path: string, content: string): void {
  mkdirSync(path.endsWith('/') ? path : dirname(path), { recursive: true });
  if (!path.endsWith('/')) writeFileSync(path, content);
}

/** A step may leave directories that their owner may not write. */
function removeTree(dir: string): void {
  spawnSync('chmod', ['-R', 'u+rwX', dir]);
  // Files of an ordinary user's subordinate ids are out of reach outside of a user namespace.
  if (process.getuid?.() !== 0) spawnSync('unshare', ['--map-root-user', '--map-auto', 'rm', '-rf', dir]);
  rmSync(dir, { recursive: true, force: true });
}

export interface BaseImage {
  /** A root filesystem as tar. */
  readonly path: string;
  /** What `import --change` makes of it. */
  readonly changes: readonly string[];
}

/** A base image made from Debian's packages, once a checkout: `busybox`, `golang:1.26`. */
export function debianImage(name: string): BaseImage {
  const folder = join(CHECKOUT, '.tmp', 'base');
  const path = join(folder, `${name.replace(':', '-')}.tar`);
  const described = `${path}.json`;
  if (!existsSync(described)) {
    mkdirSync(folder, { recursive: true });
    const script = join(CHECKOUT, 'scripts', 'quickstart', 'debian-image.mjs');
    const made = spawnSync(process.execPath, [script, name, '-o', path], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`no base image ${name} could be made:\n${made.stderr}`);
    // The script ends with the command that imports what it made.
    const changes = [...made.stdout.matchAll(/--change '([^']*)'/g)].map(([, change = '']) => change);
    writeFileSync(described, JSON.stringify(changes));
  }
  return { path, changes: JSON.parse(readFileSync(described, 'utf8')) };
}

/** A port of the loopback address that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** What a service answers, asked until it is there: ten seconds at most. */
export async function answerOf(url: string): Promise<Response> {
  for (let tries = 0; ; tries++) {
    try {
      return await fetch(url);
    } catch (error) {
      if (tries === 200) throw error;
      await delay(50);
    }
  }
}

/** Puts `busybox:latest` into the rig's store. */
export function importBusybox(rig: Rig): void {
  const { path, changes } = debianImage('busybox');
  rig.ok('import', ...changes.flatMap((change) => ['--change', change]), path, 'docker.io/library/busybox:latest');
}

/** Mount points on this machine that lie below a folder. */
export function mountsBelow(dir: string): string[] {
  const { stdout } = spawnSync('cat', ['/proc/self/mounts'], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.split(' ')[1]?.startsWith(dir));
}

/** Names in a folder of the store; none when it is not there. */
export function namesIn(dir: string): string[] {
  return existsSync(dir) ? readdirSync(dir) : [];
}

/** Why a test as this user cannot be done here, or false when it can. */
export function cannotRunAs(uid: number): string | false {
  if (process.getuid?.() !== 0) return 'only root can become another user';
  const { status } = spawnSync(process.execPath, [SLIPWAY, '--version'], {
    uid,
    gid: uid,
    env: { PATH: process.env['PATH'] },
  });
  return status === 0 ? false : 'the checkout lies where an ordinary user cannot read it';
}
