import { useRef, type ChangeEvent } from 'react';
import { removeAvatar, uploadAvatar } from '../api/account';
import type { Profile } from '../api/types';
import { Avatar } from '../ui/Avatar';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { toast } from '../ui/toastStore';
import { useProfileChanged } from './profile';
import { useAction } from './useAction';

const kinds = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];
const mostBytes = 1024 * 1024;

export function AvatarField({ profile }: { profile: Profile }) {
  const changed = useProfileChanged();
  const { busy, error, fields, setFields, run } = useAction();
  const input = useRef<HTMLInputElement>(null);

  function onPick(event: ChangeEvent<HTMLInputElement>) {
    const file = event.currentTarget.files?.[0];
    // So that the same file can be picked again.
    event.currentTarget.value = '';
    if (!file) return;
    if (!kinds.includes(file.type)) {
      setFields({ picture: ['Choose a PNG, JPEG, WebP or GIF.'] });
    } else if (file.size > mostBytes) {
      setFields({ picture: ['Choose a picture of at most 1 MB.'] });
    } else {
      void run(async () => {
        await uploadAvatar(file);
        await changed();
        toast.success('Your picture is saved');
      });
    }
  }

  function remove() {
    void run(async () => {
      await removeAvatar();
      await changed();
      toast.success('Your picture is removed');
    });
  }

  return (
    <div>
      {error !== null && <ErrorNotice title="Your picture was not changed" error={error} />}
      <div className="flex flex-wrap items-center gap-4">
        <Avatar name={profile.name || profile.email} url={profile.avatarUrl} size="large" />
        <div className="flex flex-wrap gap-2">
          <input
            ref={input}
            type="file"
            hidden
            accept={kinds.join(',')}
            aria-label="Picture"
            onChange={onPick}
          />
          <button type="button" aria-disabled={busy} className={buttonStyle('secondary', 'small')} onClick={() => input.current?.click()}>
            {profile.avatarUrl ? 'Change picture' : 'Upload a picture'}
          </button>
          {profile.avatarUrl && (
            <button type="button" aria-disabled={busy} className={buttonStyle('quiet', 'small')} onClick={remove}>
              Remove picture
            </button>
          )}
        </div>
        <p className="w-full text-[0.8125rem] text-muted">PNG, JPEG, WebP or GIF of at most 1 MB. Everybody can see it.</p>
      </div>
      {fields.picture && (
        <p role="alert" className="mt-1.5 text-[0.8125rem] text-bad">
          {fields.picture.join(' ')}
        </p>
      )}
    </div>
  );
}
