/** A load of 1,000,000 resources in a process of its own, as `fyr import` is one. */
import { measureMemory } from './import.ts';

process.send?.(await measureMemory(process.env['BENCH_DATABASE'] as string));
