import { KnownError } from '../../diagnostics/known-error.ts';
import { manifestDescriptor } from '../../distribution/outgoing-image.ts';
import { prepareAndPush, pushImage, recordPush } from '../../distribution/push-image.ts';
import { parseReference } from '../../image/reference.ts';
import type { Exporter } from './exporter.ts';
import { outgoingBuiltImage, prepareOptions } from './outgoing-built-image.ts';

/** To every name's registry. The store gets no image from it, but keeps what was compressed. */
export const registryExporter: Exporter = {
  async export({ image, spec, names }, environment) {
    const { store, client, allowSecretLeak, signal, progress } = environment;
    const [first, ...others] = names.map((name) => ({ name, reference: parseReference(name) }));
    if (!first) {
      throw new KnownError('USAGE', 'A push needs the name of an image.', {
        hint: 'Add -t REGISTRY/NAME, or name=REGISTRY/NAME to the output.',
        exitCode: 2,
      });
    }
    const { prepared } = await prepareAndPush(store, first.reference, {
      ...prepareOptions(spec, environment),
      image: outgoingBuiltImage(image),
      allowSecretLeak,
    });
    await recordPush(store, first.name, prepared);
    for (const { name, reference } of others) {
      await pushImage(store, await client(), reference, {
        image: prepared,
        allowSecretLeak,
        signal,
        onProgress: progress,
      });
      await recordPush(store, name, prepared);
    }
    return {
      imageId: prepared.config.descriptor.digest,
      manifestDigest: prepared.manifest.digest,
      manifest: manifestDescriptor(prepared, image.annotations?.descriptor),
    };
  },
};
