import type { Dispatcher } from 'undici';

export interface HttpRequestOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names; a header that came twice has its last value. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
  /** Gives the connection up, whatever of the body is still to come. */
  discard(): void;
}

const MAX_REDIRECTS = 10;
const HEADERS_TIMEOUT_MS = 60_000;
const BODY_TIMEOUT_MS = 120_000;

/**
 * Asks for a URL with GET and follows redirects between http and https. Credentials in the URL are sent to its own
 * host only. Loads undici at the first call. Throws what undici throws.
 */
export async function openHttp(url: string, options: HttpRequestOptions): Promise<HttpResponse> {
  const { default: undici } = await import('undici');
  const { env } = options;
  const dispatcher = new undici.EnvHttpProxyAgent({
    // An empty text keeps undici from looking into the environment itself.
    httpProxy: env.http_proxy ?? env.HTTP_PROXY ?? '',
    httpsProxy: env.https_proxy ?? env.HTTPS_PROXY ?? '',
    noProxy: env.no_proxy ?? env.NO_PROXY ?? '',
    headersTimeout: HEADERS_TIMEOUT_MS,
    bodyTimeout: BODY_TIMEOUT_MS,
  });
  const discard = () => void dispatcher.destroy().catch(() => undefined);
  try {
    const response = await follow(new URL(url), (address, headers) =>
      undici.request(address, { dispatcher, headers: { ...headers, ...options.headers }, signal: options.signal }),
    );
    return { status: response.statusCode, headers: flatten(response.headers), body: response.body, discard };
  } catch (error) {
    discard();
    throw error;
  }
}

type Ask = (address: URL, headers: Readonly<Record<string, string>>) => Promise<Dispatcher.ResponseData>;

async function follow(start: URL, ask: Ask): Promise<Dispatcher.ResponseData> {
  const authorization = basicAuthorization(start);
  let address = withoutCredentials(start);
  for (let redirects = 0; ; redirects++) {
    const response = await ask(address, address.origin === start.origin ? authorization : {});
    const location = flatten(response.headers).location;
    if (![301, 302, 303, 307, 308].includes(response.statusCode) || location === undefined) return response;
    await response.body.dump();
    const next = URL.canParse(location, address.href) ? new URL(location, address) : undefined;
    if (redirects === MAX_REDIRECTS || !next || !/^https?:$/.test(next.protocol)) throw new BadRedirectError(location);
    address = withoutCredentials(next);
  }
}

/** A redirect that leads nowhere, or to what is no web address. */
export class BadRedirectError extends Error {
  constructor(location: string) {
    super(`a redirect to ${JSON.stringify(location.slice(0, 200))} is not followed`);
  }
}

function basicAuthorization(url: URL): Readonly<Record<string, string>> {
  if (url.username === '' && url.password === '') return {};
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

function withoutCredentials(url: URL): URL {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  bare.hash = '';
  return bare;
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): HttpResponse['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.at(-1) : value]),
  );
}
