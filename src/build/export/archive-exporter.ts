import { resolve } from 'node:path';
import { KnownError } from '../../diagnostics/known-error.ts';
import { exportableImage, manifestDescriptor, prepareImage } from '../../distribution/outgoing-image.ts';
import { explainWriteError, writeOutput } from '../../distribution/write-output.ts';
import type { ExportableImage } from '../../image/archive/exportable-image.ts';
import { writeImageArchive } from '../../image/archive/write-image-archive.ts';
import { writeImageLayout } from '../../image/archive/write-image-layout.ts';
import { digestOf } from '../../image/compression/verify-stream.ts';
import { ANNOTATION } from '../../image/store/image-layout.ts';
import type { ExportEnvironment, Exporter, ExportOutcome, ExportRequest } from './exporter.ts';
import { outgoingBuiltImage, prepareOptions } from './outgoing-built-image.ts';

/** An OCI archive, or an OCI image layout in a folder (`tar=false`). */
export const ociExporter: Exporter = {
  export: (request, environment) =>
    request.spec.tar ? exportArchive('oci', request, environment) : exportLayout(request, environment),
};

/** What `docker load` takes in every version. */
export const dockerExporter: Exporter = {
  export: (request, environment) => exportArchive('docker', request, environment),
};

const CREATED = 'org.opencontainers.image.created';
/** BuildKit calls an image without a name so in a folder, since most tools ask a folder for a name. */
const UNNAMED = 'latest';

async function exportArchive(
  format: 'oci' | 'docker',
  request: ExportRequest,
  environment: ExportEnvironment,
): Promise<ExportOutcome> {
  const { spec } = request;
  const { exportable, outcome } = await prepare(request, environment);
  const { cwd, stdout, signal, progress } = environment;
  const destination = spec.dest === undefined || spec.dest === '-' ? stdout : resolve(cwd, spec.dest);
  const id = spec.dest === undefined || spec.dest === '-' ? 'sending tarball' : `writing ${spec.dest}`;
  const chunks = counted(writeImageArchive([exportable], { format, signal }), (current, done) =>
    progress({ id, current, total: undefined, done }),
  );
  await writeOutput(destination, chunks, { signal, flag: `-o type=${spec.type}` });
  return outcome;
}

async function exportLayout(request: ExportRequest, environment: ExportEnvironment): Promise<ExportOutcome> {
  const { dest } = request.spec;
  if (dest === undefined || dest === '-') {
    throw new KnownError('USAGE', '-o type=oci,tar=false writes a folder and needs its name.', {
      hint: 'Add dest=FOLDER.',
      exitCode: 2,
    });
  }
  const path = resolve(environment.cwd, dest);
  const { exportable, outcome } = await prepare(request, environment);
  const unnamed = { ...exportable.annotations, [ANNOTATION.refName]: UNNAMED };
  const named = exportable.names.length > 0 ? exportable : { ...exportable, annotations: unnamed };
  try {
    await writeImageLayout(path, [named], { signal: environment.signal });
  } catch (error) {
    throw explainWriteError(error, path);
  }
  return outcome;
}

async function prepare(
  { image, spec, names }: ExportRequest,
  environment: ExportEnvironment,
): Promise<{ readonly exportable: ExportableImage; readonly outcome: ExportOutcome }> {
  const prepared = await prepareImage(environment.store, outgoingBuiltImage(image), prepareOptions(spec, environment));
  const { created } = image.config;
  const annotations = {
    ...image.annotations?.descriptor,
    ...(created === undefined ? {} : { [CREATED]: wholeSeconds(created) }),
  };
  return {
    exportable: exportableImage(prepared, { names, annotations }),
    outcome: {
      imageId: digestOf(prepared.config.bytes),
      manifestDigest: prepared.manifest.digest,
      manifest: manifestDescriptor(prepared, annotations),
    },
  };
}

/** The image's own time and not the export's, so that an image always gives the same archive. */
function wholeSeconds(created: string): string {
  return created.replace(/\.\d+Z$/, 'Z');
}

async function* counted(
  chunks: AsyncIterable<Buffer>,
  report: (current: number, done: boolean) => void,
): AsyncGenerator<Buffer> {
  let current = 0;
  for await (const chunk of chunks) {
    current += chunk.length;
    report(current, false);
    yield chunk;
  }
  report(current, true);
}
