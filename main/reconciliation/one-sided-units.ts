import { cusipFromIsin } from '../../shared/model/identifiers.ts';
import { abs, round, ZERO, type Dec } from '../../shared/model/decimal.ts';
import { worthOf, type UnitValues } from '../core/break-unit.ts';
import { severityOf } from '../core/conflict-size.ts';
import { classifyOneSided, type OneSided } from '../core/one-sided-breaks.ts';
import type { WritableDb } from '../store/handles.ts';
import { untiedSecurity, type FoundBreak } from './break-writer.ts';
import { isNothing, sideOf, type BookPosition, type SideRecord } from './source-units.ts';

/** A one-sided position with what its break row needs beside the classification. */
export interface OneSidedUnit {
  readonly position: OneSided;
  readonly holdingId: number | null;
  readonly thing: string;
  readonly worth: Dec | null;
  readonly currency: string;
}

/** A position of the book that one side holds and the other does not; `values` are the holder's. */
export function bookUnit(p: BookPosition, holder: OneSided['holder'], values: UnitValues, currency: string): OneSidedUnit {
  return {
    position: {
      holder,
      accountId: p.accountId,
      accountName: p.accountName,
      securityId: p.securityId,
      securityName: p.securityName,
      type: p.type,
      ticker: p.ticker,
      cusip: cusipOf(p),
      mayBe: [],
      quantity: values.quantity ?? ZERO,
    },
    holdingId: p.holdingId,
    thing: String(p.securityId),
    worth: worthOf(values, p.multiplier),
    currency,
  };
}

interface SecurityLink {
  readonly name: string;
  readonly suggestions: string;
  readonly record: string;
}
type Described = Partial<Record<'ticker' | 'cusip' | 'isin', string | null>> & { readonly currency?: string };

const cusipOf = (p: { readonly cusip?: string | null; readonly isin?: string | null }): string | null =>
  p.cusip ?? (p.isin ? cusipFromIsin(p.isin) : null);

/**
 * Positions of a side that the book has no place for, in accounts that are compared: their security is not tied to it. They
 * cannot be paired, but a reconciliation that left them out would call the sides equal when they are not.
 */
export function untiedUnits(
  db: WritableDb,
  connectionId: number,
  records: readonly SideRecord[],
  accounts: ReadonlySet<number>,
): OneSidedUnit[] {
  const account = db.prepare(
    `SELECT a.id, a.name, a.currency FROM account_links l JOIN accounts a ON a.id = l.account_id WHERE l.connection_id = ? AND l.external_id = ?`,
  );
  const security = db.prepare('SELECT name, suggestions, record FROM security_links WHERE connection_id = ? AND external_id = ?');
  const groups = new Map<string, SideRecord[]>();
  for (const r of records) {
    const key = JSON.stringify([r.accountExternalId, r.securityExternalId, r.currency]);
    groups.set(key, [...(groups.get(key) ?? []), r]);
  }
  return [...groups.values()].flatMap((group): OneSidedUnit[] => {
    const [first] = group;
    const place =
      first && (account.get(connectionId, first.accountExternalId) as { id: number; name: string; currency: string } | undefined);
    if (!first || !place || !accounts.has(place.id)) return [];
    const { values } = sideOf('', group);
    if (isNothing(values)) return [];
    const link = security.get(connectionId, first.securityExternalId) as SecurityLink | undefined;
    const suggestions = link ? (JSON.parse(link.suggestions) as { id: number }[]) : [];
    const described = link ? (JSON.parse(link.record) as Described) : {};
    return [
      {
        position: {
          holder: 'other',
          accountId: place.id,
          accountName: place.name,
          securityId: null,
          securityName: link?.name ?? first.securityExternalId,
          type: 'other',
          ticker: described.ticker ?? null,
          cusip: cusipOf(described),
          mayBe: suggestions.map((s) => s.id),
          quantity: values.quantity ?? ZERO,
        },
        holdingId: null,
        thing: untiedSecurity(first.securityExternalId),
        worth: values.marketValue,
        currency: first.currency ?? described.currency ?? place.currency,
      },
    ];
  });
}

/** Classifies the one-sided positions of a side together and makes their break rows. */
export function oneSidedBreaks(units: readonly OneSidedUnit[], otherName: string): FoundBreak[] {
  const classes = classifyOneSided(
    units.map((u) => u.position),
    otherName,
  );
  return units.flatMap((unit, i): FoundBreak[] => {
    const found = classes[i];
    if (!found) return [];
    const { position } = unit;
    const impact = unit.worth === null ? null : round(abs(unit.worth), 2);
    const here = position.holder === 'clearway';
    return [
      {
        accountId: position.accountId,
        securityId: position.securityId,
        holdingId: unit.holdingId,
        thing: unit.thing,
        field: 'presence',
        class: found.class,
        sentence: found.sentence,
        severity: Math.min(2, severityOf(impact)),
        clearway: here ? 'held' : 'not_held',
        other: here ? 'not_held' : 'held',
        difference: null,
        impact,
        currency: unit.currency,
        fixable: false,
      },
    ];
  });
}
