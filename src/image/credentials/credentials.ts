/** How to log in to a registry. Never shown: `source` is what messages name. */
export type Credentials = PasswordCredentials | IdentityToken;

export interface PasswordCredentials {
  readonly kind: 'password';
  readonly username: string;
  readonly password: string;
  /** Where it was found, for people: a file's path, or a helper's name. */
  readonly source: string;
}

/** A refresh token that the registry's token server gave out at login, in place of a password. */
export interface IdentityToken {
  readonly kind: 'identity-token';
  readonly token: string;
  readonly source: string;
}

/** Asked at most once a repository, and only when a registry wants a login. */
export type CredentialSource = (
  registry: string,
  options: { readonly repository: string; readonly signal?: AbortSignal | undefined },
) => Promise<Credentials | undefined>;
