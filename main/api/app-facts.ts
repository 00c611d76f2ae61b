import type { Output } from '../../shared/contract/index.ts';
import type { ReadDb } from '../store/handles.ts';

export interface AppFacts {
  readonly firm: string;
  readonly asOf: Output<'app.info'>['asOf'];
  /** Ids of connections by whether they belong to the demo platforms. */
  readonly connections: readonly { readonly id: number; readonly platform: string; readonly demo: boolean }[];
}

/** What the book says about itself: whose it is and as of when. */
export function appFacts(db: ReadDb): AppFacts {
  const firm = db.prepare("SELECT value FROM settings WHERE key = 'firm'").pluck().get() as string | undefined;
  const connections = db
    .prepare("SELECT id, platform, settings ->> 'sandbox' AS sandbox FROM connections WHERE status <> 'disconnected' ORDER BY id")
    .all() as { id: number; platform: string; sandbox: string | null }[];
  return {
    firm: firm === undefined ? 'New book' : (JSON.parse(firm) as string),
    asOf: db.prepare("SELECT max(as_of) FROM holdings WHERE status = 'held'").pluck().get() as AppFacts['asOf'],
    connections: connections.map(({ id, platform, sandbox }) => ({ id, platform, demo: sandbox === 'yes' })),
  };
}
