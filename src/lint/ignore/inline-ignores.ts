import type { SourceRange } from '../../diagnostics/source-range.ts';
import { SourceText } from '../../diagnostics/source-text.ts';
import type { Dockerfile, Instruction } from '../../dockerfile/ast.ts';

/** A comment that silences rules: `# slipway ignore=RULE,… reason`, or hadolint's `# hadolint ignore=DL3008`. */
export interface InlineIgnore {
  /** Names as written: of rules, of checks, of hadolint. */
  readonly names: readonly string[];
  /** The instruction it stands above or in; undefined: the whole file (`# slipway global ignore=`). */
  readonly instruction: Instruction | undefined;
  readonly reason: string;
  readonly range: SourceRange;
  readonly dialect: 'slipway' | 'hadolint';
}

const COMMENT = /^\s*#\s*(slipway|hadolint)\s+(global\s+)?ignore\s*=\s*([\w-]+(?:\s*,\s*[\w-]+)*)\s*(.*)$/;

/** In the order of the file. Comments of a heredoc's content are data and silence nothing. */
export function inlineIgnores(dockerfile: Dockerfile): readonly InlineIgnore[] {
  if (!/ignore/.test(dockerfile.source)) return [];
  const text = new SourceText(dockerfile.file, dockerfile.source);
  const documents = dockerfile.instructions.flatMap(heredocRanges);
  const ignores: InlineIgnore[] = [];
  for (let number = 1; number <= text.lineCount; number++) {
    const line = text.line(number);
    const match = COMMENT.exec(line);
    if (!match || documents.some(({ start, end }) => start.line <= number && number <= end.line)) continue;
    const [, dialect, global, names = '', reason = ''] = match;
    const instruction = global ? undefined : dockerfile.instructions.find(({ range }) => range.end.line >= number);
    // Behind the last instruction there is nothing to silence.
    if (!global && !instruction) continue;
    ignores.push({
      dialect: dialect === 'hadolint' ? 'hadolint' : 'slipway',
      names: names.split(',').map((name) => name.trim()),
      instruction,
      reason: reason.trim(),
      range: {
        file: text.file,
        start: { line: number, column: line.search(/\S/) + 1 },
        end: { line: number, column: line.length + 1 },
      },
    });
  }
  return ignores;
}

function heredocRanges(instruction: Instruction): readonly SourceRange[] {
  if (instruction.kind === 'COPY' || instruction.kind === 'ADD') return instruction.heredocs.map(({ range }) => range);
  if (instruction.kind !== 'RUN' || instruction.command.form === 'exec') return [];
  return instruction.command.heredocs.map(({ range }) => range);
}
