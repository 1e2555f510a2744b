const BUILDKIT = /(?:_|^)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token)(?:_|$)/i;
const PUBLIC = /(?:_|^)public(?:_|$)/i;

/** BuildKit's check SecretsUsedInArgOrEnv speaks of it already. */
export function namedByBuildKit(name: string): boolean {
  return BUILDKIT.test(name) && !PUBLIC.test(name);
}
