import type { Credentials } from '../credentials/credentials.ts';
import { basicAuthorization } from './authenticator.ts';
import { isLoopback } from './host-name.ts';
import type { HttpResponse } from './http-transport.ts';
import { readBody } from './read-body.ts';
import { RegistryError } from './registry-error.ts';

export interface TokenRequest {
  readonly realm: string;
  readonly service: string | undefined;
  readonly scopes: readonly string[];
  /** Anonymous when undefined, which is enough for public images. */
  readonly credentials: Credentials | undefined;
}

export interface RegistryToken {
  readonly token: string;
  /** On the clock of `performance.now()`; some seconds before the server lets it run out. */
  readonly expiresAtMs: number;
}

/** A request to a token server, ready to be sent. */
export interface TokenExchange {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

const CLIENT_ID = 'slipway';
const MAX_TOKEN_BYTES = 1024 * 1024;
/** What a token lives when the server does not say, and the least that is believed. distribution, "Token Authentication". */
const LIFETIME_S = 60;
const MARGIN_S = 10;

/**
 * The request for a token: GET with a password or with nothing; POST with an identity token, which OAuth 2 calls a
 * refresh token. distribution, "Token Authentication" and "OAuth2 Token Authentication".
 */
export function tokenExchange({ realm, service, scopes, credentials }: TokenRequest): TokenExchange {
  const url = new URL(realm);
  if (credentials?.kind === 'identity-token') {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: CLIENT_ID,
      refresh_token: credentials.token,
      scope: scopes.join(' '),
      ...(service !== undefined && { service }),
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return { method: 'POST', url, headers, body: Buffer.from(form.toString()) };
  }
  if (service !== undefined) url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  if (credentials) {
    url.searchParams.set('account', credentials.username);
    url.searchParams.set('client_id', CLIENT_ID);
  }
  return {
    method: 'GET',
    url,
    headers: credentials ? { authorization: basicAuthorization(credentials) } : {},
    body: undefined,
  };
}

/** Reads a token server's answer. @throws RegistryError REGISTRY_FAILED when there is no usable token in it. */
export async function readToken(response: HttpResponse, registry: string): Promise<RegistryToken> {
  const answeredAtMs = performance.now();
  const json = parseJson(await readBody(response, MAX_TOKEN_BYTES));
  const token = json.token || json.access_token;
  // It becomes part of a header: a line break in it would start another one.
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    throw new RegistryError(
      'REGISTRY_FAILED',
      `The token server of ${registry} at ${response.url.host} sent no token.`,
    );
  }
  const lifetimeS = typeof json.expires_in === 'number' ? Math.max(json.expires_in, LIFETIME_S) : LIFETIME_S;
  return { token, expiresAtMs: answeredAtMs + (lifetimeS - MARGIN_S) * 1000 };
}

/** A password or token goes out in the clear only where the registry itself is spoken to so, or on this machine. */
export function mayHoldTokens(realm: string, registry: URL): boolean {
  if (!URL.canParse(realm)) return false;
  const { protocol, hostname } = new URL(realm);
  return protocol === 'https:' || (protocol === 'http:' && (registry.protocol === 'http:' || isLoopback(hostname)));
}

function parseJson(bytes: Buffer | undefined): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(bytes?.toString() ?? ''));
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
