/** A quoted or bare path, up to a comment or the end of the line. */
const MODULE = /^[\t ]*module[\t ]+(?:"([^"\n]+)"|`([^`\n]+)`|([^\s/"`(][^\s"`]*))[\t ]*(?:\/\/.*)?\r?$/m;

/** The path that a go.mod gives its module (go.dev/ref/mod, "module directive"); undefined when it says none. */
export function modulePath(goMod: string): string | undefined {
  const [, quoted, raw, bare] = MODULE.exec(goMod) ?? [];
  return quoted ?? raw ?? bare;
}
