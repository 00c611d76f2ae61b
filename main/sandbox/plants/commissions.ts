import type { Activity, FirmActivity } from '../firm/activity.ts';
import { fixed, minus, plus } from '../firm/fixed.ts';

const COMMISSION = fixed(495, 2);

/** The same activity where one trade in `every` is told with the commission in its amount: a buy costs more, a sale brings less. */
export function withCommissions(activity: FirmActivity, every: number): FirmActivity {
  const told = (row: Activity): Activity => {
    if (row.number % every !== 0 || (row.kind !== 'buy' && row.kind !== 'sell')) return row;
    return { ...row, amount: row.kind === 'buy' ? plus(row.amount, COMMISSION) : minus(row.amount, COMMISSION) };
  };
  return { total: activity.total, ofAccount: (account) => activity.ofAccount(account).map(told) };
}
