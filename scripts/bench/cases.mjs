import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { timed } from './measure.mjs';
import * as workloads from './workloads.mjs';

const example = fileURLToPath(new URL('../../examples/hello', import.meta.url));
const checkout = fileURLToPath(new URL('../..', import.meta.url));
const MEMORY_CEILING_MB = 250;

/**
 * The table of what is compared. A cold build has `--no-cache` and a context folder whose name no builder has seen; bases are there.
 * @param {{ dir: string, builders: readonly import('./builders.mjs').Builder[], registry: string, options: { bases: string, node: string } }} bench
 * @returns {import('./measure.mjs').Case[]}
 */
export function cases(bench) {
  return [
    ...goCases(bench),
    ...stepCases(bench),
    ...contextCases(bench),
    parallelCase(bench),
    pullCase(bench),
    pushCase(bench),
    ...memoryCases(bench),
    startCase(bench),
  ];
}

function goCases({ dir, builders, options }) {
  const app = folder(dir, 'go', (path) => workloads.writeGoApp(path, { example, bases: options.bases }));
  const build = (builder, more) => builder.build({ tag: 'bench/go', context: app.path(), ...more });
  const warmed = (more) => async (builder) => {
    app.make();
    await timed(build(builder, more));
  };
  const compared = (more, prepare) =>
    builders.map((builder) => ({
      name: builder.name,
      setUp: () => warmed(more)(builder),
      prepare,
      call: () => build(builder, more),
    }));
  const edit = () => workloads.editGoApp(app.path());
  const mount = { file: 'Dockerfile.mount' };
  return [
    {
      name: 'go-unchanged',
      title: 'Go service, nothing changed',
      unit: 's',
      repeat: 2,
      participants: compared({}),
      goals: [{ against: 'docker', ratio: 0.6 }],
    },
    {
      name: 'go-edit',
      title: 'Go service, one line changed',
      unit: 's',
      participants: compared({}, edit),
      goals: [{ against: 'docker', ratio: 0.12 }],
    },
    {
      name: 'go-mount-edit',
      title: 'the same, with a cache mount in the Dockerfile',
      unit: 's',
      participants: [...compared(mount, edit), ...compilerAlone(app, dir, edit)],
      goals: [
        { against: 'docker', ratio: 0.8 },
        { against: 'go build', ratio: 1.3 },
      ],
    },
    {
      name: 'go-cold',
      title: 'Go service, cold, base present',
      unit: 's',
      runs: 3,
      warmUp: false,
      participants: compared({ cold: true }, () => app.rename()),
      goals: [{ against: 'docker', ratio: 0.95 }],
    },
  ];
}

/** What nobody can beat: the compiler on this machine with its cache warm. */
function compilerAlone(app, dir, edit) {
  const go = ['go', '/usr/local/go/bin/go'].find((each) => spawnSync(each, ['version']).status === 0);
  if (!go) return [];
  const command = [go, 'build', '-trimpath', '-ldflags=-s -w', '-o', join(dir, 'hello'), '.'];
  const call = () => ({ command, cwd: app.path(), env: { CGO_ENABLED: '0' } });
  return [{ name: 'go build', setUp: () => timed(call()), prepare: edit, call }];
}

function stepCases({ dir, builders, options }) {
  const steps = folder(dir, 'steps', (path) => workloads.writeManySteps(path, options));
  const compared = (network) =>
    builders.map((builder) => {
      const build = (cold) => builder.build({ tag: 'bench/steps', context: steps.make(), cold, network });
      return { name: builder.name, setUp: () => timed(build(false)), call: () => build(true) };
    });
  const common = { unit: 's', runs: 5, warmUp: false };
  return [
    {
      ...common,
      name: 'steps-default',
      title: "20 RUN steps, each builder's default network",
      participants: compared(undefined),
      goals: [{ against: 'docker', ratio: 0.15 }],
    },
    {
      ...common,
      name: 'steps-host',
      title: '20 RUN steps, all on the host’s network',
      participants: compared('host'),
      goals: [{ against: 'docker', ratio: 0.35 }],
    },
  ];
}

function contextCases({ dir, builders }) {
  const context = folder(dir, 'context', (path) => workloads.writeBigContext(path));
  const build = (builder, more) => builder.build({ tag: 'bench/context', context: context.make(), ...more });
  const compared = (more, prepare) =>
    builders.map((builder) => ({
      name: builder.name,
      setUp: () => void context.make(),
      prepare,
      call: () => build(builder, more),
    }));
  return [
    {
      name: 'context-first',
      title: '20,000 files and 200 MB, first COPY',
      unit: 's',
      runs: 3,
      warmUp: false,
      participants: compared({ cold: true }, () => context.rename()),
      goals: [{ against: 'docker', ratio: 0.5 }],
    },
    {
      name: 'context-unchanged',
      title: 'the same, nothing changed',
      unit: 's',
      participants: compared({}),
      goals: [{ against: 'docker', ratio: 0.3 }],
    },
    {
      name: 'context-edit',
      title: 'the same, one file changed',
      unit: 's',
      runs: 3,
      participants: compared({}, () => workloads.editBigContext(context.path())),
      goals: [{ against: 'docker', ratio: 0.4 }],
    },
  ];
}

function parallelCase({ dir, builders, options }) {
  const stages = folder(dir, 'parallel', (path) => workloads.writeParallelStages(path, options));
  const call = (builder) => builder.build({ tag: 'bench/parallel', context: stages.make(), cold: true, jobs: 4 });
  return {
    name: 'parallel',
    title: 'four independent stages of `sleep 2`',
    unit: 's',
    runs: 3,
    participants: builders.map((builder) => ({ name: builder.name, call: () => call(builder) })),
    goals: [
      { against: 'docker', ratio: 0.95 },
      { against: '', absolute: 2.4 },
    ],
  };
}

function pullParticipants({ dir, builders, registry, options }) {
  const base = folder(dir, 'base', (path) => workloads.writeLargeBase(path, options));
  const reference = `${registry}/bench/base:latest`;
  const onto = folder(dir, 'onto', (path) => workloads.writeOnto(path, reference));
  const publish = once(() => timed(builders[0].push({ tag: reference, context: base.make() })));
  return builders.map((builder) => ({
    name: builder.name,
    setUp: publish,
    prepare: () => void builder.forget(reference),
    call: () => builder.pull(reference, onto.make()),
    memory: builder,
    tearDown: () => void builder.forget(reference),
  }));
}

function pullCase(bench) {
  return {
    name: 'pull',
    title: 'pull and unpack a base of 200 MB',
    unit: 's',
    runs: 3,
    warmUp: false,
    participants: pullParticipants(bench),
    goals: [{ against: 'docker', ratio: 0.7 }],
  };
}

function pushParticipants({ dir, builders, registry }) {
  const layer = folder(dir, 'layer', (path) => workloads.writeLayer(path, 'first'));
  const runs = { count: 0 };
  return builders.map((builder) => {
    const request = () => ({ tag: `${registry}/bench/push-${builder.name}:latest`, context: layer.make() });
    return {
      name: builder.name,
      prepare: async () => {
        workloads.renonce(layer.make(), ++runs.count);
        for (const call of builder.preparePush(request())) await timed(call);
      },
      call: () => builder.push(request()),
      memory: builder,
    };
  });
}

function pushCase(bench) {
  return {
    name: 'push',
    title: 'compress and push a layer of 200 MB',
    unit: 's',
    runs: 3,
    warmUp: false,
    participants: pushParticipants(bench),
    goals: [{ against: 'docker', ratio: 0.6 }],
  };
}

function memoryCases(bench) {
  const { builders, dir, options } = bench;
  const app = folder(dir, 'go-memory', (path) => workloads.writeGoApp(path, { example, bases: options.bases }));
  const context = folder(dir, 'context-memory', (path) => workloads.writeBigContext(path));
  const goals = [
    { against: 'docker', ratio: 0.5 },
    { against: '', absolute: MEMORY_CEILING_MB },
  ];
  const common = { unit: 'MB', runs: 2, warmUp: false, goals };
  const cold = (work, tag) =>
    builders.map((builder) => ({
      name: builder.name,
      memory: builder,
      prepare: () => {
        work.make();
        work.rename();
      },
      call: () => builder.build({ tag, context: work.path(), cold: true }),
    }));
  return [
    { ...common, name: 'memory-go', title: 'peak memory: Go service, cold', participants: cold(app, 'bench/go') },
    {
      ...common,
      name: 'memory-context',
      title: 'peak memory: 20,000 files and 200 MB',
      participants: cold(context, 'bench/context'),
    },
    { ...common, name: 'memory-pull', title: 'peak memory: pull of 200 MB', participants: pullParticipants(bench) },
    { ...common, name: 'memory-push', title: 'peak memory: push of 200 MB', participants: pushParticipants(bench) },
  ];
}

function startCase({ options: { node } }) {
  const command = [node, join(checkout, 'bin/slipway.js'), '--version'];
  return {
    name: 'start',
    title: 'start-up: `slipway --version` and a bare `node -e 0`',
    unit: 's',
    repeat: 4,
    participants: [
      { name: 'slipway', call: () => ({ command }) },
      { name: 'node', call: () => ({ command: [node, '-e', '0'] }) },
    ],
    goals: [{ against: 'node', difference: 0.01 }],
  };
}

/** A workload's folder: written when it is first needed, and moved to a new name when it must be unknown. */
function folder(dir, name, write) {
  let path = join(dir, name);
  let renames = 0;
  const make = once(() => write(path));
  return {
    path: () => path,
    make: () => {
      make();
      return path;
    },
    rename: () => {
      make();
      path = workloads.renamed(path, join(dir, `${name}-${++renames}`));
    },
  };
}

function once(work) {
  let result;
  return () => {
    result ??= { value: work() };
    return result.value;
  };
}
