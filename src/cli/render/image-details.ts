import { layerSizes } from '../../distribution/layer-size.ts';
import type { Store } from '../../distribution/store.ts';
import type { ContainerConfig, ImageConfig } from '../../image/image-config.ts';
import type { StoredImage } from '../../image/store/stored-image.ts';
import { repoDigests, repoTags } from './image-names.ts';

/** What `docker inspect` says of an image, with its field names, in its order. */
export async function imageDetails(store: Store, image: StoredImage): Promise<Record<string, unknown>> {
  const config = store.images.config(image.id);
  const references = store.images.referencesTo(image.id);
  const size = (await layerSizes(store, image)).reduce((sum, bytes) => sum + bytes, 0);
  const lastTagMs = Math.max(0, ...references.map(({ updatedMs }) => updatedMs));
  return {
    Id: image.id,
    RepoTags: repoTags(references),
    RepoDigests: repoDigests(references),
    Parent: '',
    Comment: config.history?.at(-1)?.comment ?? '',
    Created: config.created,
    DockerVersion: '',
    Author: config.author ?? '',
    Architecture: config.architecture,
    Variant: config.variant,
    Os: config.os,
    OsVersion: config['os.version'],
    Size: size,
    GraphDriver: { Data: null, Name: 'overlayfs' },
    RootFS: { Type: 'layers', Layers: config.rootfs.diff_ids },
    Metadata: { LastTagTime: new Date(lastTagMs).toISOString() },
    Descriptor: image.manifest,
    Config: configDetails(config),
  };
}

/** Optional fields are there as undefined: JSON leaves them out, and a template may name them. */
function configDetails({ config }: ImageConfig): Record<string, unknown> {
  const { Env, Cmd, Entrypoint, Labels, OnBuild, Volumes, User, WorkingDir, ...rest } = config;
  const optional: ContainerConfig = rest;
  return {
    ArgsEscaped: optional.ArgsEscaped,
    Cmd: Cmd ?? nullList(),
    Entrypoint: Entrypoint ?? nullList(),
    Env: Env ?? nullList(),
    ExposedPorts: optional.ExposedPorts,
    Healthcheck: optional.Healthcheck,
    Labels: Labels ?? nullMap(),
    OnBuild: OnBuild ?? nullList(),
    Shell: optional.Shell,
    StopSignal: optional.StopSignal,
    User: User ?? '',
    Volumes: Volumes ?? nullMap(),
    WorkingDir: WorkingDir ?? '',
  };
}

/** Go's nil slice: `[]` in a template, null in JSON. */
function nullList(): readonly never[] {
  return Object.defineProperty([], 'toJSON', { value: () => null, enumerable: false });
}

/** Go's nil map: `map[]` in a template, null in JSON. */
function nullMap(): Readonly<Record<string, never>> {
  return Object.defineProperty({}, 'toJSON', { value: () => null, enumerable: false });
}
