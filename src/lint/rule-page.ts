/** An example of a rule's page: a Dockerfile, and the files of its context where it has some. */
export interface RuleExample {
  readonly dockerfile: string;
  readonly files: Readonly<Record<string, string | SizedFile>>;
}

/** A file that only its size, and perhaps how it begins, matters of. */
export interface SizedFile {
  readonly start: Uint8Array;
  readonly bytes: number;
}

export interface RulePage {
  readonly title: string;
  /** The table under the title, by the name in its first column. */
  readonly facts: Readonly<Record<string, string>>;
  readonly bad: readonly RuleExample[];
  readonly good: readonly RuleExample[];
}

const FENCE = /^```(\w+)(?: +(\S+))?(?: +(\d+) bytes)?\n([\s\S]*?)^```$/gm;

/**
 * Reads a page of `docs/rules/`: its title, its table of facts, and the fenced blocks under "Bad" and "Good". A block
 * `dockerfile` begins an example; a block with a path behind its language is a file of the example before it. With
 * `N bytes` behind the path, the block is how the file begins, with `\\xNN` for a byte.
 */
export function readRulePage(markdown: string): RulePage {
  const title = /^# (.+)$/m.exec(markdown)?.[1] ?? '';
  const facts = [...markdown.matchAll(/^\| (\w+) \| (.*?) \|$/gm)].map(([, key = '', value = '']) => [key, value]);
  return {
    title,
    facts: Object.fromEntries(facts),
    bad: examples(section(markdown, 'Bad')),
    good: examples(section(markdown, 'Good')),
  };
}

function section(markdown: string, title: string): string {
  const [, rest = ''] = markdown.split(new RegExp(`^## ${title}$`, 'm'));
  return rest.split(/^## /m)[0] ?? '';
}

function examples(text: string): readonly RuleExample[] {
  const found: { dockerfile: string; files: Record<string, string | SizedFile> }[] = [];
  for (const [, language = '', path, bytes, content = ''] of text.matchAll(FENCE)) {
    const last = found.at(-1);
    if (language === 'dockerfile' && path === undefined) found.push({ dockerfile: content, files: {} });
    else if (path !== undefined && last)
      last.files[path] = bytes ? { start: bytesOf(content.trimEnd()), bytes: Number(bytes) } : content;
  }
  return found;
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(
    text.replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}
