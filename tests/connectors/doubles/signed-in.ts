import type { ConnectorContext } from '../../../main/connectors/connector.ts';
import { systemClock } from '../../../main/ports/clock.ts';
import { createNodeHttp } from '../../../main/ports/http-node.ts';
import { enteredSignIn } from '../../../main/sign-in/entered-sign-in.ts';
import type { Platform } from '../../../shared/model/holding.ts';

type Access = Pick<ConnectorContext, 'baseUrl' | 'credentials' | 'settings' | 'bearer'>;

/** Signs in as the program does before a pass. A token that is refused is replaced by signing in once more. */
export async function signedIn(platform: Platform, access: Access): Promise<Access> {
  const enter = () => enteredSignIn({ platform, ...access }, { clock: systemClock, http: createNodeHttp() });
  let { credentials, bearer } = await enter();
  if (!bearer) return { ...access, credentials };
  return {
    ...access,
    credentials,
    bearer: async (refused) => {
      if (refused !== null) ({ credentials, bearer } = await enter());
      return (await bearer?.(null)) ?? '';
    },
  };
}
