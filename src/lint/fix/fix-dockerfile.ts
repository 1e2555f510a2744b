import { KnownError } from '../../diagnostics/known-error.ts';
import { SourceText } from '../../diagnostics/source-text.ts';
import type { Dockerfile, Instruction } from '../../dockerfile/ast.ts';
import { parseDockerfile, printDockerfile } from '../../dockerfile/dockerfile.ts';
import type { FileWrite, Fix, TextEdit } from '../finding.ts';
import { type LintFinding, type LintReport, type LintRequest, lint } from '../lint.ts';
import { applyEdits, overlaps } from './apply-edits.ts';

/** `safe` fixes only, or `all`. */
export type FixMode = 'safe' | 'all';

export interface FixedDockerfile {
  readonly source: string;
  /** Files beside it that fixes write; the last word for each path. */
  readonly writes: readonly FileWrite[];
  /** What was applied, in order. */
  readonly applied: readonly { readonly code: string; readonly title: string; readonly line: number }[];
  /** What is left to say of the result. */
  readonly report: LintReport;
}

/** Fixes can make room for others; a circle of them ends here. */
const MOST_ROUNDS = 10;

/**
 * Applies fixes and lints again until none is left. Comments and formatting outside of the edits stay; a fix after which
 * the file would not parse, or other instructions than those it edits would read differently, is not applied.
 */
export async function fixDockerfile(request: LintRequest, mode: FixMode): Promise<FixedDockerfile> {
  let report = await lint(request);
  let { source } = request;
  const writes = new Map<string, FileWrite>();
  const applied: { code: string; title: string; line: number }[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const chosen = chooseFixes(report, mode, writes);
    if (chosen.length === 0) break;
    source = applyEdits(
      source,
      chosen.flatMap(({ fix }) => fix.edits),
    );
    for (const { fix } of chosen) for (const write of fix.writes ?? []) writes.set(write.path, write);
    applied.push(...chosen.map(({ code, fix, range }) => ({ code, title: fix.title, line: range.start.line })));
    report = await lint({ ...request, source, parsed: undefined });
  }
  return { source, writes: [...writes.values()], applied, report };
}

type FixableFinding = LintFinding & { readonly fix: Fix };

/** As many as go together, in the order of the file. */
function chooseFixes(
  { findings, source, file }: LintReport,
  mode: FixMode,
  written: ReadonlyMap<string, FileWrite>,
): readonly FixableFinding[] {
  const before = parsed(source, file);
  const chosen: FixableFinding[] = [];
  const taken: TextEdit[] = [];
  const paths = new Set(written.keys());
  for (const finding of findings) {
    if (!isFixable(finding, mode) || !before) continue;
    const { edits, writes = [] } = finding.fix;
    if (edits.length + writes.length === 0 || writes.some(({ path }) => paths.has(path))) continue;
    if (edits.some((edit) => taken.some((other) => overlaps(edit, other)))) continue;
    if (!readsAlike(before, [...taken, ...edits])) continue;
    chosen.push(finding);
    taken.push(...edits);
    for (const { path } of writes) paths.add(path);
  }
  return chosen;
}

function isFixable(finding: LintFinding, mode: FixMode): finding is FixableFinding {
  return finding.fix !== undefined && (mode === 'all' || finding.fix.safety === 'safe');
}

function parsed(source: string, file: string): Dockerfile | undefined {
  try {
    return parseDockerfile(source, { file });
  } catch (error) {
    if (error instanceof KnownError) return undefined;
    throw error;
  }
}

/** The instructions that no edit touches are all there, in order, and mean what they meant. */
function readsAlike(before: Dockerfile, edits: readonly TextEdit[]): boolean {
  const after = parsed(applyEdits(before.source, edits), before.file);
  if (!after) return false;
  const text = new SourceText(before.file, before.source);
  const untouched = before.instructions.filter(
    (instruction) => !edits.some((edit) => touches(instruction, edit, text)),
  );
  const rest = after.instructions.map((instruction) => printed(instruction, after));
  let at = -1;
  return untouched.every((instruction) => {
    at = rest.indexOf(printed(instruction, before), at + 1);
    return at >= 0;
  });
}

function touches({ range }: Instruction, { start, end }: TextEdit, text: SourceText): boolean {
  return start <= text.offsetAt(range.end) && end >= text.offsetAt(range.start);
}

function printed(instruction: Instruction, dockerfile: Dockerfile): string {
  return printDockerfile({ ...dockerfile, directives: [], instructions: [instruction] });
}
