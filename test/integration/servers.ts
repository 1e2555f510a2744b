/** What a build fetches from, on loopback: an HTTP server with its log, a git daemon, and a build that is not waited for by blocking. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { readTar } from '../../src/image/tar/read-tar.ts';
import { type Rig, SLIPWAY } from './rig.ts';

export interface HttpServer {
  readonly url: string;
  /** Path → what it answers with; may be changed while it runs. */
  readonly files: Map<string, Buffer | string>;
  /** `200 /path` or `304 /path` of each answer so far; taken away when read. */
  takeLog(): string[];
  /** Answers carry an ETag and honour If-None-Match. */
  hasEtags: boolean;
}

export const LAST_MODIFIED = 'Sun, 09 Sep 2001 01:46:40 GMT';
export const LAST_MODIFIED_SECONDS = 1_000_000_000;

export async function startHttp(t: TestContext, files: Readonly<Record<string, Buffer | string>>): Promise<HttpServer> {
  const contents = new Map(Object.entries(files));
  let log: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const body = contents.get(path);
    const etag = body && state.hasEtags ? `"${createHash('sha256').update(body).digest('hex')}"` : undefined;
    const isKnown = etag !== undefined && request.headers['if-none-match'] === etag;
    const status = body === undefined ? 404 : isKnown ? 304 : 200;
    log.push(`${status} ${path}`);
    response.writeHead(status, { 'last-modified': LAST_MODIFIED, ...(etag && { etag }) });
    response.end(status === 200 ? body : undefined);
  });
  t.after(() => server.close());
  const state: HttpServer = {
    url: `http://127.0.0.1:${await listen(server)}`,
    files: contents,
    hasEtags: true,
    takeLog() {
      const taken = log;
      log = [];
      return taken;
    },
  };
  return state;
}

function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : assert.fail());
    });
  });
}

export interface Outcome {
  readonly status: number | null;
  readonly output: string;
}

export interface RunOptions {
  readonly stdin?: Buffer | string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the command while this process goes on serving. */
export async function run(
  rig: Rig,
  args: readonly string[],
  { stdin = '', env = {} }: RunOptions = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, [SLIPWAY, ...args], {
    cwd: rig.dir,
    env: { PATH: process.env['PATH'], HOME: rig.dir, LANG: 'C.UTF-8', SLIPWAY_ROOT: rig.store, NO_COLOR: '1', ...env },
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, output };
}

/** Builds, and lists what the image has: `mode uid:gid size path` of each entry, times apart. */
export async function built(rig: Rig, args: readonly string[], options?: RunOptions): Promise<BuiltFiles> {
  const tar = join(rig.dir, 'out.tar');
  const { status, output } = await run(rig, ['build', '-o', `type=tar,dest=${tar}`, ...args], options);
  assert.equal(status, 0, output);
  const lines: string[] = [];
  const times: Record<string, number> = {};
  const texts: Record<string, string> = {};
  for await (const entry of readTar(one(readFileSync(tar)))) {
    const { mode, uid, gid, mtimeNs, path, linkTarget } = entry;
    lines.push(`${mode.toString(8)} ${uid}:${gid} ${path}${linkTarget === undefined ? '' : ` -> ${linkTarget}`}`);
    times[path] = Number(mtimeNs / 1_000_000_000n);
    const chunks: Buffer[] = [];
    for await (const chunk of entry.body) chunks.push(chunk);
    texts[path] = Buffer.concat(chunks).toString();
  }
  return { lines: lines.sort(), times, texts, output };
}

export interface BuiltFiles {
  readonly lines: readonly string[];
  /** Seconds. */
  readonly times: Readonly<Record<string, number>>;
  readonly texts: Readonly<Record<string, string>>;
  readonly output: string;
}

async function* one(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

export const hasGit = spawnSync('git', ['daemon', '--help'], { stdio: 'ignore' }).error === undefined;

/** Repositories below a folder, served by git's own daemon. */
export class GitServer {
  readonly #root: string;
  #daemon: ChildProcess | undefined;

  constructor(root: string) {
    this.#root = root;
    mkdirSync(root, { recursive: true });
  }

  /** Returns `git://127.0.0.1:…`. */
  async start(t: TestContext): Promise<string> {
    const probe = createTcpServer();
    const port = await listen(probe);
    await new Promise((resolve) => probe.close(resolve));
    const args = ['daemon', '--export-all', '--listen=127.0.0.1', `--port=${port}`, `--base-path=${this.#root}`];
    const daemon = spawn('git', args, { stdio: 'ignore', detached: true });
    this.#daemon = daemon;
    t.after(() => {
      if (this.#daemon?.pid !== undefined) process.kill(-this.#daemon.pid);
    });
    for (let attempt = 0; attempt < 100 && !(await answers(port)); attempt++) await delay(50);
    return `git://127.0.0.1:${port}`;
  }

  /** Commits files to a repository, which is made when it is not there. Returns the commit. */
  commit(repository: string, files: Readonly<Record<string, string>>): string {
    const dir = join(this.#root, repository);
    mkdirSync(dir, { recursive: true });
    this.git(repository, 'init', '-q', '-b', 'main');
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), content);
    }
    this.git(repository, 'add', '-A');
    this.git(repository, 'commit', '-q', '--allow-empty', '-m', 'change');
    return this.git(repository, 'rev-parse', 'HEAD');
  }

  git(repository: string, ...args: readonly string[]): string {
    const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com'];
    const env = {
      PATH: process.env['PATH'],
      HOME: this.#root,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
    };
    const cwd = join(this.#root, repository);
    const { status, stdout, stderr } = spawnSync('git', [...identity, ...args], { cwd, env, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    return stdout.trim();
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
