import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { CalendarDate } from '../../shared/model/date.ts';
import type {
  AccountRecord,
  HoldingRecord,
  SecurityRecord,
  SourcePage,
  TaxLotRecord,
  TransactionRecord,
} from '../connectors/connector.ts';

/** What a page may say of returns and benchmarks. */
export type StagedPerformance = Pick<SourcePage, 'performance' | 'performanceFrom' | 'benchmarks' | 'benchmarksFrom'>;

/** The normalised records of one page as they wait for the merge. */
export interface StagedPage extends StagedPerformance {
  readonly accounts: readonly AccountRecord[];
  readonly securities: readonly SecurityRecord[];
  readonly holdings: readonly HoldingRecord[];
  readonly transactions: readonly TransactionRecord[];
  readonly transactionsFrom?: CalendarDate;
  readonly taxLots?: readonly TaxLotRecord[];
}

// Level 1: a 34 MB page of positions takes about 25 ms and shrinks to a few percent; higher levels cost more than they save.
const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export const compress = (bytes: Uint8Array): Uint8Array => zstdCompressSync(bytes, FAST);
export const decompress = (bytes: Uint8Array): Uint8Array => zstdDecompressSync(bytes);

// Positions travel as arrays in this order: half the size and twice the speed of objects.
export type HoldingTuple = [
  string,
  string,
  string,
  string,
  string | null,
  string | null,
  string | null,
  string | null,
  string,
  string | null,
  string,
];

const toTuple = (h: HoldingRecord): HoldingTuple => [
  h.externalId,
  h.accountExternalId,
  h.securityExternalId,
  h.quantity,
  h.price,
  h.marketValue,
  h.costBasis,
  h.currency,
  h.asOf,
  h.modifiedAt,
  h.place,
];
const fromTuple = (t: HoldingTuple): HoldingRecord =>
  ({
    externalId: t[0],
    accountExternalId: t[1],
    securityExternalId: t[2],
    quantity: t[3],
    price: t[4],
    marketValue: t[5],
    costBasis: t[6],
    currency: t[7],
    asOf: t[8],
    modifiedAt: t[9],
    place: t[10],
  }) as HoldingRecord;

/**
 * A page as it travels to the writer, as JSON: entities and positions apart, so that the merge can tie identities before
 * it reads positions. The writer compresses it, because it waits while pages are fetched and the ingest thread does not.
 */
export interface EncodedPage {
  readonly entities: string;
  readonly holdings: string;
}

const unpack = (body: Uint8Array): unknown => JSON.parse(Buffer.from(decompress(body)).toString());

// Members are named one by one: a page from a connector carries its raw bytes too, which must not end up in here.
export const encodeStagedPage = ({
  accounts,
  securities,
  transactions,
  transactionsFrom,
  taxLots,
  performance,
  performanceFrom,
  benchmarks,
  benchmarksFrom,
  holdings,
}: StagedPage): EncodedPage => ({
  entities: JSON.stringify({
    accounts,
    securities,
    transactions,
    transactionsFrom,
    taxLots,
    performance,
    performanceFrom,
    benchmarks,
    benchmarksFrom,
  }),
  holdings: JSON.stringify(holdings.map(toTuple)),
});

// The records were validated before they were staged, so they are not validated again.
export const decodeEntities = (body: Uint8Array): Omit<StagedPage, 'holdings'> => unpack(body) as Omit<StagedPage, 'holdings'>;
export const decodeHoldings = (page: Uint8Array | readonly HoldingTuple[]): HoldingRecord[] =>
  (page instanceof Uint8Array ? (unpack(page) as HoldingTuple[]) : page).map(fromTuple);
