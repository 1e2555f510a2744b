import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { RootMount } from '../rootfs/snapshot.ts';
import type { ExecResult, ExecSpec, Executor } from './executor.ts';
import { NamespacesExecutor } from './namespaces-executor.ts';
import { OciExecutor } from './oci-executor.ts';

const BUSYBOX = ['/bin/busybox', '/usr/bin/busybox'].find((path) => existsSync(path));
const never = new AbortController().signal;

interface Outcome extends ExecResult {
  readonly stdout: string;
  readonly stderr: string;
}

function baseLayer(dir: string): string {
  const root = join(dir, 'base');
  for (const name of ['bin', 'etc', 'tmp', 'root', 'home/u', 'private'])
    mkdirSync(join(root, name), { recursive: true });
  cpSync(BUSYBOX ?? '', join(root, 'bin/busybox'));
  for (const name of 'sh cat ls id env pwd hostname mount touch mkdir rm sleep kill head dd wc stat ps true false sync echo chmod tr cut grep printf seq yes nc ip mknod readlink'.split(
    ' ',
  )) {
    symlinkSync('busybox', join(root, 'bin', name));
  }
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\nu:x:1000:1000::/home/u:/bin/sh\n');
  return root;
}

let dir: string;
let base: string;
let count = 0;

before(() => {
  dir = mkdtempSync(join(tmpdir(), 'slipway-exec-'));
  base = baseLayer(dir);
});
after(() => rmSync(dir, { recursive: true, force: true }));

function overlayRoot(lowerDirs: readonly string[] = [base]): Extract<RootMount, { kind: 'overlay' }> {
  const active = join(dir, `active-${++count}`);
  for (const name of ['fs', 'work']) mkdirSync(join(active, name), { recursive: true });
  return { kind: 'overlay', lowerDirs, upperDir: join(active, 'fs'), workDir: join(active, 'work') };
}

function specOf(
  argv: readonly string[],
  changes: Partial<ExecSpec> = {},
): Omit<ExecSpec, 'stdio'> & Partial<Pick<ExecSpec, 'stdio'>> {
  return {
    id: `t${++count}`,
    root: overlayRoot(),
    readOnlyRoot: false,
    argv,
    env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    cwd: '/',
    user: { uid: 0, gid: 0, additionalGids: [] },
    mounts: [],
    network: 'host',
    security: 'sandbox',
    hostname: 'buildkitsandbox',
    extraHosts: [],
    limits: {},
    ...changes,
  };
}

async function run(
  executor: Executor,
  argv: readonly string[],
  changes: Partial<ExecSpec> = {},
  signal = never,
): Promise<Outcome> {
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const stdio = {
    kind: 'capture',
    onOutput: (stream: 'stdout' | 'stderr', chunk: Buffer) => void chunks[stream].push(chunk),
  } as const;
  const result = await executor.run({ stdio, ...specOf(argv, changes) }, signal);
  return {
    ...result,
    stdout: Buffer.concat(chunks.stdout).toString(),
    stderr: Buffer.concat(chunks.stderr).toString(),
  };
}

const sh = (script: string): string[] => ['sh', '-c', script];

function executors(): Executor[] {
  return [
    new NamespacesExecutor(),
    new OciExecutor({ path: '/usr/bin/crun', kind: 'crun', description: 'crun' }),
    new OciExecutor({ path: '/usr/sbin/runc', kind: 'runc', description: 'runc' }),
  ];
}

for (const executor of executors()) {
  describe(`${executor.isolation}: ${executor.description}`, { skip: BUSYBOX ? false : 'no static busybox' }, () => {
    test('passes the environment, exactly', async () => {
      const env = [
        'PATH=/bin',
        'A=1',
        "B=it's",
        'C=two\nlines',
        'D=$(x) `y` "z" \\',
        'E=',
        'HOME=/h',
        'LD_PRELOAD=/nosuch.so',
      ];
      const { stdout, stderr } = await run(executor, ['env'], { env });
      assert.deepEqual(
        stdout
          .trimEnd()
          .split(/\n(?=[A-Z_]+=)/)
          .sort(),
        [...env].sort(),
        stderr,
      );
    });

    const outputs: [name: string, argv: readonly string[], changes: Partial<ExecSpec>, expected: string | RegExp][] = [
      ['HOME from passwd', sh('echo $HOME'), { user: { uid: 1000, gid: 1000, additionalGids: [] } }, '/home/u\n'],
      ['HOME of nobody known', sh('echo $HOME'), { user: { uid: 1, gid: 1, additionalGids: [] } }, '/\n'],
      ['the working directory', ['pwd'], { cwd: '/home/u' }, '/home/u\n'],
      [
        'a working directory that is closed to the user',
        ['readlink', '/proc/self/cwd'],
        { cwd: '/root', user: { uid: 1000, gid: 1000, additionalGids: [] } },
        '/root\n',
      ],
      [
        'ids and groups',
        ['id'],
        { user: { uid: 1000, gid: 55, additionalGids: [7, 8] } },
        /^uid=1000\S* gid=55 groups=7,8,55\n$/,
      ],
      ['root', ['id'], {}, /^uid=0\(root\) gid=0 groups=0\n$/],
      ['the host name', ['hostname'], { hostname: 'box' }, 'box\n'],
      [
        '/etc/hosts',
        ['cat', '/etc/hosts'],
        { extraHosts: [{ name: 'db', address: '10.0.0.7' }] },
        '127.0.0.1\tlocalhost buildkitsandbox\n::1\tlocalhost ip6-localhost ip6-loopback\n10.0.0.7\tdb\n',
      ],
      ['/etc/resolv.conf', ['cat', '/etc/resolv.conf'], {}, /nameserver/],
      ['an empty standard input', ['wc', '-c'], {}, '0\n'],
      [
        "docker's capabilities",
        ['grep', '-E', 'Cap|NoNew', '/proc/self/status'],
        {},
        /CapInh:\t0{16}\nCapPrm:\t0{8}a80425fb\nCapEff:\t0{8}a80425fb\nCapBnd:\t0{8}a80425fb\nCapAmb:\t0{16}\nNoNewPrivs:\t0\n/,
      ],
      [
        'no capabilities for a user',
        ['grep', 'Cap', '/proc/self/status'],
        { user: { uid: 1000, gid: 1000, additionalGids: [] } },
        /CapPrm:\t0{16}\nCapEff:\t0{16}\nCapBnd:\t0{8}a80425fb/,
      ],
      ['the usual umask', sh('umask'), {}, '0022\n'],
      ['process 1', sh('echo $$'), {}, '1\n'],
      ['nobody but itself', sh('ps >/tmp/o; wc -l </tmp/o'), {}, '3\n'],
      [
        'devices',
        sh(
          'echo x >/dev/null; head -c 2 /dev/zero | wc -c; echo a >/dev/stderr; echo b >/dev/stdout; ls /dev | grep -v core',
        ),
        {},
        '2\nb\nfd\nfull\nmqueue\nnull\nptmx\npts\nrandom\nshm\nstderr\nstdin\nstdout\ntty\nurandom\nzero\n',
      ],
      ['/dev/shm of 64 MiB', sh('grep -o "/dev/shm.*size=65536k" /proc/mounts | wc -l'), {}, '1\n'],
      [
        '/dev/shm as large as told',
        sh('dd if=/dev/zero of=/dev/shm/f bs=1k count=100 2>/dev/null; wc -c </dev/shm/f'),
        { shmSizeBytes: 8192 },
        '8192\n',
      ],
      [
        'tmpfs with a size',
        sh('dd if=/dev/zero of=/t/f bs=1k count=100 2>/dev/null; wc -c </t/f; stat -c %a /t'),
        { mounts: [{ type: 'tmpfs', target: '/t', sizeBytes: 4096 }] },
        '4096\n1777\n',
      ],
      [
        'no network but loopback',
        sh('ls /sys/class/net; ip -o link show lo | grep -c UP'),
        { network: 'none' },
        'lo\n1\n',
      ],
      ['readonly paths', sh('echo 1 >/proc/sys/kernel/domainname; touch /sys/x'), {}, ''],
      [
        'nothing of the old root',
        sh('grep -c /exec- /proc/self/mountinfo; ls -a /'),
        {},
        '0\n.\n..\nbin\ndev\netc\nhome\nprivate\nproc\nroot\nsys\ntmp\n',
      ],
      ['no open files but the three', sh('cd /proc/$$/fd && echo *'), {}, /^0 1 2( 10| 3| 255)?\n$/],
      [
        'a read-only root',
        sh('touch /x || echo refused; touch /tmp/x || echo refused'),
        { readOnlyRoot: true },
        'refused\nrefused\n',
      ],
      [
        'ulimits',
        sh('ulimit -n; ulimit -Hn'),
        { limits: { ulimits: [{ name: 'nofile', soft: 99, hard: 100 }] } },
        '99\n100\n',
      ],
    ];
    for (const [name, argv, changes, expected] of outputs) {
      test(`has ${name}`, async () => {
        const { stdout, stderr } = await run(executor, argv, changes);
        if (typeof expected === 'string') assert.equal(stdout, expected, stderr);
        else assert.match(stdout, expected, stderr);
      });
    }

    const exits: [string, readonly string[], number, RegExp?][] = [
      ['true', ['true'], 0],
      ['false', ['false'], 1],
      ['exit 3', sh('exit 3'), 3],
      ['SIGTERM to itself', sh('sh -c "kill -TERM \\$\\$"; exit $?'), 143],
      ['not in PATH', ['nosuch'], 127, /exec: "nosuch": executable file not found in \$PATH/],
      ['no such path', ['/nosuch'], 127, /no such file or directory/],
      ['a directory', ['/tmp'], 126, /is a directory/],
      ['not executable', ['/etc/passwd'], 126, /permission denied/],
    ];
    for (const [name, argv, exitCode, message] of exits) {
      test(`exits with ${exitCode}: ${name}`, async () => {
        const outcome = await run(executor, argv);
        assert.equal(outcome.exitCode, exitCode, outcome.stderr);
        if (message) assert.match(outcome.stderr, message);
      });
    }
  });
}
