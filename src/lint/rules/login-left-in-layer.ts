import type { ShellCommand } from '../../shell/shell-command.ts';
import { wrappedCommand } from '../../shell/shell-command.ts';
import type { Rule } from '../rule.ts';
import { isMountedAway } from '../subject/mounts.ts';
import { stepsOf } from '../subject/steps.ts';

/** Files in which programs keep logins, by the last part of their path. */
const LOGIN_FILES =
  /(?:^|\/)(\.netrc|_netrc|\.npmrc|\.pypirc|\.git-credentials|\.yarnrc|\.docker\/config\.json|\.aws\/credentials|\.pgpass|pip\.conf)$/;

interface Login {
  /** What it leaves, to be shown. */
  readonly what: string;
  /** When something of this name is removed in the same RUN, nothing stays. */
  readonly removedBy: RegExp;
}

/** Each program keeps what it is told in a file of the home directory, and the layer keeps the file. */
export const loginLeftInLayer: Rule = {
  name: 'login-left-in-layer',
  family: 'secret',
  severity: 'error',
  level: 'default',
  summary: 'A login is written to a file that stays in the layer',

  *check(subject) {
    for (const { step } of stepsOf(subject, 'RUN')) {
      const commands = step.commands.map(wrappedCommand);
      for (const [index, command] of commands.entries()) {
        const login = loginOf(command);
        if (!login || isMountedAway(step.instruction, /^\/root$|^\/home/)) continue;
        const later = commands.slice(index + 1);
        if (
          later.some(
            ({ name, args }) =>
              args.some(({ text }) => login.removedBy.test(text)) && /^(?:rm|git|npm|docker|shred|unlink)$/.test(name),
          )
        )
          continue;
        yield {
          message: `${command.name} leaves a login in ${login.what}, which the layer keeps.`,
          range: subject.text.rangeOf(command.start, command.end),
          hint: 'Mount the file for this step alone: RUN --mount=type=secret,id=…,target=….',
        };
      }
    }
  },
};

function loginOf(command: ShellCommand): Login | undefined {
  const words = command.args.map(({ text }) => text);
  const line = words.join(' ');
  const hasVariable = command.args.some(({ isLiteral }) => !isLiteral);
  if (
    command.name === 'git' &&
    words[0] === 'config' &&
    hasVariable &&
    /\burl\.\S*:\/\/\S*\$\S*@\S*\.insteadof\b/i.test(line)
  )
    return { what: '~/.gitconfig', removedBy: /gitconfig|^--unset|^--remove-section/ };
  if (command.name === 'npm' && /\bset\b/.test(line) && /_authToken|_password|:_auth\b/.test(line) && hasVariable)
    return { what: '~/.npmrc', removedBy: /npmrc|^delete$/ };
  if (command.name === 'docker' && words[0] === 'login')
    return { what: '~/.docker/config.json', removedBy: /\.docker|^logout$/ };
  const target = command.redirections.find(({ operator }) => /^>>?$/.test(operator))?.target;
  const file = target ? LOGIN_FILES.exec(target.text)?.[1] : undefined;
  const isWritten =
    /^(?:echo|printf)$/.test(command.name) && hasVariable && /token|passw|secret|auth|login|@|user|key/i.test(line);
  return file && isWritten ? { what: `~/${file}`, removedBy: new RegExp(file.replace(/[.]/g, '\\.')) } : undefined;
}
