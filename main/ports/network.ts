import { networkInterfaces } from 'node:os';

export interface Network {
  /** False when the system has no address beyond its own; true says nothing about whether a host can be reached. */
  online(): boolean;
}

export const systemNetwork: Network = {
  online: () => Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ internal }) => !internal)),
};
