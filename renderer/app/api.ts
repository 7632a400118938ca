import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import type { contract } from '../../shared/api/contract.ts';

/** The workstation, the same in every door: addresses are relative to where the page came from. */
export const api: ContractRouterClient<typeof contract> = createORPCClient(
  new RPCLink({ url: () => new URL('/api/rpc', window.location.href).href }),
);
