import { isAllowed } from '../audit-policy.ts';
import { type Check, failedIfAny } from '../check.ts';
import { isExecutableFile } from '../start-program.ts';

const SHELL = /(?:^|\/)s?bin\/(?:(?:ba|da|a|z|k|c|tc|fi)?sh|busybox|toybox)$/;

export const shell: Check = {
  name: 'shell',
  title: 'has no shell',
  level: 'info',
  hint: 'A Go program needs none: FROM scratch or a distroless base has nothing that an intruder could use.',
  run({ tree }, policy) {
    const found = [...tree.walk()]
      .filter((each) => SHELL.test(each.path) && isExecutableFile(each) && !isAllowed(policy, this.name, each.path))
      .map(({ path, node }) => ({ text: 'shell', path, layer: node.layer + 1 }));
    return failedIfAny(found, 'none in any bin directory');
  },
};
