import type { ALERT_STATUS } from '../../shared/contract/alerts.ts';
import type { BREAK_CLASSES, BREAK_FIELDS, BREAK_STATUS } from '../../shared/contract/reconciliation.ts';
import type { CONFLICT_REASONS, CONFLICT_STATUS, CONFLICT_STREAMS, SEVERITIES } from '../../shared/contract/conflicts.ts';
import type { FRESHNESS } from '../../shared/contract/connections.ts';
import type { OPERATION_KINDS, OPERATION_STATUS } from '../../shared/contract/sync.ts';
import type { CONFLICT_FIELDS, Platform, SecurityType, Strategy } from '../../shared/model/holding.ts';
import type { AlertRule } from '../../shared/model/alert.ts';
import type { FeeTreatment, PeriodKind, ReturnMethod } from '../../shared/model/performance.ts';
import type { LOT_SUMS } from '../../shared/contract/tax-lots.ts';
import type { TaxTerm } from '../../shared/model/tax-lot.ts';
import type { TransactionType } from '../../shared/model/transaction.ts';

type Words<K extends readonly string[]> = Readonly<Record<K[number], string>>;

/** The one name of everything, used on every screen. */
export const PLATFORM_NAME: Readonly<Record<Platform, string>> = {
  black_diamond: 'Black Diamond',
  orion: 'Orion',
  addepar: 'Addepar',
  custodian_file: 'Custodian file',
};

export const FIELD_NAME: Words<typeof BREAK_FIELDS> & Words<typeof CONFLICT_FIELDS> = {
  quantity: 'Quantity',
  price: 'Price',
  marketValue: 'Market value',
  costBasis: 'Cost basis',
  presence: 'Position held',
  cash: 'Cash',
  return: 'Return',
};

export const STREAM_NAME: Words<typeof CONFLICT_STREAMS> = {
  position: 'Position',
  transaction: 'Transaction',
  tax_lot: 'Tax lot',
  performance: 'Performance',
};

export const TYPE_NAME: Readonly<Record<SecurityType, string>> = {
  stock: 'Stock',
  etf: 'ETF',
  fund: 'Fund',
  bond: 'Bond',
  option: 'Option',
  cash: 'Cash',
  other: 'Other',
};

export const PERIOD_NAME: Readonly<Record<PeriodKind, string>> = {
  month: 'Month',
  quarter: 'Quarter',
  year: 'Year',
  mtd: 'Month to date',
  qtd: 'Quarter to date',
  ytd: 'Year to date',
  one_year: '1 year',
  three_years: '3 years',
  five_years: '5 years',
  inception: 'Since inception',
};

export const FEES_NAME: Readonly<Record<FeeTreatment, string>> = { gross: 'Gross', net: 'Net' };

export const METHOD_NAME: Readonly<Record<ReturnMethod, string>> = {
  twr: 'Time-weighted',
  modified_dietz: 'Modified Dietz',
  irr: 'Money-weighted',
};

export const TERM_NAME: Readonly<Record<TaxTerm, string>> = { short: 'Short', long: 'Long' };

/** Beside the position of the same source. */
export const LOT_SUM_NAME: Words<typeof LOT_SUMS> = {
  agrees: 'Add up',
  differs: 'Do not add up',
  no_position: 'No position',
};

export const TRANSACTION_NAME: Readonly<Record<TransactionType, string>> = {
  buy: 'Buy',
  sell: 'Sell',
  sell_short: 'Sell short',
  buy_to_cover: 'Buy to cover',
  dividend: 'Dividend',
  interest: 'Interest',
  capital_gain_distribution: 'Capital gain',
  return_of_capital: 'Return of capital',
  reinvest: 'Reinvest',
  fee: 'Fee',
  tax_withheld: 'Tax withheld',
  contribution: 'Contribution',
  withdrawal: 'Withdrawal',
  transfer_in: 'Transfer in',
  transfer_out: 'Transfer out',
  journal: 'Journal',
  split: 'Split',
  spinoff: 'Spin-off',
  merger: 'Merger',
  assignment: 'Assignment',
  exercise: 'Exercise',
  expire: 'Expiry',
  adjustment: 'Adjustment',
  cancel: 'Taken back',
  other: 'Other',
};

export const STRATEGY_NAME: Readonly<Record<Strategy, string>> = {
  CLEARWAY_WINS: 'Clearway wins',
  PLATFORM_WINS: 'Platform wins',
  MERGE: 'Merge',
  TIMESTAMP: 'Newest wins',
  MANUAL_REVIEW: 'A person decides',
};

export const SEVERITY_NAME: Words<typeof SEVERITIES> = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low' };

export const REASON_NAME: Words<typeof CONFLICT_REASONS> = {
  both_changed: 'Both changed',
  sources_disagree: 'Sources disagree',
  missing_at_source: 'Missing at source',
  only_at_source: 'Only at source',
  no_base: 'First comparison',
  duplicate_records: 'Duplicate records',
};

export const CONFLICT_STATUS_NAME: Words<typeof CONFLICT_STATUS> = {
  open: 'Open',
  review: 'In review',
  settled: 'Settled',
  healed: 'Healed',
};

export const BREAK_STATUS_NAME: Words<typeof BREAK_STATUS> = { open: 'Open', fixed: 'Fixed', accepted: 'Accepted' };

export const BREAK_CLASS_NAME: Words<typeof BREAK_CLASSES> = {
  timing: 'Timing',
  pending: 'Pending',
  corporate_action: 'Corporate action',
  price_source: 'Price source',
  stale_price: 'Stale price',
  identifier: 'Identifier',
  missing: 'Missing',
  extra: 'Extra',
  duplicate: 'Duplicate',
  lot_method: 'Lot method',
  account_mapping: 'Account mapping',
  multiplier: 'Multiplier',
  rounding: 'Rounding',
  self_inconsistent: 'Self-inconsistent',
  cost_basis: 'Cost basis',
  cash: 'Cash',
  quantity: 'Quantity',
  unexplained: 'Unexplained',
};

export const FRESHNESS_NAME: Words<typeof FRESHNESS> = {
  fresh: 'Fresh',
  due: 'Due',
  late: 'Late',
  failing: 'Failing',
  needs_sign_in: 'Needs sign-in',
  never: 'Never synced',
  syncing: 'Syncing',
};

export const OPERATION_KIND_NAME: Words<typeof OPERATION_KINDS> = { sync: 'Sync', import: 'Import', opening: 'Opening' };

export const OPERATION_STATUS_NAME: Words<typeof OPERATION_STATUS> = {
  queued: 'Queued',
  fetching: 'Fetching',
  staged: 'Staged',
  merging: 'Merging',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
  rolled_back: 'Rolled back',
};

export const ALERT_RULE_NAME: Readonly<Record<AlertRule, string>> = {
  sync_failed: 'Sync failed',
  connection_late: 'Connection late',
  needs_sign_in: 'Needs sign-in',
  conflicts_above: 'Many conflicts',
  conflicts_grown: 'Conflicts jumped',
  breaks_above: 'Many breaks',
  budget_low: 'Request budget low',
  disk_low: 'Disk space low',
  backup_old: 'Backup old',
  webhook_off: 'Webhook switched off',
};

export const ALERT_STATUS_NAME: Words<typeof ALERT_STATUS> = {
  open: 'Open',
  acknowledged: 'Acknowledged',
  snoozed: 'Snoozed',
  closed: 'Closed',
};

/** Shows a name from a table, or the code with its underscores as spaces when the table has none. */
export const nameOf = (table: Readonly<Record<string, string>>, code: string): string =>
  table[code] ?? code.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase());

/** The middle of a long identifier left out: `0b7c…91fe`. The whole belongs in the tooltip and on the clipboard. */
export const shortenId = (id: string, keep = 6): string =>
  id.length <= 2 * keep + 1 ? id : `${id.slice(0, keep)}…${id.slice(-keep)}`;
