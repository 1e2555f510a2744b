import { posix } from 'node:path';
import type { FoundNode } from '../contents/image-tree.ts';
import type { AuditedImage, ProgramFacts } from './audited-image.ts';

/** A program that a container would start. */
export interface StartProgram {
  /** As the config names it. */
  readonly word: string;
  /** undefined when no file of this name is in the image. */
  readonly file: FoundNode | undefined;
  readonly facts: ProgramFacts | undefined;
  /** Of a script: what its first line names. */
  readonly interpreter: string | undefined;
}

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const SHELLS = /^(?:ba|da|a|z|k|fi)?sh$/;

/** Entrypoint and Cmd together, as a container without arguments runs them. */
export function startArgv({ config: { config } }: AuditedImage): readonly string[] {
  return [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])];
}

/** What the image starts; undefined when it names nothing. */
export function startProgram(image: AuditedImage): StartProgram | undefined {
  const [word] = startArgv(image);
  return word === undefined ? undefined : findProgram(image, word);
}

/** A program as execvp in the container would find it: by path, relative to the working directory, or in PATH. */
export function findProgram(image: AuditedImage, word: string): StartProgram {
  const { Env = [], WorkingDir = '/' } = image.config.config;
  const path = Env.find((each) => each.startsWith('PATH='))?.slice('PATH='.length) || DEFAULT_PATH;
  const candidates = word.includes('/')
    ? [posix.resolve('/', WorkingDir, word)]
    : path.split(':').map((dir) => posix.join('/', dir, word));
  const found = candidates.flatMap((candidate) => image.tree.find(candidate) ?? []);
  const file = found.find(isExecutableFile) ?? found[0];
  const hash = file?.node.content?.contentHash ?? '';
  const script = image.scripts.get(hash);
  return {
    word,
    file,
    facts: image.programs.get(hash),
    interpreter: script === undefined ? undefined : interpreterOf(script),
  };
}

export function isExecutableFile({ node }: FoundNode): boolean {
  return node.content !== undefined && (node.entry.mode & 0o111) !== 0;
}

/** `#!/usr/bin/env sh` is about sh. */
function interpreterOf(line: string): string {
  const [program = '', argument = ''] = line.slice(2).trim().split(/\s+/);
  return posix.basename(program) === 'env' && argument !== '' ? argument : program;
}

/** The text that a shell gets with `-c`; undefined when a command is no shell form. */
export function shellFormText([program = '', flag = '', text]: readonly string[]): string | undefined {
  return SHELLS.test(posix.basename(program)) && /^-[a-z]*c$/.test(flag) ? text : undefined;
}

/** Programs that the image's own layers would run: the one it starts, or, of a script, what there is of Go. */
export function goPrograms({
  tree,
  programs,
}: AuditedImage): readonly { readonly path: string; readonly facts: ProgramFacts }[] {
  const found: { path: string; facts: ProgramFacts }[] = [];
  for (const { path, node } of tree.walk()) {
    const facts = node.content && programs.get(node.content.contentHash);
    if (facts?.go) found.push({ path, facts });
  }
  return found;
}
