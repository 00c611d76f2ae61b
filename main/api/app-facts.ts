import type { Output } from '../../shared/contract/index.ts';
import { liveConnections } from '../store/connections.ts';
import type { ReadDb } from '../store/handles.ts';
import { readSetting } from '../store/settings.ts';

export interface AppFacts {
  readonly firm: string;
  readonly asOf: Output<'app.info'>['asOf'];
  /** Ids of connections by whether they belong to the demo platforms. */
  readonly connections: readonly { readonly id: number; readonly platform: string; readonly demo: boolean }[];
}

/** What the book says about itself: whose it is and as of when. */
export function appFacts(db: ReadDb): AppFacts {
  const firm = readSetting(db, 'firm');
  return {
    firm: firm === undefined ? 'New book' : (JSON.parse(firm) as string),
    asOf: db.prepare("SELECT max(as_of) FROM holdings WHERE status = 'held'").pluck().get() as AppFacts['asOf'],
    connections: liveConnections(db).map(({ id, platform, settings }) => ({
      id,
      platform,
      demo: (JSON.parse(settings) as { sandbox?: string }).sandbox === 'yes',
    })),
  };
}
