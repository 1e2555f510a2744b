import type { MountIdentity } from '../cache/mount-folder.ts';

/** Whether a mount is among those that were named: by the id of a cache mount, a kind (`go-build`), or a project. None names all. */
export function isChosen(identity: MountIdentity, names: readonly string[]): boolean {
  if (names.length === 0 || names.includes(identity.kind)) return true;
  return names.includes(identity.kind === 'cache' ? identity.id : identity.project);
}
