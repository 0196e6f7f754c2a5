/** Current date and time, and the components of dates (http://hl7.org/fhirpath/N1/#current-date-and-time-functions). Time is UTC. */
import { Fault } from '#kernel/fault.ts';
import { numericOf } from '../decimal-math.ts';
import { Node, empty, integerNodes, kindOf, type Nodes } from '../node.ts';
import { numberNodes, singleton, typeFault } from '../operators.ts';
import type { Scope } from '../scope.ts';
import { formatTemporal, parseTemporal, type Temporal } from '../temporal.ts';
import type { FunctionDefinition, FunctionTable } from './definition.ts';

function instant(scope: Scope): string {
  const { now } = scope.environment;
  if (now === undefined) throw new Fault('unprocessable', 'FHIRPath: the current time is not available here');
  return new Date(now).toISOString();
}

function current(type: string, text: (iso: string) => string): FunctionDefinition {
  return {
    arity: [0, 0],
    returns: 'nodes',
    types: () => [type],
    build: () => (_input, _self, scope) => [new Node(text(instant(scope)), type)],
  };
}

function component(name: string, read: (temporal: Temporal) => Nodes): FunctionDefinition {
  return {
    arity: [0, 0],
    returns: 'nodes',
    build: () => (input) => {
      const node = singleton(input, `${name}()`);
      if (node?.value === undefined) return empty;
      const kind = kindOf(node);
      if (kind !== 'date' && kind !== 'dateTime' && kind !== 'time')
        throw typeFault(`${name}() takes a date or time, not ${node.type}`);
      const temporal = parseTemporal(node.value as string, kind);
      return temporal ? read(temporal) : empty;
    },
  };
}

/** One part, empty when it was not written; times have no year, month and day. */
const part = (name: string, at: number): FunctionDefinition =>
  component(name, ({ kind, precision, parts }) =>
    precision <= at || (kind === 'time' && at < 3) ? empty : integerNodes(Math.floor(parts[at]!)),
  );

export const calendarFunctions: FunctionTable = {
  now: current('System.DateTime', (iso) => iso),
  today: current('System.Date', (iso) => iso.slice(0, 10)),
  timeOfDay: current('System.Time', (iso) => iso.slice(11, 23)),
  yearOf: part('yearOf', 0),
  monthOf: part('monthOf', 1),
  dayOf: part('dayOf', 2),
  hourOf: part('hourOf', 3),
  minuteOf: part('minuteOf', 4),
  secondOf: part('secondOf', 5),
  millisecondOf: component('millisecondOf', ({ parts, fractionDigits }) =>
    fractionDigits === 0 ? empty : integerNodes(Math.round((parts[5] % 1) * 1000)),
  ),
  timezoneOffsetOf: component('timezoneOffsetOf', ({ offset }) =>
    offset === undefined ? empty : numberNodes(numericOf(String(offset / 60)), false),
  ),
  dateOf: component('dateOf', (temporal) =>
    temporal.kind === 'time'
      ? empty
      : [
          new Node(
            formatTemporal({ ...temporal, kind: 'date', precision: Math.min(3, temporal.precision) }),
            'System.Date',
          ),
        ],
  ),
  timeOf: component('timeOf', (temporal) =>
    temporal.precision < 4 ? empty : [new Node(formatTemporal({ ...temporal, kind: 'time' }), 'System.Time')],
  ),
};
