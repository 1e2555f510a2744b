import type { InstructionKind } from '../dockerfile/ast.ts';
import { INSTRUCTIONS } from '../dockerfile/instructions/instructions.ts';

/** Where a cursor is in a text that may not be a Dockerfile yet. */
export interface Cursor {
  /** The instruction that the line belongs to; undefined in front of one, and for an unknown word. */
  readonly instruction: InstructionKind | undefined;
  /** What is being typed: from the last blank to the cursor. */
  readonly word: string;
  /** The instruction's text in front of the word. */
  readonly before: string;
  /** In a comment, or in the content of a heredoc. */
  readonly isInert: boolean;
}

/** `offset` counts UTF-16 code units. Never fails. */
export function cursorAt(text: string, offset: number): Cursor {
  const lines = text.slice(0, offset).split('\n');
  const current = lines.at(-1) ?? '';
  const logical = logicalLine(lines);
  const word = /\S*$/.exec(logical)?.[0] ?? '';
  const keyword = /^\s*([A-Za-z]+)\s/.exec(logical)?.[1]?.toUpperCase();
  return {
    instruction: keyword && Object.hasOwn(INSTRUCTIONS, keyword) ? (keyword as InstructionKind) : undefined,
    word,
    before: logical.slice(0, logical.length - word.length),
    isInert: /^\s*#/.test(current) || isInHeredoc(lines),
  };
}

/** The line of the cursor with those it continues. */
function logicalLine(lines: readonly string[]): string {
  let at = lines.length - 1;
  let text = lines[at] ?? '';
  for (; at > 0; at--) {
    const above = lines[at - 1] ?? '';
    if (/^\s*#/.test(above)) continue;
    const continued = /^(.*)[\\`][ \t\r]*$/.exec(above)?.[1];
    if (continued === undefined) break;
    text = continued + text;
  }
  return text;
}

function isInHeredoc(lines: readonly string[]): boolean {
  let open: string[] = [];
  for (const line of lines.slice(0, -1)) {
    if (open.length > 0) {
      if (line.replace(/^\t+/, '').trimEnd() === open[0]) open = open.slice(1);
    } else if (/^\s*(?:RUN|COPY|ADD)\s/i.test(line)) {
      open = [...line.matchAll(/<<-?["']?(\w+)["']?/g)].map(([, name = '']) => name);
    }
  }
  return open.length > 0;
}
