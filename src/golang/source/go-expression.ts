import type { GoToken } from './go-tokens.ts';

/** As much of an expression as says where a path, an address or a name comes from. */
export type GoExpression =
  /** A string's value, or a number as written. */
  | { readonly kind: 'literal'; readonly text: string }
  /** `addr`, `cfg.Addr`, `http.DefaultClient`: the names in order. */
  | { readonly kind: 'name'; readonly names: readonly string[] }
  | { readonly kind: 'sum'; readonly terms: readonly GoExpression[] }
  /** A call, of the last name of `callee`; `on` is what a method is called on when that is itself a call. */
  | {
      readonly kind: 'call';
      readonly callee: readonly string[];
      readonly on: GoExpression | undefined;
      readonly args: readonly GoExpression[];
    }
  | { readonly kind: 'other' };

export const OTHER: GoExpression = { kind: 'other' };

/** Deeper than people write; what is nested more says nothing. */
const MAX_DEPTH = 12;
const MAX_ARGUMENTS = 16;
const OPENING = new Set(['(', '[', '{']);

/** Tokens with the place of each bracket's partner, so that nothing has to be read twice. */
export interface BracketedTokens {
  readonly tokens: readonly GoToken[];
  /** By index: of an opening bracket the index of its partner, or of the end where it has none; else 0. */
  readonly partner: Uint32Array;
}

export function matchBrackets(tokens: readonly GoToken[]): BracketedTokens {
  const partner = new Uint32Array(tokens.length);
  const open: number[] = [];
  for (const [index, { kind, text }] of tokens.entries()) {
    if (kind !== 'operator') continue;
    if (OPENING.has(text)) {
      open.push(index);
      partner[index] = tokens.length;
    } else if (text === ')' || text === ']' || text === '}') {
      const start = open.pop();
      if (start !== undefined) partner[start] = index;
    }
  }
  return { tokens, partner };
}

/** The expression that begins at a token; ends before `end` at the latest. What is not understood is `other`. */
export function expressionAt(source: BracketedTokens, start: number, end: number, depth = 0): GoExpression {
  if (depth > MAX_DEPTH) return OTHER;
  const terms: GoExpression[] = [];
  let at = start;
  while (at < end) {
    const [term, next] = termAt(source, at, end, depth);
    terms.push(term);
    at = next;
    if (!isOperator(source, at, '+') || terms.length > MAX_ARGUMENTS) break;
    at++;
  }
  const [first = OTHER] = terms;
  return terms.length > 1 ? { kind: 'sum', terms } : first;
}

/** Arguments between an opening bracket and its partner. */
export function argumentsAt(source: BracketedTokens, open: number, depth = 0): readonly GoExpression[] {
  const close = source.partner[open] ?? 0;
  const args: GoExpression[] = [];
  let start = open + 1;
  for (let at = start; at <= close && args.length < MAX_ARGUMENTS; at++) {
    if (at === close || isOperator(source, at, ',')) {
      if (at > start) args.push(expressionAt(source, start, at, depth + 1));
      start = at + 1;
    } else at = source.partner[at] || at;
  }
  return args;
}

export function isOperator({ tokens }: BracketedTokens, at: number, text: string): boolean {
  const token = tokens[at];
  return token?.kind === 'operator' && token.text === text;
}

function termAt(source: BracketedTokens, start: number, end: number, depth: number): [GoExpression, number] {
  let at = start;
  while (at < end && (isOperator(source, at, '&') || isOperator(source, at, '*'))) at++;
  const token = source.tokens[at];
  if (!token || at >= end) return [OTHER, end];
  if (token.kind === 'string') return [{ kind: 'literal', text: token.text }, at + 1];
  if (token.kind === 'number') return [{ kind: 'literal', text: token.text.replaceAll('_', '') }, at + 1];
  if (isOperator(source, at, '(')) {
    const close = source.partner[at] ?? end;
    return [expressionAt(source, at + 1, Math.min(close, end), depth + 1), close + 1];
  }
  return token.kind === 'name' && token.text !== 'func' ? chainAt(source, at, end, depth) : [OTHER, end];
}

/** `a.b.c`, `a.b(x)`, `a(x).b(y).c`. */
function chainAt(source: BracketedTokens, start: number, end: number, depth: number): [GoExpression, number] {
  let names: string[] = [];
  let called: GoExpression | undefined;
  let at = start;
  for (let links = 0; at < end && links < 64; links++) {
    const token = source.tokens[at];
    if (token?.kind === 'name') names.push(token.text);
    else if (isOperator(source, at, '(')) {
      called = { kind: 'call', callee: names, on: called, args: argumentsAt(source, at, depth + 1) };
      names = [];
      at = source.partner[at] ?? end;
    } else return [OTHER, end];
    at++;
    if (isOperator(source, at, '.')) at++;
    else if (!isOperator(source, at, '(')) break;
  }
  if (called && names.length === 0) return [called, at];
  return called ? [OTHER, at] : [{ kind: 'name', names }, at];
}
