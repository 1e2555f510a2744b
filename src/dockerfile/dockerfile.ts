/**
 * Reads a Dockerfile as BuildKit's frontend does: text in, a syntax tree with places out. Pure; expands nothing, knows
 * no build arguments and no context. What surprises: an error is the first in the file, whatever its kind; `# syntax=`
 * is recorded and not followed; only the first line of an instruction loses its indentation.
 */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { KnownError } from '../diagnostics/known-error.ts';
import { refuseUtf16 } from '../diagnostics/refuse-utf16.ts';
import type { Dockerfile, Instruction } from './ast.ts';
import { detectSyntax } from './detect-syntax.ts';
import { parseStatement } from './instructions/instructions.ts';
import { readPreamble } from './parser-directive.ts';
import { jsonArgsRecommended, noEmptyContinuation } from './parser-warnings.ts';
import { readStatements } from './statement.ts';

export type * from './ast.ts';
export { expandWord, expandWords } from './expand-word.ts';
export { parseInstruction } from './parse-instruction.ts';
export { printDockerfile } from './print-dockerfile.ts';

export interface ParseOptions {
  /** Name shown in messages; `Dockerfile` unless told. */
  readonly file?: string | undefined;
}

/** Parses a whole file. Throws KnownError with a DOCKERFILE_* code, a range and the source. */
export function parseDockerfile(source: string, options: ParseOptions = {}): Dockerfile {
  const file = options.file ?? 'Dockerfile';
  // Without the byte order mark, so that columns are those an editor shows.
  const text = source.replace(/^\ufeff/, '');
  try {
    return readDockerfile(text, file);
  } catch (error) {
    if (error instanceof KnownError) error.within(text);
    throw error;
  }
}

function readDockerfile(text: string, file: string): Dockerfile {
  refuseUtf16(text, { file, code: 'DOCKERFILE_SYNTAX' });
  refuseForeignSyntax(text, file);
  const { directives, escape: escapeToken, lineCount } = readPreamble(text, file);
  const instructions: Instruction[] = [];
  const warnings: Diagnostic[] = [];
  let hasStage = false;
  for (const statement of readStatements(text, { file, escapeToken, skipLines: lineCount })) {
    const instruction = parseStatement(statement);
    hasStage ||= instruction.kind === 'FROM';
    if (!hasStage && instruction.kind !== 'ARG') throw beforeFirstStage(instruction);
    instructions.push(instruction);
    if (statement.emptyContinuation) warnings.push(noEmptyContinuation(statement.emptyContinuation));
  }
  if (!hasStage) throw empty(instructions, file);
  return {
    file,
    source: text,
    directives,
    escape: escapeToken,
    instructions,
    warnings: [...warnings, ...jsonArgsRecommended(instructions)],
  };
}

/** A file whose frontend is named in another language's spelling is not a Dockerfile at all. */
function refuseForeignSyntax(text: string, file: string): void {
  const syntax = detectSyntax(text, file);
  if (!syntax || syntax.spelling === '#') return;
  throw new KnownError('DOCKERFILE_NOT_SUPPORTED', `The file is written for the frontend "${syntax.reference}".`, {
    range: syntax.directive.range,
    hint: 'Slipway reads Dockerfiles only and runs no other frontends.',
  });
}

function beforeFirstStage({ kind, keywordRange }: Instruction): KnownError {
  return new KnownError('DOCKERFILE_SYNTAX', `${kind} stands before the first FROM.`, {
    range: keywordRange,
    hint: 'Only ARG may stand there: begin with FROM.',
  });
}

function empty(instructions: readonly Instruction[], file: string): KnownError {
  const start = { line: 1, column: 1 };
  const message = instructions.length === 0 ? 'The file holds no instructions.' : 'The file has no FROM.';
  return new KnownError('DOCKERFILE_EMPTY', message, {
    range: instructions.at(-1)?.keywordRange ?? { file, start, end: start },
    hint: 'Begin with FROM and the image to build on, or with FROM scratch.',
  });
}
