import type { SourceText } from '../../diagnostics/source-text.ts';
import type { Dockerfile, FromInstruction, Instruction, Word } from '../../dockerfile/ast.ts';
import type { Reference } from '../../image/reference.ts';
import type { ShellCommand } from '../../shell/shell-command.ts';
import type { LintContext } from './lint-context.ts';
import type { MeasuredSteps } from './measured-steps.ts';
import type { SubjectModule } from './subject-module.ts';

/** A Dockerfile as rules look at it: what the text says, worked out as far as that goes without running anything. */
export interface LintSubject {
  readonly dockerfile: Dockerfile;
  readonly text: SourceText;
  /** At least one. */
  readonly stages: readonly LintStage[];
  /** The stage that is built unless a build says otherwise: the last. */
  readonly target: LintStage;
  /** The build context; undefined where there is none (stdin, an editor's unsaved text). */
  readonly context: LintContext | undefined;
  /** The Go module that the image is built from, read when it is first asked for; undefined where there is none. */
  readonly module: SubjectModule | undefined;
  /** What the user decided; see `lint-policy.ts`. */
  readonly policy: LintPolicy;
  /** From the record of the last build; undefined where there is none. */
  readonly measured: MeasuredSteps | undefined;
}

export interface LintPolicy {
  /** What FROM must carry: any tag but latest, or a digest. */
  readonly pin: 'tag' | 'digest';
  /** Registries images may come from; any when empty. */
  readonly registries: readonly string[];
  /** Labels that every image must have. */
  readonly requiredLabels: readonly string[];
}

export type StageBase =
  | { readonly kind: 'scratch' }
  | { readonly kind: 'stage'; readonly stage: LintStage }
  | {
      readonly kind: 'image';
      /** Variables expanded by their defaults. */
      readonly name: string;
      /** undefined where the name is none once expanded, or hangs on a variable without a default. */
      readonly reference: Reference | undefined;
      /** The name is made of variables. */
      readonly isVariable: boolean;
    };

export interface LintStage {
  readonly index: number;
  /** Lower case, as stages are looked up. */
  readonly name: string | undefined;
  readonly from: FromInstruction;
  readonly base: StageBase;
  /** The base at the bottom of the chain of stages; never a stage. */
  readonly rootBase: Exclude<StageBase, { readonly kind: 'stage' }>;
  /** Without the FROM. */
  readonly steps: readonly LintStep[];
  /** The target is made of it: by FROM, COPY --from or a mount, directly or through other stages. */
  readonly isNeeded: boolean;
  /** It is the target, or the target begins from it: its files and settings are in the image. */
  readonly isShipped: boolean;
}

/** An instruction and what holds where it stands; what a base image sets is not known and left out. */
export interface LintStep<I extends Instruction = Instruction> {
  readonly instruction: I;
  /** What RUN, CMD, ENTRYPOINT or HEALTHCHECK call, in order; empty for others, and where no POSIX shell reads the text. */
  readonly commands: readonly ShellCommand[];
  /** As USER says, in this stage or one that it begins from; undefined: the base's own. */
  readonly user: string | undefined;
  /** As WORKDIR says, absolute where that is known; undefined: the base's own. */
  readonly workdir: string | undefined;
  /** As SHELL says; undefined: the base's own, /bin/sh -c on Linux. */
  readonly shell: readonly string[] | undefined;
  /** Values of ENV and defaults of ARG that are known here. */
  readonly variables: ReadonlyMap<string, string>;
}

export type { Word };
