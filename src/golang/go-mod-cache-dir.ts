/**
 * Where Go keeps downloaded modules in a root filesystem: GOMODCACHE, else the first folder of GOPATH, else the home
 * folder (`go help modules`). undefined when none of them says.
 */
export function goModCacheDir(env: Readonly<Record<string, string>>, home: string | undefined): string | undefined {
  if (env['GOMODCACHE']) return absolute(env['GOMODCACHE']);
  const [path = ''] = (env['GOPATH'] ?? '').split(':');
  if (path) return absolute(`${path}/pkg/mod`);
  const folder = env['HOME'] ?? home;
  return folder ? absolute(`${folder}/go/pkg/mod`) : undefined;
}

function absolute(dir: string): string | undefined {
  return dir.startsWith('/') ? dir.replace(/\/+/g, '/') : undefined;
}

const DEFAULT_PROXY = 'https://proxy.golang.org,direct';

/**
 * GOPROXY with a folder asked first; what that does not have is asked of the others as before (a missing file counts as
 * "not found"). undefined when the user turned downloads off.
 */
export function withModuleFolder(goProxy: string | undefined, folder: string): string | undefined {
  const others = goProxy || DEFAULT_PROXY;
  return others === 'off' ? undefined : `file://${folder},${others}`;
}
