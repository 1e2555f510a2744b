/** --secret: where the value of an id comes from. Exactly one of `path` and `variable` is set. */
export interface SecretSource {
  readonly id: string;
  readonly path?: string;
  readonly variable?: string;
}

/** --ssh: an agent's socket or key files under an id; without paths the agent of SSH_AUTH_SOCK. */
export interface SshSource {
  readonly id: string;
  readonly paths: readonly string[];
}
