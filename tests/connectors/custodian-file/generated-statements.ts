import fc from 'fast-check';
import {
  balance,
  bankTransaction,
  currencyTag,
  described,
  document,
  position,
  secId,
  statement,
  trade,
  transactionHead,
  values,
  type Node,
} from './ofx-writer.ts';

const amount = fc.oneof(
  fc.tuple(fc.bigInt(-1_000_000_000n, 1_000_000_000n), fc.integer({ min: 0, max: 6 })).map(([units, scale]) => {
    const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
    const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
    return units < 0n ? `-${text}` : text;
  }),
  fc.constantFrom('0', '0.00', '1,234', 'n/a', ''),
);
const date = fc.constantFrom('20240115', '20240229120000', '20240131233000.000[-5:EST]', '20240230', '');
// Latin letters and the characters that need escaping; both forms collapse white space.
const words = fc.string({ unit: fc.constantFrom(...'abcXYZ 0189&<>;#|:%-.'), maxLength: 20 });
const id = fc
  .constantFrom('037833100', '594918104', '111111111', '123456789', 'FOO', 'A|B:C')
  .map((text) => secId(text, /^\d/.test(text) ? 'CUSIP' : 'PRIVATE'));
const currency = fc.option(fc.constantFrom(currencyTag('EUR', '1.1'), currencyTag('USD', '1'), currencyTag('GBP', null)), {
  nil: null,
  freq: 4,
});
const fitId = fc.option(fc.oneof(fc.constantFrom('1', '2', '3'), words), { nil: null, freq: 8 });
const extra = (node: Node | null): Node[] => (node === null ? [] : [node]);

const positionNode: fc.Arbitrary<Node> = fc
  .record({
    kind: fc.constantFrom('POSSTOCK', 'POSMF', 'POSDEBT', 'POSOPT', 'POSOTHER', 'POSNEW'),
    id,
    side: fc.constantFrom('LONG', 'LONG', 'SHORT', ''),
    units: amount,
    price: amount,
    value: fc.option(amount, { nil: null }),
    memo: words,
    currency,
  })
  .map((p) =>
    position(
      p.kind,
      p.id,
      { POSTYPE: p.side, UNITS: p.units, UNITPRICE: p.price, MKTVAL: p.value, MEMO: p.memo },
      extra(p.currency),
    ),
  );

const transactionNode: fc.Arbitrary<Node> = fc.oneof(
  fc
    .record({ tag: fc.constantFrom('BUYSTOCK', 'BUYOPT', 'SELLMF', 'SELLDEBT'), fitId, units: amount, total: amount })
    .map((t) => trade(t.tag, t.fitId ?? '', { UNITS: t.units, TOTAL: t.total })),
  fc
    .record({
      tag: fc.constantFrom('INCOME', 'REINVEST', 'TRANSFER', 'RETOFCAP', 'SPLIT', 'CLOSUREOPT', 'MYSTERY'),
      fitId,
      id,
      date,
      memo: words,
      units: amount,
      total: amount,
      currency,
    })
    .map((t): Node => [
      t.tag,
      [
        transactionHead(t.fitId, { DTTRADE: t.date, MEMO: t.memo }),
        t.id,
        ...values({
          INCOMETYPE: 'DIV',
          TFERACTION: 'IN',
          OPTACTION: 'EXPIRE',
          POSTYPE: 'LONG',
          UNITS: t.units,
          OLDUNITS: '10',
          NEWUNITS: t.units,
          TOTAL: t.total,
        }),
        ...extra(t.currency),
      ],
    ]),
  fc
    .record({ kind: fc.constantFrom('CREDIT', 'DEBIT', 'INT', 'FEE', 'DEP'), amount, fitId, currency })
    .map((t) => bankTransaction(t.kind, t.amount, t.fitId, extra(t.currency))),
);

const balanceNode = fc
  .record({
    name: fc.oneof(fc.constantFrom('ENDING CASH', 'STARTING CASH', 'STOCK VALUE', 'ACCOUNT VALUE', 'Odd figure'), words),
    value: amount,
    currency,
  })
  .map((b) => balance(b.name, b.value, 'DOLLAR', extra(b.currency)));

const statementNode = fc
  .record({
    account: fc.constantFrom('1', '2', 'A|1', 'x & y'),
    asOf: fc.constantFrom('20240131', '20231231'),
    positions: fc.option(fc.array(positionNode, { maxLength: 6 }), { nil: null }),
    transactions: fc.array(transactionNode, { maxLength: 8 }),
    available: amount,
    balances: fc.array(balanceNode, { maxLength: 4 }),
    plan: fc.option(fc.record({ TOTAL: amount, PRETAX: amount }), { nil: null, freq: 2 }),
  })
  .map((s) =>
    statement({
      account: s.account,
      asOf: s.asOf,
      positions: s.positions,
      transactions: s.transactions,
      cash: [
        ['AVAILCASH', s.available],
        ['BALLIST', s.balances],
      ],
      ...(s.plan ? { plan: values(s.plan) } : {}),
    }),
  );

const securityNode = fc
  .record({
    info: fc.constantFrom('STOCKINFO', 'MFINFO', 'DEBTINFO', 'OPTINFO', 'OTHERINFO'),
    id,
    name: words,
    ticker: fc.option(words, { nil: null }),
  })
  .map((s) => described(s.info, s.id, s.name, s.ticker));

/** Documents as custodians write them, good rows beside bad ones. */
export const documents: fc.Arbitrary<Node> = fc
  .tuple(fc.array(statementNode, { minLength: 1, maxLength: 3 }), fc.array(securityNode, { maxLength: 4 }))
  .map(([statements, securities]) => document(statements, securities));
