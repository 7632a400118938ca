import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import type { contract } from '../../shared/api/contract.ts';
import { isLeaving } from './leaving.ts';

/**
 * The browser door does not know this window's key: the workstation was started anew, and its key came with the address it
 * printed then. Another window that opens that address lets this one in, too.
 */
export class LockedOut extends Error {
  constructor() {
    super('Regrasp was started anew: open the address it printed.');
  }
}

/** The workstation, the same in every door: addresses are relative to where the page came from. */
export const api: ContractRouterClient<typeof contract> = createORPCClient(
  new RPCLink({
    url: () => new URL('/api/rpc', window.location.href).href,
    fetch: async (request, init) => {
      const response = await fetch(request, { ...init, keepalive: isLeaving() });
      if (response.status === 401) throw new LockedOut();
      return response;
    },
  }),
);
