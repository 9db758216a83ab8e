import { useSession } from '../session/useSession';
import { useAllOrganizations } from './queries';
import { isAtLeast } from './roles';

/** What the reader may do with what an owner has: as the server decides it, which has the last word. */
export function useRights(owner: string | undefined): { deploy: boolean; manage: boolean } {
  const session = useSession();
  const own = owner !== undefined && session.data?.user.id === owner;
  const organizations = useAllOrganizations(owner !== undefined && Boolean(session.data) && !own);
  if (own) return { deploy: true, manage: true };
  const role = organizations.data?.find(({ id }) => id === owner)?.role;
  return { deploy: role !== undefined && isAtLeast(role, 'developer'), manage: role !== undefined && isAtLeast(role, 'admin') };
}
