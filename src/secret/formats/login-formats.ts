import type { SecretFormat } from '../secret-format.ts';

/** Hosts of documentation (RFC 2606). */
const EXAMPLE_HOST =
  /^sha\d+$|(?:^|\.)(?:digest|example(?:\.(?:com|org|net))?|test|invalid|domain|host|server|hostname|foo|bar)(?:\.com)?$/i;
/** Of jwt.io, and so of a thousand documents. */
const KNOWN_JWT_SUBJECT = 'eyJzdWIiOiIxMjM0NTY3ODkw';

/** Logins and sessions: what stands in files of clients and in connection strings. */
export const loginFormats: readonly SecretFormat[] = [
  {
    kind: 'jwt',
    title: 'JSON web token',
    anchors: ['eyJ'],
    pattern: /(?<![A-Za-z0-9_+/-])eyJ[A-Za-z0-9_-]{10,400}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{20,1000}/y,
    publicPrefix: 'eyJ',
    isSecret: isSignedToken,
  },
  {
    kind: 'docker-auth',
    title: 'registry login',
    anchors: ['"auth"'],
    pattern: /"auth"\s{0,20}:\s{0,20}"(?<secret>[A-Za-z0-9+/]{8,4000}={0,2})"/y,
    isSecret: isBasicLogin,
  },
  {
    kind: 'netrc-password',
    title: "netrc's password",
    anchors: ['machine', 'default login'],
    pattern:
      /(?<=^[ \t]{0,8})(?:machine\s{1,8}[\w.:-]{3,100}|default)\s{1,20}login\s{1,8}(?!anonymous)[\w.@+-]{1,100}\s{1,20}password\s{1,8}(?<secret>[^\s"'<>[\]{}]{4,200})/my,
    isSecret: (password) => /[^a-z]/.test(password),
  },
  {
    kind: 'npm-token',
    title: 'npm registry login',
    anchors: ['_authToken', '_password', '_auth'],
    pattern: /(?<=[:\s]|^)_(?:authToken|password|auth)\s{0,4}=\s{0,4}["']?(?<secret>[^\s"'$]{8,400})/y,
  },
  {
    kind: 'url-credentials',
    title: 'password in a URL',
    anchors: ['://'],
    isGeneral: true,
    pattern:
      /(?<=(?:^|[^A-Za-z0-9+.-])[a-z][a-z0-9+.-]{1,20}):\/\/(?<user>[!#-&(-.0-9;=?A-Z[\]^_a-z~]{0,64}):(?<secret>[!#-&(-.0-9;=?A-Z[\]^_a-z~]{3,128})@(?<host>[A-Za-z0-9][A-Za-z0-9.-]{1,100})/y,
    isSecret: (password, { groups }) => isLiteralLogin(password, groups?.['user'], groups?.['host']),
  },
  {
    kind: 'password-hash',
    title: "user's password hash",
    anchors: ['$1$', '$5$', '$6$', '$y$', '$2a$', '$2b$', '$2y$', '$apr1$'],
    // A line of shadow or htpasswd.
    pattern: /(?<=^[a-z_][a-z0-9_.-]{0,31}:)\$(?:1|5|6|y|2[aby]|apr1)\$[A-Za-z0-9./$=,]{16,140}(?=[:\r\n]|$)/my,
    publicPrefix: '$',
  },
];

function isSignedToken(value: string): boolean {
  const [header = '', payload = ''] = value.split('.');
  if (payload.startsWith(KNOWN_JWT_SUBJECT)) return false;
  try {
    const { alg } = jsonOf(header) as { alg?: unknown };
    return typeof alg === 'string' && alg !== 'none' && !isShortLived(jsonOf(payload));
  } catch {
    return false;
  }
}

function jsonOf(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}

const DAY = 86_400;

/** Of a session (RFC 7519, 4.1.4 and 4.1.6): whoever finds it in a file comes too late. */
function isShortLived(claims: unknown): boolean {
  const { exp, iat } = claims as { exp?: unknown; iat?: unknown };
  return typeof exp === 'number' && typeof iat === 'number' && exp - iat <= DAY;
}

function isBasicLogin(value: string): boolean {
  return /^[^:\u0000-\u0020]{1,200}:[^\u0000-\u001f]{3,}$/.test(Buffer.from(value, 'base64').toString());
}

function isLiteralLogin(password: string, user: string | undefined, host = ''): boolean {
  return (
    password !== user &&
    /[^a-z]|^.{8,}$/.test(password) &&
    !/^[$%<{]|^(?:x-)?oauth/.test(password) &&
    !EXAMPLE_HOST.test(host)
  );
}
