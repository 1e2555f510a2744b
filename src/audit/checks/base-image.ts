import type { AuditedImage } from '../audited-image.ts';
import { type Check, failed, notApplicable, passed } from '../check.ts';

const NAME = 'org.opencontainers.image.base.name';
const DIGEST = 'org.opencontainers.image.base.digest';
const MS_PER_DAY = 24 * 60 * 60 * 1000;

export const baseImage: Check = {
  name: 'base-image',
  title: 'says on which base it stands, and that is not old',
  level: 'info',
  hint: `Label it with ${NAME} and ${DIGEST}, and build it on a new base from time to time (build --pull).`,
  run(image, { maxBaseAgeDays }) {
    if (isFromScratch(image)) return notApplicable('it stands on scratch');
    const labels = image.config.config.Labels ?? {};
    const missing = [NAME, DIGEST].filter((key) => !labels[key]);
    const days = baseAgeDays(image);
    const age = days === undefined ? 'of unknown age' : `${days} days old`;
    const evidence = [
      ...(missing.length > 0 ? [`no label ${missing.join(' and ')}`] : []),
      ...(days !== undefined && days > maxBaseAgeDays ? [`its lowest layer is ${age}`] : []),
    ];
    return evidence.length > 0 ? failed(...evidence) : passed(`${labels[NAME]}, ${age}`);
  },
};

/** Nothing but what was copied: no base brings an image whose first layer is the builder's own COPY. */
function isFromScratch({ config: { history = [] }, layers }: AuditedImage): boolean {
  const made = history.filter(({ empty_layer }) => !empty_layer);
  return (
    layers.length === made.length && made.every(({ created_by }) => /^(?:COPY|WORKDIR|RUN) /.test(created_by ?? ''))
  );
}

/** By the time its lowest layer was made; undefined for the clamped times of reproducible bases. */
function baseAgeDays({ config: { history = [] }, nowMs }: AuditedImage): number | undefined {
  const first = history.find(({ empty_layer }) => !empty_layer);
  const madeMs = Date.parse(first?.created ?? '');
  const isKnown = madeMs > Date.parse('2000-01-01T00:00:00Z');
  return isKnown ? Math.max(0, Math.floor((nowMs - madeMs) / MS_PER_DAY)) : undefined;
}
