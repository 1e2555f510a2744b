import { KnownError } from '../../diagnostics/known-error.ts';
import { SourceText } from '../../diagnostics/source-text.ts';
import type { Dockerfile, FromInstruction, Instruction } from '../../dockerfile/ast.ts';
import { parseReference, type Reference } from '../../image/reference.ts';
import type { LintContext } from './lint-context.ts';
import type { LintPolicy, LintStage, LintStep, LintSubject, StageBase } from './lint-subject.ts';
import type { MeasuredSteps } from './measured-steps.ts';
import { expandKnown, FIRST_STATE, type StepScope, type StepState, stageSteps } from './stage-steps.ts';
import { neededStages, shippedStages } from './stage-use.ts';
import { readSubjectModule, type SubjectModule } from './subject-module.ts';
import { isWindowsImage } from './windows-image.ts';

export interface SubjectOptions {
  readonly context: LintContext | undefined;
  readonly policy: LintPolicy;
  readonly measured?: MeasuredSteps | undefined;
}

/** Works out what rules look at. Reads no file before a rule asks for the context or the module. */
export function readSubject(dockerfile: Dockerfile, { context, policy, measured }: SubjectOptions): LintSubject {
  const text = new SourceText(dockerfile.file, dockerfile.source);
  const stages = readStages(dockerfile, text);
  const target = stages.at(-1);
  if (!target) throw new Error('a parsed Dockerfile has a stage');
  let read: { readonly module: SubjectModule | undefined } | undefined;
  return {
    dockerfile,
    text,
    stages,
    target,
    context,
    policy,
    measured,
    get module() {
      read ??= { module: context && readSubjectModule(stages, context) };
      return read.module;
    },
  };
}

/** A stage that is not linked to the one it begins from. */
export interface UnlinkedStage {
  readonly index: number;
  readonly name: string | undefined;
  readonly from: FromInstruction;
  readonly baseName: string;
  /** Index of the stage it begins from. */
  readonly parent: number | undefined;
  readonly isWindows: boolean;
  readonly steps: readonly LintStep[];
  readonly end: StepState;
}

function readStages(dockerfile: Dockerfile, text: SourceText): readonly LintStage[] {
  const { globalArgs, sources } = splitStages(dockerfile);
  const scope = { text, escape: dockerfile.escape, globalArgs, isWindows: false };
  const unlinked: UnlinkedStage[] = [];
  for (const source of sources) unlinked.push(readStage(source, unlinked, scope));
  const needed = neededStages(unlinked);
  const shipped = shippedStages(unlinked);
  const stages: LintStage[] = [];
  for (const { index, name, from, steps, ...stage } of unlinked) {
    const base = linkBase({ from, ...stage }, stages);
    const rootBase = base.kind === 'stage' ? base.stage.rootBase : base;
    const use = { isNeeded: needed.has(index), isShipped: shipped.has(index) };
    stages.push({ index, name, from, steps, base, rootBase, ...use });
  }
  return stages;
}

interface StageText {
  readonly from: FromInstruction;
  readonly instructions: Instruction[];
}

function splitStages({ instructions, escape: escapeToken }: Dockerfile) {
  const globalArgs = new Map<string, string>();
  const sources: StageText[] = [];
  for (const instruction of instructions) {
    if (instruction.kind === 'FROM') sources.push({ from: instruction, instructions: [] });
    else if (sources.length > 0) sources.at(-1)?.instructions.push(instruction);
    else if (instruction.kind === 'ARG') {
      for (const { name, value } of instruction.args)
        if (value) globalArgs.set(name.text, expandKnown(value.text, globalArgs, escapeToken));
    }
  }
  return { globalArgs, sources };
}

function readStage(source: StageText, earlier: readonly UnlinkedStage[], scope: StepScope): UnlinkedStage {
  const { from, instructions } = source;
  const baseName = expandKnown(from.image.text, scope.globalArgs, scope.escape);
  const parent = earlier.findLast(({ name }) => name === baseName.toLowerCase());
  const isWindows = parent?.isWindows ?? isWindowsImage(baseName);
  const read = stageSteps(instructions, parent?.end ?? FIRST_STATE, { ...scope, isWindows });
  const name = from.stageName?.text.toLowerCase();
  return { index: earlier.length, name, from, baseName, parent: parent?.index, isWindows, ...read };
}

function linkBase(
  { from, baseName, parent }: Pick<UnlinkedStage, 'from' | 'baseName' | 'parent'>,
  linked: readonly LintStage[],
): StageBase {
  const stage = parent === undefined ? undefined : linked[parent];
  if (stage) return { kind: 'stage', stage };
  if (baseName === 'scratch') return { kind: 'scratch' };
  const isVariable = from.image.text.includes('$');
  return { kind: 'image', name: baseName, reference: referenceOf(baseName), isVariable };
}

function referenceOf(name: string): Reference | undefined {
  if (name.includes('$')) return undefined;
  try {
    return parseReference(name);
  } catch (error) {
    if (error instanceof KnownError) return undefined;
    throw error;
  }
}
