import { cusipFromIsin, isCusip, isFigi, isIsin, isSedol, normaliseIdentifier } from '../../../shared/model/identifiers.ts';
import type { Element } from './element-tree.ts';
import { securityExternalId } from './external-ids.ts';
import { childOf, requiredText, RowProblem } from './row-fields.ts';

export interface SecurityId {
  readonly externalId: string;
  /** As written, for naming a security that nothing describes. */
  readonly label: string;
  readonly cusip: string | null;
  readonly isin: string | null;
  readonly sedol: string | null;
  readonly figi: string | null;
  readonly ticker: string | null;
  /** The identifier is then an id of this file only. */
  readonly failsCheckDigit: boolean;
}

type Kind = 'cusip' | 'isin' | 'sedol' | 'figi';
const VALID: Readonly<Record<Kind, (id: string) => boolean>> = { cusip: isCusip, isin: isIsin, sedol: isSedol, figi: isFigi };
const isKind = (type: string): type is Kind => Object.hasOwn(VALID, type);

/** Reads the SECID of a row. Throws a RowProblem when the security cannot be told from it. */
export function readSecurityId(row: Element): SecurityId {
  const id = childOf(row, 'SECID');
  if (id === null) throw new RowProblem('SECID', 'SECID is missing, so it is not clear which security it is.');
  return securityIdFrom(requiredText(id, 'UNIQUEIDTYPE'), requiredText(id, 'UNIQUEID'));
}

export function securityIdFrom(writtenType: string, written: string): SecurityId {
  const type = normaliseIdentifier(writtenType);
  const kind = type.toLowerCase();
  const none = { cusip: null, isin: null, sedol: null, figi: null, ticker: null, failsCheckDigit: false };
  if (!isKind(kind)) {
    const ticker = type === 'TICKER' || type === 'SYMBOL' ? written : null;
    return { ...none, externalId: securityExternalId(type, written), label: written, ticker };
  }
  const id = normaliseIdentifier(written);
  const known = { ...none, externalId: securityExternalId(type, id), label: `${type} ${id}` };
  if (!VALID[kind](id)) return { ...known, failsCheckDigit: true };
  return { ...known, [kind]: id, cusip: kind === 'isin' ? cusipFromIsin(id) : kind === 'cusip' ? id : null };
}
