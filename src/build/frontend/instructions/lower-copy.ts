import { readCopyRequest } from '../copy/copy-request.ts';
import { lowerCopyRequest } from '../copy/lower-copy-request.ts';
import { emptyRoot, mainContext } from '../stage/source-vertices.ts';
import type { Lowering } from './lowering.ts';

export const lowerCopy: Lowering<'COPY'> = (state, instruction, context) => {
  const [source] = context.sources;
  const from = source === undefined ? mainContext() : (source.root ?? emptyRoot());
  return lowerCopyRequest(state, readCopyRequest(state, { instruction, from }, context), context);
};
