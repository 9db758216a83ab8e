/** What webhooks can be told. */
export const webhookEvents = [
  { value: 'deployment.queued', label: 'Queued' },
  { value: 'deployment.building', label: 'Building' },
  { value: 'deployment.succeeded', label: 'Succeeded' },
  { value: 'deployment.failed', label: 'Failed' },
  { value: 'deployment.cancelled', label: 'Cancelled' },
  { value: 'deployment.promoted', label: 'Promoted' },
];

export const eventLabel = (event: string): string => webhookEvents.find(({ value }) => value === event)?.label ?? event;
