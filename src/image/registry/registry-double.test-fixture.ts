import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Descriptor } from '../descriptor.ts';
import type { Digest } from '../digest.ts';

/** What goes wrong with the next requests that match; each fault strikes `times` times (once unless told). */
export interface Fault {
  readonly method?: string;
  readonly path: RegExp;
  readonly times?: number;
  /** Answers with this status instead. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Closes the connection after so many bytes of the body; 0 before any answer. */
  readonly cutAfter?: number;
  /** Sends other bytes than those asked for. */
  readonly corrupt?: boolean;
  /** Answers with more bytes than there are, or claims a length. */
  readonly padding?: number;
  readonly claimLength?: number;
  /** Leaves out the length. */
  readonly chunked?: boolean;
  /** Sends the whole content although a part was asked for. */
  readonly ignoreRange?: boolean;
  readonly delayMs?: number;
}

export interface RegistryDoubleOptions {
  readonly auth?: 'basic' | 'bearer';
  /** The only login that is let in; without it, `bearer` gives tokens to everybody. */
  readonly login?: { readonly username: string; readonly password: string };
  readonly refreshToken?: string;
  readonly tokenLifetimeS?: number;
}

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly bodyBytes: number;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/** A registry in this process, on a free loopback port: small, real HTTP, and faulty where it is told to be. */
export class RegistryDouble implements AsyncDisposable {
  readonly blobs = new Map<string, Buffer>();
  /** Keys are `repository:tag` and `repository@digest`. */
  readonly manifests = new Map<string, { mediaType: string; bytes: Buffer }>();
  /** `repository@digest` for blobs that a repository has. */
  readonly owned = new Set<string>();
  readonly requests: SeenRequest[] = [];
  readonly #faults: { fault: Fault; left: number }[] = [];
  readonly #uploads = new Map<string, Buffer[]>();
  readonly #tokens = new Map<string, string>();
  readonly #options: RegistryDoubleOptions;
  readonly #server: Server;

  private constructor(options: RegistryDoubleOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  static async start(options: RegistryDoubleOptions = {}): Promise<RegistryDouble> {
    const double = new RegistryDouble(options);
    await new Promise<void>((resolve) => double.#server.listen(0, '127.0.0.1', resolve));
    return double;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  fail(fault: Fault): void {
    this.#faults.push({ fault, left: fault.times ?? 1 });
  }

  /** Forgets every token given out, as a server does when they have run out. */
  revokeTokens(): void {
    this.#tokens.clear();
  }

  addBlob(repository: string, bytes: Buffer, mediaType = 'application/octet-stream'): Descriptor {
    const digest = digestOf(bytes);
    this.blobs.set(digest, bytes);
    this.owned.add(`${repository}@${digest}`);
    return { mediaType, digest, size: bytes.length };
  }

  addManifest(repository: string, tag: string, json: { readonly mediaType: string }): Descriptor {
    const bytes = Buffer.from(JSON.stringify(json));
    return this.#store(repository, tag, json.mediaType, bytes);
  }

  /** Method and path without the parameters, of the requests that were no probe. */
  get seen(): string[] {
    return this.requests.filter(({ url }) => url !== '/v2/').map(({ method, url }) => `${method} ${url.split('?')[0]}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const fault = this.#takeFault(method, url);
    if (fault?.cutAfter === 0) {
      this.requests.push({ method, url, headers, bodyBytes: 0 });
      request.socket.destroy();
      return;
    }
    const body = await readAll(request);
    this.requests.push({ method, url, headers, bodyBytes: body.length });
    if (fault?.delayMs) await sleep(fault.delayMs, undefined, { ref: false });
    const answer =
      fault?.status === undefined
        ? this.#answer({ method, url: new URL(url, `http://${this.host}`), headers, body }, fault)
        : { status: fault.status, headers: fault.headers ?? {}, body: fault.body ?? '' };
    send(response, method, answer, fault);
  }

  #takeFault(method: string, url: string): Fault | undefined {
    const entry = this.#faults.find(
      ({ fault, left }) => left > 0 && fault.path.test(url) && (fault.method ?? method) === method,
    );
    if (entry) entry.left--;
    return entry?.fault;
  }

  #answer(request: ParsedRequest, fault: Fault | undefined): Answer {
    const { method, url, headers } = request;
    if (url.pathname === '/token') return this.#giveToken(request);
    const repository = /^\/v2\/(.+?)\/(?:blobs|manifests|tags)\//.exec(url.pathname)?.[1] ?? '';
    const refusal = this.#refusal(headers.authorization, repository, method);
    if (refusal) return refusal;
    const rest = url.pathname.slice(`/v2/${repository}/`.length);
    if (url.pathname === '/v2/') return { status: 200, body: '{}' };
    if (rest === 'tags/list') return this.#tags(repository, url);
    if (rest.startsWith('manifests/')) return this.#manifest(request, repository, rest.slice('manifests/'.length));
    if (rest.startsWith('blobs/uploads/'))
      return this.#upload(request, repository, rest.slice('blobs/uploads/'.length));
    return this.#blob(repository, rest.slice('blobs/'.length), fault?.ignoreRange ? undefined : headers.range);
  }

  #refusal(authorization: string | undefined, repository: string, method: string): Answer | undefined {
    const { auth, login } = this.#options;
    if (auth === undefined) return undefined;
    const body = errorBody('UNAUTHORIZED', 'authentication required');
    if (auth === 'basic') {
      if (authorization === basic(login)) return undefined;
      return { status: 401, headers: { 'www-authenticate': 'Basic realm="double"' }, body };
    }
    const scopes = this.#tokens.get(authorization?.replace(/^Bearer /, '') ?? '');
    const wanted = method === 'GET' || method === 'HEAD' ? 'pull' : 'push';
    if (scopes?.split(' ').some((scope) => grants(scope, repository, wanted))) return undefined;
    if (scopes !== undefined && repository === '') return undefined;
    const challenge = `Bearer realm="http://${this.host}/token",service="double",scope="repository:${repository}:pull"`;
    return { status: 401, headers: { 'www-authenticate': challenge }, body };
  }

  #giveToken({ url, headers, body }: ParsedRequest): Answer {
    const { login, refreshToken, tokenLifetimeS } = this.#options;
    const form = new URLSearchParams(body.toString());
    const refreshed = refreshToken !== undefined && form.get('refresh_token') === refreshToken;
    if (!refreshed && login && headers.authorization !== basic(login)) {
      return { status: 401, body: JSON.stringify({ details: 'incorrect username or password' }) };
    }
    const token = randomBytes(8).toString('hex');
    this.#tokens.set(token, refreshed ? (form.get('scope') ?? '') : url.searchParams.getAll('scope').join(' '));
    return { status: 200, body: JSON.stringify({ token, expires_in: tokenLifetimeS ?? 300 }) };
  }

  #tags(repository: string, url: URL): Answer {
    const own = [...this.manifests.keys()].filter((key) => key.startsWith(`${repository}:`));
    if (own.length === 0) return { status: 404, body: errorBody('NAME_UNKNOWN', 'repository name not known') };
    const tags = own.map((key) => key.slice(repository.length + 1)).sort();
    const from = tags.indexOf(url.searchParams.get('last') ?? '') + 1;
    const page = tags.slice(from, from + Math.min(2, Number(url.searchParams.get('n') ?? 2)));
    const isLast = from + page.length >= tags.length;
    const next = `</v2/${repository}/tags/list?n=2&last=${page.at(-1)}>; rel="next"`;
    return {
      status: 200,
      headers: isLast ? {} : { link: next },
      body: JSON.stringify({ name: repository, tags: page }),
    };
  }

  #manifest({ method, headers, body }: ParsedRequest, repository: string, name: string): Answer {
    if (method === 'PUT') {
      const { digest } = this.#store(repository, name, headers['content-type'] ?? '', body);
      return { status: 201, headers: { 'docker-content-digest': digest } };
    }
    const stored = this.manifests.get(`${repository}${name.startsWith('sha256:') ? '@' : ':'}${name}`);
    if (!stored) return { status: 404, body: errorBody('MANIFEST_UNKNOWN', 'manifest unknown') };
    const digest = digestOf(stored.bytes);
    return {
      status: 200,
      headers: { 'content-type': stored.mediaType, 'docker-content-digest': digest },
      body: stored.bytes,
    };
  }

  #blob(repository: string, digest: string, range: string | undefined): Answer {
    const bytes = this.owned.has(`${repository}@${digest}`) ? this.blobs.get(digest) : undefined;
    if (!bytes) return { status: 404, body: errorBody('BLOB_UNKNOWN', 'blob unknown to registry') };
    const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? Number.NaN);
    if (Number.isNaN(start)) return { status: 200, body: bytes };
    const contentRange = `bytes ${start}-${bytes.length - 1}/${bytes.length}`;
    return { status: 206, headers: { 'content-range': contentRange }, body: bytes.subarray(start) };
  }

  #upload({ method, url, body }: ParsedRequest, repository: string, id: string): Answer {
    const digest = url.searchParams.get('digest') ?? '';
    const mount = url.searchParams.get('mount');
    if (method === 'POST') {
      if (mount !== null && this.owned.has(`${url.searchParams.get('from')}@${mount}`)) {
        this.owned.add(`${repository}@${mount}`);
        return { status: 201, headers: { location: `/v2/${repository}/blobs/${mount}` } };
      }
      const session = randomBytes(4).toString('hex');
      this.#uploads.set(session, []);
      return { status: 202, headers: { location: `/v2/${repository}/blobs/uploads/${session}?_state=a%2Fb+c` } };
    }
    const chunks = this.#uploads.get(id);
    if (!chunks || url.searchParams.get('_state') !== 'a/b c') {
      return { status: 404, body: errorBody('BLOB_UPLOAD_UNKNOWN', 'upload unknown') };
    }
    chunks.push(body);
    if (method === 'PATCH')
      return { status: 202, headers: { location: `http://${this.host}${url.pathname}${url.search}` } };
    const bytes = Buffer.concat(chunks);
    if (digestOf(bytes) !== digest) return { status: 400, body: errorBody('DIGEST_INVALID', 'digest did not match') };
    this.addBlob(repository, bytes);
    return { status: 201, headers: { location: `/v2/${repository}/blobs/${digest}` } };
  }

  #store(repository: string, name: string, mediaType: string, bytes: Buffer): Descriptor {
    const digest = digestOf(bytes);
    this.manifests.set(`${repository}@${digest}`, { mediaType, bytes });
    if (!name.startsWith('sha256:')) this.manifests.set(`${repository}:${name}`, { mediaType, bytes });
    return { mediaType, digest, size: bytes.length };
  }
}

interface ParsedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export function digestOf(bytes: Buffer): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest;
}

function send(response: ServerResponse, method: string, answer: Answer, fault: Fault | undefined): void {
  const whole = Buffer.from(answer.body ?? '');
  const bytes = fault?.corrupt
    ? Buffer.alloc(whole.length, 'x')
    : Buffer.concat([whole, Buffer.alloc(fault?.padding ?? 0)]);
  const length = fault?.claimLength ?? bytes.length;
  // A claimed length must not be noticed by the server itself.
  response.strictContentLength = false;
  response.writeHead(answer.status, {
    ...(!fault?.chunked && { 'content-length': String(length) }),
    ...answer.headers,
  });
  if (method === 'HEAD') response.end();
  else if (fault?.cutAfter !== undefined) {
    response.write(bytes.subarray(0, fault.cutAfter), () => response.destroy());
  } else response.end(bytes);
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function grants(scope: string, repository: string, action: string): boolean {
  const [, name, actions = ''] = scope.split(':');
  return name === repository && actions.split(',').includes(action);
}

function basic(login: RegistryDoubleOptions['login']): string {
  return `Basic ${Buffer.from(`${login?.username}:${login?.password}`).toString('base64')}`;
}

function errorBody(code: string, message: string): string {
  return JSON.stringify({ errors: [{ code, message }] });
}
