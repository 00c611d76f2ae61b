/** A value tag or an aggregate, for composing statements in tests. */
export type Node = readonly [tag: string, content: string | readonly Node[]];

export const SGML_HEADER = [
  'OFXHEADER:100',
  'DATA:OFXSGML',
  'VERSION:102',
  'SECURITY:NONE',
  'ENCODING:USASCII',
  'CHARSET:1252',
  'COMPRESSION:NONE',
  'OLDFILEUID:NONE',
  'NEWFILEUID:NONE',
  '',
  '',
].join('\r\n');
export const XML_HEADER =
  '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>\n';

export const escaped = (value: string): string => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export type Style = 'sgml' | 'sgml-closed' | 'sgml-one-line' | 'xml';

function body(nodes: readonly Node[], style: Style, indent: string): string {
  const end = style === 'sgml-one-line' ? '' : '\n';
  const lead = style === 'sgml-one-line' ? '' : indent;
  return nodes
    .map(([tag, content]) =>
      typeof content === 'string'
        ? `${lead}<${tag}>${escaped(content)}${style === 'sgml' || style === 'sgml-one-line' ? '' : `</${tag}>`}${end}`
        : `${lead}<${tag}>${end}${body(content, style, `${indent}  `)}${lead}</${tag}>${end}`,
    )
    .join('');
}

export const written = (root: Node, style: Style = 'sgml'): Uint8Array =>
  new TextEncoder().encode((style === 'xml' ? XML_HEADER : SGML_HEADER) + body([root], style, ''));

/** Turns `{ UNITS: '1' }` into value tags; null leaves a tag out. */
export const values = (tags: Readonly<Record<string, string | null>>): Node[] =>
  Object.entries(tags).flatMap(([tag, value]): Node[] => (value === null ? [] : [[tag, value]]));

export const secId = (id: string, type = 'CUSIP'): Node => [
  'SECID',
  [
    ['UNIQUEID', id],
    ['UNIQUEIDTYPE', type],
  ],
];

export const APPLE = '037833100';
export const MICROSOFT = '594918104';

/** A position row; `tags` replace or remove the ordinary values. */
export const position = (
  kind: string,
  id: Node,
  tags: Readonly<Record<string, string | null>>,
  more: readonly Node[] = [],
): Node => [
  kind,
  [
    [
      'INVPOS',
      [
        id,
        ...values({
          HELDINACCT: 'CASH',
          POSTYPE: 'LONG',
          UNITS: '10',
          UNITPRICE: '5',
          MKTVAL: '50',
          DTPRICEASOF: '20240131',
          ...tags,
        }),
        ...more,
      ],
    ],
  ],
];

export const transactionHead = (fitId: string | null, tags: Readonly<Record<string, string | null>> = {}): Node => [
  'INVTRAN',
  values({ FITID: fitId, DTTRADE: '20240115', DTSETTLE: '20240117', ...tags }),
];

export const trade = (
  tag: string,
  fitId: string,
  tags: Readonly<Record<string, string | null>>,
  more: readonly Node[] = [],
): Node => [
  tag,
  [
    [
      tag.startsWith('BUY') ? 'INVBUY' : 'INVSELL',
      [transactionHead(fitId), secId(APPLE), ...values({ UNITPRICE: '10', ...tags })],
    ],
    ...more,
  ],
];

export const bankTransaction = (type: string, amount: string, fitId: string | null = 'B1', more: readonly Node[] = []): Node => [
  'INVBANKTRAN',
  [
    [
      'STMTTRN',
      [...values({ TRNTYPE: type, DTPOSTED: '20240116', TRNAMT: amount, FITID: fitId, MEMO: 'Cash movement' }), ...more],
    ],
    ['SUBACCTFUND', 'CASH'],
  ],
];

export const balance = (name: string, value: string, type = 'DOLLAR', more: readonly Node[] = []): Node => [
  'BAL',
  [['NAME', name], ['DESC', name], ['BALTYPE', type], ['VALUE', value], ...more],
];

export const currencyTag = (symbol: string, rate: string | null): Node => ['CURRENCY', values({ CURRATE: rate, CURSYM: symbol })];

export interface StatementParts {
  readonly account?: string;
  readonly broker?: string | null;
  readonly asOf?: string | null;
  readonly currency?: string;
  readonly positions?: readonly Node[] | null;
  readonly transactions?: readonly Node[];
  readonly cash?: readonly Node[];
  readonly plan?: readonly Node[];
  readonly more?: readonly Node[];
}

export const statement = (parts: StatementParts): Node => [
  'INVSTMTTRNRS',
  [
    ['TRNUID', '1'],
    [
      'STATUS',
      [
        ['CODE', '0'],
        ['SEVERITY', 'INFO'],
      ],
    ],
    [
      'INVSTMTRS',
      [
        ...values({ DTASOF: parts.asOf === undefined ? '20240131' : parts.asOf, CURDEF: parts.currency ?? 'USD' }),
        [
          'INVACCTFROM',
          values({ BROKERID: parts.broker === undefined ? 'larch.example' : parts.broker, ACCTID: parts.account ?? '1001' }),
        ],
        ...(parts.transactions
          ? [['INVTRANLIST', [['DTSTART', '20240101'], ['DTEND', '20240131'], ...parts.transactions]] as Node]
          : []),
        ...(parts.positions === null ? [] : [['INVPOSLIST', parts.positions ?? []] as Node]),
        ...(parts.cash ? [['INVBAL', parts.cash] as Node] : []),
        ...(parts.plan ? [['INV401KBAL', parts.plan] as Node] : []),
        ...(parts.more ?? []),
      ],
    ],
  ],
];

export const document = (statements: readonly Node[], securities: readonly Node[] = []): Node => [
  'OFX',
  [
    [
      'SIGNONMSGSRSV1',
      [
        [
          'SONRS',
          [
            [
              'STATUS',
              [
                ['CODE', '0'],
                ['SEVERITY', 'INFO'],
              ],
            ],
            ['DTSERVER', '20240201'],
            ['LANGUAGE', 'ENG'],
            [
              'FI',
              [
                ['ORG', 'Larch Custody'],
                ['FID', '77'],
              ],
            ],
          ],
        ],
      ],
    ],
    ['INVSTMTMSGSRSV1', statements],
    ...(securities.length === 0 ? [] : [['SECLISTMSGSRSV1', [['SECLIST', securities]]] as Node]),
  ],
];

export const described = (
  info: string,
  id: Node,
  name: string,
  ticker: string | null = null,
  more: readonly Node[] = [],
): Node => [info, [['SECINFO', [id, ...values({ SECNAME: name, TICKER: ticker })]], ...more]];
