import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { SourceRange } from '../diagnostics/source-range.ts';
import type { CmdInstruction, EntrypointInstruction, Instruction } from './ast.ts';

const DOCS = 'https://docs.docker.com/go/dockerfile/rule';

/** BuildKit's check NoEmptyContinuation, at the last line of the instruction, where BuildKit reports it. */
export function noEmptyContinuation(range: SourceRange): Diagnostic {
  return {
    code: 'NoEmptyContinuation',
    severity: 'warning',
    message: 'an instruction goes on behind an empty line',
    range,
    hint: 'Remove the empty line, or make it a comment.',
    docs: `${DOCS}/no-empty-continuation/`,
  };
}

/** BuildKit's check JSONArgsRecommended: CMD and ENTRYPOINT in shell form, unless the stage or its base has a SHELL. */
export function jsonArgsRecommended(instructions: readonly Instruction[]): readonly Diagnostic[] {
  const stagesWithShell = new Set<string>();
  const warnings: Diagnostic[] = [];
  let stage: string | undefined;
  let hasShell = false;
  for (const instruction of instructions) {
    if (instruction.kind === 'FROM') {
      stage = instruction.stageName?.text.toLowerCase();
      hasShell = stagesWithShell.has(instruction.image.text.toLowerCase());
    } else if (instruction.kind === 'SHELL') hasShell = true;
    else if ((instruction.kind === 'CMD' || instruction.kind === 'ENTRYPOINT') && !hasShell) {
      if (instruction.command.form === 'shell') warnings.push(shellForm(instruction));
    }
    if (hasShell && stage !== undefined) stagesWithShell.add(stage);
  }
  return warnings;
}

function shellForm({ kind, range }: CmdInstruction | EntrypointInstruction): Diagnostic {
  return {
    code: 'JSONArgsRecommended',
    severity: 'warning',
    message: `${kind} in shell form runs under a shell, which does not hand signals on`,
    range,
    hint: `Write it as a JSON array: ${kind} ["program", "argument"]`,
    docs: `${DOCS}/json-args-recommended/`,
  };
}
