import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { SourceRange } from '../diagnostics/source-range.ts';

/** Text of one word as written: quotes and escapes kept, variables not expanded (see `expand-word.ts`). */
export interface Word {
  readonly text: string;
  readonly range: SourceRange;
}

/** `--name=value` or `--name`, in front of an instruction's arguments. */
export interface Flag {
  /** Without the dashes, lower case. */
  readonly name: string;
  /** undefined when the flag was given without `=`. */
  readonly value: string | undefined;
  readonly range: SourceRange;
}

/** Dockerfile reference, "Here-documents". */
export interface Heredoc {
  /** The delimiter, which is also the file name COPY gives it. */
  readonly name: string;
  /** Variables in the content are expanded (by COPY and ADD): the delimiter was not quoted. */
  readonly expand: boolean;
  /** Leading tabs were removed (`<<-`). */
  readonly chomp: boolean;
  /** File descriptor in front of `<<`; 0 unless written. */
  readonly fd: number;
  /** With its final newline; as it stands after chomping. */
  readonly content: string;
  /** The content with its tabs, where they were removed: what a shell that reads the heredoc itself is given. */
  readonly raw?: string | undefined;
  readonly range: SourceRange;
}

/** `# name=value` at the top of the file. Names: syntax, escape, check. */
export interface ParserDirective {
  readonly name: string;
  readonly value: string;
  readonly range: SourceRange;
}

/** A command in either form. */
export type CommandLine =
  | { readonly form: 'exec'; readonly argv: readonly string[]; readonly range: SourceRange }
  | {
      readonly form: 'shell';
      /** Continuations joined as BuildKit joins them. */
      readonly command: string;
      readonly heredocs: readonly Heredoc[];
      readonly range: SourceRange;
    };

interface InstructionBase {
  /** The whole instruction, heredoc bodies included. */
  readonly range: SourceRange;
  /** The keyword alone. */
  readonly keywordRange: SourceRange;
  /** The keyword as written (its case). */
  readonly keyword: string;
  /** The instruction in one line as written, continuations joined, heredoc bodies left out: what progress shows. */
  readonly original: string;
  readonly flags: readonly Flag[];
  /** Text of the comment lines directly above, without `#`, for --call=outline. */
  readonly comment: readonly string[];
}

export interface KeyValue {
  readonly key: Word;
  readonly value: Word;
  /** The old `ENV key value` spelling. */
  readonly legacy: boolean;
}

export interface FromInstruction extends InstructionBase {
  readonly kind: 'FROM';
  readonly image: Word;
  readonly stageName: Word | undefined;
}
export interface ArgInstruction extends InstructionBase {
  readonly kind: 'ARG';
  readonly args: readonly { readonly name: Word; readonly value: Word | undefined }[];
}
export interface EnvInstruction extends InstructionBase {
  readonly kind: 'ENV';
  readonly pairs: readonly KeyValue[];
}
export interface LabelInstruction extends InstructionBase {
  readonly kind: 'LABEL';
  readonly pairs: readonly KeyValue[];
}
export interface RunInstruction extends InstructionBase {
  readonly kind: 'RUN';
  readonly command: CommandLine;
}
export interface CmdInstruction extends InstructionBase {
  readonly kind: 'CMD';
  readonly command: CommandLine;
}
export interface EntrypointInstruction extends InstructionBase {
  readonly kind: 'ENTRYPOINT';
  readonly command: CommandLine;
}
export interface CopyInstruction extends InstructionBase {
  readonly kind: 'COPY';
  readonly sources: readonly Word[];
  readonly destination: Word;
  /** Those among the sources' words that were heredocs, in order; their `<<` words are not in `sources`. */
  readonly heredocs: readonly Heredoc[];
}
export interface AddInstruction extends InstructionBase {
  readonly kind: 'ADD';
  readonly sources: readonly Word[];
  readonly destination: Word;
  readonly heredocs: readonly Heredoc[];
}
export interface WorkdirInstruction extends InstructionBase {
  readonly kind: 'WORKDIR';
  readonly path: Word;
}
export interface UserInstruction extends InstructionBase {
  readonly kind: 'USER';
  readonly user: Word;
}
export interface ExposeInstruction extends InstructionBase {
  readonly kind: 'EXPOSE';
  readonly ports: readonly Word[];
}
export interface VolumeInstruction extends InstructionBase {
  readonly kind: 'VOLUME';
  readonly paths: readonly Word[];
}
export interface StopsignalInstruction extends InstructionBase {
  readonly kind: 'STOPSIGNAL';
  readonly signal: Word;
}
export interface ShellInstruction extends InstructionBase {
  readonly kind: 'SHELL';
  readonly argv: readonly string[];
}
export interface MaintainerInstruction extends InstructionBase {
  readonly kind: 'MAINTAINER';
  readonly name: Word;
}
export interface HealthcheckInstruction extends InstructionBase {
  readonly kind: 'HEALTHCHECK';
  /** undefined: HEALTHCHECK NONE. */
  readonly command: CommandLine | undefined;
}
export interface OnbuildInstruction extends InstructionBase {
  readonly kind: 'ONBUILD';
  /** What the config keeps: the trigger as written. */
  readonly expression: string;
  readonly trigger: Instruction;
}

export type Instruction =
  | FromInstruction
  | ArgInstruction
  | EnvInstruction
  | LabelInstruction
  | RunInstruction
  | CmdInstruction
  | EntrypointInstruction
  | CopyInstruction
  | AddInstruction
  | WorkdirInstruction
  | UserInstruction
  | ExposeInstruction
  | VolumeInstruction
  | StopsignalInstruction
  | ShellInstruction
  | MaintainerInstruction
  | HealthcheckInstruction
  | OnbuildInstruction;

export type InstructionKind = Instruction['kind'];

/** A Dockerfile as read. Instructions are in order; those before the first FROM can only be ARG. */
export interface Dockerfile {
  /** Name shown to people. */
  readonly file: string;
  /** The text, for code frames. */
  readonly source: string;
  readonly directives: readonly ParserDirective[];
  readonly escape: '\\' | '`';
  readonly instructions: readonly Instruction[];
  /** Findings of BuildKit's checks that only the parser can see (JSON arguments, empty continuation lines …). */
  readonly warnings: readonly Diagnostic[];
}
