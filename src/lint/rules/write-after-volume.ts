import { type ShellCommand, wrappedCommand } from '../../shell/shell-command.ts';
import type { Rule } from '../rule.ts';
import { parseArgs } from '../subject/command-line.ts';
import { absolutePath } from '../subject/destination-paths.ts';
import type { LintStage, LintStep } from '../subject/lint-subject.ts';
import { covers } from '../subject/shipped-binaries.ts';
import { stepsIn } from '../subject/steps.ts';

/** Dockerfile reference, "Notes about specifying volumes": the classic builder runs steps with a volume mounted there. */
export const writeAfterVolume: Rule = {
  name: 'write-after-volume',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'A RUN writes below a VOLUME, which some builders drop',

  *check(subject) {
    for (const stage of subject.stages) {
      const volumes = volumesIn(stage);
      for (const step of volumes.length > 0 ? stepsIn(stage, 'RUN') : []) {
        const above = volumes.filter((volume) => stage.steps.indexOf(volume.step) < stage.steps.indexOf(step));
        for (const command of above.length > 0 ? step.commands.map(wrappedCommand) : []) {
          const written = writtenPaths(command, step).find((path) => above.some((volume) => covers(volume.path, path)));
          if (written === undefined) continue;
          yield {
            message: `RUN writes to ${written} below its VOLUME: BuildKit keeps that, docker's classic builder drops it.`,
            range: subject.text.rangeOf(command.start, command.end),
            hint: 'Move VOLUME below this line.',
          };
          break;
        }
      }
    }
  },
};

interface Volume {
  readonly step: LintStep;
  readonly path: string;
}

function volumesIn(stage: LintStage): readonly Volume[] {
  return stepsIn(stage, 'VOLUME').flatMap((step) =>
    step.instruction.paths.flatMap(({ text }) => {
      const path = absolutePath(text, step);
      return path === undefined || path === '/' ? [] : [{ step, path }];
    }),
  );
}

/** What a command surely writes: by a redirection, or because it is what the program is for. */
function writtenPaths(command: ShellCommand, step: LintStep): readonly string[] {
  const redirected = command.redirections
    .filter(({ operator }) => /^\d*>[>|]?$/.test(operator))
    .flatMap(({ target }) => target?.text ?? []);
  return [...redirected, ...operandsWritten(command)].flatMap((path) => absolutePath(path, step) ?? []);
}

function operandsWritten(command: ShellCommand): readonly string[] {
  const operands = parseArgs(command, ['-m', '--mode', '-o', '-g']).operands.map(({ text }) => text);
  switch (command.name) {
    case 'mkdir':
    case 'touch':
    case 'tee':
      return operands;
    case 'chown':
    case 'chmod':
    case 'chgrp':
      return operands.slice(1);
    case 'cp':
    case 'mv':
    case 'ln':
    case 'install':
      return operands.slice(-1);
    default:
      return [];
  }
}
