import type { SourceRange } from '../../../diagnostics/source-range.ts';
import type { FromInstruction, Instruction } from '../../../dockerfile/ast.ts';
import type { Platform } from '../../../image/platform.ts';

/** Whatever may stand in a stage. */
export type StageInstruction = Exclude<Instruction, FromInstruction>;

export interface StageCommand {
  readonly instruction: StageInstruction;
  /** Stages it reads from, by index: of `COPY --from`, or one a mount of RUN. */
  readonly sources: readonly number[];
  /** Added by a trigger of the base. */
  readonly onBuild: boolean;
}

/**
 * A stage before anything is resolved: one of the Dockerfile's, or an implicit one for an image, a context or the
 * empty root that `--from` names. Stages refer to each other by their index in the list of stages.
 */
export interface StagePlan {
  readonly index: number;
  /** Lower case; undefined when it has none. */
  readonly name: string | undefined;
  /** What progress calls it: the name or `stage-<index>`; '' where there is only one stage. */
  readonly label: string;
  /** Expanded; what FROM names. */
  readonly baseName: string;
  /** The earlier stage that `baseName` is, when it is one. */
  readonly base: number | undefined;
  /** --platform. */
  readonly platform: Platform | undefined;
  /** The named context that stands in for the whole stage. */
  readonly replacedBy: string | undefined;
  readonly commands: readonly StageCommand[];
  /** Steps that progress counts. */
  readonly stepTotal: number;
  readonly ignoreCache: boolean;
  readonly implicit: boolean;
  readonly origin: SourceRange;
}

/** All stages in order, the Dockerfile's own ones first; a stage's place is its index. */
export type StageTable = readonly StagePlan[];

/** Names are case-insensitive here, unlike in FROM; of equal names the last one counts. */
export function findStage(stages: StageTable, name: string): StagePlan | undefined {
  return stages.findLast((stage) => stage.name === name.toLowerCase());
}

/** The names that can be referred to, and `stage-<index>` of those that have none. */
export function stageLabels(stages: StageTable): readonly string[] {
  return stages.filter((stage) => !stage.implicit && stage.label !== '').map((stage) => stage.label);
}
