import type { StoredAnnotation } from './annotations.ts';
import { type Findings, listed } from './rule.ts';
import { categoriesOf } from './segments.ts';
import { OUTCOMES, SEGMENT_CATEGORY_SLUGS, SEVERITY_SLUGS } from './vocabulary.ts';

/** Rules of what annotators wrote; annotations that are only begun are allowed. */
export function checkAnnotations(findings: Findings): void {
  const { annotations } = findings.read;
  if (!annotations.some(({ group }) => group !== null)) {
    const said = annotations.length > 0 ? 'only an older version of the format, which names nobody' : 'nobody';
    findings.judgement(
      'error',
      'not-annotated',
      `${said} has annotated it yet: an upload takes annotated recordings alone.`,
    );
  }
  for (const stored of annotations) checkOne(findings, stored);
  checkSegments(findings);
}

function checkOne(findings: Findings, { annotation, attributes, taxonomyFault, group }: StoredAnnotation): void {
  const { annotator, success, outcome, unknown } = annotation;
  const tell = (code: string, message: string) =>
    findings.judgement('error', code, `the annotation of ${annotator}: ${message}.`);
  if (success === null || !Number.isFinite(success)) {
    const said =
      'success' in attributes
        ? `success is ${JSON.stringify(attributes.success)}, which is no number`
        : 'it has no success';
    tell('success', `${said}; 0 or 1 is expected`);
  } else if (success < 0 || success > 1) tell('success', `success is ${success} where 0 to 1 is expected`);
  if (group !== null && taxonomyFault) tell('taxonomy', `its taxonomy ${taxonomyFault}; choose the outcome again`);
  if (unknown.length > 0) {
    tell(
      'unknown-word',
      `${listed(unknown.map((word) => `"${word}"`))} ${unknown.length === 1 ? 'is' : 'are'} not in the vocabulary; kept as written, but an upload refuses it`,
    );
  }
  if (success === null || outcome === null || !OUTCOMES.includes(outcome)) return;
  if (success < 0.5 !== (outcome === 'failure')) {
    tell('outcome-mismatch', `outcome is ${outcome} but success is ${success}; the two must agree`);
  }
}

/** Time ranges that a model added. */
function checkSegments(findings: Findings): void {
  const { groups } = findings.read.tree;
  for (const [group, { attributes }] of Object.entries(groups)) {
    if (!/^episode_annotations\/.+\/segments$/.test(group)) continue;
    const by = group.split('/').slice(1, -1).join('/');
    const children = Object.keys(groups).filter((other) => other.startsWith(`${group}/`));
    if (typeof attributes.count === 'number' && attributes.count !== children.length) {
      findings.judgement(
        'warning',
        'segment-count',
        `${by} counts ${attributes.count} segments where ${children.length} stand.`,
      );
    }
    for (const child of children) {
      const own = groups[child]?.attributes ?? {};
      const strange = categoriesOf(own.failure_categories).filter((word) => !SEGMENT_CATEGORY_SLUGS.includes(word));
      if (typeof own.severity === 'string' && own.severity !== '' && !SEVERITY_SLUGS.includes(own.severity))
        strange.push(own.severity);
      if (strange.length > 0) {
        findings.judgement(
          'warning',
          'unknown-word',
          `segment ${child.split('/').at(-1)} of ${by} uses ${listed(strange)}, which is not in the vocabulary.`,
        );
      }
    }
  }
}
