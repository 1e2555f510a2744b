import { type Check, failed, notApplicable, passed } from '../check.ts';
import { goPrograms } from '../start-program.ts';

/** Where package time looks (zoneinfo_unix.go). */
const PLACES = ['usr/share/zoneinfo', 'usr/share/lib/zoneinfo', 'usr/lib/locale/TZ', 'etc/zoneinfo'];

export const tzdata: Check = {
  name: 'tzdata',
  title: 'has the time zones that it loads',
  level: 'warning',
  hint: 'Import time/tzdata (or build with -tags timetzdata), or copy /usr/share/zoneinfo.',
  run(image) {
    const [user] = goPrograms(image).filter(({ facts }) => facts.go?.loadsTimeZones);
    if (!user) return notApplicable('no Go program here calls time.LoadLocation');
    const place = PLACES.find((path) => (image.tree.find(path)?.node.children?.size ?? 0) > 0);
    if (place) return passed('time zones', { path: place });
    if (user.facts.go?.packages.has('time/tzdata')) return passed('time/tzdata is built in', { path: user.path });
    return failed({ text: 'it calls time.LoadLocation, and there are no time zones', path: user.path });
  },
};
