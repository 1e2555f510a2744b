import { isAllowed } from '../audit-policy.ts';
import { type Check, failedIfAny } from '../check.ts';

const SETUID = 0o4000;
const SETGID = 0o2000;

export const setuid: Check = {
  name: 'setuid',
  title: 'has no setuid or setgid programs, nor any with capabilities',
  level: 'warning',
  hint: 'Remove what is not needed or take the bit away (chmod a-s) in the step that installs it; run with no_new_privs.',
  run({ tree }, policy) {
    const found = [...tree.walk()].flatMap(({ path, node: { content, entry, layer } }) => {
      const isProgram = content !== undefined && (entry.mode & 0o111) !== 0;
      if (!isProgram || isAllowed(policy, this.name, path)) return [];
      const bits = [
        ...(entry.mode & SETUID ? [`setuid of user ${entry.uid}`] : []),
        ...(entry.mode & SETGID ? [`setgid of group ${entry.gid}`] : []),
        ...(entry.hasCapabilities ? ['file capabilities'] : []),
      ];
      return bits.length > 0 ? [{ text: bits.join(', '), path, layer: layer + 1 }] : [];
    });
    return failedIfAny(found, 'no file has such a bit');
  },
};
