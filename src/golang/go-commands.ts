/** What a RUN does with Go, as far as caches are concerned. */
export interface GoCommands {
  /** Compiles something: the build cache (GOCACHE) helps. */
  readonly compiles: boolean;
  /** May fetch modules: a module proxy on this machine helps. */
  readonly fetchesModules: boolean;
}

const COMPILING = new Set(['build', 'install', 'test', 'vet', 'generate', 'run', 'tool', 'get']);
const FETCHING = new Set([...COMPILING, 'mod', 'list', 'work']);

/** What may stand between the start of a command and `go`: variables, `env`, `exec`, `time`, a path. */
const GO_COMMAND =
  /(?:^|[\n;&|(){}`]|\b(?:then|do|else|exec|time|env|command|sudo|!)\s)\s*(?:[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|[^\s;&|"'])*\s+)*(?:[\w./-]*\/)?go\s+([a-z]+)/g;

/**
 * Finds the go commands in the argv of a RUN step, shell text included. A guess in the safe direction: what looks
 * like one and is none costs an unused mount, what is missed costs time.
 */
export function goCommands(argv: readonly string[]): GoCommands {
  const names = goSubcommands(argv);
  return {
    compiles: names.some((name) => COMPILING.has(name)),
    fetchesModules: names.some((name) => FETCHING.has(name)),
  };
}

function goSubcommands(argv: readonly string[]): string[] {
  const [program = '', first = ''] = argv;
  if (/(?:^|\/)go$/.test(program)) return [first];
  // Bounded: a RUN line of a megabyte is no go command that anybody wrote.
  const text = argv.join(' \n ').slice(0, 64 * 1024);
  return [...text.matchAll(GO_COMMAND)].map(([, name = '']) => name);
}
