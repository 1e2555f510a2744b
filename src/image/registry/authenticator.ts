import { KnownError } from '../../diagnostics/known-error.ts';
import type { CredentialSource, Credentials } from '../credentials/credentials.ts';
import { type AuthChallenge, parseAuthChallenge } from './auth-challenge.ts';
import type { RegistryToken, TokenRequest } from './fetch-token.ts';

export interface AuthenticatorOptions {
  readonly registry: string;
  readonly credentials: CredentialSource | undefined;
  readonly fetchToken: (request: TokenRequest) => Promise<RegistryToken>;
}

type BearerChallenge = Extract<AuthChallenge, { scheme: 'bearer' }>;

/** What a request touches: whose credentials count, and what a token must allow. */
export interface AccessScope {
  readonly repository: string;
  /** In the form `repository:library/busybox:pull`. */
  readonly scopes: readonly string[];
}

interface TokenEntry extends AccessScope {
  readonly token: Promise<RegistryToken>;
}

/**
 * Answers one registry's challenges and keeps the tokens. Nothing is sent before the registry has asked for it, so
 * public images need no credentials and start no credential helper unless the registry has tokens.
 */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #credentials = new Map<string, Promise<Credentials | undefined>>();
  readonly #tokens = new Set<TokenEntry>();
  #challenge: AuthChallenge | undefined;
  #problem: KnownError | undefined;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  /** The Authorization header for a request, or undefined while none was asked for or none can be given. */
  async authorization(access: AccessScope): Promise<string | undefined> {
    const challenge = this.#challenge;
    if (!challenge) return undefined;
    if (challenge.scheme === 'bearer') return `Bearer ${(await this.#token(challenge, access)).token}`;
    const credentials = await this.#credentialsFor(access.repository);
    return credentials?.kind === 'password' ? basicAuthorization(credentials) : undefined;
  }

  /** Takes note of a 401 to a request with the header `used`. Returns whether another attempt can end differently. */
  async learn(wwwAuthenticate: readonly string[], used: string | undefined): Promise<boolean> {
    const challenge = parseAuthChallenge(wwwAuthenticate);
    if (!challenge) return false;
    this.#challenge = challenge;
    // Requests that went out together are refused together; only the token that was refused is dropped.
    for (const entry of this.#tokens) {
      if (`Bearer ${(await entry.token).token}` === used) this.#tokens.delete(entry);
    }
    return true;
  }

  /** How the registry was asked, for messages: undefined without credentials. */
  async login(access: AccessScope): Promise<string | undefined> {
    const credentials = await this.#credentials.get(access.repository);
    return credentials && `the login from ${credentials.source}`;
  }

  /** Why credentials could not be read, if so: it did not matter while the registry let us in without. */
  get problem(): KnownError | undefined {
    return this.#problem;
  }

  async #token(challenge: BearerChallenge, access: AccessScope): Promise<RegistryToken> {
    const known = this.#known(access);
    if (known) {
      const token = await known.token;
      if (isFresh(token)) return token;
      this.#tokens.delete(known);
    }
    return (this.#known(access) ?? this.#newToken(challenge, access)).token;
  }

  /** A token does for whatever needs no more than it was asked for. */
  #known({ repository, scopes }: AccessScope): TokenEntry | undefined {
    const fits = (entry: TokenEntry) =>
      entry.repository === repository && scopes.every((s) => entry.scopes.includes(s));
    return [...this.#tokens].find(fits);
  }

  /** Requests that go on at once share one token. One that could not be had is asked for anew the next time. */
  #newToken(challenge: BearerChallenge, { repository, scopes }: AccessScope): TokenEntry {
    const token = this.#credentialsFor(repository).then((credentials) =>
      this.#options.fetchToken({ ...challenge, scopes, credentials }),
    );
    const entry = { repository, scopes, token };
    this.#tokens.add(entry);
    token.catch(() => this.#tokens.delete(entry));
    return entry;
  }

  #credentialsFor(repository: string): Promise<Credentials | undefined> {
    const known = this.#credentials.get(repository);
    if (known) return known;
    const found = this.#findCredentials(repository);
    this.#credentials.set(repository, found);
    return found;
  }

  async #findCredentials(repository: string): Promise<Credentials | undefined> {
    try {
      return await this.#options.credentials?.(this.#options.registry, { repository });
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      this.#problem = error;
      return undefined;
    }
  }
}

/** RFC 7617. */
export function basicAuthorization({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function isFresh({ expiresAtMs }: RegistryToken): boolean {
  return performance.now() < expiresAtMs;
}
