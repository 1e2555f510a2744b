import { openLayeredView } from '../../rootfs/layered-view.ts';
import { resolveOwner } from '../../rootfs/resolve-user.ts';
import { RootWriter } from '../../rootfs/root-writer.ts';
import { cacheKey } from '../cache/cache-key.ts';
import type { MkdirOp } from '../graph/op.ts';
import type { OpRunner } from '../solver/op-runner.ts';
import { clampTime } from './clamp-time.ts';
import type { OpEnvironment } from './op-environment.ts';

const MODE = 0o755;

/** Makes a directory and its parents; one that is there stays as it is. */
export function mkdirOp({ snapshotter }: OpEnvironment): OpRunner<'mkdir'> {
  return {
    contentInputs: () => [],
    cacheKey: async (op, inputs) =>
      cacheKey(
        { operation: 'mkdir', path: op.path, user: op.user ?? '', epoch: String(op.epochSeconds ?? '') },
        inputs.map(({ key }) => key.digest),
      ),
    async run(op: MkdirOp, [root]) {
      const parent = await root?.snapshot();
      await using active = await snapshotter.prepare(parent);
      const owner = op.user ? resolveOwner(openLayeredView(parent, 'the stage'), op.user) : undefined;
      const writer = new RootWriter(active);
      writer.mkdirAll(op.path, { mode: MODE, ...owner, mtimeNs: clampTime(op.epochSeconds) });
      writer.finish();
      return await active.commit();
    },
  };
}
