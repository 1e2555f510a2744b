import { spawnSync } from 'node:child_process';

/**
 * apt's settings on this machine, names in lower case; none where there is no apt.
 * @returns {Map<string, string>}
 */
export function readAptConfig() {
  const { stdout, status } = spawnSync('apt-config', ['dump'], { encoding: 'utf8' });
  return status === 0 ? parseAptConfig(stdout) : new Map();
}

/**
 * Parses what `apt-config dump` prints: `Acquire::http::Proxy "http://proxy:3142";`. Of a list the last item is kept.
 * @param {string} dump
 */
export function parseAptConfig(dump) {
  const settings = new Map();
  for (const match of dump.matchAll(/^(\S+) "(.*)";$/gm)) settings.set(match[1].toLowerCase(), match[2]);
  return settings;
}

/**
 * The proxy for a URL, as apt chooses it: a setting for the host, then one for the scheme, then the environment.
 * @param {URL} url
 * @param {ReadonlyMap<string, string>} settings
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined} the proxy's URL; undefined for a direct connection
 */
export function proxyFor(url, settings, env) {
  const scheme = url.protocol.slice(0, -1);
  const set = settings.get(`acquire::${scheme}::proxy::${url.hostname}`) ?? settings.get(`acquire::${scheme}::proxy`);
  if (set) return set === 'DIRECT' || set === 'false' ? undefined : set;
  const exempt = (env.no_proxy ?? env.NO_PROXY ?? '').split(',').map((host) => host.trim().replace(/^\*?\./, ''));
  if (exempt.some((host) => host === '*' || (host && (url.hostname === host || url.hostname.endsWith(`.${host}`))))) {
    return undefined;
  }
  return env[`${scheme}_proxy`] || env[`${scheme.toUpperCase()}_PROXY`] || env.all_proxy || undefined;
}

/**
 * Whether apt is told to check when a release was made (`Acquire::Check-Date`) and how long it is good for.
 * @param {ReadonlyMap<string, string>} settings
 */
export function dateChecks(settings) {
  const isOn = (name) => !/^(false|no|off|0)$/i.test(settings.get(name) ?? '');
  const checkDate = isOn('acquire::check-date');
  return { checkDate, checkValidUntil: checkDate && isOn('acquire::check-valid-until') };
}
