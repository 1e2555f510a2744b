import { posix } from 'node:path';
import type { CopyInstruction, Word } from '../../dockerfile/ast.ts';
import { lineageSteps } from './lineage.ts';
import type { LintStage, LintStep, LintSubject } from './lint-subject.ts';
import { expandKnown } from './stage-steps.ts';
import { stageNamed } from './stage-use.ts';

/** One source of a COPY, and where it goes. */
export interface CopiedPath {
  /** In whose lineage the COPY stands. */
  readonly stage: LintStage;
  readonly step: LintStep<CopyInstruction>;
  readonly word: Word;
  /** Known variables expanded; of another stage: absolute. */
  readonly source: string;
  /** The stage it comes from; undefined for the context and for an image. */
  readonly from: LintStage | undefined;
  /** From an image or a named context. */
  readonly isForeign: boolean;
  /** Absolute, without a trailing slash; undefined where the folder is not known. */
  readonly destination: string | undefined;
  /** The destination is a folder into which the source goes, if it is a file. */
  readonly isInto: boolean;
}

/** What the COPY instructions of a stage, and of those that it begins from, bring, in order. Heredocs are left out. */
export function copiedPaths({ stages }: LintSubject, stage: LintStage): readonly CopiedPath[] {
  return lineageSteps(stage, 'COPY').flatMap(({ step, stage: own }) => {
    const { sources, destination, flags, heredocs } = step.instruction;
    const name = flags.find((flag) => flag.name === 'from')?.value;
    const from = name === undefined ? undefined : stageNamed(expandKnown(name, step.variables), stages);
    const written = expandKnown(destination.text, step.variables);
    const target = absolute(written, step.workdir);
    const isInto = /(?:^|\/)\.?\/?$/.test(written) || sources.length + heredocs.length > 1 || isFolder(target, step);
    return sources.map((word) => {
      const source = expandKnown(word.text, step.variables);
      return {
        stage: own,
        step,
        word,
        source: name === undefined ? source : posix.join('/', source),
        from,
        isForeign: name !== undefined && from === undefined,
        destination: target,
        isInto,
      };
    });
  });
}

/** Where a file lies once copied; undefined where that is not known. */
export function targetOfFile({ source, destination, isInto }: CopiedPath): string | undefined {
  if (destination === undefined || /[*?[$]/.test(source)) return undefined;
  return isInto ? posix.join(destination, posix.basename(source)) : destination;
}

/** Folders that any image with files in it has. */
const FOLDERS: ReadonlySet<string> = new Set(
  '/ /bin /sbin /etc /opt /srv /tmp /usr /usr/bin /usr/sbin /usr/local /usr/local/bin /var /var/lib /root'.split(' '),
);

function isFolder(target: string | undefined, { workdir }: LintStep): boolean {
  return target !== undefined && (FOLDERS.has(target) || target === workdir);
}

function absolute(path: string, workdir: string | undefined): string | undefined {
  if (path.includes('$')) return undefined;
  if (path.startsWith('/')) return posix.join(path).replace(/(?!^)\/+$/, '');
  return workdir?.startsWith('/') ? posix.join(workdir, path).replace(/(?!^)\/+$/, '') : undefined;
}
