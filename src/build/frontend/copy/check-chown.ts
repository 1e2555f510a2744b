import { KnownError } from '../../../diagnostics/known-error.ts';
import type { CopyRequest } from './copy-request.ts';

const MAX_ID = 2 ** 31 - 1;

/**
 * A copy that has nothing below it (`FROM scratch`, `--link`) has no passwd to look names up in.
 * @throws KnownError USER_UNKNOWN for a --chown that has a name.
 */
export function checkChownOnScratch({ chown, link, instruction }: CopyRequest): void {
  const colon = chown.indexOf(':');
  const halves = colon < 0 ? [chown] : [chown.slice(0, colon), chown.slice(colon + 1)];
  const name = halves.find((half) => !isNumber(half));
  if (name === undefined) return;
  throw new KnownError('USER_UNKNOWN', `"${name}" in --chown=${chown} cannot be looked up: there is no /etc/passwd.`, {
    hint: link
      ? 'A layer of --link is made without the files below it: write uid:gid, or leave --link away.'
      : 'The stage starts from scratch: write uid:gid, or copy /etc/passwd and /etc/group first.',
    range: instruction.range,
  });
}

function isNumber(text: string): boolean {
  return text === '' || text === 'root' || (/^[-+]?\d+$/.test(text) && Math.abs(Number(text)) <= MAX_ID);
}
