/** When a number is an alarm. Pure; the rules with their words are in care-alarms.ts and machine-alarms.ts. */
import type { Rule, Words } from './alarm-rule.ts';
import { careRules } from './care-alarms.ts';
import { machineRules } from './machine-alarms.ts';
import type { NumberName, Numbers } from './numbers.ts';

export type Alarm = {
  /** The name of its number. */
  code: NumberName;
  severity: 'warning' | 'critical';
  value: number;
  limit: number;
  title: Words;
  care: Words;
  action: Words;
};

const rules: readonly Rule[] = [...careRules, ...machineRules];

/** Alarms over the numbers, the gravest first. */
export function alarmsOf(numbers: Numbers): Alarm[] {
  const alarms = rules.flatMap((rule) => {
    const value = numbers[rule.number];
    const found = value === undefined ? undefined : severityOf(rule, value);
    if (value === undefined || found === undefined) return [];
    const { number, title, care, action } = rule;
    return [{ code: number, ...found, value, title, care, action }];
  });
  return alarms.sort((a, b) => Number(b.severity === 'critical') - Number(a.severity === 'critical'));
}

function severityOf({ warning, critical, bad }: Rule, value: number): Pick<Alarm, 'severity' | 'limit'> | undefined {
  const isBeyond = (limit: number): boolean =>
    bad === 'low' ? value < limit : (bad === 'either' ? Math.abs(value) : value) > limit;
  if (critical !== undefined && isBeyond(critical)) return { severity: 'critical', limit: critical };
  return isBeyond(warning) ? { severity: 'warning', limit: warning } : undefined;
}
