/**
 * Where Go keeps its build cache in a root filesystem: GOCACHE, else XDG_CACHE_HOME, else the home folder
 * (`go help cache`). undefined when none of them says, or the cache is turned off.
 */
export function goCacheDir(env: Readonly<Record<string, string>>, home: string | undefined): string | undefined {
  const dir = env.GOCACHE || (env.XDG_CACHE_HOME && `${env.XDG_CACHE_HOME}/go-build`) || fromHome(env, home);
  return dir?.startsWith('/') ? dir : undefined;
}

function fromHome(env: Readonly<Record<string, string>>, home: string | undefined): string | undefined {
  const folder = env.HOME ?? home;
  return folder ? `${folder.replace(/\/+$/, '')}/.cache/go-build` : undefined;
}
