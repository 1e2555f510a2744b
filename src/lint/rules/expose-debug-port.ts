import type { Rule } from '../rule.ts';
import type { LintSubject } from '../subject/lint-subject.ts';
import { isForDevelopment } from '../subject/stage-purpose.ts';
import { expandKnown } from '../subject/stage-steps.ts';
import { stepsOf } from '../subject/steps.ts';
import { shippedProgram } from '../subject/subject-module.ts';

/** Ports that debuggers listen on unless told otherwise. */
const DEBUGGERS: Readonly<Record<string, string>> = {
  2345: 'Delve, the debugger of Go',
  5678: 'debugpy, the debugger of Python',
  9229: "Node.js's inspector",
};
/** Numbers that others use too count only where the language is. */
const LANGUAGE: Readonly<Record<string, RegExp>> = { 5678: /python|conda|django|jupyter/i };

/** Whoever reaches a debugger runs what he likes in the program. */
export const exposeDebugPort: Rule = {
  name: 'expose-debug-port',
  family: 'production',
  severity: 'warning',
  level: 'default',
  summary: "A debugger's port is exposed by the image that ships",

  *check(subject) {
    for (const { step, stage } of stepsOf(subject, 'EXPOSE')) {
      if (!stage.isShipped || isForDevelopment(subject, stage)) continue;
      for (const { text, range } of step.instruction.ports) {
        const port = expandKnown(text, step.variables).replace(/\/tcp$/i, '');
        if (!Object.hasOwn(DEBUGGERS, port) || isOwnPort(subject, port)) continue;
        if (LANGUAGE[port]?.test(subject.text.text) === false) continue;
        yield {
          message: `Port ${port} is that of ${DEBUGGERS[port]}.`,
          range,
          hint: 'Expose it in a Dockerfile.dev or a stage named debug.',
        };
      }
    }
  },
};

/** A debugger listens from outside of the program's sources. */
function isOwnPort(subject: LintSubject, port: string): boolean {
  return shippedProgram(subject)?.ports.some((own) => String(own.port) === port) ?? false;
}
