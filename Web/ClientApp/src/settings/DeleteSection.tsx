import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { deleteAccount } from '../api/account';
import { api } from '../api/client';
import type { Profile } from '../api/types';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { toast } from '../ui/toastStore';
import { ProofField, proofOf } from './Proof';
import { Section } from './Section';
import { useAction } from './useAction';

export function DeleteSection({ profile }: { profile: Profile }) {
  const [asked, setAsked] = useState(false);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { busy, error, fields, run } = useAction();

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    void run(async () => {
      await deleteAccount(proofOf(data, profile));
      api.forget();
      queries.clear();
      toast.success('Your account is deleted');
      void navigate('/', { replace: true });
    });
  }

  return (
    <Section title="Delete account" text="Your projects, their sites and everything else that is yours go with it. This cannot be undone.">
      {asked ? (
        <form noValidate aria-label="Delete account" onSubmit={onSubmit} className="grid gap-4">
          {error !== null && <ErrorNotice title="Your account was not deleted" error={error} />}
          <ProofField owner={profile} errors={fields} />
          <div className="flex flex-wrap gap-2">
            <button type="submit" aria-disabled={busy} className={buttonStyle('danger')}>
              {busy ? 'Deleting…' : 'Delete my account for good'}
            </button>
            <button type="button" className={buttonStyle('secondary')} onClick={() => setAsked(false)}>
              Keep it
            </button>
          </div>
        </form>
      ) : (
        <div>
          <button type="button" className={buttonStyle('danger')} onClick={() => setAsked(true)}>
            Delete account…
          </button>
        </div>
      )}
    </Section>
  );
}
