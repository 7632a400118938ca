import { z } from 'zod';

/** A person's word that their review of the recording is done. Where a project is blind, it opens the layers of others. */
export const submissionSchema = z.object({ state: z.literal('submitted') });
export type Submission = z.infer<typeof submissionSchema>;

/** The steps as gestures: one submits, one takes it back (what others said is hidden again then). */
export function submitReview() {
  return { name: 'Submit the review', patch: [submission({ state: 'submitted' })] };
}

export function withdrawReview() {
  return { name: 'Withdraw the submission', patch: [submission(null)] };
}

function submission(value: Submission | null) {
  return { map: 'submission' as const, id: 'episode', value };
}
