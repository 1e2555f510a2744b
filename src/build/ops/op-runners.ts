import type { OpRunners } from '../solver/op-runner.ts';
import { contextOp } from './context-op.ts';
import { copyOp } from './copy-op.ts';
import { execOp } from './exec/exec-op.ts';
import { fetchOp } from './fetch-op.ts';
import { imageOp } from './image-op.ts';
import { mergeOp } from './merge-op.ts';
import { mkdirOp } from './mkdir-op.ts';
import type { OpEnvironment } from './op-environment.ts';

/** Every operation, by its kind. */
export function createOpRunners(environment: OpEnvironment): OpRunners {
  return {
    image: imageOp(environment),
    context: contextOp(),
    fetch: fetchOp(environment),
    copy: copyOp(environment),
    mkdir: mkdirOp(environment),
    exec: execOp(environment),
    merge: mergeOp(environment),
  };
}
