import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';

/** What figures mean nothing without. */
export function describeMachine(builders, missing) {
  return {
    date: new Date().toISOString().slice(0, 10),
    system: /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'unknown',
    kernel: release(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1e9),
    node: process.versions.node,
    user: process.getuid() === 0 ? 'root' : 'an ordinary user',
    load: loadavg()[0].toFixed(1),
    builders: Object.fromEntries(builders.map(({ name, version }) => [name, version])),
    missing,
  };
}
