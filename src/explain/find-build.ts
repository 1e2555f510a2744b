import type { BuildRecord } from '../build/record/build-record.ts';
import type { BuildRecords } from '../build/record/build-records.ts';
import { KnownError } from '../diagnostics/known-error.ts';
import { familiarReference, parseReference } from '../image/reference.ts';

/** The least of an id or digest that names a build. */
const SHORTEST_ID = 4;

/**
 * The build that somebody means: the newest for `last` or nothing, else by its id (or how that begins or ends), the name of
 * the image it made, or that image's id. Of several that fit the newest is taken.
 * @throws KnownError BUILD_NOT_FOUND
 */
export function findBuild(records: BuildRecords, text = 'last'): BuildRecord {
  for (const record of records.records()) if (text === 'last' || isMeant(record, text)) return record;
  throw new KnownError(
    'BUILD_NOT_FOUND',
    text === 'last' ? 'No build has left a record yet.' : `There is no record of a build ${JSON.stringify(text)}.`,
    { hint: text === 'last' ? 'Build something first.' : 'See "slipway builds" for those that are kept.' },
  );
}

function isMeant({ id, result }: BuildRecord, text: string): boolean {
  if (text.length >= SHORTEST_ID && (id.startsWith(text) || id.endsWith(text))) return true;
  if (!result) return false;
  const hex = text.replace(/^sha256:/, '');
  const isHex = /^[0-9a-f]+$/.test(hex) && hex.length >= SHORTEST_ID;
  if (isHex && result.imageId?.slice('sha256:'.length).startsWith(hex)) return true;
  return result.names.some((name) => {
    const familiar = familiarReference(parseReference(name));
    return [name, familiar, familiar.replace(/:latest$/, '')].includes(text);
  });
}
