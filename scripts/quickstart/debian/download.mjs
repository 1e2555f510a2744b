import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Agent, fetch, ProxyAgent } from 'undici';
import { proxyFor } from './apt-config.mjs';

const ATTEMPTS = 3;
const TIMEOUT_MS = 30_000;

/** What a server answered instead of the file. */
export class HttpError extends Error {
  /** @param {string} url @param {number} status */
  constructor(url, status) {
    super(`${redact(url)} answered ${status}`);
    this.status = status;
  }
}

/**
 * Fetches from mirrors as apt would: through its proxies, with its certificates. What has a known digest is kept in
 * `cacheDir` under that digest and never fetched twice.
 */
export class Downloader {
  #cacheDir;
  #settings;
  #env;
  #agents = new Map();

  /**
   * @param {{ cacheDir: string, settings?: ReadonlyMap<string, string>, env?: NodeJS.ProcessEnv }} options
   *   `settings` are apt's
   */
  constructor({ cacheDir, settings = new Map(), env = process.env }) {
    this.#cacheDir = join(cacheDir, 'sha256');
    this.#settings = settings;
    this.#env = env;
    mkdirSync(this.#cacheDir, { recursive: true });
  }

  /** A small file whose digest is not known beforehand. @param {string} url */
  text(url) {
    return withRetries(async () => {
      if (url.startsWith('file:')) return readFile(fileURLToPath(url), 'utf8');
      return (await this.#open(url)).text();
    });
  }

  /**
   * The path of a verified copy of `url`; atomic, so that an interrupted run leaves nothing half done.
   * @param {string} url
   * @param {{ sha256: string, size: number }} expected
   */
  async file(url, { sha256, size }) {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`no usable sha256 for ${redact(url)}`);
    const path = join(this.#cacheDir, sha256);
    if (statSync(path, { throwIfNoEntry: false })?.size === size) return path;
    const partial = `${path}.${randomUUID()}`;
    try {
      await withRetries(async () => this.#write(url, partial, { sha256, size }));
      renameSync(partial, path);
    } finally {
      rmSync(partial, { force: true });
    }
    return path;
  }

  async #write(url, path, { sha256, size }) {
    const hash = createHash('sha256');
    let received = 0;
    const verify = new Transform({
      transform(chunk, _encoding, done) {
        received += chunk.length;
        hash.update(chunk);
        done(
          received > size ? new Error(`${redact(url)} is longer than the ${size} bytes it should have`) : null,
          chunk,
        );
      },
    });
    await pipeline(await this.#body(url), verify, createWriteStream(path));
    const digest = hash.digest('hex');
    if (digest !== sha256)
      throw new Error(`${redact(url)} has the digest sha256:${digest} instead of sha256:${sha256}`);
  }

  async #body(url) {
    if (url.startsWith('file:')) return Readable.from([await readFile(fileURLToPath(url))]);
    return Readable.fromWeb((await this.#open(url)).body);
  }

  async #open(url) {
    const { href, headers } = withoutCredentials(url);
    const response = await fetch(href, { headers, dispatcher: this.#agent(new URL(href)) }).catch((error) => {
      throw new Error(`${redact(url)} cannot be fetched: ${error.cause?.message ?? error.message}`);
    });
    if (response.ok) return response;
    await response.body?.cancel();
    throw new HttpError(url, response.status);
  }

  #agent(url) {
    const proxy = proxyFor(url, this.#settings, this.#env) ?? '';
    const known = this.#agents.get(proxy);
    if (known) return known;
    const caFile = this.#settings.get('acquire::https::cainfo');
    const tls = caFile ? { ca: readFileSync(caFile) } : {};
    const options = { headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS };
    const agent = proxy
      ? new ProxyAgent({ uri: proxy, requestTls: tls, ...options })
      : new Agent({ connect: { timeout: TIMEOUT_MS, ...tls }, ...options });
    this.#agents.set(proxy, agent);
    return agent;
  }
}

async function withRetries(attempt) {
  for (let number = 1; ; number++) {
    try {
      return await attempt();
    } catch (error) {
      const isFinal = error.code === 'ENOENT' || (error instanceof HttpError && error.status < 500);
      if (isFinal || number === ATTEMPTS) throw error;
      await sleep(500 * number);
    }
  }
}

/** fetch refuses URLs with a user in them, which apt's sources may have. */
function withoutCredentials(url) {
  const parsed = new URL(url);
  if (!parsed.username) return { href: url, headers: {} };
  const user = `${decodeURIComponent(parsed.username)}:${decodeURIComponent(parsed.password)}`;
  parsed.username = '';
  parsed.password = '';
  return { href: parsed.href, headers: { authorization: `Basic ${Buffer.from(user).toString('base64')}` } };
}

function redact(url) {
  return url.replace(/\/\/[^/@]*@/, '//');
}
