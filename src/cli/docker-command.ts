const IN_FOREGROUND =
  'A container runs in the foreground and is gone when its command ends; Ctrl-C or a signal to "slipway run" stops it.';
const NO_CONTAINER_KEPT = 'No container is kept that it could be done to; write the step into a Dockerfile.';
const SHARED_NETWORK = "Containers share this machine's network, or have none: slipway run --network none.";

/** docker's commands that have no counterpart of the same name, and what does their work. */
const INSTEAD: Readonly<Record<string, string>> = {
  attach: IN_FOREGROUND,
  commit: NO_CONTAINER_KEPT,
  compose: 'Compose files are not read: build and run the services one by one.',
  container: IN_FOREGROUND,
  cp: 'Files of an image come out with "slipway build -o DIR", those of a run with -v.',
  create: IN_FOREGROUND,
  diff: NO_CONTAINER_KEPT,
  exec: 'Run another command in a container of its own: slipway run -it IMAGE sh.',
  export: 'Write "slipway build -o type=tar,dest=FILE", or "slipway save".',
  kill: IN_FOREGROUND,
  manifest: 'Write "slipway inspect".',
  network: SHARED_NETWORK,
  port: SHARED_NETWORK,
  ps: IN_FOREGROUND,
  restart: IN_FOREGROUND,
  rm: 'Nothing of a container is kept; "slipway rmi" removes images.',
  start: IN_FOREGROUND,
  stats: IN_FOREGROUND,
  stop: IN_FOREGROUND,
  top: IN_FOREGROUND,
  version: 'Write "slipway --version".',
  volume: 'There are no volumes: name a directory with "slipway run -v DIR:TARGET".',
  wait: IN_FOREGROUND,
};

/** docker's groups of commands: what stands below them is a command by itself here. */
const GROUPS = ['builder', 'buildx', 'image', 'system'];
const BELOW: Readonly<Record<string, string>> = { ls: 'images', rm: 'rmi', df: 'du' };

/** What to write in place of a command line that docker knows; undefined where docker does not know it either. */
export function insteadOfDocker(
  [first = '', second = '']: readonly string[],
  isCommand: (name: string) => boolean,
): string | undefined {
  if (!GROUPS.includes(first)) return Object.hasOwn(INSTEAD, first) ? INSTEAD[first] : undefined;
  const name = Object.hasOwn(BELOW, second) ? (BELOW[second] ?? '') : second;
  return isCommand(name) ? `Write "slipway ${name}".` : undefined;
}
