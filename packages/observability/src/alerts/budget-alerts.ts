import { BURN_RATES, type BurnRate } from '../objectives/burn-rates.ts';
import { budgetOf, type Objective, recordOf } from '../objectives/objective.ts';
import { OBJECTIVES } from '../objectives/objectives.ts';
import type { Alert, AlertCase, AlertRule } from './alert.ts';

/** One alert for each objective, with one rule for each burn rate. */
export const BUDGET_ALERTS: readonly Alert[] = OBJECTIVES.map((objective) => ({
  name: objective.alert,
  description: `Of ${objective.title}, ${percent(budgetOf(objective))} may be bad in 30 days: ${lowerFirst(objective.bad)}`,
  rules: BURN_RATES.map((burn) => ruleOf(objective, burn)),
  cases: casesOf(objective),
}));

function ruleOf(objective: Objective, { factor, long, short, severity }: BurnRate): AlertRule {
  const most = Number((factor * budgetOf(objective)).toFixed(6));
  return {
    expr: `${recordOf(objective, long)} > ${most} and ${recordOf(objective, short)} > ${most}`,
    for: '1m',
    severity,
    labels: { objective: objective.name, window: long },
    summary: `In the last ${long}, the budget of ${objective.title} was used up ${factor === 1 ? 'faster than' : `more than ${factor} times as fast as`} it may be`,
  };
}

function casesOf(objective: Objective): AlertCase[] {
  const series = (...phases: { minutes: number; times: number }[]) =>
    objective.sample(phases.map(({ minutes, times }) => ({ minutes, bad: times * budgetOf(objective) })));
  const fires = (...burns: readonly BurnRate[]) => burns.map(({ long }) => ({ window: long }));
  const [fast, middle, slow] = BURN_RATES as [BurnRate, BurnRate, BurnRate];
  const cases = [
    { name: 'burns fast', series: series({ minutes: 121, times: 20 }), fires: fires(fast, middle, slow) },
    { name: 'burns', series: series({ minutes: 121, times: 10 }), fires: fires(middle, slow) },
    { name: 'burns slowly', series: series({ minutes: 121, times: 2 }), fires: fires(slow) },
    { name: 'is within its budget', series: series({ minutes: 121, times: 0.5 }), fires: [] },
    {
      name: 'burnt fast and is well again',
      series: series({ minutes: 60, times: 20 }, { minutes: 61, times: 0 }),
      fires: fires(slow),
    },
  ];
  return cases.map((one) => ({ ...one, at: '2h', together: one.name }));
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(4))}%`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
