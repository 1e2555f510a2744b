/** What a target asks of whoever builds it: the arguments, secrets and agents that its stages can see. */
import type { SourceRange } from '../../diagnostics/source-range.ts';
import type { ArgInstruction } from '../../dockerfile/ast.ts';
import { expandWord } from '../../dockerfile/expand-word.ts';
import type { BuildGraph } from '../graph/vertex.ts';
import { describedBy } from './described-by.ts';
import type { GlobalArgs } from './stage/global-args.ts';
import type { SplitDockerfile, StageSource } from './stage/split-stages.ts';
import type { StageState } from './stage/stage-state.ts';

export interface OutlineArg {
  readonly name: string;
  readonly value: string | undefined;
  readonly description: string | undefined;
  readonly range: SourceRange;
}

export interface OutlineMount {
  readonly id: string;
  readonly required: boolean;
  readonly range: SourceRange;
}

export interface Outline {
  readonly name: string | undefined;
  readonly description: string | undefined;
  /** All in the order of their places. */
  readonly args: readonly OutlineArg[];
  readonly secrets: readonly OutlineMount[];
  readonly ssh: readonly OutlineMount[];
}

export interface OutlineInputs {
  readonly split: SplitDockerfile;
  readonly globalArgs: GlobalArgs;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly escape: '\\' | '`';
  /** The stages that the target needs, by index; the target's own among them. */
  readonly lowered: ReadonlyMap<number, StageState>;
  readonly target: number;
  readonly graph: BuildGraph;
}

/** As `--call=outline` of BuildKit: ARGs of the needed stages, and global ones that they or their FROM use. */
export function outlineOf(inputs: OutlineInputs): Outline {
  const { split, target, graph } = inputs;
  const from = split.stages[target]?.from;
  const name = from?.stageName?.text.toLowerCase();
  return {
    name,
    description: from && name !== undefined ? describedBy(from, name) : undefined,
    args: byPlace(usedArgs(inputs)),
    secrets: byPlace(mounts(graph, 'secret')),
    ssh: byPlace(mounts(graph, 'ssh')),
  };
}

function byPlace<T extends { readonly range: SourceRange }>(items: readonly T[]): readonly T[] {
  return [...items].sort((a, b) => a.range.start.line - b.range.start.line);
}

/** Of stages that declare the same name the target counts, then the nearest above it. */
function usedArgs(inputs: OutlineInputs): readonly OutlineArg[] {
  const { split, lowered, target } = inputs;
  const args = new Map<string, OutlineArg>();
  const usedGlobals = new Set<string>();
  const own = [...lowered.keys()].filter((index) => index < split.stages.length).sort((a, b) => b - a);
  for (const index of [target, ...own]) {
    const stage = split.stages[index];
    const state = lowered.get(index);
    if (!stage || !state) continue;
    for (const arg of stageArgs(stage, state, inputs)) if (!args.has(arg.name)) args.set(arg.name, arg);
    for (const name of namesInFrom(stage, inputs)) usedGlobals.add(name);
    for (const instruction of argsOf(stage)) for (const { name } of instruction.args) usedGlobals.add(name.text);
  }
  for (const arg of globalsOf(inputs, usedGlobals)) if (!args.has(arg.name)) args.set(arg.name, arg);
  return [...args.values()];
}

function argsOf({ instructions }: StageSource): readonly ArgInstruction[] {
  return instructions.filter((instruction) => instruction.kind === 'ARG');
}

/** One that only passes a global argument on is not a declaration of its own. */
function stageArgs(stage: StageSource, { buildArgs }: StageState, inputs: OutlineInputs): readonly OutlineArg[] {
  return argsOf(stage).flatMap((instruction) =>
    instruction.args.flatMap(({ name: { text: name }, value: written }) => {
      const value = buildArgs.findLast((arg) => arg.name === name)?.value;
      const isPassedOn =
        written === undefined &&
        !Object.hasOwn(inputs.buildArgs, name) &&
        inputs.globalArgs.values.get(name) !== undefined;
      return isPassedOn ? [] : [{ name, value, description: describedBy(instruction, name), range: instruction.range }];
    }),
  );
}

function namesInFrom({ from }: StageSource, { globalArgs, escape: escapeCharacter }: OutlineInputs): readonly string[] {
  const words = [from.image.text, from.flags.find(({ name }) => name === 'platform')?.value ?? ''];
  return words.flatMap((word) => [...expandWord(word, globalArgs.values, { escape: escapeCharacter }).used]);
}

/** Those that are used, and those that their defaults are made of. */
function globalsOf(inputs: OutlineInputs, used: ReadonlySet<string>): readonly OutlineArg[] {
  const { split, globalArgs, escape: escapeCharacter } = inputs;
  const wanted = new Set(used);
  const found: OutlineArg[] = [];
  for (const instruction of [...split.globalArgs].reverse()) {
    for (const { name, value } of [...instruction.args].reverse()) {
      if (!wanted.has(name.text)) continue;
      for (const part of expandWord(value?.text ?? '', globalArgs.values, { escape: escapeCharacter }).used)
        wanted.add(part);
      found.push({
        name: name.text,
        value: globalArgs.values.get(name.text),
        description: describedBy(instruction, name.text),
        range: instruction.range,
      });
    }
  }
  return found;
}

/** Of several mounts of one id the first counts. */
function mounts(graph: BuildGraph, type: 'secret' | 'ssh'): readonly OutlineMount[] {
  const found = new Map<string, OutlineMount>();
  for (const { op, origin: range } of graph.vertices) {
    if (op.kind !== 'exec' || range === undefined) continue;
    for (const mount of op.mounts) {
      if (mount.type !== type || found.has(mount.id)) continue;
      found.set(mount.id, { id: mount.id, required: mount.required, range });
    }
  }
  return [...found.values()];
}
