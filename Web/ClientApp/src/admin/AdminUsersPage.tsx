import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Search, Users } from 'lucide-react';
import type { FormEvent } from 'react';
import { useSearchParams } from 'react-router';
import { changeUserRole, disableUser, enableUser, listUsers } from '../api/admin';
import type { AdminUser } from '../api/types';
import { text } from '../pages/useAuthForm';
import { useSession } from '../session/useSession';
import { useAction } from '../settings/useAction';
import { buttonStyle } from '../ui/buttonStyle';
import { EmptyState } from '../ui/EmptyState';
import { ErrorNotice } from '../ui/ErrorNotice';
import { LoadMore } from '../ui/LoadMore';
import { Loading, Skeleton } from '../ui/Skeleton';
import { toast } from '../ui/toastStore';
import { usePageTitle } from '../ui/usePageTitle';
import { UserRow } from './UserRow';

const usersKey = ['admin', 'users'];

export default function AdminUsersPage() {
  usePageTitle('Users');
  const [params, setParams] = useSearchParams();
  const filter = { search: params.get('search') ?? '', status: params.get('status') ?? '', role: params.get('role') ?? '' };
  const session = useSession();
  const queries = useQueryClient();
  const { busy, error, run } = useAction();
  const users = useInfiniteQuery({
    queryKey: [...usersKey, filter],
    queryFn: ({ pageParam, signal }) => listUsers(filter, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
  const all = users.data?.pages.flatMap((page) => page.users);
  const total = users.data?.pages[0]?.pagination.totalItems;

  function find(name: keyof typeof filter, value: string) {
    setParams(
      (before) => {
        const target = new URLSearchParams(before);
        if (value) target.set(name, value);
        else target.delete(name);
        return target;
      },
      { replace: true },
    );
  }

  function change(work: () => Promise<unknown>, done: string) {
    void run(async () => {
      await work();
      await queries.invalidateQueries({ queryKey: usersKey });
      toast.success(done);
    });
  }

  return (
    <>
      <Filters filter={filter} onFind={find} />
      {error !== null && (
        <div className="mb-4">
          <ErrorNotice title="Nothing was changed" error={error} />
        </div>
      )}
      {users.isPending && (
        <Loading label="Loading the users">
          <Skeleton className="h-64 w-full" />
        </Loading>
      )}
      {users.isError && !all && <ErrorNotice title="The users could not be loaded" error={users.error} onRetry={() => void users.refetch()} />}
      {all?.length === 0 && (
        <div className="panel">
          <EmptyState Icon={Users} title="No account matches" text="Search for another part of a name or an address, or leave out a filter." />
        </div>
      )}
      {all && all.length > 0 && (
        <>
          <p aria-live="polite" className="tabular mb-2 text-[0.8125rem] text-muted">
            {total} {total === 1 ? 'account' : 'accounts'}
          </p>
          <ul aria-label="Users" className="panel mb-4 divide-y divide-line">
            {all.map((user) => (
              <UserRow key={user.id} user={user} self={user.id === session.data?.user.id} busy={busy} {...actionsOn(user, change)} />
            ))}
          </ul>
        </>
      )}
      <LoadMore query={users} />
    </>
  );
}

function actionsOn(user: AdminUser, change: (work: () => Promise<unknown>, done: string) => void) {
  return {
    onRole: (role: string) => change(() => changeUserRole(user.id, role), role === 'admin' ? `${user.name} is an administrator now` : `${user.name} is no administrator any more`),
    onDisable: () => change(() => disableUser(user.id), `The account of ${user.name} is closed`),
    onEnable: () => change(() => enableUser(user.id), `The account of ${user.name} is open again`),
  };
}

interface FiltersProps {
  filter: { search: string; status: string; role: string };
  onFind: (name: 'search' | 'status' | 'role', value: string) => void;
}

function Filters({ filter, onFind }: FiltersProps) {
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    onFind('search', text(new FormData(event.currentTarget), 'search').trim());
  }

  return (
    <form role="search" aria-label="Users" onSubmit={onSubmit} className="mb-4 flex flex-wrap items-end gap-3">
      <label className="min-w-0 flex-1 basis-56">
        <span className="mb-1.5 block text-[0.8125rem] font-medium">Name or address</span>
        <input key={filter.search} name="search" type="search" defaultValue={filter.search} maxLength={200} className="control" />
      </label>
      <label>
        <span className="mb-1.5 block text-[0.8125rem] font-medium">State</span>
        <select value={filter.status} onChange={(event) => onFind('status', event.target.value)} className="control w-auto">
          <option value="">All</option>
          <option value="active">Active</option>
          <option value="disabled">Closed</option>
        </select>
      </label>
      <label>
        <span className="mb-1.5 block text-[0.8125rem] font-medium">Role</span>
        <select value={filter.role} onChange={(event) => onFind('role', event.target.value)} className="control w-auto">
          <option value="">All</option>
          <option value="user">Users</option>
          <option value="admin">Administrators</option>
        </select>
      </label>
      <button type="submit" className={buttonStyle('secondary')}>
        <Search aria-hidden className="size-4" /> Search
      </button>
    </form>
  );
}
