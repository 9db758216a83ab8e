import type { AdminUser } from '../api/types';
import { buttonStyle } from '../ui/buttonStyle';
import { ConfirmButton } from '../ui/ConfirmButton';
import { RelativeTime } from '../ui/Time';

interface UserRowProps {
  user: AdminUser;
  self: boolean;
  busy: boolean;
  onRole: (role: string) => void;
  onDisable: () => void;
  onEnable: () => void;
}

export function UserRow({ user, self, busy, onRole, onDisable, onEnable }: UserRowProps) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium break-words">
          {user.name}
          {self && <span className="ml-2 text-[0.8125rem] font-normal text-muted">you</span>}
          {user.disabledAt && <span className="ml-2 text-[0.8125rem] font-normal text-bad">closed</span>}
        </p>
        <p className="text-[0.8125rem] text-muted">
          <span className="break-all">{user.email}</span>
          {!user.emailVerified && ' · not confirmed'} · since <RelativeTime at={user.createdAt} />
        </p>
      </div>
      {self ? (
        <p className="text-[0.8125rem] text-muted">{user.role === 'admin' ? 'Administrator' : 'User'}</p>
      ) : (
        <div className="flex flex-wrap items-center gap-2">
          <select aria-label={`Role of ${user.email}`} value={user.role} disabled={busy} onChange={(event) => onRole(event.target.value)} className="control w-auto">
            <option value="user">User</option>
            <option value="admin">Administrator</option>
          </select>
          {user.disabledAt ? (
            <button type="button" aria-label={`Open again ${user.email}`} aria-disabled={busy} className={buttonStyle('secondary', 'small')} onClick={onEnable}>
              Open again
            </button>
          ) : (
            <ConfirmButton label="Close" subject={user.email} question="Sessions and API tokens end at once." confirm="Close the account" busy={busy} onConfirm={onDisable} />
          )}
        </div>
      )}
    </li>
  );
}
