import { formatPlatform } from '../../image/parse-platform.ts';
import { cacheKey } from '../cache/cache-key.ts';
import type { OpRunner } from '../solver/op-runner.ts';
import type { OpEnvironment } from './op-environment.ts';

/** A base image: known by its manifest alone until a step needs its files. */
export function imageOp({ unpackBase }: OpEnvironment): OpRunner<'image'> {
  return {
    contentInputs: () => [],
    // Two names of one manifest are one base, so the reference takes no part.
    cacheKey: async (op) =>
      cacheKey({ operation: 'image', manifest: op.manifestDigest, platform: formatPlatform(op.platform) }, []),
    run: (op, _inputs, context) => unpackBase(op, context),
  };
}
