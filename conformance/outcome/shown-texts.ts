import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildReply, BuildRequest } from '../drivers/driver.ts';
import { membersOf } from '../image/read-output.ts';

/** What a case wants compared besides the image, in lines; null for what is not there. */
export type ShownTexts = Readonly<Record<string, readonly string[] | null>>;

/** @param names `stdout`, `MEMBER of image`, or a file of the case's directory. */
export function shownTexts(
  names: readonly string[],
  reply: BuildReply,
  { dir, dest }: BuildRequest,
  restore: (text: string) => string,
): ShownTexts {
  const read = (name: string): string | undefined => {
    if (name === 'stdout') return reply.stdout;
    const [member = '', of] = name.split(' of ');
    if (of === 'image') return membersOf(dest).get(member)?.toString();
    return existsSync(join(dir, name)) ? readFileSync(join(dir, name), 'utf8') : undefined;
  };
  return Object.fromEntries(
    names.map((name) => {
      const text = read(name);
      return [name, text === undefined ? null : comparable(restore(text)).split('\n')];
    }),
  );
}

/** Without what is different on every run. JSON is laid out anew, as the order of keys says nothing. */
function comparable(text: string): string {
  return laidOut(text)
    .replace(/\b[0-9a-f]{64}\b/g, '…')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g, 'TIME')
    .replace(/"size": \d+/g, '"size": N')
    .trimEnd();
}

function laidOut(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text, sorted), undefined, 1);
  } catch {
    return text;
  }
}

/** By which each builder finds the build among its own. */
const BUILD_IDS = ['buildx.build.ref', 'slipway.build.id'];

function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([key]) => !BUILD_IDS.includes(key));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
