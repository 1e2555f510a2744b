import type { LoopbackPort } from '../module/go-module.ts';
import { LOOPBACK, listenArgument, serverAddresses } from './listen-ports.ts';
import { calledPackage, type ProgramFile, type ProgramSources, placeIn } from './program-sources.ts';

/** Ports of calls that listen on the loopback address, each once: in a container nothing outside reaches them. */
export function loopbackPorts(sources: ProgramSources): readonly LoopbackPort[] {
  const found = sources.files.flatMap((file) =>
    addressesIn(file).flatMap(({ value, line }) => {
      const { text = '', flag } = sources.names.evaluate(value, file);
      const port = LOOPBACK.test(text) ? Number(/:(\d{2,5})$/.exec(text)?.[1] ?? 0) : 0;
      if (port === 0 || port > 65_535) return [];
      const isWhole = flag !== undefined && sources.files.some((other) => declares(other, flag, text));
      return [{ port, address: text, flag: isWhole ? flag : undefined, at: placeIn(file, line) }];
    }),
  );
  return [...new Map(found.reverse().map((entry) => [entry.port, entry])).values()].reverse();
}

function addressesIn(file: ProgramFile) {
  const ofCalls = file.source.calls.flatMap((call) => {
    const listen = listenArgument(call, file);
    return listen?.address && listen.network === 'tcp' ? [{ value: listen.address, line: call.line }] : [];
  });
  return [...ofCalls, ...serverAddresses(file)];
}

/** `flag.String("http", "localhost:8080", …)`: the flag is the address, and not a part of it. */
function declares(file: ProgramFile, flag: string, address: string): boolean {
  return file.source.calls.some((call) => {
    const literals = call.args.flatMap((arg) => (arg.kind === 'literal' ? [arg.text] : []));
    return calledPackage(call, file) === 'flag' && literals.includes(flag) && literals.includes(address);
  });
}
