/**
 * What looks like a secret: in text, in a stream of bytes, by the name of a variable or a file. This room must not know where
 * the bytes come from, and no value ever leaves it: a finding has a place and a masked form. It would rather miss a secret than
 * cry over checksums, certificates, UUIDs and examples; what a finding says is therefore worth acting on.
 */

/** What a secret is, as scripts match on it. Stable once released. */
export const SECRET_KINDS = [
  'private-key',
  'aws-access-key',
  'aws-secret-key',
  'gcp-service-account',
  'gcp-api-key',
  'azure-storage-key',
  'github-token',
  'gitlab-token',
  'slack-token',
  'slack-webhook',
  'stripe-key',
  'npm-token',
  'pypi-token',
  'rubygems-token',
  'docker-token',
  'docker-auth',
  'sendgrid-key',
  'openai-key',
  'anthropic-key',
  'huggingface-token',
  'digitalocean-token',
  'shopify-token',
  'grafana-token',
  'tailscale-key',
  'vault-token',
  'age-key',
  'jwt',
  'netrc-password',
  'kubeconfig-key',
  'url-credentials',
  'password-hash',
  'named-value',
  'secret-file',
] as const;

export type SecretKind = (typeof SECRET_KINDS)[number];

/** A secret in a text. `offset` and `length` count the units of what was searched: bytes of a stream, UTF-16 units of a string. */
export interface SecretFinding {
  readonly kind: SecretKind;
  /** What it is, in the words of a sentence: `GitHub token`. */
  readonly title: string;
  /** Of the secret itself, without the name or the quotes around it. */
  readonly offset: number;
  readonly length: number;
  /** One-based line and column of `offset`; undefined in binary content. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** What may be shown: the public prefix of its format and how long it is. */
  readonly masked: string;
  /** The variable or key it is assigned to, where that is how it was found. */
  readonly name?: string | undefined;
}
