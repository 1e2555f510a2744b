/**
 * What one Go file says, as far as it matters for building and running the program: imports, directives, calls with the
 * arguments that can be followed, what names are bound to. No types, no scopes: a reader of these facts asks whether a
 * name may stand for a value, and shows where. Takes any text and never throws.
 */
import { constraintHolds, LINUX, missingTags, nameIsBuilt, oldConstraint } from './build-constraint.ts';
import {
  argumentsAt,
  type BracketedTokens,
  expressionAt,
  type GoExpression,
  isOperator,
  matchBrackets,
} from './go-expression.ts';
import { type GoComment, type GoToken, goTokens } from './go-tokens.ts';
import { packageVariables } from './package-variables.ts';

export interface GoImport {
  readonly path: string;
  /** How the file calls it: as written, else by the path's last element; `_` and `.` as written. */
  readonly name: string;
  readonly line: number;
}

/** What is known without reading beyond the imports. */
export interface GoHeader {
  /** '' when the text is no Go file. */
  readonly packageName: string;
  readonly imports: readonly GoImport[];
  /** Whether its name and constraints let it be built for Linux, with cgo and without. */
  readonly isBuilt: { readonly withCgo: boolean; readonly withoutCgo: boolean };
  /** It is left out of the build for want of these build tags. */
  readonly missingTags: readonly string[];
}

export interface GoCall {
  /** `http`, `ListenAndServe`; of a method on a call's result only the method. */
  readonly callee: readonly string[];
  readonly on: GoExpression | undefined;
  readonly args: readonly GoExpression[];
  readonly line: number;
}

/** A name that is given a value: a constant, a variable, a field of a struct. */
export interface GoBinding {
  readonly name: string;
  readonly value: GoExpression;
  readonly line: number;
}

export interface GoText {
  readonly text: string;
  readonly line: number;
}

export interface GoSource extends GoHeader {
  readonly calls: readonly GoCall[];
  readonly bindings: readonly GoBinding[];
  /** Struct fields that have a tag. */
  readonly tags: readonly { readonly field: string; readonly tag: string; readonly line: number }[];
  /** `syscall.SIGTERM`: a name of an imported package, each once. */
  readonly references: ReadonlyMap<string, number>;
  /** String literals that could be a path, a route or a name; each once. */
  readonly strings: ReadonlyMap<string, number>;
  /** Variables of the package that -ldflags -X could set. */
  readonly stringVariables: readonly GoText[];
  readonly hasMain: boolean;
  /** Patterns of `//go:embed`, as written. */
  readonly embeds: readonly GoText[];
  /** Commands of `//go:generate`. */
  readonly generates: readonly GoText[];
}

const AFTER_IMPORTS = new Set(['func', 'var', 'type', 'const']);
const LONGEST_STRING = 200;

/** `tags` are those that the build sets. */
export function readGoHeader(name: string, text: string, tags: readonly string[] = []): GoHeader {
  const { tokens, comments } = goTokens(text, ({ kind, text }) => kind === 'name' && AFTER_IMPORTS.has(text));
  return headerOf(name, { tokens, comments }, tags);
}

export function readGoSource(name: string, text: string): GoSource {
  const { tokens, comments } = goTokens(text);
  const source = matchBrackets(tokens);
  const header = headerOf(name, { tokens, comments }, []);
  return {
    ...header,
    calls: callsOf(source),
    bindings: bindingsOf(source),
    tags: tagsOf(tokens),
    references: referencesOf(source, header.imports),
    strings: stringsOf(tokens),
    stringVariables: packageVariables(source),
    hasMain: tokens.some((_, at) => isMain(source, at)),
    embeds: directives(comments, 'go:embed').flatMap(({ text, line }) =>
      embedPatterns(text).map((pattern) => ({ text: pattern, line })),
    ),
    generates: directives(comments, 'go:generate'),
  };
}

function headerOf(
  name: string,
  { tokens, comments }: { readonly tokens: readonly GoToken[]; readonly comments: readonly GoComment[] },
  tags: readonly string[],
): GoHeader {
  const at = tokens.findIndex(({ kind, text }) => kind === 'name' && text === 'package');
  const packageLine = tokens[at]?.line ?? 0;
  const above = comments.filter(({ line }) => line < packageLine);
  const build = directives(above, 'go:build').map(({ text }) => text);
  const old = directives(above, '+build').map(({ text }) => text);
  const expression = build[0] ?? (old.length > 0 ? oldConstraint(old) : undefined);
  const isNamed = nameIsBuilt(name, LINUX);
  const holds = (cgo: boolean) =>
    isNamed && (expression === undefined || constraintHolds(expression, { ...LINUX, cgo, tags }));
  return {
    packageName: at < 0 ? '' : (tokens[at + 1]?.text ?? ''),
    imports: importsOf(tokens),
    isBuilt: { withCgo: holds(true), withoutCgo: holds(false) },
    missingTags: isNamed && expression !== undefined ? missingTags(expression, { ...LINUX, tags }) : [],
  };
}

function directives(comments: readonly GoComment[], name: string): readonly GoText[] {
  return comments.flatMap(({ text, line }) => {
    const words = text.trimStart();
    return words.startsWith(`${name} `) ? [{ text: words.slice(name.length).trim(), line }] : [];
  });
}

/** Patterns are separated by spaces, and quoted where they have some. */
function embedPatterns(text: string): readonly string[] {
  return (text.match(/"[^"]*"|`[^`]*`|\S+/g) ?? []).map((pattern) => pattern.replace(/^["`]|["`]$/g, ''));
}

function importsOf(tokens: readonly GoToken[]): readonly GoImport[] {
  const imports: GoImport[] = [];
  let isImport = false;
  for (const [at, { kind, text, line }] of tokens.entries()) {
    if (kind === 'name' && AFTER_IMPORTS.has(text)) break;
    if (kind === 'name' && text === 'import') isImport = true;
    if (kind !== 'string' || !isImport) continue;
    const before = tokens[at - 1];
    const isNamed = before && before.line === line && (before.kind === 'name' || before.text === '.');
    imports.push({ path: text, name: isNamed && before.text !== 'import' ? before.text : importedName(text), line });
  }
  return imports;
}

/** What a package is most likely called: `gin` for `github.com/gin-gonic/gin`, `redis` for `…/go-redis/v9`. */
function importedName(path: string): string {
  const parts = path.split('/');
  const last = parts.at(-1) ?? '';
  const name = /^v\d+$/.test(last) && parts.length > 1 ? (parts.at(-2) ?? '') : last;
  return name
    .replace(/\.v\d+$/, '')
    .replace(/^go-|[-.]go$/g, '')
    .replaceAll('-', '_');
}

const NO_CALLS = new Set(['if', 'for', 'switch', 'select', 'return', 'func', 'go', 'defer', 'case', 'range', 'import']);

function callsOf(source: BracketedTokens): readonly GoCall[] {
  const calls: GoCall[] = [];
  for (const [at, { kind, text, line }] of source.tokens.entries()) {
    if (kind !== 'name' || !isOperator(source, at + 1, '(') || NO_CALLS.has(text)) continue;
    const names = namesBefore(source, at);
    const first = at - (names.length - 1) * 2;
    const before = source.tokens[first - 1];
    if (before?.kind === 'name' && before.text === 'func') continue;
    calls.push({ callee: names, on: receiver(source, first), args: argumentsAt(source, at + 1), line });
  }
  return calls;
}

/** The names that end at a token: `a.b.c`. */
function namesBefore(source: BracketedTokens, at: number): readonly string[] {
  const names = [source.tokens[at]?.text ?? ''];
  for (let dot = at - 1; isOperator(source, dot, '.') && source.tokens[dot - 1]?.kind === 'name'; dot -= 2) {
    names.unshift(source.tokens[dot - 1]?.text ?? '');
    if (names.length > 8) break;
  }
  return names;
}

/** A method of what another call returned: `kingpin.Flag("a", "b").Default("c")`; only that it is one is kept. */
function receiver(source: BracketedTokens, first: number): GoExpression | undefined {
  const isMethod = isOperator(source, first - 1, '.') && isOperator(source, first - 2, ')');
  return isMethod ? { kind: 'other' } : undefined;
}

const TYPES = new Set(['string', 'int', 'int32', 'int64', 'uint', 'uint16', 'uint32']);

function bindingsOf(source: BracketedTokens): readonly GoBinding[] {
  const { tokens } = source;
  const bindings: GoBinding[] = [];
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'operator') continue;
    const isField = token.text === ':' && isOneOf(tokens[at - 2], '{', ',');
    if (token.text !== ':=' && token.text !== '=' && !isField) continue;
    const name = isField ? tokens[at - 1] : boundName(source, at - 1);
    if (name?.kind !== 'name') continue;
    const value = expressionAt(source, at + 1, tokens.length);
    if (value.kind !== 'other') bindings.push({ name: name.text, value, line: name.line });
  }
  return bindings;
}

/** `port, err := …`: the first name gets the value that is followed. */
function boundName(source: BracketedTokens, last: number): GoToken | undefined {
  const { tokens } = source;
  let at = tokens[last]?.kind === 'name' && TYPES.has(tokens[last].text) ? last - 1 : last;
  while (isOperator(source, at - 1, ',') && tokens[at - 2]?.kind === 'name') at -= 2;
  return tokens[at];
}

function isOneOf(token: GoToken | undefined, ...texts: readonly string[]): boolean {
  return token?.kind === 'operator' && texts.includes(token.text);
}

/** A raw string that ends a line which begins with a name. */
function tagsOf(tokens: readonly GoToken[]): GoSource['tags'] {
  let first: GoToken | undefined;
  return tokens.flatMap((token) => {
    if (first?.line !== token.line) first = token;
    const isTag = token.isRaw && first.kind === 'name' && first !== token && /^\s*\w+:"/.test(token.text);
    return isTag ? [{ field: first.text, tag: token.text, line: token.line }] : [];
  });
}

function referencesOf(source: BracketedTokens, imports: readonly GoImport[]): ReadonlyMap<string, number> {
  const paths = new Map(imports.map(({ name, path }) => [name, path]));
  const references = new Map<string, number>();
  for (const [at, { kind, text, line }] of source.tokens.entries()) {
    const path = kind === 'name' && !isOperator(source, at - 1, '.') ? paths.get(text) : undefined;
    const member = source.tokens[at + 2];
    if (path === undefined || !isOperator(source, at + 1, '.') || member?.kind !== 'name') continue;
    const reference = `${path}.${member.text}`;
    if (!references.has(reference)) references.set(reference, line);
  }
  return references;
}

function stringsOf(tokens: readonly GoToken[]): ReadonlyMap<string, number> {
  const strings = new Map<string, number>();
  for (const { kind, text, line } of tokens) {
    if (kind !== 'string' || text.length > LONGEST_STRING || text === '' || strings.has(text)) continue;
    strings.set(text, line);
  }
  return strings;
}

function isMain(source: BracketedTokens, at: number): boolean {
  const [keyword, name] = [source.tokens[at], source.tokens[at + 1]];
  return (
    keyword?.kind === 'name' && keyword.text === 'func' && name?.text === 'main' && isOperator(source, at + 2, '(')
  );
}
