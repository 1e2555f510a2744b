import { insertBefore } from '../fix/edits.ts';
import type { Rule } from '../rule.ts';
import { effectiveStep, startStep } from '../subject/lineage.ts';
import { expandKnown } from '../subject/stage-steps.ts';
import { shippedProgram } from '../subject/subject-module.ts';

/** A stop that the program does not hear cuts the requests that it is answering. */
export const stopSignalNotHandled: Rule = {
  name: 'stop-signal-not-handled',
  family: 'production',
  severity: 'info',
  level: 'default',
  summary: 'The program does not handle the signal that stops its container',

  *check(subject) {
    const program = shippedProgram(subject);
    const command = startStep(subject);
    if (!program || !command || program.ports.length === 0 || subject.module?.go.isCut) return;
    // A framework may listen for signals itself.
    if (program.imports.some(({ value }) => /^(?!golang\.org\/x)[^/]+\./.test(value))) return;
    const stop = effectiveStep(subject, 'STOPSIGNAL')?.step;
    const signal = stop ? expandKnown(stop.instruction.signal.text, stop.variables) : 'SIGTERM';
    const name = signal.startsWith('SIG') ? signal : `SIG${signal}`;
    const handled = program.signals.map(({ value }) => value);
    if (!/^SIG[A-Z]+\d*$/.test(name) || handled.includes('all') || handled.includes(name)) return;
    const [other] = handled;
    const isInterrupt = !stop && handled.includes('SIGINT') && command.stage === subject.target;
    const edits = [insertBefore(subject, command.step.instruction, ['STOPSIGNAL SIGINT'])];
    yield {
      message: `The container is stopped by ${name}, which the program does not wait for${other ? `: it waits for ${other}` : ''}.`,
      range: (stop ?? command.step).instruction.range,
      hint: 'Wait for it with signal.NotifyContext and call Shutdown, so that requests under way are answered.',
      ...(other && { severity: 'warning' as const }),
      ...(isInterrupt && { fix: { title: 'Stop with SIGINT', safety: 'suggested', edits } as const }),
    };
  },
};
