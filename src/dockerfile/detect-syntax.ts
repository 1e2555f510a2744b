import type { ParserDirective } from './ast.ts';
import { findDirective } from './parser-directive.ts';

/** The frontend a file asks for. */
export interface SyntaxDirective {
  /** The image: the directive's first word. */
  readonly reference: string;
  readonly directive: ParserDirective;
  /** How it was written: `#` is a Dockerfile's own spelling, the others belong to other languages. */
  readonly spelling: '#' | '//' | 'json';
}

/**
 * Finds `# syntax=`, else `// syntax=`, else the member "syntax" of a JSON object, each after an optional `#!` line.
 * Slipway fetches no frontend; who builds decides what to do about a foreign one.
 */
export function detectSyntax(source: string, file = 'Dockerfile'): SyntaxDirective | undefined {
  const text = source.replace(/^\ufeff/, '');
  const hash = findDirective(text, 'syntax', file);
  if (hash) return syntaxFrom(hash, '#');
  const slashes = findDirective(text, 'syntax', file, '//');
  if (slashes) return syntaxFrom(slashes, '//');
  const json = findMember(text);
  return json === undefined ? undefined : syntaxFrom(memberDirective(json, text, file), 'json');
}

function syntaxFrom(directive: ParserDirective, spelling: SyntaxDirective['spelling']): SyntaxDirective {
  const reference = spelling === 'json' ? directive.value : (directive.value.split(' ', 1)[0] ?? '');
  return { reference, directive, spelling };
}

function findMember(text: string): string | undefined {
  const body = text.replace(/^#![^\n]*\n?/, '');
  if (!body.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null || !('syntax' in value)) return undefined;
    return typeof value.syntax === 'string' ? value.syntax : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function memberDirective(value: string, text: string, file: string): ParserDirective {
  const line = text.startsWith('#!') ? 2 : 1;
  return { name: 'syntax', value, range: { file, start: { line, column: 1 }, end: { line, column: 1 } } };
}
