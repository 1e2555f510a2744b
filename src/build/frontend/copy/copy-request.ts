import type { AddInstruction, CopyInstruction, Flag, Heredoc } from '../../../dockerfile/ast.ts';
import type { Vertex } from '../../graph/vertex.ts';
import { createContentExpander, createExpander } from '../expand/expander.ts';
import type { InstructionContext } from '../instructions/lowering.ts';
import type { StageState } from '../stage/stage-state.ts';

/** What COPY and ADD ask for, expanded. */
export interface CopyRequest {
  readonly instruction: CopyInstruction | AddInstruction;
  readonly sources: readonly string[];
  readonly documents: readonly Pick<Heredoc, 'name' | 'content'>[];
  /** As written after expansion: neither absolute nor clean. */
  readonly destination: string;
  /** '' where it is not given. */
  readonly chown: string;
  readonly chmod: string;
  readonly checksum: string;
  readonly link: boolean;
  readonly parents: boolean;
  readonly exclude: readonly string[];
  /** undefined: not said. */
  readonly keepGitDir: boolean | undefined;
  readonly unpack: boolean | undefined;
  /** Where the sources are; the build context, or what --from names. */
  readonly from: Vertex;
}

/** Every word and flag value but --exclude and --from is expanded; heredocs unless their delimiter was quoted. */
export function readCopyRequest(
  state: StageState,
  { instruction, from }: Pick<CopyRequest, 'instruction' | 'from'>,
  context: InstructionContext,
): CopyRequest {
  const expand = createExpander(state, instruction, context);
  const expandContent = createContentExpander(state, instruction, context);
  const flags = instruction.flags;
  return {
    instruction,
    from,
    chown: expand(lastValue(flags, 'chown')),
    chmod: expand(lastValue(flags, 'chmod')),
    checksum: expand(lastValue(flags, 'checksum')),
    sources: instruction.sources.map((word) => expand(word.text)),
    destination: expand(instruction.destination.text),
    documents: instruction.heredocs.map(({ name, content, expand: expanded }) => {
      return { name, content: expanded ? expandContent(content) : content };
    }),
    link: booleanFlag(flags, 'link') ?? false,
    parents: booleanFlag(flags, 'parents') ?? false,
    exclude: flags.filter((flag) => flag.name === 'exclude').map((flag) => flag.value ?? ''),
    keepGitDir: booleanFlag(flags, 'keep-git-dir'),
    unpack: booleanFlag(flags, 'unpack'),
  };
}

function lastValue(flags: readonly Flag[], name: string): string {
  return flags.findLast((flag) => flag.name === name)?.value ?? '';
}

function booleanFlag(flags: readonly Flag[], name: string): boolean | undefined {
  const flag = flags.findLast((candidate) => candidate.name === name);
  return flag === undefined ? undefined : (flag.value ?? 'true').toLowerCase() === 'true';
}
