import type { ShellCommand } from '../../shell/shell-command.ts';
import type { Rule } from '../rule.ts';
import { hasFlag, runCommands } from '../subject/steps.ts';

interface Switch {
  readonly programs: RegExp;
  isOff(command: ShellCommand): boolean;
}

const says = (command: ShellCommand, pattern: RegExp): boolean =>
  pattern.test(command.args.map(({ text }) => text).join(' '));

const SWITCHES: readonly Switch[] = [
  { programs: /^curl$/, isOff: (command) => hasFlag(command, '-k', '--insecure') },
  { programs: /^wget$/, isOff: (command) => hasFlag(command, '--no-check-certificate') },
  { programs: /^git$/, isOff: (command) => says(command, /http\.sslVerify[ =](?:false|0)\b/i) },
  { programs: /^npm$|^yarn$|^pnpm$/, isOff: (command) => says(command, /strict-ssl[ =]false\b/i) },
  { programs: /^pip[\d.]*$/, isOff: (command) => hasFlag(command, '--trusted-host') },
];
const VARIABLES =
  /^(?:NODE_TLS_REJECT_UNAUTHORIZED=['"]?0|GIT_SSL_NO_VERIFY=['"]?(?:1|true)|GOINSECURE=.|PYTHONHTTPSVERIFY=['"]?0)/i;

/** The certificate is what says that the server is the one it claims to be. */
export const tlsNotVerified: Rule = {
  name: 'tls-not-verified',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: "A server's certificate is not checked, so that anybody on the way can be that server",

  *check(subject) {
    for (const { command } of runCommands(subject)) {
      const isOff = SWITCHES.some((entry) => entry.programs.test(command.name) && entry.isOff(command));
      const settings = command.name === 'export' ? command.args : command.assignments;
      const variable = settings.find(({ text }) => VARIABLES.test(text));
      if (!isOff && !variable) continue;
      const what = variable ? variable.text.slice(0, variable.text.indexOf('=')) : command.name;
      yield {
        message: `${what} is told not to check the server's certificate.`,
        range: subject.text.rangeOf(command.start, command.end),
        hint: 'Install ca-certificates, or copy the certificate of your own authority into the image.',
      };
    }
  },
};
