import { SCHEMA } from './place.ts';
import { type Findings, listed } from './rule.ts';

const PLACEHOLDER_LAB = 'your_lab_id';
const REQUIRED = ['episode_id', 'language_instruction', 'lab_id', 'operator_name', 'robot_profile'];
const SHORTEST_SECONDS = 1;
const LONGEST_SECONDS = 600;

export function checkMetadata(findings: Findings): void {
  const { attributes, instruction, variant, steps, rate, found } = findings.read;
  if (variant === 'legacy') {
    findings.error(
      'old-schema',
      `it has the layout of an older version, which the upload refuses: migrate it to ${SCHEMA}.`,
    );
    return;
  }
  if (attributes.schema !== SCHEMA) {
    const said =
      attributes.schema === undefined ? 'it names no schema' : `its schema is ${JSON.stringify(attributes.schema)}`;
    findings.error('schema', `${said} where ${SCHEMA} is expected.`);
  }
  const attribute = (name: string) => (name === 'language_instruction' ? instruction : attributes[name]);
  const missing = REQUIRED.filter((name) => {
    // One that lies beside the file is told of apart.
    if (name === 'robot_profile' && found.profile) return false;
    const value = attribute(name);
    return typeof value !== 'string' || value.trim() === '';
  });
  if (missing.length > 0) {
    const verb = missing.length === 1 ? 'attribute is' : 'attributes are';
    findings.error('missing-attribute', `the ${verb} missing or empty: ${listed(missing)}; fill them in.`);
  }
  if (attributes.lab_id === PLACEHOLDER_LAB) {
    findings.error(
      'placeholder-lab',
      `lab_id is still the placeholder ${PLACEHOLDER_LAB}: put your lab's own id there.`,
    );
  }
  if (typeof attributes.robot_profile !== 'string' && found.profile) {
    findings.error(
      'profile-not-inside',
      `the robot profile lies beside it (${found.from}), not in its robot_profile attribute.`,
    );
  }
  if (found.profile && found.profile.tree.control_freq === undefined) {
    findings.error('control-freq', 'the robot profile has no control_freq: the times of the steps are unknown.');
  }
  if (!rate.isRecorded) return;
  const seconds = steps / rate.hz;
  if (seconds < SHORTEST_SECONDS || seconds > LONGEST_SECONDS) {
    findings.error(
      'duration',
      `it lasts ${seconds.toFixed(2)} s (${steps} steps at ${rate.hz} Hz) where ${SHORTEST_SECONDS} to ${LONGEST_SECONDS} s are taken.`,
    );
  }
}
