import { KnownError } from '../../../diagnostics/known-error.ts';
import type { ExposeInstruction } from '../../../dockerfile/ast.ts';
import { checkExposeFormat } from '../checks/expose-format.ts';
import { createWordsExpander } from '../expand/expander.ts';
import { withConfig, withEmptyHistory } from '../stage/stage-state.ts';
import { goList } from '../value/go-format.ts';
import { exposedPorts, parsePortSpec } from '../value/port-spec.ts';
import type { InstructionContext, Lowering } from './lowering.ts';

/** Ports are taken in the order of their text, variables not yet expanded, as BuildKit sorts them. */
export const lowerExpose: Lowering<'EXPOSE'> = (state, instruction, context) => {
  const expand = createWordsExpander(state, instruction, context);
  const words = instruction.ports.map((word) => word.text).sort();
  const ports = words.flatMap(expand).flatMap((text) => portsOf(text, instruction, context));
  const exposed = { ...state.config.ExposedPorts, ...Object.fromEntries(ports.map((port) => [port, {}])) };
  return withEmptyHistory(withConfig(state, { ExposedPorts: exposed }), `EXPOSE ${goList(ports)}`);
};

function portsOf(text: string, instruction: ExposeInstruction, context: InstructionContext): readonly string[] {
  const spec = parsePortSpec(text);
  if (typeof spec === 'string') throw invalid(text, spec, instruction);
  checkExposeFormat({ text, spec, range: instruction.range }, context);
  const ports = exposedPorts(spec);
  if (typeof ports === 'string') throw invalid(text, ports, instruction);
  return ports;
}

function invalid(text: string, what: string, instruction: ExposeInstruction): KnownError {
  return new KnownError('DOCKERFILE_INVALID_VALUE', `EXPOSE cannot take ${JSON.stringify(text)}: ${what}.`, {
    hint: 'Write a port, a range and a protocol as in 8080, 8000-8005 or 53/udp.',
    range: instruction.range,
  });
}
