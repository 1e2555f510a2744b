import { readCopyRequest } from '../copy/copy-request.ts';
import { lowerCopyRequest } from '../copy/lower-copy-request.ts';
import { mainContext } from '../stage/source-vertices.ts';
import type { Lowering } from './lowering.ts';

export const lowerAdd: Lowering<'ADD'> = (state, instruction, context) =>
  lowerCopyRequest(state, readCopyRequest(state, { instruction, from: mainContext() }, context), context);
