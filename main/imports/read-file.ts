import { AppError } from '../../shared/contract/errors.ts';
import type { CalendarDate } from '../../shared/model/date.ts';
import { ConnectorError, type SourcePage } from '../connectors/connector.ts';
import { readOfx } from '../connectors/custodian-file/read-ofx.ts';
import { toSourcePage } from '../connectors/custodian-file/source-page.ts';
import type { OfxFile } from '../connectors/custodian-file/statement.ts';

export interface CustodianFile {
  readonly file: OfxFile;
  /** The canonical records of the file; what could not be taken is in `quarantined`. */
  readonly page: SourcePage;
  /** Who sent it, as the file says: the name under which the source is known. */
  readonly institution: string;
  /** Newest statement date. */
  readonly asOf: CalendarDate;
}

const newest = (dates: readonly CalendarDate[]): CalendarDate => dates.reduce((a, b) => (a > b ? a : b));

/** Reads a custodian file. Throws `unreadable_file` with a sentence that names the line at fault. */
export function readCustodianFile(bytes: Uint8Array): CustodianFile {
  try {
    const file = readOfx(bytes);
    const brokers = file.statements.map((s) => s.brokerId).filter((id) => id !== '');
    return {
      file,
      page: toSourcePage(file, bytes),
      institution: (file.institution.org ?? brokers[0] ?? 'Unknown custodian').slice(0, 180),
      asOf: newest(file.statements.map((s) => s.asOf)),
    };
  } catch (error) {
    if (error instanceof ConnectorError) throw new AppError('unreadable_file', error.message, { cause: error });
    throw error;
  }
}
