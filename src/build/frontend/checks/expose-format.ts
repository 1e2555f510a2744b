import type { SourceRange } from '../../../diagnostics/source-range.ts';
import type { PortSpec } from '../value/port-spec.ts';
import type { FindingSink, Rule } from './rule.ts';
import { finding } from './rule.ts';

const CASING: Rule = { name: 'ExposeProtoCasing', page: 'expose-proto-casing' };
const FORMAT: Rule = { name: 'ExposeInvalidFormat', page: 'expose-invalid-format' };

interface ExposedPort {
  readonly text: string;
  readonly spec: PortSpec;
  readonly range: SourceRange;
}

/** A protocol that is not lower case, and a mapping to the host, which has no meaning in an image. */
export function checkExposeFormat({ text, spec, range }: ExposedPort, sink: FindingSink): void {
  if (spec.protocol !== spec.protocol.toLowerCase()) {
    const message = `Defined protocol '${text}' in EXPOSE instruction should be lowercase`;
    sink.report(finding(CASING, message, range));
  }
  if (spec.hostIp !== '' || spec.hostPort !== '') {
    const message = `EXPOSE instruction should not define an IP address or host-port mapping, found '${text}'`;
    sink.report(finding(FORMAT, message, range));
  }
}
