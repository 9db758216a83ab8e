export interface Choice {
  value: string;
  label: string;
  text: string;
}

export const userTypes: Choice[] = [
  { value: 'developer', label: 'Developer', text: 'I build things myself.' },
  { value: 'organization', label: 'Organization', text: 'A team, a school, an association: we build together.' },
  { value: 'company', label: 'Company', text: 'We build for customers.' },
];

export const hostingOptions: Choice[] = [
  { value: 'autostack_hosting', label: 'Autostack hosting', text: 'Sites are built and served here. Nothing to set up.' },
  { value: 'self_hosting', label: 'Self hosting', text: 'Sites go to a place of my own.' },
];

export const hostingTargets: Choice[] = [
  { value: 'github', label: 'GitHub', text: 'From the repositories of a GitHub account.' },
  { value: 'aws', label: 'AWS', text: 'To an account at Amazon Web Services.' },
];

const labelOf = (choices: Choice[], value: string | null) => choices.find((choice) => choice.value === value)?.label ?? value;

export const userTypeLabel = (value: string | null): string | null => labelOf(userTypes, value);

export function hostingLabel(option: string | null, target: string | null): string | null {
  const words = [labelOf(hostingOptions, option), labelOf(hostingTargets, target)].filter(Boolean);
  return words.length > 0 ? words.join(', ') : null;
}
