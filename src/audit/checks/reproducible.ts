import type { AuditedImage } from '../audited-image.ts';
import { type Check, type Evidence, failedIfAny } from '../check.ts';

const MS_PER_S = 1000;

export const reproducible: Check = {
  name: 'reproducible',
  title: 'has no times of its build in it',
  level: 'info',
  hint: 'Build with SOURCE_DATE_EPOCH set to the time of the commit; "slipway verify" shows whether a second build is the same.',
  run(image) {
    return failedIfAny(
      [...clockTimes(image), ...laterFiles(image)],
      'times are those of SOURCE_DATE_EPOCH or of the sources',
    );
  },
};

/** SOURCE_DATE_EPOCH has whole seconds; a clock hardly ever. */
function clockTimes({ config: { created = '' } }: AuditedImage): Evidence[] {
  return /\.\d*[1-9]/.test(created) ? [{ text: `created ${created}, by the clock` }] : [];
}

/** A file that is newer than the image was made while it was built without clamped times. */
function laterFiles({ config: { created = '' }, layers }: AuditedImage): Evidence[] {
  const createdSeconds = Math.floor(Date.parse(created) / MS_PER_S);
  if (Number.isNaN(createdSeconds)) return [];
  for (const [index, { entries }] of layers.entries()) {
    const later = entries.find(({ mtimeSeconds }) => mtimeSeconds > createdSeconds);
    if (later) return [{ text: 'newer than the image says to be', path: later.path, layer: index + 1 }];
  }
  return [];
}
