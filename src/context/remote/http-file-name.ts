/** ADD's name for what it downloads: the last name of the URL's path, `__unnamed__` where there is none. */
export function fileNameOfUrl(url: string): string {
  if (!URL.canParse(url)) return '__unnamed__';
  const names = decode(new URL(url).pathname)
    .split('/')
    .filter((name) => name !== '');
  return safeName(names.at(-1) ?? '') ?? '__unnamed__';
}

/** The name a response gives itself (RFC 6266, `filename` and `filename*`), without folders; undefined when it has none. */
export function fileNameOfDisposition(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const extended = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;]+)/i.exec(header)?.[1];
  const quoted = /;\s*filename\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(header)?.[1]?.replace(/\\(.)/g, '$1');
  const token = /;\s*filename\s*=\s*([^\s;"]+)/i.exec(header)?.[1];
  const name = extended === undefined ? (quoted ?? token) : decode(extended.trim());
  if (name === undefined || name.endsWith('/')) return undefined;
  return safeName(name.slice(name.lastIndexOf('/') + 1));
}

/** A name of one path component, or nothing. */
function safeName(name: string): string | undefined {
  return name === '' || name === '.' || name === '..' || /[/\0]/.test(name) ? undefined : name;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
