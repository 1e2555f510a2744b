/** What a registry asks for in WWW-Authenticate. */
export type AuthChallenge =
  | { readonly scheme: 'basic' }
  | { readonly scheme: 'bearer'; readonly realm: string; readonly service: string | undefined };

const TOKEN = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+/;

/**
 * The challenge to answer, or undefined when none is understood. Bearer is taken before Basic, since a registry that
 * offers both gives more with a token. RFC 9110, section 11.6.1; distribution's token authentication.
 */
export function parseAuthChallenge(headers: readonly string[]): AuthChallenge | undefined {
  const challenges = headers.flatMap((header) => splitChallenges(header.slice(0, 4096)));
  for (const { scheme, parameters } of challenges) {
    const realm = parameters.get('realm');
    if (scheme === 'bearer' && realm) return { scheme, realm, service: parameters.get('service') };
  }
  return challenges.some(({ scheme }) => scheme === 'basic') ? { scheme: 'basic' } : undefined;
}

interface RawChallenge {
  readonly scheme: string;
  readonly parameters: Map<string, string>;
}

/** Several challenges may stand in one header: a word without `=` begins the next. */
function splitChallenges(header: string): RawChallenge[] {
  const challenges: RawChallenge[] = [];
  let rest = header.replace(/^[\s,]+/, '');
  while (rest !== '') {
    const word = TOKEN.exec(rest)?.[0];
    if (word === undefined) break;
    rest = rest.slice(word.length).trimStart();
    const current = challenges.at(-1);
    if (rest.startsWith('=') && current) {
      const value = readValue(rest.slice(1).trimStart());
      current.parameters.set(word.toLowerCase(), value.text);
      rest = value.rest;
    } else {
      challenges.push({ scheme: word.toLowerCase(), parameters: new Map() });
    }
    rest = rest.replace(/^[\s,]+/, '');
  }
  return challenges;
}

function readValue(text: string): { text: string; rest: string } {
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(text);
  if (quoted) return { text: (quoted[1] ?? '').replace(/\\(.)/g, '$1'), rest: text.slice(quoted[0].length) };
  const plain = /^[^\s,]*/.exec(text)?.[0] ?? '';
  return { text: plain, rest: text.slice(plain.length) };
}
