import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import type { Vertex } from '../../graph/vertex.ts';
import type { FrontendOptions } from '../build-plan.ts';
import type { StageInstruction } from '../stage/stage-plan.ts';
import type { StageState } from '../stage/stage-state.ts';
import type { EnvList } from '../value/env-list.ts';

/** What every lowering of one build shares. */
export interface LoweringContext {
  readonly options: FrontendOptions;
  readonly escape: '\\' | '`';
  /** Predefined arguments and the ARGs before the first FROM. */
  readonly globalArgs: EnvList;
  readonly epochSeconds: number | undefined;
  report(finding: Diagnostic): void;
}

/** What the lowering of one instruction may use beside it. */
export interface InstructionContext extends LoweringContext {
  /** What it reads from, in order (see `StageCommand`). */
  readonly sources: readonly InstructionSource[];
  /** A trigger of the base brought it here. */
  readonly onBuild: boolean;
}

/** A stage that an instruction reads from. */
export interface InstructionSource {
  /** undefined: the empty root. */
  readonly root: Vertex | undefined;
}

export type StageInstructionKind = StageInstruction['kind'];
export type InstructionOf<Kind extends StageInstructionKind> = Extract<StageInstruction, { readonly kind: Kind }>;

/** Takes an instruction into account: the state after it. Pure but for findings, which it reports. */
export type Lowering<Kind extends StageInstructionKind> = (
  state: StageState,
  instruction: InstructionOf<Kind>,
  context: InstructionContext,
) => StageState;
