import { type Check, failed, passed } from '../check.ts';
import { textAt } from '../text-at.ts';

export const user: Check = {
  name: 'user',
  title: 'does not run as root',
  level: 'error',
  hint: 'Set USER to a number other than 0, such as USER 65532:65532; a name needs a line in /etc/passwd.',
  run(image) {
    const configured = image.config.config.User ?? '';
    const [name = ''] = configured.split(':');
    if (name === '') return failed('no USER is set, so it runs as root');
    if (/^\d+$/.test(name))
      return Number(name) === 0 ? failed(`USER ${configured} is root`) : passed(`USER ${configured}`);
    const line = textAt(image, 'etc/passwd')
      ?.split('\n')
      .find((each) => each.startsWith(`${name}:`));
    if (line === undefined) return failed(`USER ${configured} is not in /etc/passwd, so no container of it starts`);
    const uid = line.split(':')[2] ?? '';
    if (Number(uid) === 0) return failed(`USER ${configured} has the id 0: it is root`);
    return passed(`USER ${configured} (id ${uid}; a number would let Kubernetes see that it is not root)`);
  },
};
