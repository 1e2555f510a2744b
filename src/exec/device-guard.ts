import { KnownError } from '../diagnostics/known-error.ts';
import { hasDeviceHierarchy, isUnified } from './cgroup-limits.ts';
import type { OciRuntime } from './oci-runtime.ts';
import type { UserNamespace } from './user-namespace.ts';

/**
 * What keeps a container's root, who may make device nodes, from opening the machine's disks: the kernel itself in a
 * user namespace, a cgroup that the runtime makes, one of Slipway's own, which is much cheaper, or nothing.
 */
export type DeviceGuard = 'namespace' | 'runtime' | 'own' | 'none';

/** crun makes a root filesystem accessible for devices whatever it was mounted with, so that mounts cannot help. */
export function deviceGuard({ kind }: Pick<OciRuntime, 'kind'>, ids: UserNamespace): DeviceGuard {
  if (ids.kind !== 'root') return 'namespace';
  if (kind === 'runc' || isUnified()) return 'runtime';
  return hasDeviceHierarchy() ? 'own' : 'none';
}

/** @throws KnownError SANDBOX_UNAVAILABLE where nothing guards the devices. */
export function requireGuard(guard: DeviceGuard, made: boolean): void {
  if (guard !== 'none' && (guard !== 'own' || made)) return;
  throw new KnownError('SANDBOX_UNAVAILABLE', 'crun cannot keep devices away here: it has no cgroup for them.', {
    hint: 'Use --isolation=namespaces.',
  });
}
