import { wrappedCommand } from '../../shell/shell-command.ts';
import type { Rule } from '../rule.ts';
import { effectiveStep, lineageSteps } from '../subject/lineage.ts';
import { isForDevelopment } from '../subject/stage-purpose.ts';

const MODULES =
  /(?:go-delve\/delve\/cmd\/dlv|(?:cosmtrek|air-verse)\/air|cespare\/reflex|githubnemo\/CompileDaemon)(?:@|$)/;
const PROGRAMS: ReadonlySet<string> = new Set(['dlv', 'air', 'reflex', 'CompileDaemon', 'nodemon']);

/** Debuggers and reloaders listen, compile and run what they are told. */
export const debuggerShipped: Rule = {
  name: 'debugger-shipped',
  family: 'production',
  severity: 'warning',
  level: 'default',
  summary: 'A debugger or reloader is part of the image that ships',

  *check(subject) {
    if (isForDevelopment(subject, subject.target)) return;
    for (const kind of ['ENTRYPOINT', 'CMD'] as const) {
      const started = effectiveStep(subject, kind)
        ?.step.commands.map(wrappedCommand)
        .find(({ name }) => PROGRAMS.has(base(name)));
      if (!started) continue;
      yield {
        message: `${kind} starts ${base(started.name)}, which is for the time of writing a program.`,
        range: subject.text.rangeOf(started.start, started.end),
        hint: 'Start the binary itself, and keep this in a Dockerfile.dev or in a stage named dev.',
      };
    }
    for (const { step } of lineageSteps(subject.target, 'RUN')) {
      for (const { name, args } of step.commands) {
        const module = name === 'go' ? args.find(({ text }) => MODULES.test(text)) : undefined;
        if (!module) continue;
        yield {
          message: `${module.text} is installed into the image that ships.`,
          range: subject.text.rangeOf(module.start, module.end),
          hint: 'Install it in a stage of its own, named dev or debug.',
        };
      }
    }
  },
};

function base(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
