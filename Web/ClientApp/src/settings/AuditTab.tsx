import { listOwnAudit } from '../api/admin';
import { AuditList } from '../audit/AuditList';
import { Section } from './Section';

export function AuditTab() {
  return (
    <Section title="Activity" text="What your account did, and what was done to it. Change your password if something here was not you.">
      <AuditList queryKey={['audit', 'own']} load={listOwnAudit} empty="Sign-ins, changes of your account and of what you own are listed here." />
    </Section>
  );
}
