import type { Rule } from '../rule.ts';
import { runCommands, subcommand } from '../subject/steps.ts';

/** A key added so is trusted for every repository; Debian 13 and Ubuntu 26.04 no longer have the program. */
export const aptKey: Rule = {
  name: 'apt-key',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'apt-key trusts a key for every repository, and newer releases lack it',

  *check(subject) {
    for (const { command } of runCommands(subject)) {
      const verb = subcommand(command);
      if (command.name !== 'apt-key' || !/^(?:add|adv)$/.test(verb ?? '')) continue;
      yield {
        message: `apt-key ${verb} makes the key good for every repository; the program is gone from newer releases.`,
        range: subject.text.rangeOf(command.start, command.end),
        hint: 'Save the key below /etc/apt/keyrings, and name it in the source: deb [signed-by=/etc/apt/keyrings/x.gpg] ….',
      };
    }
  },
};
