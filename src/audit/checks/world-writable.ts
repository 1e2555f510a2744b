import { isAllowed } from '../audit-policy.ts';
import { type Check, failedIfAny } from '../check.ts';

const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;

export const worldWritable: Check = {
  name: 'world-writable',
  title: 'has nothing that everybody may write',
  level: 'warning',
  hint: 'Give it to the user that needs it (COPY --chown, chmod o-w); a directory for everybody needs the sticky bit, as /tmp has it.',
  run({ tree }, policy) {
    const found = [...tree.walk()].flatMap(({ path, node: { entry, layer } }) => {
      const { kind, mode } = entry;
      const isOpen =
        (mode & OTHERS_WRITE) !== 0 && (kind === 'file' || (kind === 'directory' && (mode & STICKY) === 0));
      if (!isOpen || isAllowed(policy, this.name, path)) return [];
      return [{ text: `${kind} with mode ${mode.toString(8).padStart(4, '0')}`, path, layer: layer + 1 }];
    });
    return failedIfAny(found, 'no file, and no directory without the sticky bit');
  },
};
