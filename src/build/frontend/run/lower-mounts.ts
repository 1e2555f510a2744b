import { posix } from 'node:path';
import { assertNever } from '../../../diagnostics/assert-never.ts';
import { KnownError } from '../../../diagnostics/known-error.ts';
import type { Flag, RunInstruction } from '../../../dockerfile/ast.ts';
import type { Mount } from '../../../dockerfile/mount.ts';
import { parseMount } from '../../../dockerfile/mount.ts';
import type { RunMount } from '../../graph/op.ts';
import type { Vertex } from '../../graph/vertex.ts';
import { createExpander } from '../expand/expander.ts';
import type { InstructionContext, InstructionSource } from '../instructions/lowering.ts';
import { emptyRoot, mainContext } from '../stage/source-vertices.ts';
import type { StageState } from '../stage/stage-state.ts';
import type { VertexInputs } from '../stage/vertex-inputs.ts';
import { normalizePath } from '../value/normalize-path.ts';

const SECRET_MODE = 0o400;
const SSH_MODE = 0o600;
const CACHE_NAMESPACE = 'BUILDKIT_CACHE_MOUNT_NS';

interface ParsedMount {
  readonly flag: Flag;
  readonly options: Mount;
  readonly source: InstructionSource | undefined;
}

interface MountScope {
  readonly state: StageState;
  readonly inputs: VertexInputs;
  readonly context: InstructionContext;
}

/** The mounts of a RUN in the order in which they are made: files by their target, then secrets, then ssh agents. */
export function lowerMounts(instruction: RunInstruction, scope: MountScope): readonly RunMount[] {
  const expand = createExpander(scope.state, instruction, scope.context);
  const mounts = mountFlags(instruction).map((flag, at): ParsedMount => {
    return {
      flag,
      options: parseMount(flag.value ?? '', { expand, range: flag.range }),
      source: scope.context.sources[at],
    };
  });
  const ofType = (...types: Mount['type'][]) => mounts.filter(({ options }) => types.includes(options.type));
  const files = ofType('bind', 'cache', 'tmpfs').map((mount) => lowerFileMount(mount, scope));
  return [
    ...files.sort((a, b) => (a.target < b.target ? -1 : Number(a.target > b.target))),
    ...ofType('secret').map(({ options }) => secretMount(options, scope.state)),
    ...ofType('ssh').map((mount, at) => sshMount(mount, { at, state: scope.state })),
  ];
}

/** The flags that `StageCommand.sources` has one source each for. */
export function mountFlags(instruction: RunInstruction): readonly Flag[] {
  return instruction.flags.filter((flag) => flag.name === 'mount');
}

type FileMount = Extract<RunMount, { type: 'bind' | 'cache' | 'tmpfs' }>;

function lowerFileMount(mount: ParsedMount, scope: MountScope): FileMount {
  const { options } = mount;
  const target = mountTarget(mount, scope.state);
  switch (options.type) {
    case 'bind':
      return bindMount(mount, target, scope);
    case 'cache':
      return cacheMount(mount, target, scope);
    case 'tmpfs':
      return { type: 'tmpfs', target, ...(options.size ? { sizeBytes: options.size } : {}) };
    case 'secret':
    case 'ssh':
      throw new Error(`a mount of type ${options.type} holds no files of the build`);
    default:
      return assertNever(options.type);
  }
}

function bindMount({ options, source }: ParsedMount, target: string, { inputs }: MountScope): FileMount {
  const from: Vertex = !options.from ? mainContext() : (source?.root ?? emptyRoot());
  return {
    type: 'bind',
    input: inputs.indexOf(from),
    source: normalizePath('/', options.source ?? ''),
    target,
    readWrite: !options.readOnly,
  };
}

/**
 * Owner and mode are those of a new directory in place of the source's root, so that they make `from` start empty;
 * with a source below the root they have no effect. So it is in BuildKit.
 */
function cacheMount(mount: ParsedMount, target: string, { inputs, context }: MountScope): FileMount {
  const { options, source } = mount;
  const path = normalizePath('/', options.source ?? '');
  const owned = path === '/' && [options.mode, options.uid, options.gid].some((value) => value !== undefined);
  const root = source?.root ?? (path === '/' ? undefined : emptyRoot());
  const namespace = context.options.buildArgs[CACHE_NAMESPACE] ?? '';
  const id = options.id || normalizeId(options.target ?? '');
  return {
    type: 'cache',
    id: namespace === '' ? id : `${namespace}/${id}`,
    sharing: options.sharing ?? 'shared',
    target,
    readOnly: options.readOnly,
    ...(root !== undefined && !owned ? { from: { input: inputs.indexOf(root), source: path } } : {}),
    ...(owned ? { mode: options.mode ?? 0o755, uid: options.uid ?? 0, gid: options.gid ?? 0 } : {}),
  };
}

/** The id of a cache without one is its target as written, cleaned; relative where that is. */
function normalizeId(target: string): string {
  const clean = posix.normalize(target);
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean;
}

function secretMount(options: Mount, state: StageState): RunMount {
  const id = options.source || options.id || posix.basename(options.target ?? '');
  const inFile = options.env === undefined || Boolean(options.target);
  return {
    type: 'secret',
    id,
    ...(inFile ? { target: fromWorkdir(state, options.target || `/run/secrets/${posix.basename(id)}`) } : {}),
    ...(options.env === undefined ? {} : { env: options.env || id }),
    required: options.required,
    mode: options.mode ?? SECRET_MODE,
    uid: options.uid ?? 0,
    gid: options.gid ?? 0,
  };
}

function sshMount(
  { options, flag }: ParsedMount,
  { at, state }: { readonly at: number; readonly state: StageState },
): RunMount {
  if (options.source) {
    throw new KnownError('DOCKERFILE_INVALID_VALUE', 'a ssh mount takes no option "source"', { range: flag.range });
  }
  return {
    type: 'ssh',
    id: options.id || 'default',
    target: fromWorkdir(state, options.target || `/run/buildkit/ssh_agent.${at}`),
    required: options.required,
    mode: options.mode ?? SSH_MODE,
    uid: options.uid ?? 0,
    gid: options.gid ?? 0,
  };
}

function mountTarget({ flag, options }: ParsedMount, state: StageState): string {
  const target = fromWorkdir(state, options.target ?? '');
  if (target !== '/') return target;
  throw new KnownError('DOCKERFILE_INVALID_FLAG', 'RUN --mount cannot have the root directory for its target.', {
    hint: 'Write target=/some/directory.',
    range: flag.range,
  });
}

function fromWorkdir(state: StageState, target: string): string {
  return normalizePath(state.config.WorkingDir ?? '/', target);
}
