/** Who is who in the demo topology, and on which ports. */
import { join } from 'node:path';
import { readConfig, type Config } from '#kernel/config.ts';
import { Fault } from '#kernel/fault.ts';
import type { CommandContext } from './command.ts';

export type DemoNode = {
  name: string;
  role: 'region' | 'site' | 'ward';
  below?: string;
  /** The organization that it serves, by its name in the sample. */
  place?: string;
  /** Counted from the port of the settings: where it answers; its line port, and the port of the line to it, are further on. */
  offset: number;
};

export const demoNodes: readonly DemoNode[] = [
  { name: 'region', role: 'region', offset: 0 },
  { name: 'central', role: 'site', below: 'region', place: 'Fyrlandet sentralsykehus', offset: 1 },
  { name: 'local', role: 'site', below: 'region', place: 'Vardfjord lokalsykehus', offset: 2 },
  { name: 'ward', role: 'ward', below: 'central', place: 'Medisinsk avdeling, Fyrlandet sentralsykehus', offset: 3 },
];

export const lineOffset = 100;
export const proxyOffset = 200;

export function demoFolder({ dataFolder }: Pick<Config, 'dataFolder'>): string {
  return join(dataFolder, 'demo');
}

/** A file here by the name of a node: the line from it upwards is cut. */
export function linesFolder(folder: string): string {
  return join(folder, 'lines');
}

/** As the node would be asked in its own folder. Throws a Fault (`notFound`) where there is none of this name. */
export function atDemoNode(context: CommandContext, node: string): CommandContext {
  if (!demoNodes.some(({ name }) => name === node))
    throw new Fault(
      'notFound',
      `The demo topology has no node ${node}: ${demoNodes.map(({ name }) => name).join(', ')}.`,
    );
  const folder = join(demoFolder(context.readConfig().config), node);
  return { ...context, readConfig: () => readConfig({}, folder) };
}
