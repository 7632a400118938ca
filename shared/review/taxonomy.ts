import { z } from 'zod';

/**
 * The words failures are named by. Two levels: categories, which are the Oopsie slugs verbatim, and below each codes of
 * ours. A code keeps its meaning for ever: what is not used any more is deprecated and stays. What orthogonally describes
 * a failure (severity, resetability) is never part of a code, and a fault of the recorder is data quality, not a failure.
 */
const slug = z.string().regex(/^[a-z][a-z0-9_]{0,99}$/, 'a slug is made of small letters, digits and "_"');
const codeName = z.string().regex(/^[A-Z][A-Z0-9_]{0,99}$/, 'a code is made of capitals, digits and "_"');
const termSchema = z.object({ slug, title: z.string().min(1), definition: z.string().min(1) });

const codeSchema = z.object({
  code: codeName,
  /** Slug of the category it belongs to. */
  category: slug,
  title: z.string().min(1),
  definition: z.string().min(1),
  /** It says too little by itself: what happened must be told in words. */
  needsText: z.boolean().optional(),
  /** Kept for what was marked with it, and not offered any more. */
  isDeprecated: z.boolean().optional(),
});
export type FailureCode = z.infer<typeof codeSchema>;

export const taxonomySchema = z.object({
  version: z.int().positive(),
  categories: z.array(termSchema).min(1),
  codes: z.array(codeSchema).min(1),
  /** Least first: the worst of several is the last of them. */
  severities: z.array(termSchema).min(1),
  resetabilities: z.array(termSchema).min(1),
});
export type Taxonomy = z.infer<typeof taxonomySchema>;

/** A lab's own codes, below the categories that stand: `.regrasp/taxonomy.json`. */
export const labTaxonomySchema = z.strictObject({ version: z.literal(1), codes: z.array(codeSchema) });
export type LabTaxonomy = z.infer<typeof labTaxonomySchema>;

/** Reads the text of a lab's file: what fits of it, and a sentence for each thing that does not. `place` names the file. */
export function readLabTaxonomy(text: string, place: string): { lab: LabTaxonomy; problems: string[] } {
  const lab: LabTaxonomy = { version: 1, codes: [] };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { lab, problems: [`${place} is no readable JSON, so its codes are not offered: correct it.`] };
  }
  const { version, codes } = (value ?? {}) as { version?: unknown; codes?: unknown };
  if (typeof version === 'number' && version > 1)
    return { lab, problems: [`${place} is of a newer Regrasp, so its codes are not offered: update to use them.`] };
  if (version !== 1 || !Array.isArray(codes))
    return { lab, problems: [`${place} says no list of codes: write {"version": 1, "codes": [...]}.`] };
  const problems: string[] = [];
  for (const [index, each] of codes.entries()) {
    const checked = codeSchema.safeParse(each);
    if (checked.success) lab.codes.push(checked.data);
    else {
      const issue = checked.error.issues[0];
      const name = (each as { code?: unknown } | null)?.code;
      const named = typeof name === 'string' ? ` ("${name.slice(0, 100)}")` : '';
      const why = [...(issue?.path ?? []), issue?.message].join(': ');
      problems.push(`${place}: code ${index + 1}${named} was left out (${why}).`);
    }
  }
  return { lab, problems };
}

/** What failures of a root are named by: the codes that stand, the lab's after them; and what was wrong with the lab's file. */
export const rootTaxonomySchema = z.object({
  taxonomy: taxonomySchema,
  /** One sentence each. */
  problems: z.array(z.string()),
});
export type RootTaxonomy = z.infer<typeof rootTaxonomySchema>;

/** The taxonomy with a lab's codes after its own, and a sentence for each that cannot be taken. */
export function withLabCodes(taxonomy: Taxonomy, lab: LabTaxonomy): { taxonomy: Taxonomy; problems: string[] } {
  const problems: string[] = [];
  const codes = [...taxonomy.codes];
  for (const code of lab.codes) {
    const taken = codes.find((known) => known.code === code.code);
    if (taken) problems.push(`The code ${code.code} is there already ("${taken.title}"): give the lab's another name.`);
    else if (!taxonomy.categories.some(({ slug: known }) => known === code.category))
      problems.push(`The code ${code.code} is put below "${code.category}", which is no category: use one that is.`);
    else codes.push(code);
  }
  return { taxonomy: { ...taxonomy, codes }, problems };
}

/** Undefined for a code that nobody here knows: it is kept as it came, and shown as unknown. */
export function codeOf(taxonomy: Taxonomy, code: string): FailureCode | undefined {
  return taxonomy.codes.find((known) => known.code === code);
}

/** Codes to choose from, by category in the taxonomy's order. */
export function codesByCategory({
  categories,
  codes,
}: Taxonomy): { slug: string; title: string; codes: FailureCode[] }[] {
  return categories
    .map(({ slug: category, title }) => ({
      slug: category,
      title,
      codes: codes.filter((code) => code.category === category && !code.isDeprecated),
    }))
    .filter((category) => category.codes.length > 0);
}

/** The worst of several severities; undefined where none of them is known. */
export function worstSeverity({ severities }: Taxonomy, slugs: readonly string[]): string | undefined {
  return severities.findLast(({ slug: known }) => slugs.includes(known))?.slug;
}
