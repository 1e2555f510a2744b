/** One `require` of go.mod. */
export interface GoRequirement {
  readonly path: string;
  readonly version: string;
  readonly isIndirect: boolean;
  readonly line: number;
}

/** One `replace`: by a folder (`./x`, `../x`, `/x`) or by another module. */
export interface GoReplacement {
  readonly path: string;
  /** '' when every version is replaced. */
  readonly version: string;
  readonly target: string;
  readonly targetVersion: string;
  readonly isLocal: boolean;
  readonly line: number;
}

/** go.mod or go.work as far as building needs it (go.dev/ref/mod, "go.mod files" and "go.work files"). */
export interface GoModFile {
  /** '' in go.work. */
  readonly modulePath: string;
  /** `1.22`, `1.22.3`; undefined when it is not said. */
  readonly goVersion: { readonly version: string; readonly line: number } | undefined;
  /** `go1.22.3`; undefined when it is not said or `default`. */
  readonly toolchain: { readonly name: string; readonly line: number } | undefined;
  readonly requires: readonly GoRequirement[];
  readonly replaces: readonly GoReplacement[];
  /** Import paths of `tool` directives. */
  readonly tools: readonly string[];
  /** Folders of `use` directives, in go.work. */
  readonly uses: readonly string[];
}

interface Directive {
  readonly verb: string;
  readonly words: readonly string[];
  readonly comment: string;
  readonly line: number;
}

/** Takes any text; lines that are no directive are passed over. */
export function parseGoModFile(text: string): GoModFile {
  const directives = directivesOf(text);
  const words = (verb: string) => directives.filter((directive) => directive.verb === verb);
  const [go] = words('go');
  const [toolchain] = words('toolchain');
  return {
    modulePath: words('module')[0]?.words[0] ?? '',
    goVersion: go?.words[0] ? { version: go.words[0], line: go.line } : undefined,
    toolchain:
      toolchain?.words[0] && toolchain.words[0] !== 'default'
        ? { name: toolchain.words[0], line: toolchain.line }
        : undefined,
    requires: words('require').flatMap(requirement),
    replaces: words('replace').flatMap(replacement),
    tools: words('tool').flatMap(({ words }) => words.slice(0, 1)),
    uses: words('use').flatMap(({ words }) => words.slice(0, 1)),
  };
}

function requirement({ words: [path, version], comment, line }: Directive): readonly GoRequirement[] {
  return path && version ? [{ path, version, isIndirect: /^\s*indirect\b/.test(comment), line }] : [];
}

function replacement({ words, line }: Directive): readonly GoReplacement[] {
  const arrow = words.indexOf('=>');
  const [path, version = ''] = words.slice(0, arrow);
  const [target, targetVersion = ''] = words.slice(arrow + 1);
  if (arrow < 1 || !path || !target) return [];
  return [{ path, version, target, targetVersion, isLocal: /^(?:\.{0,2}\/|\.{1,2}$)/.test(target), line }];
}

function directivesOf(text: string): readonly Directive[] {
  const directives: Directive[] = [];
  let block = '';
  for (const [index, whole] of text.split('\n').entries()) {
    const { words, comment } = wordsOf(whole);
    const [first] = words;
    if (first === undefined) continue;
    if (block !== '' && first === ')') block = '';
    else if (block === '' && words[1] === '(') block = first;
    else {
      const [verb, rest] = block === '' ? [first, words.slice(1)] : [block, words];
      directives.push({ verb, words: rest, comment, line: index + 1 });
    }
  }
  return directives;
}

function wordsOf(line: string): { readonly words: readonly string[]; readonly comment: string } {
  const comment = /(?:^|\s)\/\/(.*)$/.exec(line);
  const text = comment ? line.slice(0, comment.index) : line;
  const words = text.match(/"[^"]*"|`[^`]*`|[()]|[^\s()]+/g) ?? [];
  return { words: words.map((word) => word.replace(/^["`]|["`]$/g, '')), comment: comment?.[1] ?? '' };
}
