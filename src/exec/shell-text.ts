/** A word of a POSIX shell script that stands for exactly this text. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * One line of shell that puts `NAME=value` settings into the environment; `nl` must hold a newline. The names that no
 * shell can export are left out and returned.
 */
export function exportLine(env: readonly string[]): { readonly line: string; readonly leftOut: readonly string[] } {
  const leftOut = env.filter((setting) => !IDENTIFIER.test(nameOf(setting)));
  const words = env
    .filter((setting) => !leftOut.includes(setting))
    .map((setting) => `${nameOf(setting)}=${shellQuote(setting.slice(nameOf(setting).length + 1))}`)
    .map((word) => word.replaceAll('\n', `'"$nl"'`));
  return { line: words.length > 0 ? `export ${words.join(' ')}` : ':', leftOut };
}

function nameOf(setting: string): string {
  const end = setting.indexOf('=');
  return end < 0 ? setting : setting.slice(0, end);
}
