import { readFrame } from '../answers.ts';
import { ConnectorError, type ConnectorContext } from '../connector.ts';
import { decodeUtf8, JsonError, jsonList, parseLossless, type LosslessJson } from '../json.ts';
import type { ZipMember } from '../zip.ts';
import { BLACK_DIAMOND } from './credentials.ts';
import { batchFileKind } from './file-kind.ts';

/** Enough of a file to see the members of its first record. */
const HEAD_BYTES = 64 * 1024;

export interface BatchFile {
  readonly name: string;
  readonly text: string;
  readonly items: readonly LosslessJson[];
}

/** Inflates and parses one file of the batch. Rejects with a ZipError or a ConnectorError when it cannot be read. */
export async function readFile(member: ZipMember): Promise<BatchFile> {
  const bytes = await member.read();
  try {
    const text = decodeUtf8(bytes);
    return { name: member.name, text, items: readFrame(BLACK_DIAMOND, jsonList, { json: parseLossless(text), text }, 'batch') };
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    throw new ConnectorError(
      'bad_response',
      `The file ${member.name} of Black Diamond’s batch cannot be read as JSON. Try again later.`,
      { cause },
    );
  }
}

/** Tells account and relationship files apart by what is in them. Throws when the batch holds no account file. */
export async function sortFiles(members: readonly ZipMember[], log: ConnectorContext['log']) {
  const accounts: ZipMember[] = [];
  const relationships: ZipMember[] = [];
  const empty = new Set<string>();
  for (const member of members) {
    const head = new TextDecoder().decode(await member.head(HEAD_BYTES));
    const kind = batchFileKind(head);
    if (kind === 'accounts') accounts.push(member);
    else if (kind === 'relationships') relationships.push(member);
    else if (/^\s*\[\s*\]/.test(head)) empty.add(member.name);
    else log('The batch holds a file of a kind that was not asked for', { file: member.name });
  }
  if (accounts.length + empty.size === 0) {
    throw new ConnectorError(
      'bad_response',
      'Black Diamond’s batch holds no account file. Check which accounts this user may see.',
    );
  }
  return { accounts, relationships };
}
