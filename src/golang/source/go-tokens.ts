/**
 * Go source → tokens and the comments that tools read, as the language specification's "Lexical elements" has them.
 * Takes any text: what is no Go becomes single-character operators, and what never ends ends with the text.
 */
export type GoTokenKind = 'name' | 'string' | 'number' | 'rune' | 'operator';

export interface GoToken {
  readonly kind: GoTokenKind;
  /** As written, but a string's value. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
  /** A string between backquotes, as struct tags are. */
  readonly isRaw?: boolean;
}

/** A line comment without its slashes: `go:embed *.html`, ` +build linux`. */
export interface GoComment {
  readonly text: string;
  readonly line: number;
}

export interface GoTokens {
  readonly tokens: readonly GoToken[];
  readonly comments: readonly GoComment[];
}

/** What a token's first character stands for, and where it ends; each is tried at one place only. */
const SPACE = /\s+/y;
const LINE_COMMENT = /\/\/[^\n]*/y;
const BLOCK_COMMENT = /\/\*(?:[^*]+|\*(?!\/))*(?:\*\/)?/y;
const STRING = /"(?:[^"\\\n]+|\\.)*"?/y;
const RAW_STRING = /`[^`]*`?/y;
const RUNE = /'(?:[^'\\\n]+|\\.)*'?/y;
const NAME = /[\p{L}_][\p{L}\p{Nd}_]*/uy;
const ASCII_NAME = /[A-Za-z_][A-Za-z0-9_]*(?![^\0-\x7f]|\w)/y;
const NUMBER = /\.?\d(?:[eEpP][+-]|[\w.])*/y;
const OPERATOR = /:=|==|!=|<=|>=|\+=|&&|\|\||<-|\.\.\.|[\s\S]/uy;

/** Comments that tools read; the others would only fill memory. */
const DIRECTIVE = /^(?:go:| ?\+build )/;

/** `isEnough` is asked after each token, and ends the reading. */
export function goTokens(text: string, isEnough: (token: GoToken) => boolean = () => false): GoTokens {
  const tokens: GoToken[] = [];
  const comments: GoComment[] = [];
  let line = 1;
  for (let at = 0, end = at; at < text.length; at = end) {
    const pattern = matchAt(text, at);
    end = pattern.lastIndex;
    const written = text.slice(at, end);
    const token = tokenOf(pattern, written, line);
    if (token) tokens.push(token);
    else if (pattern === LINE_COMMENT && DIRECTIVE.test(written.slice(2)))
      comments.push({ text: written.slice(2).trimEnd(), line });
    if (pattern === SPACE || pattern === RAW_STRING || pattern === BLOCK_COMMENT) line += lineBreaks(written);
    if (token && isEnough(token)) break;
  }
  return { tokens, comments };
}

const BY_FIRST: Readonly<Record<string, readonly RegExp[]>> = {
  '"': [STRING],
  '`': [RAW_STRING],
  "'": [RUNE],
  '/': [LINE_COMMENT, BLOCK_COMMENT, OPERATOR],
};
/** The last one takes any character, so that there is always progress. */
const OTHERS = [ASCII_NAME, SPACE, NUMBER, NAME, OPERATOR] as const;

/** The expression that matches here; its lastIndex is where the match ends. */
function matchAt(text: string, at: number): RegExp {
  for (const pattern of BY_FIRST[text.charAt(at)] ?? OTHERS) {
    pattern.lastIndex = at;
    if (pattern.test(text)) return pattern;
  }
  OPERATOR.lastIndex = at + 1;
  return OPERATOR;
}

function tokenOf(pattern: RegExp, written: string, line: number): GoToken | undefined {
  switch (pattern) {
    case SPACE:
    case LINE_COMMENT:
    case BLOCK_COMMENT:
      return undefined;
    case STRING:
      return { kind: 'string', text: unquote(inside(written, '"')), line };
    case RAW_STRING:
      return { kind: 'string', text: inside(written, '`').replaceAll('\r', ''), line, isRaw: true };
    case RUNE:
      return { kind: 'rune', text: written, line };
    case NUMBER:
      return { kind: 'number', text: written, line };
    case OPERATOR:
      return { kind: 'operator', text: written, line };
    default:
      return { kind: 'name', text: written, line };
  }
}

/** Without its quotes; the last one may be missing, and an escaped one is none. */
function inside(written: string, quote: string): string {
  const isClosed = written.length > 1 && written.endsWith(quote) && !/(?:^|[^\\])(?:\\\\)*\\"$/.test(written);
  return written.slice(1, isClosed ? -1 : undefined);
}

function lineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function unquote(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([0-7]{3})|(.))/giu,
    (_, hex?: string, short?: string, long?: string, octal?: string, letter = '') => {
      const code = octal ? Number.parseInt(octal, 8) : Number.parseInt(hex ?? short ?? long ?? '', 16);
      if (Number.isNaN(code)) return ESCAPES[letter] ?? letter;
      return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
    },
  );
}
