import { isAllowed } from '../audit-policy.ts';
import { type Check, failedIfAny } from '../check.ts';

const MANAGER =
  /(?:^|\/)s?bin\/(?:apt|apt-get|dpkg|apk|yum|dnf|microdnf|rpm|zypper|pacman|opkg|pip3?|npm|yarn|pnpm|gem|conda)$/;

export const packageManager: Check = {
  name: 'package-manager',
  title: 'has no package manager',
  level: 'info',
  hint: 'Nothing is installed at run time: copy what is needed into a base without one.',
  run({ tree }, policy) {
    const found = [...tree.walk()]
      .filter(({ path, node }) => MANAGER.test(path) && node.entry.kind !== 'directory')
      .filter(({ path }) => !isAllowed(policy, this.name, path))
      .map(({ path, node }) => ({ text: 'package manager', path, layer: node.layer + 1 }));
    return failedIfAny(found, 'none in any bin directory');
  },
};
