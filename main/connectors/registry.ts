import type { Platform } from '../../shared/model/holding.ts';
import { createAddepar } from './addepar/connector.ts';
import { createBlackDiamond } from './black-diamond/connector.ts';
import type { Connector } from './connector.ts';
import { createOrion } from './orion/connector.ts';
import type { ConnectorPorts } from './platform-client.ts';

/** One connector per platform that is pulled from; custodian files are imported instead. Each holds its rate budget. */
export const createConnectors = (ports: ConnectorPorts): ReadonlyMap<Platform, Connector> =>
  new Map(
    [createBlackDiamond, createOrion, createAddepar]
      .map((create) => create(ports))
      .map((connector) => [connector.platform, connector]),
  );
