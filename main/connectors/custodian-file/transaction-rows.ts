import { abs, cmp, div, mul, neg, ONE, sign, sub, sum, ZERO } from '../../../shared/model/decimal.ts';
import { bankRow } from './bank-transaction.ts';
import type { Element } from './element-tree.ts';
import { childOf, codeOf, requiredAmount, requiredText, RowProblem, textOf, valueOf } from './row-fields.ts';
import { signTrade } from './trade-signs.ts';
import { investmentRow, type Effect, type TransactionRow } from './transaction-row.ts';

const COSTS = ['COMMISSION', 'TAXES', 'FEES', 'LOAD', 'WITHHOLDING', 'STATEWITHHOLDING', 'PENALTY', 'MARKDOWN'];

/** Where units and totals stand. */
const bodyOf = (row: Element): Element => childOf(row, 'INVBUY') ?? childOf(row, 'INVSELL') ?? row;

function trade(row: Element, side: 'buy' | 'sell', ordinary: string): Effect {
  const body = bodyOf(row);
  const costs = sum(COSTS.map((tag) => valueOf(body, tag) ?? ZERO).map(abs));
  const signed = signTrade(side, requiredAmount(body, 'UNITS').value, requiredAmount(body, 'TOTAL').value, costs);
  return {
    type: signed.reversal ? 'cancel' : ordinary,
    quantityDelta: signed.quantityDelta,
    cashDelta: signed.cashDelta,
    flags: [signed.flag],
  };
}

const buy = (row: Element): Effect => {
  const covers = codeOf(row, 'BUYTYPE') === 'BUYTOCOVER' || codeOf(row, 'OPTBUYTYPE') === 'BUYTOCLOSE';
  return trade(row, 'buy', covers ? 'buy_to_cover' : 'buy');
};
const sell = (row: Element): Effect => {
  const opens = codeOf(row, 'SELLTYPE') === 'SELLSHORT' || codeOf(row, 'OPTSELLTYPE') === 'SELLTOOPEN';
  return trade(row, 'sell', opens ? 'sell_short' : 'sell');
};

/** Income that bought units at once: units come in, no cash is left or missing. */
function reinvest(row: Element): Effect {
  const { value } = requiredAmount(row, 'UNITS');
  return sign(value) < 0
    ? {
        type: 'cancel',
        quantityDelta: value,
        flags: ['Units of a reinvestment are negative; read as a reinvestment taken back.'],
      }
    : { type: 'reinvest', quantityDelta: value };
}

const INCOME_TYPES: Readonly<Record<string, string>> = {
  DIV: 'dividend',
  INTEREST: 'interest',
  CGLONG: 'capital_gain_distribution',
  CGSHORT: 'capital_gain_distribution',
};

function income(row: Element): Effect {
  const kind = requiredText(row, 'INCOMETYPE').toUpperCase();
  const type = INCOME_TYPES[kind];
  const cashDelta = requiredAmount(row, 'TOTAL').value;
  return {
    type: type ?? `other:${kind}`,
    cashDelta,
    flags: [
      type === undefined ? `INCOMETYPE ${kind.slice(0, 20)} does not say what kind of income it is; the amount is taken.` : null,
      sign(cashDelta) < 0 ? 'Income is negative; read as income taken back.' : null,
    ],
  };
}

const cashOnly =
  (type: string, usual: 1 | -1) =>
  (row: Element): Effect => {
    const cashDelta = requiredAmount(row, 'TOTAL').value;
    return {
      type,
      cashDelta,
      flags: [sign(cashDelta) === -usual ? `${row.tag} moves cash against its usual way; the sign is taken as written.` : null],
    };
  };

function transfer(row: Element): Effect {
  const action = requiredText(row, 'TFERACTION').toUpperCase();
  if (action !== 'IN' && action !== 'OUT')
    throw new RowProblem('TFERACTION', `TFERACTION ${JSON.stringify(action.slice(0, 20))} is neither IN nor OUT.`);
  const { value } = requiredAmount(row, 'UNITS');
  const comesIn = action === 'IN';
  const short = codeOf(row, 'POSTYPE') === 'SHORT';
  if (comesIn && !short && sign(value) < 0)
    throw new RowProblem('UNITS', `TFERACTION says IN but UNITS is ${value}, so it is not clear which way the units went.`);
  // A short position that comes in is fewer units; long units that leave are written with or without a minus.
  const quantityDelta = comesIn === short ? neg(abs(value)) : abs(value);
  return { type: comesIn ? 'transfer_in' : 'transfer_out', quantityDelta };
}

function split(row: Element): Effect {
  const before = requiredAmount(row, 'OLDUNITS').value;
  const after = requiredAmount(row, 'NEWUNITS').value;
  const numerator = valueOf(row, 'NUMERATOR');
  const denominator = valueOf(row, 'DENOMINATOR');
  const byRatio = numerator !== null && denominator !== null ? div(mul(before, numerator), denominator) : null;
  const apart = byRatio !== null && cmp(abs(sub(byRatio, after)), ONE) >= 0;
  return {
    type: 'split',
    quantityDelta: sub(after, before),
    cashDelta: valueOf(row, 'FRACCASH') ?? ZERO,
    detail: numerator !== null && denominator !== null ? `${numerator} for ${denominator}` : undefined,
    flags: [apart ? 'Old and new units do not fit the ratio of the split; the units are taken as written.' : null],
  };
}

/** Both ends are in this account, so nothing enters or leaves it; the memo says what moved. */
const journal = (row: Element): Effect => {
  const moved = row.tag === 'JRNLFUND' ? requiredAmount(row, 'TOTAL').value : `${requiredAmount(row, 'UNITS').value} units`;
  return {
    type: 'journal',
    detail: `${moved} from ${textOf(row, 'SUBACCTFROM') ?? 'unknown'} to ${textOf(row, 'SUBACCTTO') ?? 'unknown'}`,
  };
};

/** Only written (short) contracts are assigned and only held ones exercised; for an expiry the written sign decides. */
function closure(row: Element): Effect {
  const action = requiredText(row, 'OPTACTION').toUpperCase();
  const { value } = requiredAmount(row, 'UNITS');
  if (action === 'ASSIGN') return { type: 'assignment', quantityDelta: abs(value) };
  if (action === 'EXERCISE') return { type: 'exercise', quantityDelta: neg(abs(value)) };
  if (action !== 'EXPIRE') throw new RowProblem('OPTACTION', `OPTACTION ${JSON.stringify(action.slice(0, 20))} is not known.`);
  const clear = sign(value) <= 0 || codeOf(row, 'SUBACCTSEC') === 'SHORT';
  return {
    type: 'expire',
    quantityDelta: value,
    flags: [clear ? null : 'Contracts that expired have positive units; read as short contracts that ended.'],
  };
}

const unknown = (row: Element): Effect => ({
  type: `other:${row.tag}`,
  quantityDelta: valueOf(bodyOf(row), 'UNITS') ?? ZERO,
  cashDelta: valueOf(bodyOf(row), 'TOTAL') ?? ZERO,
  flags: [`${row.tag} is not a known kind of transaction; units and total are taken as written.`],
});

interface Kind {
  readonly effect: (row: Element) => Effect;
  readonly needsSecurity: boolean;
}
const onSecurity = (effect: (row: Element) => Effect): Kind => ({ effect, needsSecurity: true });
const onAccount = (effect: (row: Element) => Effect): Kind => ({ effect, needsSecurity: false });

const KINDS: ReadonlyMap<string, Kind> = new Map([
  ...['BUYSTOCK', 'BUYMF', 'BUYDEBT', 'BUYOPT', 'BUYOTHER'].map((tag) => [tag, onSecurity(buy)] as const),
  ...['SELLSTOCK', 'SELLMF', 'SELLDEBT', 'SELLOPT', 'SELLOTHER'].map((tag) => [tag, onSecurity(sell)] as const),
  ['REINVEST', onSecurity(reinvest)],
  ['INCOME', onAccount(income)],
  ['RETOFCAP', onSecurity(cashOnly('return_of_capital', 1))],
  ['TRANSFER', onSecurity(transfer)],
  ['SPLIT', onSecurity(split)],
  ['MARGININTEREST', onAccount(cashOnly('interest', -1))],
  ['INVEXPENSE', onAccount(cashOnly('fee', -1))],
  ['JRNLFUND', onAccount(journal)],
  ['JRNLSEC', onSecurity(journal)],
  ['CLOSUREOPT', onSecurity(closure)],
]);

/** Reads one row of INVTRANLIST; throws a RowProblem. A kind that is not known is kept and flagged. */
export function readTransactionRow(row: Element, statementCurrency: string): TransactionRow {
  if (row.text !== null) throw new RowProblem('', 'this is a single value where a transaction was expected.');
  if (row.tag === 'INVBANKTRAN' || row.tag === 'STMTTRN') return bankRow(row, statementCurrency);
  const kind = KINDS.get(row.tag) ?? onAccount(unknown);
  return investmentRow(row, bodyOf(row), statementCurrency, kind.needsSecurity, kind.effect(row));
}
