import { implement } from '@orpc/server';
import { contract } from '../../shared/api/contract.ts';
import { Fault, sentenceOf, systemCodeOf } from '../fault.ts';
import { SourceFault } from '../sources/source.ts';
import type { Services } from './services.ts';

/**
 * The contract to be implemented, with the one place where faults of services become errors of the contract. What no
 * service foresaw stays an internal error: its text may name more than a window should know.
 */
export const procedures = implement(contract)
  .$context<Services>()
  .use(async ({ next, errors }) => {
    try {
      return await next();
    } catch (error) {
      if (error instanceof Fault) throw errors[error.code]({ message: error.message });
      if (error instanceof SourceFault) throw errors.UNUSABLE({ message: error.message });
      if (systemCodeOf(error) !== '') throw errors.UNUSABLE({ message: sentenceOf(error) });
      throw error;
    }
  });
