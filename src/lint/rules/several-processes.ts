import type { CommandLine } from '../../dockerfile/ast.ts';
import type { Rule } from '../rule.ts';
import { effectiveStep } from '../subject/lineage.ts';
import { isForDevelopment } from '../subject/stage-purpose.ts';

const SHELL = /^(?:\/(?:usr\/)?bin\/)?(?:sh|ash|bash|dash)$/;
const SUPERVISOR = /(?:^|\/)(?:supervisord|s6-svscan|runsvdir|monit|circusd|pm2-runtime)$/;
/** `a & b`: no `&&`, no `2>&1`, no `&>file`, and something behind it that is no lone `wait`. */
const IN_BACKGROUND = /[^&>|\\\s]\s*&(?![&>\d])\s*(?=\S)/;

/** Nobody is told when one of them ends, and their logs, limits and restarts are one. */
export const severalProcesses: Rule = {
  name: 'several-processes',
  family: 'production',
  severity: 'info',
  level: 'default',
  summary: 'The container starts several programs',

  *check(subject) {
    if (isForDevelopment(subject, subject.target)) return;
    for (const kind of ['ENTRYPOINT', 'CMD'] as const) {
      const placed = effectiveStep(subject, kind);
      const command = placed?.step.instruction.command;
      const message = command && messageOf(command);
      if (!message) continue;
      yield {
        message,
        range: command.range,
        hint: 'Run one service a container: the orchestrator then sees which one fails, and restarts that one alone.',
      };
      return;
    }
  },
};

function messageOf(command: CommandLine): string | undefined {
  const program = command.form === 'exec' ? command.argv[0] : command.command.trim().split(/\s+/)[0];
  if (program !== undefined && SUPERVISOR.test(program))
    return `${program.slice(program.lastIndexOf('/') + 1)} keeps several programs in one container, and runs on when one of them has failed.`;
  const script = scriptOf(command);
  // Who waits takes note of the end.
  if (script === undefined || /\bwait\b/.test(script) || !IN_BACKGROUND.test(withoutQuotes(script))) return undefined;
  return 'What is started in the background may end, and nothing notices: the container lives as long as its last command.';
}

function scriptOf(command: CommandLine): string | undefined {
  if (command.form !== 'exec') return command.command;
  const [program = '', flag = '', script] = command.argv;
  return SHELL.test(program) && /^-[a-z]*c$/.test(flag) ? script : undefined;
}

function withoutQuotes(script: string): string {
  return script.replace(/'[^']*'|"(?:[^"\\]|\\.)*"/g, '""');
}
