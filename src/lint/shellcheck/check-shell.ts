import type { Severity } from '../../diagnostics/diagnostic.ts';
import { shellSource } from '../../shell/shell-source.ts';
import type { Fix } from '../finding.ts';
import type { LintFinding } from '../lint.ts';
import type { LintStep, LintSubject } from '../subject/lint-subject.ts';
import { stepsOf } from '../subject/steps.ts';
import type { CheckedScript, ShellChecker, ShellRemark } from './shell-checker.ts';

const SEVERITIES: Readonly<Record<ShellRemark['level'], Severity>> = {
  error: 'error',
  warning: 'warning',
  info: 'info',
  style: 'info',
};

/** What a shell checker says of the RUN steps, with places in the Dockerfile. Matters of style only where `strict`. */
export function checkShell(subject: LintSubject, checker: ShellChecker, strict: boolean): readonly LintFinding[] {
  const scripts = [...stepsOf(subject, 'RUN')].flatMap(({ step }) => scriptOf(step, subject) ?? []);
  return checker
    .check(scripts)
    .filter(({ level }) => strict || level !== 'style')
    .flatMap((remark) => findingOf(remark, scripts, subject) ?? []);
}

function scriptOf(step: LintStep, { text, dockerfile }: LintSubject): CheckedScript | undefined {
  const { instruction, commands, shell, variables } = step;
  if (instruction.kind !== 'RUN' || commands.length === 0) return undefined;
  const source = shellSource(instruction.command, text, dockerfile.escape);
  return source && { shell: shellName(shell), source, variables: [...variables.keys()] };
}

function shellName(shell: readonly string[] | undefined): CheckedScript['shell'] {
  const program = shell?.[0] ?? 'sh';
  const name = program.slice(program.lastIndexOf('/') + 1);
  return name === 'bash' || name === 'dash' || name === 'ksh' ? name : 'sh';
}

function findingOf(
  remark: ShellRemark,
  scripts: readonly CheckedScript[],
  { text }: LintSubject,
): LintFinding | undefined {
  const source = scripts[remark.script]?.source;
  if (!source) return undefined;
  const code = `SC${String(remark.code).padStart(4, '0')}`;
  const [start, end] = placeOf(remark, source);
  return {
    code,
    severity: SEVERITIES[remark.level],
    message: remark.message,
    range: text.rangeOf(start, end),
    docs: `https://www.shellcheck.net/wiki/${code}`,
    fix: fixOf(remark, source, text.text),
  };
}

type Source = CheckedScript['source'];

function placeOf(
  { start, end }: { readonly start: number; readonly end: number },
  { offsets }: Source,
): [number, number] {
  const first = offsets[start] ?? offsets.at(-1) ?? 0;
  const last = end > start ? (offsets[end - 1] ?? first) + 1 : first;
  return [first, Math.max(first, last)];
}

/** Only where the replaced text stands in one piece in the Dockerfile. */
function fixOf({ replacements, code }: ShellRemark, source: Source, dockerfile: string): Fix | undefined {
  const edits = replacements.map((replacement) => {
    const [start, end] = placeOf(replacement, source);
    const isWhole = dockerfile.slice(start, end) === source.text.slice(replacement.start, replacement.end);
    return isWhole && !replacement.text.includes('\n') ? { start, end, text: replacement.text } : undefined;
  });
  const known = edits.filter((edit) => edit !== undefined);
  if (known.length === 0 || known.length < edits.length) return undefined;
  return { title: `Do as shellcheck proposes for SC${code}`, safety: 'suggested', edits: known };
}
