import { type BracketedTokens, isOperator } from './go-expression.ts';
import type { GoText } from './go-source.ts';

/** Variables of the package whose type is string and whose value, if any, is a literal: what -ldflags -X can set. */
export function packageVariables(source: BracketedTokens): readonly GoText[] {
  const { tokens, partner } = source;
  const variables: GoText[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.kind === 'name' && token.text === 'var') {
      const isGroup = isOperator(source, at + 1, '(');
      const [start, end] = isGroup ? [at + 2, partner[at + 1] ?? tokens.length] : [at + 1, tokens.length];
      variables.push(...(isGroup ? group(source, start, end) : specification(source, start)));
      at = isGroup ? end : at + 1;
    } else at = Math.max(at, partner[at] ?? 0);
  }
  return variables;
}

function group(source: BracketedTokens, start: number, end: number): readonly GoText[] {
  const variables: GoText[] = [];
  let line = 0;
  for (let at = start; at < end; at++) {
    const token = source.tokens[at];
    if (token && token.line !== line) variables.push(...specification(source, at));
    at = Math.max(at, source.partner[at] ?? 0);
    line = source.tokens[at]?.line ?? line;
  }
  return variables;
}

/** `a, b string`, `a = "x"`, `a string = "x"`. */
function specification(source: BracketedTokens, start: number): readonly GoText[] {
  const { tokens } = source;
  const names: GoText[] = [];
  let at = start;
  for (; tokens[at]?.kind === 'name' && names.length < 16; at += 2) {
    const { text, line } = tokens[at] as GoText;
    names.push({ text, line });
    if (!isOperator(source, at + 1, ',')) break;
  }
  const isString = tokens[at + 1]?.kind === 'name' && tokens[at + 1]?.text === 'string';
  const assign = isString ? at + 2 : at + 1;
  const hasValue = isOperator(source, assign, '=');
  const isLiteral = hasValue && tokens[assign + 1]?.kind === 'string' && !isOperator(source, assign + 2, '+');
  return isLiteral || (isString && !hasValue) ? names : [];
}
