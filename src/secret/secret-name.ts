/** Words that name a secret alone or as the last words of a name. */
const SECRET_WORDS =
  /(?:^|_)(?:password|passwd|passphrase|pword|pwd|pass|secrets?|tokens?|credentials?|apikey|api_key|access_key|secret_key|private_key|signing_key|encryption_key|master_key|account_key|auth_key|session_key|license_key|ssh_key|deploy_key|auth)(?:_|$)/;
/** What follows says that the value is about a secret and not the secret. */
const ABOUT_SECRET =
  /(?:^|_)(?:file|files|path|dir|url|uri|endpoint|host|hosts|name|id|ids|type|ttl|expiry|expires|expiration|timeout|length|len|size|min|max|policy|header|prefix|suffix|field|param|regex|pattern|format|enabled|disabled|required|prompt|cmd|command|helper|store|backend|provider|method|mode|algorithm|alg|issuer|audience|scopes?|count|version|hash|digest|sum|sha|sha\d+|md5|fingerprint|public|pub|cert|sock|socket|ref|label|env|var|command|command_line|rotation|interval|reset|help|hint|bucket|usage|limit)(?:_|$)/;

/**
 * Whether a variable, key or label of this name would hold a secret: `DB_PASSWORD`, `githubToken`, `--build-arg NPM_TOKEN`. Names that
 * point to where a secret is (`DB_PASSWORD_FILE`) or describe one (`TOKEN_TTL`, `PUBLIC_KEY`) do not. `key` alone counts only with a
 * word that makes it secret: a `GPG_KEY` is a fingerprint in many images.
 */
export function isSecretName(name: string): boolean {
  const words = snakeCase(name);
  const match = SECRET_WORDS.exec(words);
  return (
    match !== null &&
    !ABOUT_SECRET.test(words.slice(match.index + match[0].length - 1)) &&
    !/^(?:enable|disable|use|has|is|require|allow|skip|with|no)_|(?:^|_)pub(?:lic)?_/.test(words)
  );
}

/** Camel case, dashes and dots become underscores, everything lower case. */
function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();
}
