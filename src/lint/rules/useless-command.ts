import type { Rule } from '../rule.ts';
import { mountsOf } from '../subject/mounts.ts';
import { runCommands } from '../subject/steps.ts';

/** What each of them is for, which no build step has. */
const USELESS: Readonly<Record<string, string>> = {
  vim: 'a person at a terminal',
  nano: 'a person at a terminal',
  emacs: 'a person at a terminal',
  top: 'a person at a terminal',
  htop: 'a person at a terminal',
  less: 'a person at a terminal',
  more: 'a person at a terminal',
  free: 'a look at the machine that builds',
  ifconfig: 'the network of a running machine',
  shutdown: 'a running machine',
  reboot: 'a running machine',
  halt: 'a running machine',
  poweroff: 'a running machine',
  ssh: 'another machine, by keys that an image must not hold',
  mount: 'a running machine; what it mounts is gone behind the step',
};

/** It works only on a machine that runs, or with somebody who looks. */
export const uselessCommand: Rule = {
  name: 'useless-command',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: 'A command has no sense in a build step',
  hadolint: ['DL3001'],

  *check(subject) {
    for (const { command, step } of runCommands(subject)) {
      const purpose = Object.hasOwn(USELESS, command.name) ? USELESS[command.name] : undefined;
      if (!purpose || !command.nameWord || command.args.some(({ text }) => /^(?:--version|--help|-V)$/.test(text)))
        continue;
      const { flags } = step.instruction;
      if (command.name === 'ssh' && mountsOf(step.instruction).some(({ type }) => type === 'ssh')) continue;
      if (command.name === 'mount' && flags.some(({ name }) => name === 'security')) continue;
      yield {
        message: `${command.name} is for ${purpose}.`,
        range: subject.text.rangeOf(command.nameWord.start, command.nameWord.end),
        hint: command.name === 'ssh' ? 'Give the step the agent: RUN --mount=type=ssh.' : 'Leave it out.',
      };
    }
  },
};
