import { join } from 'node:path';
import type { Command } from 'commander';
import { KnownError } from '../../diagnostics/known-error.ts';
import { openStore, type Store } from '../../distribution/store.ts';
import { type Finding, type MachineReport, machineReport } from '../../exec/machine-report.ts';
import { type StoreUsage, storeUsage } from '../../prune/store-usage.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { enterNamespace } from '../enter-namespace.ts';
import { rootFlag } from '../flags/common-flags.ts';
import { renderGoTemplate } from '../render/go-template.ts';
import { formatSize } from '../render/size.ts';
import { storeRoot } from '../store-root.ts';
import type { Terminal } from '../terminal.ts';
import { version } from '../version.ts';

interface InfoFlags {
  readonly format?: string;
  readonly root?: string;
}

interface Report {
  readonly version: string;
  readonly node: string;
  readonly store: { readonly root: string; readonly from: string } & StoreCounts;
  readonly machine: MachineReport;
}

interface StoreCounts {
  readonly images: number;
  readonly names: number;
  readonly steps: number;
  /** On disk. */
  readonly bytes: number;
  readonly reclaimableBytes: number;
}

export const command: CommandModule = {
  configure(command: Command) {
    command.option('-f, --format <format>', 'json, or a template such as {{.store.root}}');
    rootFlag(command).addHelpText('after', '\nExamples:\n  slipway info\n  slipway info --format json');
  },

  async run({ env, stdout, stderr }: CommandContext, _args, options) {
    const { format, root } = options as InfoFlags;
    const inNamespace = await tryNamespace(env, stderr);
    if (inNamespace !== undefined) return inNamespace;
    const store = openStore(storeRoot(env, root));
    const report: Report = {
      version: version(),
      node: process.version,
      store: { root: store.root, from: originOfRoot(env, root), ...storeCounts(await storeUsage(store), store) },
      machine: await machineReport(join(store.root, 'cache')),
    };
    if (format === 'json') stdout.write(`${JSON.stringify(report)}\n`);
    else stdout.write(format ? `${renderGoTemplate(format, report)}\n` : table(report, stdout));
    return 0;
  },
};

function storeCounts({ kinds, totalBytes }: StoreUsage, { images }: Store): StoreCounts {
  const count = (name: string) => kinds.find(({ kind }) => kind === name)?.count ?? 0;
  const reclaimableBytes = kinds.reduce((sum, kind) => sum + kind.reclaimableBytes, 0);
  return {
    images: count('image'),
    names: images.references().length,
    steps: count('record'),
    bytes: totalBytes,
    reclaimableBytes,
  };
}

/** A machine that lets its users make no namespaces is what this command is asked about most. */
async function tryNamespace(env: NodeJS.ProcessEnv, stderr: Terminal): Promise<number | undefined> {
  try {
    return await enterNamespace(env);
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    stderr.write(`${error.message}\n`);
    return undefined;
  }
}

function originOfRoot(env: NodeJS.ProcessEnv, flag: string | undefined): string {
  if (flag) return '--root';
  if (env.SLIPWAY_ROOT) return 'SLIPWAY_ROOT';
  return env.XDG_DATA_HOME ? 'XDG_DATA_HOME' : 'default';
}

function table({ store, machine, ...report }: Report, { unicode }: Terminal): string {
  const sizes = `${formatSize(store.bytes)} on disk, ${formatSize(store.reclaimableBytes)} reclaimable: slipway du`;
  const rows: readonly (readonly [string, string])[] = [
    ['version', `${report.version} on Node.js ${report.node.slice(1)}`],
    ['machine', `Linux ${machine.kernel}, ${machine.architecture}`],
    ['store', `${store.root} (${store.from})`],
    ['', `${store.images} images under ${store.names} names, ${store.steps} cached steps`],
    ['', sizes],
  ];
  const { oci, namespaces, chroot } = machine.isolation;
  const findings: readonly (readonly [string, Finding])[] = [
    ['isolation auto', machine.auto],
    ['isolation oci', oci],
    ['isolation namespaces', namespaces],
    ['isolation chroot', chroot],
    ['overlay', machine.overlay],
    ['ids', machine.ids],
    ['limits', machine.limits],
  ];
  const width = Math.max(...[...rows, ...findings].map(([title]) => title.length));
  const [yes, no] = unicode ? ['✓', '✗'] : ['yes', 'no '];
  const lines = [
    ...rows.map(([title, text]) => `${title.padEnd(width)}  ${text}`),
    ...findings.flatMap(([title, { works, detail, remedy }]) => [
      `${title.padEnd(width)}  ${works ? yes : no} ${detail}`,
      ...(works || remedy === undefined ? [] : [`${' '.repeat(width)}    what helps: ${remedy}`]),
    ]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
