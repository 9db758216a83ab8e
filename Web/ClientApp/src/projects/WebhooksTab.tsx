import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Webhook as WebhookIcon } from 'lucide-react';
import { useState } from 'react';
import { listWebhooks } from '../api/projects';
import type { Project, WebhookSecret } from '../api/types';
import { useRights } from '../organizations/useRights';
import { Loaded } from '../settings/Loaded';
import { Section } from '../settings/Section';
import { EmptyState } from '../ui/EmptyState';
import { Skeleton } from '../ui/Skeleton';
import { NewSecret } from './NewSecret';
import { projectKey } from './queries';
import { WebhookForm } from './WebhookForm';
import { WebhookRow } from './WebhookRow';

/** Who else is told what happens with deployments. */
export function WebhooksTab({ project }: { project: Project }) {
  const { manage, known } = useRights(project.owner);
  const queries = useQueryClient();
  const key = [...projectKey(project.id), 'webhooks'];
  const webhooks = useQuery({ queryKey: key, queryFn: ({ signal }) => listWebhooks(project.id, signal), enabled: manage });
  const [created, setCreated] = useState<WebhookSecret | null>(null);
  const refresh = () => queries.invalidateQueries({ queryKey: key });

  if (!known) return <Skeleton className="h-32 w-full" />;
  if (!manage) return <p className="text-muted">Only admins of the organization see webhooks: an address may itself be a secret.</p>;
  return (
    <>
      <Section title="New webhook" text="A program of yours gets a signed request whenever something happens with a deployment.">
        {created ? (
          <NewSecret secret={created} onDone={() => setCreated(null)} />
        ) : (
          <WebhookForm
            project={project}
            onCreated={(secret) => {
              setCreated(secret);
              void refresh();
            }}
          />
        )}
      </Section>
      <Section title="Webhooks">
        <Loaded query={webhooks} title="The webhooks could not be loaded">
          {(list) =>
            list.length === 0 ? (
              <EmptyState Icon={WebhookIcon} title="No webhooks" text="What you add is listed here with its deliveries." />
            ) : (
              <ul aria-label="Webhooks" className="divide-y divide-line">
                {list.map((webhook) => (
                  <WebhookRow key={webhook.id} project={project} webhook={webhook} onChanged={refresh} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </Section>
    </>
  );
}
